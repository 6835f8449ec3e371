"""Statements of policies in words."""

from typing import Any

import pytest

from handover.policy_words import Statement, attached, conditions, statements

PATHS = {"aws_sqs_queue.q": "queues/q", "local.bucket": "buckets/b"}
BOTH = "`queues/q`, `buckets/b/*`"


@pytest.mark.parametrize(
    ("statement", "expected"),
    [
        ({"Sid": "ReadObjects", "Action": ["a", "b"], "Resource": "*"}, "read objects (a, b) on `*`"),
        ({"Action": "a", "Resource": ["${aws_sqs_queue.q.arn}", "${local.bucket}/*"]}, f"do (a) on {BOTH}"),
        ({"Action": "a", "Resource": "${local.other_arn}"}, "do (a) on `other_arn`"),
        ({"Action": "a", "Resource": "${var.x}:${aws_sqs_queue.q.name}"}, "do (a) on `${var.x}:queues/q`"),
        ({"NotAction": ["b", "a"], "NotResource": ["y", "x"]}, "do (all but a, b) on all but `x`, `y`"),
        ({"Action": "a", "Principal": {"Service": ["s3", "sns"], "AWS": "1"}}, "do (a) by `s3`, `sns`, `1`"),
        ({"Action": "a", "Principal": "*"}, "do (a) by everyone"),
        ({"Action": "a", "Principal": {"AWS": "*"}}, "do (a) by everyone"),
        ({"Action": "a", "NotPrincipal": {"AWS": ["2", "1"]}}, "do (a) by all but `1`, `2`"),
        ({"Action": "sts:AssumeRole", "Principal": {"Service": "ecs"}}, "be assumed (sts:AssumeRole) by `ecs`"),
        ({"Action": "sts:AssumeRole", "Resource": "r"}, "do (sts:AssumeRole) on `r`"),
        (
            {"Action": "a", "Condition": {"StringLike": {"k": ["v*", "${aws_sqs_queue.q.arn}"]}}},
            "do (a), only if k is like v* or queues/q",
        ),
        (
            {"Sid": "DenyX", "Effect": "Deny", "Action": "sqs:*", "Principal": "*", "Condition": {"Bool": {"t": "no"}}},
            "denied (sqs:*) by everyone, if t is no",
        ),
    ],
)  # fmt: skip
def test_a_statement_says_what_is_allowed_or_denied_on_what_and_by_whom(
    statement: dict[str, Any], expected: str
) -> None:
    assert Statement.read(statement).in_words(PATHS) == expected


@pytest.mark.parametrize(
    ("operator", "value", "expected"),
    [
        ("StringNotEquals", ["a", "b"], "k is not a nor b"),
        ("StringEqualsIfExists", "a", "k is a (if present)"),
        ("ForAllValues:StringLike", ["a*"], "each of k is like a*"),
        ("ForAnyValue:StringEquals", "a", "one of k is a"),
        ("Null", "true", "k is absent"),
        ("Null", False, "k is present"),
        ("NumericLessThan", "1.2", "k is less than 1.2"),
        ("BinaryEquals", "a", "k binary equals a"),
    ],
)
def test_a_condition_says_how_the_key_is_compared(operator: str, value: Any, expected: str) -> None:
    assert conditions({operator: {"k": value}}, {}) == expected
    assert conditions({operator: {"k": value}, "Bool": {"l": "true"}}, {}) == f"{expected} and l is true"


def test_a_policy_that_stands_elsewhere_is_named() -> None:
    assert attached("arn:x", PATHS) == "what the policy arn:x allows"
    assert attached("${aws_sqs_queue.q.arn}", PATHS) == "what the policy queues/q allows"


def test_a_policy_that_only_terraform_knows_has_no_statements() -> None:
    assert statements("${data.aws_iam_policy_document.a.json}") == []
    assert statements('{"Statement":{"Sid":"A"}}') == [{"Sid": "A"}]
