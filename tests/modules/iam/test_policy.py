import json
from typing import Any

import pytest

from modules.iam.policy import allow, assume_role_document, camel, deny, deny_without_tls, policy_document
from tests.policies import findings

ARN = "arn:aws:sqs:us-east-1:111122223333:requests"


def document(*statements: dict[str, Any]) -> Any:
    return json.loads(policy_document(statements))


def test_a_statement_has_what_it_was_given_and_nothing_empty() -> None:
    assert document(allow("Read", ["sqs:ReceiveMessage"], ARN)) == {
        "Version": "2012-10-17",
        "Statement": [{"Sid": "Read", "Effect": "Allow", "Action": "sqs:ReceiveMessage", "Resource": ARN}],
    }


def test_lists_of_one_become_strings_and_actions_and_principals_are_sorted() -> None:
    principal = {"AWS": ["arn:aws:iam::2:root", "arn:aws:iam::1:root"], "Service": ["s3.amazonaws.com"]}
    condition = {"StringEquals": {"aws:SourceAccount": ["1", "2"]}}
    (statement,) = document(allow("All", ["b:B", "a:A", "a:A"], [ARN], principal=principal, condition=condition))[
        "Statement"
    ]

    assert statement == {
        "Sid": "All",
        "Effect": "Allow",
        "Principal": {"AWS": ["arn:aws:iam::1:root", "arn:aws:iam::2:root"], "Service": "s3.amazonaws.com"},
        "Action": ["a:A", "b:B"],
        "Resource": ARN,
        "Condition": condition,
    }


def test_what_is_denied_is_denied_to_everybody() -> None:
    condition = {"Bool": {"aws:SecureTransport": "false"}}
    (statement,) = document(deny("No", ["a:A"], ARN, condition))["Statement"]

    assert (statement["Effect"], statement["Principal"]) == ("Deny", {"AWS": "*"})
    assert statement["Condition"] == condition


def test_resources_keep_their_order() -> None:
    (statement,) = document(allow("Read", ["a:A"], ["arn:b", "arn:a", "arn:b"]))["Statement"]
    assert statement["Resource"] == ["arn:b", "arn:a"]


@pytest.mark.parametrize(
    ("part", "statement"),
    [
        ("Action", allow("S", [], ARN)),
        ("Resource", allow("S", ["a:A"], [])),
        ("Resource", allow("S", ["a:A"], "")),
        ("Principal", allow("S", ["a:A"], ARN, principal={"AWS": []})),
        ("Condition", allow("S", ["a:A"], ARN, condition={"ArnEquals": {"aws:SourceArn": []}})),
        ("Condition", allow("S", ["a:A"], ARN, condition={"ArnEquals": {"aws:SourceArn": ""}})),
        ("Condition", allow("S", ["a:A"], ARN, condition={"Bool": {"a": "true"}, "ArnEquals": {"b": []}})),
    ],
)
def test_a_policy_that_would_lose_a_part_is_refused(part: str, statement: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=f"^{part} of the statement 'S' has an empty part$"):
        policy_document([statement])


def test_requests_without_tls_are_refused_whoever_makes_them() -> None:
    policy = policy_document([deny_without_tls(["sqs:*"], ARN)])

    assert json.loads(policy)["Statement"] == [
        {
            "Sid": "DenyWithoutTls",
            "Effect": "Deny",
            "Principal": {"AWS": "*"},
            "Action": "sqs:*",
            "Resource": ARN,
            "Condition": {"Bool": {"aws:SecureTransport": "false"}},
        }
    ]
    assert findings(policy) == set()


def test_services_may_assume_a_role_for_one_account_only() -> None:
    policy = assume_role_document(["pipes.amazonaws.com"], account_id="111122223333")

    assert json.loads(policy)["Statement"] == [
        {
            "Effect": "Allow",
            "Principal": {"Service": "pipes.amazonaws.com"},
            "Action": "sts:AssumeRole",
            "Condition": {"StringEquals": {"aws:SourceAccount": "111122223333"}},
        }
    ]


def test_a_service_that_names_no_account_is_not_asked_for_one() -> None:
    (statement,) = json.loads(assume_role_document(["ecs.amazonaws.com", "ec2.amazonaws.com"]))["Statement"]

    assert statement["Principal"] == {"Service": ["ec2.amazonaws.com", "ecs.amazonaws.com"]}
    assert "Condition" not in statement


@pytest.mark.parametrize(
    ("service", "words"),
    [("s3.amazonaws.com", "S3"), ("ecs-tasks.amazonaws.com", "EcsTasks"), ("delivery.logs.amazonaws.com", "Delivery")],
)
def test_a_service_can_be_part_of_a_sid(service: str, words: str) -> None:
    assert camel(service) == words
