import ast
from collections.abc import Callable
from pathlib import Path

import pytest

from modules import arns
from modules.naming import AwsLocation
from tests.sources import nodes

ROOT = Path(__file__).parents[2]
HERE = AwsLocation("us-east-1", "111122223333")
BEIJING = AwsLocation("cn-north-1", "111122223333")


@pytest.mark.parametrize(
    ("arn", "expected"),
    [
        (arns.account_root(HERE), "arn:aws:iam::111122223333:root"),
        (arns.account_root(BEIJING, "444455556666"), "arn:aws-cn:iam::444455556666:root"),
        (arns.role(HERE, "embed"), "arn:aws:iam::111122223333:role/embed"),
        (arns.aws_policy(BEIJING, "service-role/X"), "arn:aws-cn:iam::aws:policy/service-role/X"),
        (arns.bucket(BEIJING, "models"), "arn:aws-cn:s3:::models"),
        (arns.queue(HERE, "requests"), "arn:aws:sqs:us-east-1:111122223333:requests"),
        (arns.repository(HERE, "team/embed"), "arn:aws:ecr:us-east-1:111122223333:repository/team/embed"),
        (arns.file_system(HERE, "fs-1"), "arn:aws:elasticfilesystem:us-east-1:111122223333:file-system/fs-1"),
        (arns.access_point(HERE, "fsap-1"), "arn:aws:elasticfilesystem:us-east-1:111122223333:access-point/fsap-1"),
        (arns.log_group(HERE, "/aws/ecs/x"), "arn:aws:logs:us-east-1:111122223333:log-group:/aws/ecs/x"),
        (arns.cluster(HERE, "main"), "arn:aws:ecs:us-east-1:111122223333:cluster/main"),
        (arns.tasks(HERE, "main"), "arn:aws:ecs:us-east-1:111122223333:task/main/*"),
        (arns.task_definitions(HERE, "embed"), "arn:aws:ecs:us-east-1:111122223333:task-definition/embed:*"),
        (arns.job_queue(BEIJING, "light"), "arn:aws-cn:batch:cn-north-1:111122223333:job-queue/light"),
        (arns.job_definition(HERE, "embed"), "arn:aws:batch:us-east-1:111122223333:job-definition/embed"),
        (arns.job(HERE, "*"), "arn:aws:batch:us-east-1:111122223333:job/*"),
    ],
)
def test_an_arn_follows_from_place_and_name(arn: str, expected: str) -> None:
    assert arn == expected


@pytest.mark.parametrize("address", [arns.queue_url, arns.repository_uri])
@pytest.mark.parametrize(
    ("region", "domain"),
    [
        ("us-gov-west-1", "amazonaws.com"),
        ("cn-north-1", "amazonaws.com.cn"),
        ("eusc-de-east-1", "amazonaws.eu"),
        ("us-iso-east-1", "c2s.ic.gov"),
    ],
)
def test_an_address_is_in_the_domain_of_its_partition(
    address: Callable[[AwsLocation, str], str], region: str, domain: str
) -> None:
    assert f".{region}.{domain}/" in address(AwsLocation(region, "111122223333"), "x")


def _builds_an_arn(node: ast.AST) -> bool:
    """Return whether ``node`` is an f-string that begins as an ARN does."""
    return (
        isinstance(node, ast.JoinedStr)
        and isinstance(node.values[0], ast.Constant)
        and str(node.values[0].value).startswith("arn:")
    )


def test_no_other_file_of_the_product_puts_an_arn_together() -> None:
    files = [path for folder in ("engine", "modules", "stacks") for path in (ROOT / folder).rglob("*.py")]
    found = {path for path in files if any(map(_builds_an_arn, nodes(path)))}
    # Examples in messages are of nobody's.
    assert found == {ROOT / "modules/arns.py", ROOT / "modules/pattern_examples.py"}
