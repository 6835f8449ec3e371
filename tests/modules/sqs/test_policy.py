"""How much of a policy SQS takes: each limit on both edges, and where the problem is told."""

from typing import Any

import pytest

from modules.naming import AwsLocation
from modules.sqs.message_queue import MessageQueue
from modules.sqs.policy import LIMITS, Sender, policy_problems, policy_size, queue_statements, senders_of
from modules.sqs.settings import MessageQueueSettings, ServiceSender
from tests.problems import in_short, refused

ACCOUNT = "111122223333"
HERE = AwsLocation("us-east-1", ACCOUNT)
ARN = f"arn:aws:sqs:us-east-1:{ACCOUNT}:requests"


def queue(**settings: Any) -> MessageQueueSettings:
    return MessageQueueSettings(visibility_timeout_seconds=900, **settings)


def roles(count: int, name: str = "r") -> list[str]:
    return [f"arn:aws:iam::444455556666:role/{name}-{number}" for number in range(count)]


def services(count: int) -> list[ServiceSender]:
    arn = f"arn:aws:events:us-east-1:{ACCOUNT}:rule/a"
    return [ServiceSender(service=f"service-{number}.amazonaws.com", source_arn=arn) for number in range(count)]


def bucket(name: str) -> ServiceSender:
    return ServiceSender(service="s3.amazonaws.com", source_arn=f"arn:aws:s3:::data-{name}")


def topic(name: str) -> ServiceSender:
    return ServiceSender(service="sns.amazonaws.com", source_arn=f"arn:aws:sns:us-east-1:{ACCOUNT}:{name}")


def found(settings: MessageQueueSettings, *more: Sender) -> list[str]:
    senders = [*senders_of(settings, ACCOUNT), *more]
    return in_short(policy_problems(ARN, settings, senders, HERE))


def test_the_limits_are_those_of_sqs() -> None:
    assert LIMITS == {"bytes": 8_192, "statements": 20, "principals": 50, "conditions": 10}


def test_what_counts() -> None:
    settings = queue(
        send_principals=roles(3), consume_principals=roles(1), purge_principals=roles(2), send_services=services(2)
    )
    size = policy_size(
        queue_statements(ARN, settings, [*senders_of(settings, ACCOUNT), *senders_of(queue(), ACCOUNT)], HERE)
    )
    # "*" and the condition of the refusal included.
    assert {unit: size[unit] for unit in ("statements", "principals", "conditions")} == {
        "statements": 6,
        "principals": 9,
        "conditions": 3,
    }


@pytest.mark.parametrize(
    ("settings", "path"),
    [
        (lambda n: {"send_principals": roles(n)}, "send_principals"),
        (lambda n: {"send_principals": roles(n - 20), "purge_principals": roles(20)}, "send_principals"),
        (lambda n: {"send_principals": roles(20), "consume_principals": roles(n - 20)}, "consume_principals"),
        (lambda n: {"purge_principals": roles(n - 9), "send_services": services(9)}, "purge_principals"),
    ],
)
def test_a_policy_names_as_many_principals_as_sqs_takes(settings: Any, path: str) -> None:
    assert found(queue(**settings(49))) == []
    assert found(queue(**settings(50))) == [f"{path}: 50, got 51"]


@pytest.mark.parametrize(
    ("besides", "most"),
    [
        ([], 9),
        ([bucket("a")], 7),  # of a bucket the account is asked, too
        ([bucket("a"), bucket("b")], 7),
    ],
)
def test_a_policy_has_as_many_conditions_as_sqs_takes(besides: list[ServiceSender], most: int) -> None:
    assert found(queue(send_services=[*besides, *services(most)])) == []
    assert found(queue(send_services=[*besides, *services(most + 1)])) == ["send_services: 10, got 11"]


def test_a_policy_has_as_many_statements_as_sqs_takes() -> None:
    everybody: dict[str, Any] = {f"{verb}_principals": roles(1) for verb in ("send", "consume", "purge")}

    # Each service has a condition, too, so that those are too many before.
    assert found(queue(**everybody, send_services=services(16))) == ["send_services: 10, got 17"]
    assert found(queue(**everybody, send_services=services(17))) == [
        "send_services: 20, got 21",
        "send_services: 10, got 18",
    ]


@pytest.mark.parametrize("setting", ["send_principals", "consume_principals", "purge_principals", "send_services"])
def test_a_policy_has_as_many_bytes_as_sqs_takes(setting: str) -> None:
    def sized(pad: int) -> MessageQueueSettings:
        if setting == "send_services":
            return queue(send_services=[topic(f"{number}{'x' * 800}") for number in range(9)] + [topic("x" * pad)])
        return queue(**{setting: [*roles(9, "x" * 800), *roles(1, "x" * pad)]})

    def size(settings: MessageQueueSettings) -> int:
        return policy_size(queue_statements(ARN, settings, senders_of(settings, ACCOUNT), HERE))["bytes"]

    pad = 8_192 - size(sized(1)) + 1
    assert size(sized(pad)) == 8_192
    assert found(sized(pad)) == []
    assert found(sized(pad + 1)) == [f"{setting}: 8,192, got 8,193"]


def test_senders_that_no_setting_names_are_told_of_the_queue() -> None:
    buckets = [Sender("s3.amazonaws.com", f"arn:aws:s3:::{number}{'x' * 60}", ACCOUNT) for number in range(110)]
    (problem,) = found(queue(send_principals=roles(3)), *buckets)
    assert problem.startswith("8,192, got ")


def test_a_source_that_is_named_twice_counts_once() -> None:
    statements = queue_statements(ARN, queue(), [Sender("s3.amazonaws.com", "arn:aws:s3:::data-a", ACCOUNT)] * 2, HERE)
    assert statements[1]["Condition"] == {
        "ArnEquals": {"aws:SourceArn": ["arn:aws:s3:::data-a"]},
        "StringEquals": {"aws:SourceAccount": ACCOUNT},
    }


def test_a_bucket_is_asked_for_its_own_account_and_not_for_that_of_another_bucket() -> None:
    senders = [
        Sender("s3.amazonaws.com", f"arn:aws:s3:::data-{name}", account) for name, account in (("b", "2"), ("a", "1"))
    ]
    found = {item["Sid"]: item["Condition"] for item in queue_statements(ARN, queue(), senders, HERE)[1:]}
    assert found == {
        f"SendFromS3{account}": {
            "ArnEquals": {"aws:SourceArn": [f"arn:aws:s3:::data-{name}"]},
            "StringEquals": {"aws:SourceAccount": account},
        }
        for name, account in (("a", "1"), ("b", "2"))
    }


def test_a_queue_outside_an_environment_is_checked_too(stack: Any, location: Any) -> None:
    settings = queue(send_principals=roles(50))
    assert refused(lambda: MessageQueue(stack, "q", name="mine", settings=settings, location=location)) == [
        "send_principals: 50, got 51"
    ]


def test_a_queue_does_not_let_more_services_send_than_sqs_takes(stack: Any, location: Any) -> None:
    made = MessageQueue(stack, "q", name="mine", settings=queue(send_services=services(9)), location=location)
    rule_arn = "${aws_cloudwatch_event_rule.nightly.arn}"
    assert refused(lambda: made.allow_service("events.amazonaws.com", rule_arn)) == ["send_services: 10, got 11"]


def test_an_account_by_its_number_is_the_account_by_its_arn() -> None:
    by_number = queue(send_principals=["444455556666"])
    by_arn = queue(send_principals=["arn:aws:iam::444455556666:root"])
    found = queue_statements(ARN, by_number, [], HERE)
    assert found == queue_statements(ARN, by_arn, [], HERE)
    assert found[1]["Principal"] == {"AWS": "arn:aws:iam::444455556666:root"}
    china = queue_statements(ARN, by_number, [], AwsLocation("cn-north-1", ACCOUNT))
    assert china[1]["Principal"] == {"AWS": "arn:aws-cn:iam::444455556666:root"}


@pytest.mark.parametrize(("setting", "sid"), [("send", "SendInOrganization"), ("consume", "ConsumeInOrganization")])
def test_whoever_belongs_to_an_organization_may_and_nobody_else(setting: str, sid: str) -> None:
    settings = queue(**{f"{setting}_organization_ids": ["o-a1b2c3d4e5"]})
    found = {statement["Sid"]: statement for statement in queue_statements(ARN, settings, [], HERE)}
    assert found.keys() == {"DenyWithoutTls", sid}
    assert found[sid]["Principal"] == {"AWS": "*"}
    assert found[sid]["Condition"] == {"StringEquals": {"aws:PrincipalOrgID": ["o-a1b2c3d4e5"]}}


@pytest.mark.parametrize(
    ("text", "fits"),
    [
        ("o-" + "a" * 10, True),
        ("o-" + "a" * 32, True),
        ("o-" + "a" * 9, False),
        ("o-" + "a" * 33, False),
        ("r-a1b2c3d4e5", False),
        ("*", False),
    ],
)
def test_an_organization_is_named_by_its_id(text: str, fits: bool) -> None:
    if fits:
        assert queue(send_organization_ids=[text])
    else:
        assert len(refused(lambda: queue(send_organization_ids=[text]))) == 1
