import json
from typing import Any

import pytest
from cdktf import TerraformStack

from modules.kms.settings import ExistingKmsKey, KmsKeySettings, NewKmsKey
from modules.naming import AwsLocation
from modules.sqs.message_queue import MessageQueue
from modules.sqs.queue import Queue
from modules.sqs.settings import (
    DeadLetterQueueSettings,
    ExistingQueue,
    FifoMessageQueueSettings,
    MessageQueueSettings,
)
from tests.conftest import Synthesized
from tests.policies import statements
from tests.problems import refused

NAME = "tb-test-requests"
REDRIVE = "aws_sqs_queue_redrive"
KEY_ARN = "arn:aws:kms:us-east-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab"


def settings(**values: Any) -> MessageQueueSettings:
    return MessageQueueSettings(visibility_timeout_seconds=900, **values)


def made(stack: TerraformStack, location: AwsLocation, *, fifo: bool = False, **settings: Any) -> Synthesized:
    """Return the JSON of one queue."""
    kind = FifoMessageQueueSettings if fifo else MessageQueueSettings
    values = kind(**{"visibility_timeout_seconds": 900} | settings)
    MessageQueue(stack, "requests", name=NAME, settings=values, location=location)
    return Synthesized(stack)


def test_a_standard_queue_with_all_that_belongs_to_it(stack: TerraformStack, location: AwsLocation) -> None:
    synthesized = made(stack, location)

    assert synthesized.types() == [
        "aws_sqs_queue",
        "aws_sqs_queue_policy",
        "aws_sqs_queue_redrive_allow_policy",
        "aws_sqs_queue_redrive_policy",
    ]
    assert synthesized.named("aws_sqs_queue", NAME) == {
        "name": NAME,
        "delay_seconds": 0,
        "max_message_size": 1_048_576,
        "message_retention_seconds": 345_600,
        "receive_wait_time_seconds": 20,
        "sqs_managed_sse_enabled": True,
        "visibility_timeout_seconds": 900,
    }
    assert synthesized.named("aws_sqs_queue", f"{NAME}-dlq") == {
        "name": f"{NAME}-dlq",
        "delay_seconds": 0,
        "max_message_size": 1_048_576,
        "message_retention_seconds": 1_209_600,
        "receive_wait_time_seconds": 20,
        "sqs_managed_sse_enabled": True,
        "visibility_timeout_seconds": 30,
    }


def test_every_setting_reaches_the_queue_and_the_dead_letter_queue(
    stack: TerraformStack, location: AwsLocation
) -> None:
    values: dict[str, Any] = {
        "message_retention_seconds": 60,
        "visibility_timeout_seconds": 1,
        "delay_seconds": 2,
        "max_message_bytes": 1_024,
        "receive_wait_seconds": 0,
    }
    dead = DeadLetterQueueSettings(**values | {"message_retention_seconds": 61})
    synthesized = made(stack, location, dead_letter_queue=dead, tags={"team": "search"}, **values)

    expected = {
        "message_retention_seconds": 60,
        "visibility_timeout_seconds": 1,
        "delay_seconds": 2,
        "max_message_size": 1_024,
        "receive_wait_time_seconds": 0,
        "sqs_managed_sse_enabled": True,
        "tags": {"team": "search"},
    }
    assert synthesized.named("aws_sqs_queue", NAME) == expected | {"name": NAME}
    assert synthesized.named("aws_sqs_queue", f"{NAME}-dlq") == expected | {
        "name": f"{NAME}-dlq",
        "message_retention_seconds": 61,
    }


def test_the_two_queues_refer_to_each_other(stack: TerraformStack, location: AwsLocation) -> None:
    synthesized = made(stack, location, max_receive_count=3)
    source = synthesized.address("aws_sqs_queue", NAME)
    dead = synthesized.address("aws_sqs_queue", f"{NAME}-dlq")

    redrive = synthesized.one("aws_sqs_queue_redrive_policy")
    assert redrive["queue_url"] == f"${{{source}.url}}"
    assert redrive["redrive_policy"] == f'{{"deadLetterTargetArn":"${{{dead}.arn}}","maxReceiveCount":3}}'
    allowed = synthesized.one("aws_sqs_queue_redrive_allow_policy")
    assert allowed["queue_url"] == f"${{{dead}.url}}"
    assert json.loads(allowed["redrive_allow_policy"]) == {
        "redrivePermission": "byQueue",
        "sourceQueueArns": [f"${{{source}.arn}}"],
    }


def test_queues_share_one_that_takes_the_dead_letters_of_nobody_else(
    stack: TerraformStack, location: AwsLocation
) -> None:
    failed = MessageQueue(stack, "failed", settings=settings(message_retention_seconds=1_209_600), location=location)
    for name in ("requests", "results"):
        values = settings(dead_letter_queue="failed", max_receive_count=3)
        MessageQueue(stack, name, settings=values, location=location, queues={"failed": failed})
    synthesized = Synthesized(stack)
    arns = {
        name.removeprefix("test-"): f"${{{synthesized.address('aws_sqs_queue', name)}.arn}}"
        for name in (item["name"] for item in synthesized.all("aws_sqs_queue"))
    }

    assert sorted(arns) == ["failed", "failed-dlq", "requests", "results"]
    allowed = [json.loads(item["redrive_allow_policy"]) for item in synthesized.all(f"{REDRIVE}_allow_policy")]
    assert {"redrivePermission": "byQueue", "sourceQueueArns": [arns["requests"], arns["results"]]} in allowed
    sent = [json.loads(item["redrive_policy"]) for item in synthesized.all(f"{REDRIVE}_policy")]
    assert sent.count({"deadLetterTargetArn": arns["failed"], "maxReceiveCount": 3}) == 2


def test_one_that_somebody_else_owns_is_let_by_them(stack: TerraformStack, location: AwsLocation) -> None:
    arn = "arn:aws:sqs:us-east-1:111122223333:failed"
    theirs = ExistingQueue(queue_arn=arn, visibility_timeout_seconds=30)
    queues = {"failed": MessageQueue.from_queue_arn(stack, "failed", settings=theirs)}
    values = settings(dead_letter_queue="failed")
    MessageQueue(stack, "requests", settings=values, location=location, queues=queues)
    synthesized = Synthesized(stack)
    assert synthesized.types() == ["aws_sqs_queue", "aws_sqs_queue_policy", f"{REDRIVE}_policy"]
    assert json.loads(synthesized.one(f"{REDRIVE}_policy")["redrive_policy"])["deadLetterTargetArn"] == arn


def test_what_takes_dead_letters_has_to_be_given_and_to_fit(stack: TerraformStack, location: AwsLocation) -> None:
    short = MessageQueue(stack, "short", settings=settings(message_retention_seconds=901), location=location)

    def sending(queues: dict[str, Queue]) -> MessageQueue:
        values = settings(dead_letter_queue="short")
        return MessageQueue(stack, "requests", settings=values, location=location, queues=queues)

    assert refused(lambda: sending({})) == ["dead_letter_queue: got 'short'"]
    assert refused(lambda: sending({"short": short})) == ["dead_letter_queue: 345,600, got 'short', which has 901"]


def test_a_queue_can_do_without_a_dead_letter_queue(stack: TerraformStack, location: AwsLocation) -> None:
    synthesized = made(stack, location, max_receive_count=None)

    assert synthesized.types() == ["aws_sqs_queue", "aws_sqs_queue_policy"]
    assert synthesized.one("aws_sqs_queue")["name"] == NAME


# Terraform would leave a queue as fast as it was, were nothing said of its throughput.
ORDINARY = {
    "fifo_queue": True,
    "content_based_deduplication": False,
    "deduplication_scope": "queue",
    "fifo_throughput_limit": "perQueue",
}


@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        ({}, ORDINARY),
        ({"content_based_deduplication": True}, ORDINARY | {"content_based_deduplication": True}),
        (
            {"high_throughput": True},
            {
                "fifo_queue": True,
                "content_based_deduplication": False,
                "deduplication_scope": "messageGroup",
                "fifo_throughput_limit": "perMessageGroupId",
            },
        ),
    ],
)
def test_a_fifo_queue_has_a_dead_letter_queue_of_its_kind(
    stack: TerraformStack, location: AwsLocation, settings: dict[str, Any], expected: dict[str, Any]
) -> None:
    synthesized = made(stack, location, fifo=True, **settings)

    for name in (f"{NAME}.fifo", f"{NAME}-dlq.fifo"):
        queue = synthesized.named("aws_sqs_queue", name)
        assert {key: value for key, value in queue.items() if "fifo" in key or "dedup" in key} == expected


def test_a_standard_queue_says_nothing_of_fifo(stack: TerraformStack, location: AwsLocation) -> None:
    for queue in made(stack, location).all("aws_sqs_queue"):
        assert not [key for key in queue if "fifo" in key or "dedup" in key]


@pytest.mark.parametrize("fifo", [False, True])
def test_the_longest_name_leaves_room_for_the_dead_letter_queue(
    stack: TerraformStack, location: AwsLocation, fifo: bool
) -> None:
    kind = FifoMessageQueueSettings if fifo else MessageQueueSettings
    settings = kind(visibility_timeout_seconds=900)
    longest = 80 - len(f"-dlq{settings.name_suffix}")
    dead = f"{'x' * (longest + 1)}-dlq{settings.name_suffix}"
    MessageQueue(stack, "longest", name="x" * longest, settings=settings, location=location)

    assert max(len(queue["name"]) for queue in Synthesized(stack).all("aws_sqs_queue")) == 80
    assert refused(
        lambda: MessageQueue(stack, "a", name="x" * (longest + 1), settings=settings, location=location)
    ) == [f"name: 80, got {len(dead)} ({dead!r})"]


def encryption(queue: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in queue.items() if "kms" in key or "sse" in key}


def test_both_queues_use_the_queue_s_own_key(stack: TerraformStack, location: AwsLocation) -> None:
    synthesized = made(stack, location, kms_key=NewKmsKey(), kms_data_key_reuse_seconds=600)
    (key,) = synthesized.document["resource"]["aws_kms_key"]

    for name in (NAME, f"{NAME}-dlq"):
        assert encryption(synthesized.named("aws_sqs_queue", name)) == {
            "kms_master_key_id": f"${{aws_kms_key.{key}.arn}}",
            "kms_data_key_reuse_period_seconds": 600,
        }
    assert synthesized.one("aws_kms_alias")["name"] == f"alias/{NAME}"


def test_both_queues_use_the_key_that_was_given(stack: TerraformStack, location: AwsLocation) -> None:
    synthesized = made(stack, location, kms_key=ExistingKmsKey(key_arn=KEY_ARN))

    assert "aws_kms_key" not in synthesized.types()
    for queue in synthesized.all("aws_sqs_queue"):
        # Terraform would leave the period as it was, were none given.
        assert encryption(queue) == {"kms_master_key_id": KEY_ARN, "kms_data_key_reuse_period_seconds": 300}


def test_a_dead_letter_queue_may_reuse_data_keys_of_its_source_s_key_for_another_time(
    stack: TerraformStack, location: AwsLocation
) -> None:
    synthesized = made(
        stack,
        location,
        kms_key=ExistingKmsKey(key_arn=KEY_ARN),
        kms_data_key_reuse_seconds=600,
        dead_letter_queue=DeadLetterQueueSettings(kms_data_key_reuse_seconds=60),
    )

    for name, seconds in ((NAME, 600), (f"{NAME}-dlq", 60)):
        assert encryption(synthesized.named("aws_sqs_queue", name)) == {
            "kms_master_key_id": KEY_ARN,
            "kms_data_key_reuse_period_seconds": seconds,
        }


def test_a_key_of_its_own_has_not_the_source_s_period(stack: TerraformStack, location: AwsLocation) -> None:
    synthesized = made(
        stack,
        location,
        kms_key=NewKmsKey(),
        kms_data_key_reuse_seconds=600,
        dead_letter_queue=DeadLetterQueueSettings(kms_key=ExistingKmsKey(key_arn=KEY_ARN)),
    )

    assert encryption(synthesized.named("aws_sqs_queue", f"{NAME}-dlq")) == {
        "kms_master_key_id": KEY_ARN,
        "kms_data_key_reuse_period_seconds": 300,
    }


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        (None, {"sqs_managed_sse_enabled": True}),
        (
            ExistingKmsKey(key_arn=KEY_ARN),
            {"kms_master_key_id": KEY_ARN, "kms_data_key_reuse_period_seconds": 300},
        ),
    ],
)
def test_a_dead_letter_queue_can_have_a_key_of_its_own(
    stack: TerraformStack, location: AwsLocation, source: KmsKeySettings | None, expected: dict[str, Any]
) -> None:
    dead = DeadLetterQueueSettings(kms_key=NewKmsKey(deletion_window_days=7), kms_data_key_reuse_seconds=60)
    synthesized = made(stack, location, kms_key=source, dead_letter_queue=dead)
    (key,) = synthesized.document["resource"]["aws_kms_key"]

    assert encryption(synthesized.named("aws_sqs_queue", NAME)) == expected
    assert encryption(synthesized.named("aws_sqs_queue", f"{NAME}-dlq")) == {
        "kms_master_key_id": f"${{aws_kms_key.{key}.arn}}",
        "kms_data_key_reuse_period_seconds": 60,
    }
    assert synthesized.one("aws_kms_alias")["name"] == f"alias/{NAME}-dlq"


def test_the_addresses_follow_from_the_construct_s_name_alone(stack: TerraformStack, location: AwsLocation) -> None:
    document = made(stack, location, kms_key=NewKmsKey()).document["resource"]

    assert {type_: sorted(resources) for type_, resources in document.items()} == {
        "aws_kms_alias": ["requests_key_alias_E5130D60"],
        "aws_kms_key": ["requests_key_5BAB983C"],
        "aws_sqs_queue": ["requests_C775BB57", "requests_dead-letter-queue_6193E4A1"],
        "aws_sqs_queue_policy": ["requests_dead-letter-queue_policy_71CAD2F9", "requests_policy_1496301F"],
        "aws_sqs_queue_redrive_allow_policy": ["requests_dead-letter-queue_redrive-allow_F214963B"],
        "aws_sqs_queue_redrive_policy": ["requests_redrive_2F30D4A1"],
    }


def test_a_made_key_serves_whom_the_queue_serves(stack: TerraformStack, location: AwsLocation) -> None:
    synthesized = made(
        stack,
        location,
        kms_key=NewKmsKey(),
        send_principals=["444455556666"],
        send_organization_ids=["o-a1b2c3d4e5"],
        consume_organization_ids=["o-a1b2c3d4e5"],
    )
    found = statements(synthesized.one("aws_kms_key")["policy"])
    assert found["Send"]["Principal"] == {"AWS": "arn:aws:iam::444455556666:root"}
    for verb in ("Send", "Consume"):
        assert found[f"{verb}InOrganization"]["Condition"] == {
            "StringEquals": {
                "kms:ViaService": "sqs.us-east-1.amazonaws.com",
                "aws:PrincipalOrgID": ["o-a1b2c3d4e5"],
            }
        }
