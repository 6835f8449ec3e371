"""What parliament finds in policies, and what of it is right."""

import json
from typing import Any

import pytest

from reference.scan_policies import WAIVERS, policies, report
from tests.shipped import PACKAGES, shipped_stacks


def stack(type_: str, **statement: Any) -> dict[str, Any]:
    policy = json.dumps({"Version": "2012-10-17", "Statement": [{"Effect": "Allow", **statement}]})
    return {"resource": {type_: {"a": {"//": policy, "inner": [{"policy": policy}], "name": "a"}}}}


def failed(type_: str, **statement: Any) -> list[str]:
    said = report({"dev-queues": stack(type_, **statement)})
    return [item["check_id"] for item in said["results"]["failed_checks"]]


def test_all_that_is_wrong_with_a_policy_is_told_with_its_resource() -> None:
    said = report({"dev-queues": stack("aws_iam_policy", Action="sqs:Sing", Resource="*")})
    (found,) = said["results"]["failed_checks"]
    assert (found["file_path"], found["resource"]) == ("/dev-queues/cdk.tf.json", "aws_iam_policy.a")
    assert (found["check_id"], found["severity"]) == ("UNKNOWN_ACTION", "LOW")
    assert said["summary"] | {"version": ""} == {"passed": 0, "failed": 1, "skipped": 0, "version": ""}


@pytest.mark.parametrize(
    ("type_", "statement", "issues"),
    [
        ("aws_iam_policy", {"Action": "sqs:SendMessage", "Resource": "*"}, ["RESOURCE_STAR"]),
        ("aws_kms_key", {"Action": "kms:Decrypt", "Resource": "*"}, []),
        ("aws_iam_policy", {"Action": "sqs:SendMessage", "Resource": "${aws_sqs_queue.a.arn}"}, []),
        ("aws_iam_policy", {"Action": "sqs:SendMessage", "Resource": "${local.queues_a_arn}"}, []),
        ("aws_iam_policy", {"Action": "sqs:SendMessage", "Resource": "${aws_some_thing.a.arn}"}, ["INVALID_ARN"]),
        ("aws_iam_role", {"Action": "sts:AssumeRole", "Principal": {"Service": "batch.amazonaws.com"}}, []),
        ("aws_iam_role", {"Action": "sts:Assume", "Principal": {"Service": "batch.amazonaws.com"}}, ["UNKNOWN_ACTION"]),
        (
            "aws_iam_role_policy",
            {"Action": ["states:DescribeExecution", "s3:GetObject"], "Resource": "arn:aws:s3:::a"},
            ["RESOURCE_MISMATCH"],
        ),
    ],
)
def test_what_is_waived_is_waived_of_its_kind_of_resource_alone(
    type_: str, statement: dict[str, Any], issues: list[str]
) -> None:
    assert failed(type_, **statement) == issues


def test_parliament_finds_nothing_else_in_any_policy_that_is_shipped_and_each_waiver_is_used() -> None:
    used = set()
    for package in PACKAGES:
        stacks = shipped_stacks(package)
        assert sum(1 for document in stacks.values() for _ in policies(document)) > 10
        results = report(stacks)["results"]
        assert results["failed_checks"] == []
        used |= {item["check_result"]["suppress_comment"] for item in results["skipped_checks"]}
    assert used == {waiver.reason for waiver in WAIVERS}
