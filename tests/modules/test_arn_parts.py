"""ARNs are taken apart in one place, and come out as they were put together."""

import ast
from pathlib import Path

import pytest

from modules import arns
from modules.arn_parts import ArnParts, arn_parts
from modules.naming import AwsLocation

PEKING = AwsLocation("cn-north-1", "111122223333")


@pytest.mark.parametrize(
    ("arn", "parts"),
    [
        (arns.queue(PEKING, "a.fifo"), ArnParts("aws-cn", "sqs", "cn-north-1", "111122223333", "a.fifo")),
        (arns.bucket(PEKING, "data"), ArnParts("aws-cn", "s3", "", "", "data")),
        (arns.log_group(PEKING, "a:*"), ArnParts("aws-cn", "logs", "cn-north-1", "111122223333", "log-group:a:*")),
    ],
)
def test_an_arn_is_taken_apart_as_it_was_put_together(arn: str, parts: ArnParts) -> None:
    assert arn_parts(arn) == parts
    assert arn_parts(arns.queue(PEKING, "a")).location == PEKING


def taken_apart(source: str) -> list[str]:
    """Return what is split at colons and is called an ARN."""
    calls = [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Call) and node.args]
    return [
        text
        for call in calls
        if isinstance(call.func, ast.Attribute) and call.func.attr.lstrip("r") in {"split", "partition"}
        if ast.unparse(call.args[0]) == "':'" and (text := ast.unparse(call.func.value)).endswith("arn")
    ]


def test_nothing_else_takes_one_apart() -> None:
    assert sorted(taken_apart('a.queue_arn.split(":")[3]; arn.rpartition(":"); action.split(":"); arn.split("/")')) == [
        "a.queue_arn",
        "arn",
    ]
    files = [file for package in ("modules", "stacks", "proofs") for file in Path(package).rglob("*.py")]
    found = {file.name for file in files if taken_apart(file.read_text(encoding="utf-8"))}
    assert found == {"arn_parts.py"}
