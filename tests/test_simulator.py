"""The simulator judges as IAM's user guide says, and judges nothing that it does not know."""

from typing import Any

import pytest

from tests.simulator import Request, Statement, is_allowed, is_denied

ROLE = "arn:aws:iam::111122223333:role/embed"
BUCKET = "arn:aws:s3:::data/in/a"


def statement(**changes: Any) -> Statement:
    return {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"} | changes


@pytest.mark.parametrize(
    ("changes", "allowed"),
    [
        ({}, True),
        ({"Action": "s3:getobject"}, True),
        ({"Action": ["sqs:SendMessage", "s3:Get*"]}, True),
        ({"Action": "s3:PutObject"}, False),
        ({"Action": "s3:GetObjectTagging"}, False),
        ({"Resource": "arn:aws:s3:::data/in/*"}, True),
        ({"Resource": "arn:aws:s3:::data/in/?"}, True),
        ({"Resource": "arn:aws:s3:::data"}, False),
        ({"Resource": "arn:aws:s3:::data/out/*"}, False),
        ({"Effect": "Deny"}, False),
        ({"Principal": {"AWS": "*"}}, True),
        ({"Principal": {"AWS": ROLE}}, True),
        ({"Principal": {"AWS": "arn:aws:iam::111122223333:root"}}, True),
        ({"Principal": {"AWS": "111122223333"}}, True),
        ({"Principal": {"AWS": "arn:aws:iam::999999999999:root"}}, False),
        ({"Principal": {"Service": "ecs-tasks.amazonaws.com"}}, False),
    ],
)
def test_a_statement_allows_what_it_names(changes: dict[str, Any], allowed: bool) -> None:
    assert is_allowed([statement(**changes)], Request("s3:GetObject", BUCKET, ROLE)) is allowed


def test_not_actions_are_all_others() -> None:
    others = {"Effect": "Allow", "NotAction": "s3:Get*", "Resource": "*"}
    assert [is_allowed([others], Request(action, BUCKET)) for action in ("s3:GetObject", "s3:PutObject")] == [
        False,
        True,
    ]


def test_one_denial_outweighs_all() -> None:
    statements = [statement(), statement(Effect="Deny", Resource="arn:aws:s3:::data/*")]
    assert is_denied(statements, Request("s3:GetObject", BUCKET))
    assert not is_allowed(statements, Request("s3:GetObject", BUCKET))
    assert is_allowed(statements, Request("s3:GetObject", "arn:aws:s3:::other/a"))


TAGS = "aws:TagKeys"


@pytest.mark.parametrize(
    ("condition", "context", "holds"),
    [
        ({"StringEquals": {"aws:PrincipalAccount": ["1", "2"]}}, {"aws:PrincipalAccount": "2"}, True),
        ({"StringEquals": {"aws:PrincipalAccount": ["1", "2"]}}, {"aws:principalaccount": "3"}, False),
        ({"StringEquals": {"aws:PrincipalAccount": "1"}}, {}, False),
        ({"StringNotEquals": {"aws:PrincipalAccount": "1"}}, {}, True),
        ({"StringNotEquals": {"aws:PrincipalAccount": "1"}}, {"aws:PrincipalAccount": "1"}, False),
        ({"StringEqualsIfExists": {"aws:RequestTag/a": "1"}}, {}, True),
        ({"StringEqualsIfExists": {"aws:RequestTag/a": "1"}}, {"aws:RequestTag/a": "2"}, False),
        ({"StringLike": {"s3:prefix": "in/*"}}, {"s3:prefix": "in/a"}, True),
        (
            {"ArnLike": {"ecs:cluster": "arn:aws:ecs:*:1:cluster/a-*"}},
            {"ecs:cluster": "arn:aws:ecs:r:1:cluster/a-b"},
            True,
        ),
        ({"ArnLike": {"ecs:cluster": "arn:aws:ecs:*"}}, {"ecs:cluster": "arn:aws:ecs:r:1:cluster/a"}, False),
        ({"Bool": {"aws:SecureTransport": "false"}}, {"aws:SecureTransport": "False"}, True),
        ({"Null": {"aws:ResourceTag/team": "true"}}, {}, True),
        ({"Null": {"aws:ResourceTag/team": "false"}}, {}, False),
        ({"ForAllValues:StringEquals": {TAGS: ["a", "b"]}}, {TAGS: ["a"]}, True),
        ({"ForAllValues:StringEquals": {TAGS: ["a", "b"]}}, {TAGS: ["a", "c"]}, False),
        ({"ForAllValues:StringEquals": {TAGS: ["a", "b"]}}, {}, True),
        ({"ForAnyValue:StringEquals": {TAGS: ["a", "b"]}}, {TAGS: ["a", "c"]}, True),
        ({"NumericLessThan": {"s3:TlsVersion": "1.2"}}, {"s3:TlsVersion": "1.1"}, True),
        ({"NumericLessThan": {"s3:TlsVersion": "1.2"}}, {"s3:TlsVersion": "1.2"}, False),
        ({"StringEquals": {"a:b": "1"}, "Bool": {"a:c": "true"}}, {"a:b": "1", "a:c": "false"}, False),
    ],
)
def test_conditions_hold(condition: Any, context: dict[str, Any], holds: bool) -> None:
    assert is_allowed([statement(Condition=condition)], Request("s3:GetObject", BUCKET, ROLE, context)) is holds


@pytest.mark.parametrize(
    "changes",
    [
        {"Condition": {"IpAddress": {"aws:SourceIp": "10.0.0.0/8"}}},
        {"Condition": {"ForSomeValues:StringEquals": {"aws:SourceIp": "10.0.0.0/8"}}},
        {"NotPrincipal": {"AWS": "*"}},
    ],
)
def test_what_it_does_not_know_is_an_error(changes: dict[str, Any]) -> None:
    with pytest.raises((KeyError, NotImplementedError)):
        is_allowed([statement(**changes)], Request("s3:GetObject", BUCKET, ROLE, {"aws:SourceIp": "10.0.0.1"}))
