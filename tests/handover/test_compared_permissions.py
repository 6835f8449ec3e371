"""Permissions that come and go."""

import json
from typing import Any

from handover.compared_permissions import Permission, permissions, told
from handover.comparing import resources_of
from handover.platforms import Platform
from tests.handover.platforms import root_module


def found(*statements: dict[str, Any], **more: Any) -> set[Permission]:
    policy = {"role": "${aws_iam_role.r.name}", "policy": json.dumps({"Statement": list(statements)})}
    resource = {"aws_iam_role": {"r": {"//": "jobs/a/role"}}, "aws_iam_role_policy": {"p": policy}} | more
    return permissions(resources_of(Platform("dev", (root_module(resource=resource),))))


def statement(*actions: str, **more: Any) -> dict[str, Any]:
    return {"Effect": "Allow", "Action": list(actions), "Resource": "*", "Sid": "ReadObjects"} | more


def test_a_statement_that_is_written_in_another_way_gives_the_same_permissions() -> None:
    both = found(statement("a", "b"))
    assert both == found(statement("b", "a"))
    assert both == found(statement("a"), statement("b"))
    assert {permission.holder for permission in both} == {"jobs/a/role"}


def test_only_the_actions_and_places_that_are_new_are_gained() -> None:
    gained = found(statement("a", "b", Resource=["x", "y"])) - found(statement("a", Resource="x"))
    assert {(permission.action, permission.resource) for permission in gained} == {("a", "y"), ("b", "x"), ("b", "y")}
    assert told(gained, {}) == ["jobs/a/role: read objects (a, b) on `x`, `y`"]


def test_a_condition_that_goes_is_another_right() -> None:
    condition = {"StringEquals": {"aws:SourceAccount": "1"}}
    gained = found(statement("a")) - found(statement("a", Condition=condition))
    assert told(gained, {}) == ["jobs/a/role: read objects (a) on `*`"]
    (lost,) = told(found(statement("a", Condition=condition)), {})
    assert lost.endswith("only if aws:SourceAccount string equals 1")


def test_policies_of_resources_attached_ones_and_trust_count_too() -> None:
    trust = json.dumps(
        {"Statement": [{"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"Service": "ecs"}}]}
    )
    made = found(
        aws_iam_role={"r": {"//": "jobs/a/role", "assume_role_policy": trust}},
        aws_iam_role_policy_attachment={"a": {"role": "${aws_iam_role.r.name}", "policy_arn": "arn:x"}},
        aws_sqs_queue_policy={"q": {"//": "queues/a/policy", "policy": json.dumps({"Statement": statement("s")})}},
    )
    assert {(permission.holder, permission.action, permission.resource) for permission in made} == {
        ("jobs/a/role (taken on)", "sts:AssumeRole", ""),
        ("jobs/a/role", "what the policy says", "arn:x"),
        ("queues/a/policy", "s", "*"),
    }


def test_all_but_some_is_told_as_such() -> None:
    made = found({"Effect": "Deny", "NotAction": "a", "NotResource": "x", "Sid": "Rest"})
    assert told(made, {}) == ["jobs/a/role: never rest (all but a) on `all but x`"]
