"""Permissions that come and go."""

import json
from typing import Any

import pytest

from handover.compared_permissions import compared, told
from handover.comparing import resources_of
from handover.platforms import Platform
from tests.handover.platforms import root_module, shipped_platforms

Statement = dict[str, Any]
OTHER_ACCOUNT = {"AWS": "arn:aws:iam::999999999999:root"}
S3 = {"Service": "s3.amazonaws.com"}
TLS: Statement = {
    "Sid": "DenyWithoutTls", "Effect": "Deny", "Action": "sqs:*", "Principal": {"AWS": "*"},
    "Resource": "${aws_sqs_queue.q.arn}", "Condition": {"Bool": {"aws:SecureTransport": "false"}},
}  # fmt: skip
DENIED = "(sqs:*) on `queues/q` by everyone, if aws:SecureTransport is false"


def statement(*actions: str, **more: Any) -> Statement:
    return {"Effect": "Allow", "Action": list(actions), "Resource": "*", "Sid": "ReadObjects"} | more


def document(*statements: Statement) -> str:
    return json.dumps({"Statement": list(statements)})


def of_role(*statements: Statement) -> dict[str, Any]:
    policy = {"role": "${aws_iam_role.r.name}", "policy": document(*statements)}
    return {"aws_iam_role": {"r": {"//": "jobs/a"}}, "aws_iam_role_policy": {"p": policy}}


def of_queue(*statements: Statement) -> dict[str, Any]:
    policy = {"//": "queues/q/policy", "queue_url": "${aws_sqs_queue.q.url}", "policy": document(*statements)}
    queue = {"aws_sqs_queue": {"q": {"//": "queues/q"}}}
    return queue | ({"aws_sqs_queue_policy": {"q": policy}} if statements else {})


def trusted(**principal: Any) -> dict[str, Any]:
    trust = document({"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": principal})
    return {"aws_iam_role": {"r": {"//": "jobs/a", "assume_role_policy": trust}}}


def endpoint(*statements: Statement) -> dict[str, Any]:
    return {"aws_vpc_endpoint": {"s": {"//": "s3", "policy": document(*statements)} if statements else {"//": "s3"}}}


def attached(*policies: str) -> dict[str, Any]:
    blocks = {arn: {"role": "${aws_iam_role.r.name}", "policy_arn": arn} for arn in policies}
    return {"aws_iam_role": {"r": {"//": "jobs/a"}}, "aws_iam_role_policy_attachment": blocks}


def difference(before: dict[str, Any], after: dict[str, Any]) -> tuple[list[str], list[str]]:
    old, new = (resources_of(Platform("dev", (root_module(resource=side),))) for side in (before, after))
    gained, lost = compared(old, new)
    paths = {"aws_sqs_queue.q": "queues/q"}
    return told(gained, paths, "no longer denied"), told(lost, paths, "denied from now on")


ONE = {"StringEquals": {"account": ["1"]}}
TWO = {"StringEquals": {"account": ["1", "2"]}}
NONE, NEITHER = ({"StringNotEquals": {"account": values}} for values in (["1"], ["1", "2"]))
OF_A = statement("a")
A = "jobs/a: read objects (a) on `*`"


@pytest.mark.parametrize(
    ("before", "after", "gained", "lost"),
    [
        # The same, written in another way.
        ([statement("a", "b")], [statement("b"), statement("a", Sid="Other")], [], []),
        # Exactly what comes, and no more.
        (
            [statement("a", Resource="x")],
            [statement("a", "b", Resource=["x", "y"])],
            ["jobs/a: read objects (a) on `y`", "jobs/a: read objects (b) on `x`, `y`"],
            [],
        ),
        # One of two that covers the other.
        ([statement("s3:*")], [statement("s3:Get*")], [], ["jobs/a: read objects (s3:*) on `*`"]),
        ([statement("a", Resource="x/*")], [statement("a")], [A], []),
        ([statement("a")], [statement("a", Resource="x/*")], [], [A]),
        ([statement("a?")], [statement("a*")], ["jobs/a: read objects (a*) on `*`"], []),
        # Conditions: one more asks for more, another value takes more.
        ([statement("a", Condition=ONE)], [statement("a")], [A], []),
        ([statement("a")], [statement("a", Condition=ONE)], [], [A]),
        ([statement("a", Condition=ONE)], [statement("a", Condition=TWO)], [f"{A}, only if account is 1 or 2"], []),
        ([statement("a", Condition=NONE)], [statement("a", Condition=NEITHER)], [], [f"{A}, only if account is not 1"]),
        (
            [statement("a", Condition=ONE)],
            [statement("a", Condition={"StringLike": {"account": "1*"}})],
            [f"{A}, only if account is like 1*"],
            [f"{A}, only if account is 1"],
        ),
        # What is left out of everything: wider or narrower cannot be told.
        (
            [{"Effect": "Allow", "NotAction": ["a", "b"], "NotResource": "x"}],
            [{"Effect": "Allow", "NotAction": "a", "NotResource": "x"}],
            ["jobs/a: do (all but a) on all but `x`"],
            ["jobs/a: do (all but a, b) on all but `x`"],
        ),
    ],
)  # fmt: skip
def test_of_what_a_role_is_allowed_only_what_is_more_is_gained(
    before: list[Statement], after: list[Statement], gained: list[str], lost: list[str]
) -> None:
    assert difference(of_role(*before), of_role(*after)) == (gained, lost)


@pytest.mark.parametrize(
    ("before", "after", "gained", "lost"),
    [
        (of_queue(TLS, OF_A), of_queue(OF_A), [f"queues/q/policy: no longer denied {DENIED}"], []),
        (of_queue(TLS), of_queue(), [f"queues/q/policy: no longer denied {DENIED}"], []),
        (of_queue(), of_queue(TLS), [], [f"queues/q/policy: denied from now on {DENIED}"]),
        (of_queue(TLS), of_queue(TLS | {"Action": ["sqs:*", "sqs:SendMessage"]}), [], []),
        (
            of_queue(TLS),
            of_queue(TLS | {"Condition": {"Bool": {"other": "false"}}}),
            [f"queues/q/policy: no longer denied {DENIED}"],
            [f"queues/q/policy: denied from now on {DENIED.replace('aws:SecureTransport', 'other')}"],
        ),
        # Its own Deny takes nothing from a queue that was not there, and gives nothing of one that goes.
        ({}, of_queue(TLS, OF_A), ["queues/q/policy: read objects (a) on `*`"], []),
        (of_queue(TLS), {}, [], []),
        # A policy of an endpoint limits what others allow.
        (endpoint(OF_A), {}, [], []),
        ({}, endpoint(OF_A, TLS), [], []),
        # One without a policy lets everything pass.
        (endpoint(OF_A), endpoint(), ["s3: do (*) on `*` by everyone"], []),
        (endpoint(OF_A), endpoint(statement("a", "b")), ["s3: read objects (b) on `*`"], []),
    ],
)
def test_what_is_no_longer_denied_is_gained(
    before: dict[str, Any], after: dict[str, Any], gained: list[str], lost: list[str]
) -> None:
    assert difference(before, after) == (gained, lost)


@pytest.mark.parametrize(
    ("before", "after", "gained", "lost"),
    [
        (
            of_queue(statement("a", Principal=S3)),
            of_queue(statement("a", Principal=OTHER_ACCOUNT)),
            ["queues/q/policy: read objects (a) on `*` by `arn:aws:iam::999999999999:root`"],
            ["queues/q/policy: read objects (a) on `*` by `s3.amazonaws.com`"],
        ),
        (
            of_queue(statement("a", Principal=S3)),
            of_queue(statement("a", Principal={"AWS": "*"})),
            ["queues/q/policy: read objects (a) on `*` by everyone"],
            [],
        ),
        (
            of_queue(statement("a", NotPrincipal=S3)),
            of_queue(statement("a", NotPrincipal=OTHER_ACCOUNT)),
            ["queues/q/policy: read objects (a) on `*` by all but `arn:aws:iam::999999999999:root`"],
            ["queues/q/policy: read objects (a) on `*` by all but `s3.amazonaws.com`"],
        ),
        (trusted(Service="ecs"), trusted(Service=["ecs", "ec2"]), ["jobs/a: be assumed (sts:AssumeRole) by `ec2`"], []),
        (attached("x"), attached("y"), ["jobs/a: what the policy y allows"], ["jobs/a: what the policy x allows"]),
    ],
)  # fmt: skip
def test_each_is_told_with_whom_it_is_given_to(
    before: dict[str, Any], after: dict[str, Any], gained: list[str], lost: list[str]
) -> None:
    assert difference(before, after) == (gained, lost)


def test_a_new_environment_gains_what_it_allows_and_nothing_that_is_denied() -> None:
    for shipped in shipped_platforms():
        resources = resources_of(shipped)
        gained, lost = compared({}, resources)
        assert {item.effect for item in gained} <= {"Allow"}
        assert bool(gained) == any(type_ == "aws_iam_role" for _, type_, _ in resources)
        assert not lost
