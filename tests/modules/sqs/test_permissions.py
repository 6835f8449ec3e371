"""Who may do what with a queue: roles of this project by their own policies, everybody else by the queue's."""

import json
from typing import Any

import pytest
from cdktf import TerraformStack

from modules.iam.workload_role import WorkloadRole
from modules.kms.settings import ExistingKmsKey, NewKmsKey
from modules.naming import AwsLocation
from modules.sqs.message_queue import MessageQueue
from modules.sqs.queue import Queue
from modules.sqs.settings import ExistingQueue, MessageQueueSettings, ServiceSender
from tests.conftest import Synthesized
from tests.policies import findings, statements

NAME = "tb-test-requests"
ARN = f"arn:aws:sqs:us-east-1:444455556666:{NAME}"
KEY_ARN = "arn:aws:kms:us-east-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab"
INGEST, REVIEW = "arn:aws:iam::444455556666:role/ingest", "arn:aws:iam::444455556666:root"
LOOK_UP = ["sqs:GetQueueAttributes", "sqs:GetQueueUrl"]
EVERY_ACTION = {
    *LOOK_UP,
    "sqs:ChangeMessageVisibility",
    "sqs:DeleteMessage",
    "sqs:DeleteQueue",
    "sqs:PurgeQueue",
    "sqs:ReceiveMessage",
    "sqs:SendMessage",
    "sqs:SetQueueAttributes",
    "sqs:StartMessageMoveTask",
}
PERMISSIONS = {
    "grant_send": {"sqs:SendMessage", *LOOK_UP},
    "grant_consume": {"sqs:ChangeMessageVisibility", "sqs:DeleteMessage", "sqs:ReceiveMessage", *LOOK_UP},
    "grant_purge": {"sqs:PurgeQueue", *LOOK_UP},
}
KEY_PERMISSIONS = {
    "grant_send": ["kms:Decrypt", "kms:GenerateDataKey"],
    "grant_consume": "kms:Decrypt",
    "grant_purge": None,
}
THROUGH_SQS = {"StringEquals": {"kms:ViaService": "sqs.us-east-1.amazonaws.com"}}


@pytest.fixture
def role(stack: TerraformStack) -> WorkloadRole:
    return WorkloadRole(
        stack, "role", name="tb-test-worker", services=["ecs-tasks.amazonaws.com"], account_id=None, description="test"
    )


def made(stack: TerraformStack, location: AwsLocation, id_: str = "requests", **settings: Any) -> MessageQueue:
    values = MessageQueueSettings(**{"visibility_timeout_seconds": 900} | settings)
    return MessageQueue(stack, id_, name=f"tb-test-{id_}", settings=values, location=location)


def existing(stack: TerraformStack, **settings: Any) -> Queue:
    values = ExistingQueue(queue_arn=ARN, visibility_timeout_seconds=30, **settings)
    return MessageQueue.from_queue_arn(stack, "foreign", settings=values)


def granted(stack: TerraformStack) -> dict[str, dict[str, Any]]:
    """Return the statements of the one policy that a role has."""
    policy = Synthesized(stack).one("aws_iam_role_policy")["policy"]
    assert findings(policy) == set()
    return statements(policy)


@pytest.mark.parametrize("grant", PERMISSIONS)
def test_a_role_gets_what_its_part_needs_and_no_more(
    stack: TerraformStack, location: AwsLocation, role: WorkloadRole, grant: str
) -> None:
    getattr(made(stack, location, max_receive_count=None), grant)(role)

    (statement,) = granted(stack).values()
    address = Synthesized(stack).address("aws_sqs_queue", NAME)
    assert set(statement) == {"Effect", "Action", "Resource"}
    assert statement["Effect"] == "Allow"
    assert statement["Resource"] == f"${{{address}.arn}}"
    assert set(statement["Action"]) == PERMISSIONS[grant]
    assert set(statement["Action"]).isdisjoint(EVERY_ACTION - PERMISSIONS[grant])


@pytest.mark.parametrize("grant", PERMISSIONS)
@pytest.mark.parametrize("own", [True, False])
def test_a_role_gets_the_use_of_the_key_that_its_part_needs(
    stack: TerraformStack, location: AwsLocation, role: WorkloadRole, grant: str, own: bool
) -> None:
    key = NewKmsKey() if own else ExistingKmsKey(key_arn=KEY_ARN)
    queue = made(stack, location, kms_key=key, max_receive_count=None)
    getattr(queue, grant)(role)

    resource = Synthesized(stack).one("aws_sqs_queue")["kms_master_key_id"]
    key_statements = [entry for sid, entry in granted(stack).items() if sid.endswith("WithKey")]
    expected = {"Effect": "Allow", "Action": KEY_PERMISSIONS[grant], "Resource": resource, "Condition": THROUGH_SQS}
    assert key_statements == ([expected] if KEY_PERMISSIONS[grant] else [])


@pytest.mark.parametrize("grant", PERMISSIONS)
@pytest.mark.parametrize("key_arn", [None, KEY_ARN])
def test_a_queue_of_somebody_elses_can_be_granted_alike(
    stack: TerraformStack, role: WorkloadRole, grant: str, key_arn: str | None
) -> None:
    getattr(existing(stack, kms_key_arn=key_arn), grant)(role)

    permissions = granted(stack)
    of_queue, *of_key = permissions.values()
    assert of_queue["Resource"] == ARN
    assert set(of_queue["Action"]) == PERMISSIONS[grant]
    expected = [KEY_PERMISSIONS[grant]] if key_arn and KEY_PERMISSIONS[grant] else []
    assert [entry["Action"] for entry in of_key] == expected


@pytest.mark.parametrize(
    ("arn", "url"),
    [
        (ARN, f"https://sqs.us-east-1.amazonaws.com/444455556666/{NAME}"),
        (
            "arn:aws-cn:sqs:cn-north-1:444455556666:requests.fifo",
            "https://sqs.cn-north-1.amazonaws.com.cn/444455556666/requests.fifo",
        ),
        (
            "arn:aws-us-gov:sqs:us-gov-west-1:444455556666:requests",
            "https://sqs.us-gov-west-1.amazonaws.com/444455556666/requests",
        ),
    ],
)
def test_the_address_of_a_queue_of_somebody_elses_follows_from_its_arn(
    stack: TerraformStack, arn: str, url: str
) -> None:
    settings = ExistingQueue(queue_arn=arn, visibility_timeout_seconds=30)
    queue = MessageQueue.from_queue_arn(stack, "foreign", settings=settings)

    assert (queue.queue_arn, queue.queue_url, queue.queue_name) == (arn, url, arn.rpartition(":")[2])
    assert Synthesized(stack).types() == []


def test_dead_letters_can_be_read_by_who_looks_after_them(
    stack: TerraformStack, location: AwsLocation, role: WorkloadRole
) -> None:
    for id_ in ("requests", "results"):
        queue = made(stack, location, id_)
        assert queue.dead_letter_queue
        queue.dead_letter_queue.grant_consume(role)
    synthesized = Synthesized(stack)

    policies = {policy["name"]: policy["policy"] for policy in synthesized.all("aws_iam_role_policy")}
    assert set(policies) == {"consume-requests-dead-letters", "consume-results-dead-letters"}
    address = synthesized.address("aws_sqs_queue", f"{NAME}-dlq")
    (statement,) = statements(policies["consume-requests-dead-letters"]).values()
    assert statement["Resource"] == f"${{{address}.arn}}"


def test_dead_letters_can_be_moved_back(stack: TerraformStack, location: AwsLocation, role: WorkloadRole) -> None:
    made(stack, location, kms_key=ExistingKmsKey(key_arn=KEY_ARN)).grant_redrive(role)
    synthesized = Synthesized(stack)
    source, dead = (synthesized.address("aws_sqs_queue", name) for name in (NAME, f"{NAME}-dlq"))

    assert granted(stack) == {
        "MoveMessages": {
            "Effect": "Allow",
            "Action": [
                "sqs:CancelMessageMoveTask",
                "sqs:DeleteMessage",
                *LOOK_UP,
                "sqs:ListMessageMoveTasks",
                "sqs:ReceiveMessage",
                "sqs:StartMessageMoveTask",
            ],
            "Resource": f"${{{dead}.arn}}",
        },
        "MoveWithKey": {
            "Effect": "Allow",
            "Action": "kms:Decrypt",
            "Resource": KEY_ARN,
            "Condition": THROUGH_SQS,
        },
        "ReturnMessages": {
            "Effect": "Allow",
            "Action": [*LOOK_UP, "sqs:SendMessage"],
            "Resource": f"${{{source}.arn}}",
        },
        "ReturnWithKey": {
            "Effect": "Allow",
            "Action": ["kms:Decrypt", "kms:GenerateDataKey"],
            "Resource": KEY_ARN,
            "Condition": THROUGH_SQS,
        },
    }


def test_dead_letters_of_somebody_else_can_be_moved_back(stack: TerraformStack, role: WorkloadRole) -> None:
    arn = "arn:aws:sqs:eu-west-1:777777777777:scans"
    settings = ExistingQueue(queue_arn=arn, dead_letter_queue_arn=f"{arn}-dead", visibility_timeout_seconds=60)
    MessageQueue.from_queue_arn(stack, "scans", settings=settings).grant_redrive(role)
    found = granted(stack)
    assert found["MoveMessages"]["Resource"] == f"{arn}-dead"
    assert "sqs:StartMessageMoveTask" in found["MoveMessages"]["Action"]
    assert found["ReturnMessages"]["Resource"] == arn


def test_nothing_can_be_moved_back_where_there_is_no_dead_letter_queue(
    stack: TerraformStack, location: AwsLocation, role: WorkloadRole
) -> None:
    queue = made(stack, location, max_receive_count=None)

    with pytest.raises(ValueError, match=r"^test/requests has no dead-letter queue to move messages from$"):
        queue.grant_redrive(role)


def queue_policy(stack: TerraformStack, name: str = NAME) -> dict[str, dict[str, Any]]:
    """Return the statements of a queue's policy."""
    synthesized = Synthesized(stack)
    url = f"${{{synthesized.address('aws_sqs_queue', name)}.url}}"
    (policy,) = [item["policy"] for item in synthesized.all("aws_sqs_queue_policy") if item["queue_url"] == url]
    assert findings(policy) == set()
    return statements(policy)


@pytest.mark.parametrize("name", [NAME, f"{NAME}-dlq"])
def test_both_queues_refuse_requests_without_tls_and_allow_nobody_else(
    stack: TerraformStack, location: AwsLocation, name: str
) -> None:
    made(stack, location)

    assert queue_policy(stack, name) == {
        "DenyWithoutTls": {
            "Effect": "Deny",
            "Principal": {"AWS": "*"},
            "Action": "sqs:*",
            "Resource": f"${{{Synthesized(stack).address('aws_sqs_queue', name)}.arn}}",
            "Condition": {"Bool": {"aws:SecureTransport": "false"}},
        }
    }


@pytest.mark.parametrize(
    ("setting", "sid", "grant"),
    [
        ("send_principals", "Send", "grant_send"),
        ("consume_principals", "Consume", "grant_consume"),
        ("purge_principals", "Purge", "grant_purge"),
    ],
)
def test_principals_get_in_the_queue_s_policy_what_roles_get_in_theirs(
    stack: TerraformStack, location: AwsLocation, setting: str, sid: str, grant: str
) -> None:
    principals: dict[str, Any] = {setting: [REVIEW, INGEST]}
    made(stack, location, **principals)

    policy = queue_policy(stack)
    assert set(policy) == {"DenyWithoutTls", sid}
    assert policy[sid]["Effect"] == "Allow"
    assert policy[sid]["Principal"] == {"AWS": [INGEST, REVIEW]}
    assert set(policy[sid]["Action"]) == PERMISSIONS[grant]
    assert policy[sid]["Resource"] == policy["DenyWithoutTls"]["Resource"]
    assert set(queue_policy(stack, f"{NAME}-dlq")) == {"DenyWithoutTls"}


def key_policy(stack: TerraformStack) -> dict[str, dict[str, Any]]:
    return statements(Synthesized(stack).one("aws_kms_key")["policy"])


def test_principals_and_services_get_the_use_of_the_queue_s_own_key(
    stack: TerraformStack, location: AwsLocation
) -> None:
    made(
        stack,
        location,
        kms_key=NewKmsKey(),
        send_principals=[INGEST],
        consume_principals=[REVIEW],
        purge_principals=[REVIEW],
        send_services=[
            ServiceSender(service="s3.amazonaws.com", source_arn="arn:aws:s3:::data"),
            ServiceSender(service="sns.amazonaws.com", source_arn="arn:aws:sns:us-east-1:444455556666:topic"),
        ],
    )

    policy = key_policy(stack)
    assert {
        sid: (statement["Principal"], statement["Action"], statement.get("Condition"))
        for sid, statement in policy.items()
        if sid != "ManagedByIam"
    } == {
        "Send": ({"AWS": INGEST}, ["kms:Decrypt", "kms:GenerateDataKey"], THROUGH_SQS),
        "Consume": ({"AWS": REVIEW}, "kms:Decrypt", THROUGH_SQS),
        "UseByS3111122223333": (
            {"Service": "s3.amazonaws.com"},
            ["kms:Decrypt", "kms:GenerateDataKey"],
            {"StringEquals": {"aws:SourceAccount": "111122223333"}},
        ),
        "UseBySns444455556666": (
            {"Service": "sns.amazonaws.com"},
            ["kms:Decrypt", "kms:GenerateDataKey"],
            {"StringEquals": {"aws:SourceAccount": "444455556666"}},
        ),
    }


def test_services_send_for_their_resources_only(stack: TerraformStack, location: AwsLocation) -> None:
    rules = [f"arn:aws:events:us-east-1:111122223333:rule/{name}" for name in ("nightly", "hourly")]
    made(
        stack,
        location,
        send_services=[
            ServiceSender(service="events.amazonaws.com", source_arn=rules[0]),
            ServiceSender(service="s3.amazonaws.com", source_arn="arn:aws:s3:::data"),
            ServiceSender(service="events.amazonaws.com", source_arn=rules[1]),
        ],
    )

    policy = queue_policy(stack)
    queue_arn = policy["DenyWithoutTls"]["Resource"]
    assert {sid: statement for sid, statement in policy.items() if sid != "DenyWithoutTls"} == {
        "SendFromEvents": {
            "Effect": "Allow",
            "Principal": {"Service": "events.amazonaws.com"},
            "Action": "sqs:SendMessage",
            "Resource": queue_arn,
            "Condition": {"ArnEquals": {"aws:SourceArn": rules}},
        },
        "SendFromS3": {
            "Effect": "Allow",
            "Principal": {"Service": "s3.amazonaws.com"},
            "Action": "sqs:SendMessage",
            "Resource": queue_arn,
            "Condition": {
                "ArnEquals": {"aws:SourceArn": ["arn:aws:s3:::data"]},
                "StringEquals": {"aws:SourceAccount": "111122223333"},
            },
        },
    }


def test_a_service_can_be_allowed_later_for_a_resource_that_is_not_there_yet(
    stack: TerraformStack, location: AwsLocation
) -> None:
    queue = made(stack, location, kms_key=NewKmsKey(), send_principals=[INGEST])
    queue.allow_service("events.amazonaws.com", "${aws_cloudwatch_event_rule.nightly.arn}")

    synthesized = Synthesized(stack)
    policies = [json.loads(item["policy"]) for item in synthesized.all("aws_sqs_queue_policy")]
    sids = {statement["Sid"] for policy in policies for statement in policy["Statement"]}
    assert sids == {"DenyWithoutTls", "Send", "SendFromEvents"}
    assert "UseByEvents" in key_policy(stack)


def test_the_key_of_somebody_elses_stays_as_its_owner_made_it(stack: TerraformStack, location: AwsLocation) -> None:
    made(stack, location, kms_key=ExistingKmsKey(key_arn=KEY_ARN), send_principals=[INGEST]).allow_service(
        "s3.amazonaws.com", "arn:aws:s3:::data"
    )

    assert "aws_kms_key" not in Synthesized(stack).types()
