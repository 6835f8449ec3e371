import re
from typing import Any

import botocore.session
import pytest

from modules.kms.settings import ExistingKmsKey, NewKmsKey
from modules.problems import format_value
from modules.sqs.settings import (
    DeadLetterQueueSettings,
    ExistingQueue,
    FifoMessageQueueSettings,
    MessageQueueSettings,
    QueueAttributes,
    QueueSettings,
    ServiceSender,
)
from tests.problems import refused

KEY_ARN = "arn:aws:kms:us-east-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab"
QUEUE_ARN = "arn:aws:sqs:us-east-1:111122223333:requests"
LIMITS = [
    ("message_retention_seconds", 60, 1_209_600),
    ("visibility_timeout_seconds", 0, 43_200),
    ("delay_seconds", 0, 900),
    ("max_message_bytes", 1_024, 1_048_576),
    ("receive_wait_seconds", 0, 20),
    ("kms_data_key_reuse_seconds", 60, 86_400),
    ("max_receive_count", 1, 1_000),
]
# What has to stand beside a setting so that it can take all of its values.
BESIDE: dict[str, dict[str, Any]] = {
    "message_retention_seconds": {"max_receive_count": None, "visibility_timeout_seconds": 30},
    "kms_data_key_reuse_seconds": {"kms_key": NewKmsKey()},
}


def queue(**settings: Any) -> MessageQueueSettings:
    return MessageQueueSettings(**{"visibility_timeout_seconds": 900} | settings)


@pytest.mark.parametrize(("setting", "least", "most"), LIMITS)
def test_each_limit_is_accepted_and_one_step_outside_is_not(setting: str, least: int, most: int) -> None:
    def make(value: int) -> MessageQueueSettings:
        return queue(**BESIDE.get(setting, {}), **{setting: value})

    assert getattr(make(least), setting) == least
    assert getattr(make(most), setting) == most
    for outside in (least - 1, most + 1):
        assert refused(lambda value=outside: make(value)) == [f"{setting}: {least:,}, {most:,}, got {outside:,}"]


ATTRIBUTES = {
    "DelaySeconds": "delay_seconds",
    "MaximumMessageSize": "max_message_bytes",
    "MessageRetentionPeriod": "message_retention_seconds",
    "ReceiveMessageWaitTimeSeconds": "receive_wait_seconds",
    "VisibilityTimeout": "visibility_timeout_seconds",
    "KmsDataKeyReusePeriodSeconds": "kms_data_key_reuse_seconds",
}


@pytest.mark.parametrize(("attribute", "setting"), ATTRIBUTES.items())
def test_the_limits_are_those_of_the_api(attribute: str, setting: str) -> None:
    model = botocore.session.get_session().get_service_model("sqs").operation_model("SetQueueAttributes")
    documentation = re.sub("<[^>]+>", "", model.input_shape.members["Attributes"].documentation)
    found = re.search(r"(?:from|between) ([\d,]+).*? (?:to|and) ([\d,]+)", documentation.partition(attribute)[2])
    assert found
    (limits,) = [limit for limit in LIMITS if limit[0] == setting]
    assert tuple(int(number.replace(",", "")) for number in found.groups()) == limits[1:3]


def test_a_queue_is_safe_and_thrifty_by_default() -> None:
    assert queue().model_dump(exclude={"dead_letter_queue"}) == {
        "physical_name": None,
        "consume_organization_ids": (),
        "send_organization_ids": (),
        "visibility_timeout_seconds": 900,
        "message_retention_seconds": 345_600,
        "delay_seconds": 0,
        "max_message_bytes": 1_048_576,
        "receive_wait_seconds": 20,
        "kms_key": None,
        "kms_data_key_reuse_seconds": None,
        "max_receive_count": 5,
        "send_principals": (),
        "consume_principals": (),
        "purge_principals": (),
        "send_services": (),
        "tags": {},
    }
    assert queue().dead_letter_queue == DeadLetterQueueSettings(message_retention_seconds=1_209_600)


def test_the_visibility_timeout_has_no_default_since_only_its_user_knows_the_work() -> None:
    assert refused(MessageQueueSettings) == ["visibility_timeout_seconds"]


def test_a_dead_letter_queue_has_the_settings_of_every_queue() -> None:
    assert set(DeadLetterQueueSettings.model_fields) == set(QueueAttributes.model_fields)
    assert set(QueueAttributes.model_fields) < set(MessageQueueSettings.model_fields)


def test_a_dead_letter_is_kept_longer_than_its_queue_keeps_messages() -> None:
    kept = queue(
        message_retention_seconds=1_000, dead_letter_queue=DeadLetterQueueSettings(message_retention_seconds=1_001)
    )
    assert kept.own_dead_letter_queue == kept.dead_letter_queue

    assert refused(
        lambda: queue(
            message_retention_seconds=1_000, dead_letter_queue=DeadLetterQueueSettings(message_retention_seconds=1_000)
        )
    ) == ["dead_letter_queue.message_retention_seconds: 1,000, 1,209,600, got 1,000"]


@pytest.mark.parametrize("kind", [MessageQueueSettings, FifoMessageQueueSettings, DeadLetterQueueSettings])
@pytest.mark.parametrize(("delay", "visibility"), [(900, 0), (0, 43_200), (900, 43_200)])
def test_a_message_is_kept_until_it_could_be_tried_twice(
    kind: type[QueueAttributes], delay: int, visibility: int
) -> None:
    def make(kept: int) -> QueueAttributes:
        return kind(delay_seconds=delay, visibility_timeout_seconds=visibility, message_retention_seconds=delay + kept)

    assert make(visibility + 1).delay_seconds == delay
    hidden = f"{delay + visibility:,}"
    assert refused(lambda: make(visibility)) == [f"message_retention_seconds: {hidden}, got {hidden}"]


def test_a_dead_letter_of_a_fifo_queue_starts_anew() -> None:
    shorter = DeadLetterQueueSettings(message_retention_seconds=60)
    fifo = FifoMessageQueueSettings(visibility_timeout_seconds=900, dead_letter_queue=shorter)
    assert fifo.own_dead_letter_queue == shorter
    assert FifoMessageQueueSettings(visibility_timeout_seconds=900, message_retention_seconds=1_209_600)


def test_a_dead_letter_queue_says_from_when_it_counts() -> None:
    assert refused(lambda: DeadLetterQueueSettings(message_retention_seconds=59)) == [
        "message_retention_seconds: 60, 1,209,600, got 59"
    ]


def test_a_queue_and_its_dead_letter_queue_may_both_keep_messages_as_long_as_sqs_can() -> None:
    assert queue(message_retention_seconds=1_209_600).max_receive_count == 5
    shorter = DeadLetterQueueSettings(message_retention_seconds=1_209_599)
    assert refused(queue, message_retention_seconds=1_209_600, dead_letter_queue=shorter) == [
        "dead_letter_queue.message_retention_seconds: 1,209,600, 1,209,600, got 1,209,599"
    ]
    assert queue(message_retention_seconds=1_209_598, dead_letter_queue=shorter)


def test_a_dead_letter_of_a_fifo_queue_counts_from_when_it_comes_there() -> None:
    short = DeadLetterQueueSettings(message_retention_seconds=60)
    assert FifoMessageQueueSettings(visibility_timeout_seconds=30, dead_letter_queue=short).is_fifo


@pytest.mark.parametrize("key", [NewKmsKey(), ExistingKmsKey(key_arn=KEY_ARN)])
def test_a_data_key_is_reused_only_where_there_is_a_key(key: Any) -> None:
    assert queue(kms_key=key, kms_data_key_reuse_seconds=300).kms_data_key_reuse_seconds == 300
    assert refused(lambda: queue(kms_data_key_reuse_seconds=300)) == ["kms_data_key_reuse_seconds: got 300"]


@pytest.mark.parametrize(
    ("source", "own"), [(NewKmsKey(), None), (None, NewKmsKey()), (NewKmsKey(), NewKmsKey()), (None, None)]
)
def test_a_dead_letter_queue_reuses_data_keys_of_its_own_key_or_of_its_source_s(source: Any, own: Any) -> None:
    dead = DeadLetterQueueSettings(kms_key=own, kms_data_key_reuse_seconds=300)
    if source or own:
        assert queue(kms_key=source, dead_letter_queue=dead).dead_letter_queue == dead
        return
    assert refused(lambda: queue(dead_letter_queue=dead)) == ["dead_letter_queue.kms_data_key_reuse_seconds: got 300"]


@pytest.mark.parametrize("setting", ["send_principals", "consume_principals", "purge_principals"])
@pytest.mark.parametrize(
    ("arn", "fits"),
    [
        ("arn:aws:iam::444455556666:root", True),
        ("arn:aws:iam::444455556666:role/path/to/role", True),
        ("arn:aws-cn:iam::444455556666:user/a.b@c", True),
        ("*", False),
        ("444455556666", True),
        ("44445555666", False),
        ("4444555566667", False),
        ("arn:aws:iam::444455556666:role/*", False),
        ("arn:aws:iam::aws:root", False),
        ("arn:aws:sts::444455556666:assumed-role/a/b", False),
        ("s3.amazonaws.com", False),
    ],
)
def test_a_principal_is_a_role_a_user_or_an_account(setting: str, arn: str, fits: bool) -> None:
    if fits:
        assert getattr(queue(**{setting: [arn]}), setting) == (arn,)
        return
    assert refused(lambda: queue(**{setting: [arn]})) == [f"{setting}[0]: got {arn!r}"]


@pytest.mark.parametrize(
    ("service", "arn", "account_id"),
    [
        ("s3", "arn:aws:s3:::data", None),
        ("events", "arn:aws:events:us-east-1:111122223333:rule/nightly", "111122223333"),
        ("sns", "arn:aws:sns:us-east-1:444455556666:topic", "444455556666"),
    ],
)
def test_a_service_sends_for_one_resource(service: str, arn: str, account_id: str | None) -> None:
    assert ServiceSender(service=f"{service}.amazonaws.com", source_arn=arn).account_id == account_id


def test_a_bucket_of_another_account_is_named_with_its_account() -> None:
    sender = ServiceSender(service="s3.amazonaws.com", source_arn="arn:aws:s3:::data", source_account_id="444455556666")
    assert sender.account_id == "444455556666"
    topic = "arn:aws:sns:us-east-1:444455556666:topic"
    assert refused(ServiceSender, service="sns.amazonaws.com", source_arn=topic, source_account_id="444455556666") == [
        "source_account_id: got '444455556666'"
    ]


@pytest.mark.parametrize(
    ("service", "arn"),
    [
        ("s3", "arn:aws:s3::111122223333:data"),
        ("s3", "arn:aws:s3:us-east-1::data"),
        ("s3", "arn:aws:s3:::data/key"),
        ("s3", "arn:aws:sns:us-east-1:111122223333:topic"),
        ("sns", "arn:aws:s3:::data"),
        ("events", "arn:aws:events:us-east-1::rule/nightly"),
    ],
)
def test_a_service_sends_for_no_resource_of_another_form(service: str, arn: str) -> None:
    assert refused(ServiceSender, service=f"{service}.amazonaws.com", source_arn=arn) == [f"source_arn: got {arn!r}"]


@pytest.mark.parametrize(
    "arn",
    [
        "data",
        "*",
        "arn:aws:s3:::*",
        "arn:aws:events:us-east-1:111122223333:rule/*",
        "arn:aws:s3:::my data",
        "arn:aws:s3:::data\n",
        "arn:aws:s3:::da\nta",
    ],
)
def test_a_service_does_not_send_for_many(arn: str) -> None:
    assert refused(lambda: ServiceSender(service="s3.amazonaws.com", source_arn=arn)) == [
        f"source_arn: got {' '.join(repr(arn).split())}"
    ]


def test_a_service_is_named_as_a_principal() -> None:
    assert refused(lambda: ServiceSender(service="s3", source_arn="arn:aws:s3:::data")) == ["service: got 's3'"]


@pytest.mark.parametrize(
    ("name", "fits"),
    [
        ("a", True),
        ("x" * 80, True),
        ("x" * 81, False),
        ("x" * 75 + ".fifo", True),
        ("x" * 76 + ".fifo", False),
        ("a.b", False),
        ("", False),
    ],
)
def test_an_existing_queue_has_a_name_that_sqs_could_have_given(name: str, fits: bool) -> None:
    arn = f"arn:aws:sqs:us-east-1:111122223333:{name}"
    if fits:
        assert ExistingQueue(queue_arn=arn, visibility_timeout_seconds=30).queue_arn == arn
        return
    assert refused(ExistingQueue, queue_arn=arn, visibility_timeout_seconds=30) == [
        f"queue_arn: got {format_value(arn)}"
    ]


@pytest.mark.parametrize(
    "region",
    ["us-east-9", "atlantis"],
)
def test_an_existing_queue_is_in_a_region_that_there_is(region: str) -> None:
    assert refused(
        lambda: ExistingQueue(queue_arn=f"arn:aws:sqs:{region}:111122223333:requests", visibility_timeout_seconds=30)
    ) == [f"queue_arn: got {region!r}"]


def test_the_key_of_an_existing_queue_is_named_by_its_arn() -> None:
    with_key = ExistingQueue(queue_arn=QUEUE_ARN, visibility_timeout_seconds=30, kms_key_arn=KEY_ARN)
    assert with_key.kms_key_arn == KEY_ARN
    assert (
        len(
            refused(lambda: ExistingQueue(queue_arn=QUEUE_ARN, visibility_timeout_seconds=30, kms_key_arn="alias/data"))
        )
        == 1
    )


def test_there_are_three_kinds_of_queue() -> None:
    assert refused(QueueSettings) == [""]


def test_only_fifo_queues_deduplicate_by_content_and_choose_their_throughput() -> None:
    fifo = FifoMessageQueueSettings(visibility_timeout_seconds=900)
    assert (fifo.content_based_deduplication, fifo.high_throughput) == (False, False)
    assert refused(lambda: queue(high_throughput=True, content_based_deduplication=True)) == [
        "high_throughput",
        "content_based_deduplication",
    ]


def test_s3_sends_to_no_fifo_queue() -> None:
    topic = ServiceSender(service="sns.amazonaws.com", source_arn="arn:aws:sns:us-east-1:111122223333:new.fifo")
    bucket = ServiceSender(service="s3.amazonaws.com", source_arn="arn:aws:s3:::data")
    assert queue(send_services=[topic, bucket]).send_services == (topic, bucket)
    assert FifoMessageQueueSettings(visibility_timeout_seconds=900, send_services=[topic]).send_services == (topic,)
    assert refused(lambda: FifoMessageQueueSettings(visibility_timeout_seconds=900, send_services=[topic, bucket])) == [
        "send_services[1].service: got 's3.amazonaws.com'"
    ]
