"""A user of a permission is created after the permission: in all that is emitted, for every pair of the two.

Terraform knows only what it is told. A user refers to a role or to a bucket, not to its policy, so each pair needs a
``depends_on`` of its own, directly or by way of others.
"""

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from stacks.loading import PACKAGE as SHIPPED
from tests.shipped import EXAMPLES, PACKAGES, shipped_stacks

Address = tuple[str, str]

# Types that give a permission, and the argument that says on whose behalf.
PERMISSIONS = {
    "aws_iam_role_policy": "role",
    "aws_iam_role_policy_attachment": "role",
    "aws_sqs_queue_redrive_allow_policy": "queue_url",
    "aws_efs_file_system_policy": "file_system_id",
}
# What acts with a role by way of these acts with it: they only hold it.
HOLDERS = {"aws_iam_instance_profile", "aws_ecs_task_definition"}
# What refers to a role, a queue or a file system and needs no permission of it to be made.
PASSIVE = {
    *PERMISSIONS,
    *HOLDERS,
    "aws_launch_template",  # nothing is launched until a group or an environment uses it
    "aws_sqs_queue_policy",
    "aws_kms_key",
    "aws_efs_access_point",  # reached through a mount target only
    "aws_efs_backup_policy",
}


def references(stack: Mapping[str, Any]) -> dict[Address, set[Address]]:
    """Return which resources each resource of a stack refers to."""
    resources = {
        (type_, id_): body for type_, bodies in stack.get("resource", {}).items() for id_, body in bodies.items()
    }
    return {
        address: {
            found
            for found in re.findall(r"\b(aws_\w+)\.([\w-]+)", json.dumps({k: v for k, v in body.items() if k != "//"}))
            if found in resources and found != address
        }
        for address, body in resources.items()
    }


def before(address: Address, direct: Mapping[Address, set[Address]]) -> set[Address]:
    """Return all that Terraform makes before a resource."""
    found: set[Address] = set()
    waiting = [address]
    while waiting:
        new = direct[waiting.pop()] - found
        found |= new
        waiting += new
    return found


def held(address: Address, direct: Mapping[Address, set[Address]]) -> set[Address]:
    """Return what a resource acts with: what it refers to, and what its holders do."""
    return direct[address] | {inner for outer in direct[address] if outer[0] in HOLDERS for inner in direct[outer]}


def premature(stack: Mapping[str, Any]) -> Iterator[tuple[Address, Address]]:
    """Yield each user that may be made before one of its permissions, with that permission."""
    direct = references(stack)
    permissions: dict[Address, list[Address]] = {}
    for permission in direct:
        if permission[0] in PERMISSIONS:
            argument = json.dumps(stack["resource"][permission[0]][permission[1]][PERMISSIONS[permission[0]]])
            for owner in re.findall(r"\b(aws_\w+)\.([\w-]+)", argument):
                permissions.setdefault(owner, []).append(permission)
    for user in direct:
        if user[0] not in PASSIVE:
            made = before(user, direct)
            yield from (
                (user, permission)
                for owner in held(user, direct)
                for permission in permissions.get(owner, ())
                if permission not in made and user not in before(permission, direct)
            )


@pytest.mark.parametrize("package", PACKAGES)
def test_what_acts_with_a_right_is_made_after_it(package: str) -> None:
    stacks = shipped_stacks(package)
    assert {name: found for name, stack in stacks.items() if (found := list(premature(stack)))} == {}


@pytest.mark.parametrize("package", PACKAGES)
def test_logs_are_written_once_the_bucket_allows_it(package: str) -> None:
    for stack in shipped_stacks(package).values():
        direct = references(stack)
        for address in direct:
            if address[0] == "aws_s3_bucket_logging":
                target = json.dumps(stack["resource"]["aws_s3_bucket_logging"][address[1]]["target_bucket"])
                policies = [
                    policy
                    for policy in before(address, direct)
                    if policy[0] == "aws_s3_bucket_policy" and any(owner[1] in target for owner in direct[policy])
                ]
                assert policies or "aws_s3_bucket." not in target


def test_buckets_of_what_is_shipped_and_of_the_examples_have_logs() -> None:
    assert all(
        any("aws_s3_bucket_logging" in stack["resource"] for stack in shipped_stacks(package).values())
        for package in (SHIPPED, EXAMPLES)
    )


def stack_of(**user: Any) -> dict[str, Any]:
    return {
        "resource": {
            "aws_iam_role": {"a": {}},
            "aws_iam_role_policy": {"write": {"role": "${aws_iam_role.a.name}"}},
            "aws_flow_log": {"logs": {"iam_role_arn": "${aws_iam_role.a.arn}", **user}},
            "aws_iam_instance_profile": {"profile": {"role": "${aws_iam_role.a.name}"}},
            "aws_autoscaling_group": {
                "group": {
                    "profile": "${aws_iam_instance_profile.profile.arn}",
                    "depends_on": ["aws_iam_role_policy.write"],
                }
            },
        }
    }


def test_a_user_that_does_not_wait_would_be_found() -> None:
    assert list(premature(stack_of())) == [(("aws_flow_log", "logs"), ("aws_iam_role_policy", "write"))]
    assert list(premature(stack_of(depends_on=["aws_iam_role_policy.write"]))) == []


def test_a_user_by_way_of_a_profile_that_does_not_wait_would_be_found() -> None:
    stack = stack_of(depends_on=["aws_iam_role_policy.write"])
    del stack["resource"]["aws_autoscaling_group"]["group"]["depends_on"]
    assert list(premature(stack)) == [(("aws_autoscaling_group", "group"), ("aws_iam_role_policy", "write"))]
