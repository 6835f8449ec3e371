import re
from typing import Any

import botocore.session
import pytest

from modules.kms.settings import ExistingKmsKey, NewKmsKey
from modules.sqs.settings import (
    DeadLetterQueueSettings,
    ExistingQueue,
    FifoMessageQueueSettings,
    MessageQueueSettings,
    QueueAttributes,
    QueueSettings,
    ServiceSender,
)
from tests.problems import message, problems

KEY_ARN = "arn:aws:kms:us-east-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab"
QUEUE_ARN = "arn:aws:sqs:us-east-1:111122223333:requests"
VISIBILITY = "shorter than the work means that the work is done twice"
RETENTION = "a message older than this is deleted unread"
LIMITS = [
    # setting, least, most, unit, meaning
    ("message_retention_seconds", 60, 1_209_600, " seconds", RETENTION),
    ("visibility_timeout_seconds", 0, 43_200, " seconds", VISIBILITY),
    ("delay_seconds", 0, 900, " seconds", "how long a new message stays hidden"),
    (
        "max_message_bytes",
        1_024,
        1_048_576,
        " bytes",
        "a larger message belongs in S3, with its key in the queue",
    ),
    (
        "receive_wait_seconds",
        0,
        20,
        " seconds",
        "long polling: fewer empty answers, which are billed like full ones",
    ),
    (
        "kms_data_key_reuse_seconds",
        60,
        86_400,
        " seconds",
        "longer means fewer KMS calls and a later effect of a revoked key",
    ),
    (
        "max_receive_count",
        1,
        1_000,
        "",
        "tries before the dead-letter queue; None: no such queue, a bad message circles",
    ),
]
# What has to stand beside a setting so that it can take all of its values.
BESIDE: dict[str, dict[str, Any]] = {
    "message_retention_seconds": {"max_receive_count": None, "visibility_timeout_seconds": 30},
    "kms_data_key_reuse_seconds": {"kms_key": NewKmsKey()},
}


def queue(**settings: Any) -> MessageQueueSettings:
    return MessageQueueSettings(**{"visibility_timeout_seconds": 900} | settings)


@pytest.mark.parametrize(("setting", "least", "most", "unit", "meaning"), LIMITS)
def test_each_limit_is_accepted_and_one_step_outside_is_not(
    setting: str, least: int, most: int, unit: str, meaning: str
) -> None:
    def make(value: int) -> MessageQueueSettings:
        return queue(**BESIDE.get(setting, {}), **{setting: value})

    assert getattr(make(least), setting) == least
    assert getattr(make(most), setting) == most
    for outside in (least - 1, most + 1):
        assert problems(lambda value=outside: make(value)) == [  # type: ignore[misc]
            f"{setting} must be from {least:,} to {most:,}{unit}, got {outside:,}; {meaning}"
        ]


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
    assert message(MessageQueueSettings) == (
        f"MessageQueueSettings: visibility_timeout_seconds must be given; {VISIBILITY}"
    )


def test_a_dead_letter_queue_has_the_settings_of_every_queue() -> None:
    assert set(DeadLetterQueueSettings.model_fields) == set(QueueAttributes.model_fields)
    assert set(QueueAttributes.model_fields) < set(MessageQueueSettings.model_fields)


def test_a_dead_letter_is_kept_longer_than_its_queue_keeps_messages() -> None:
    kept = queue(
        message_retention_seconds=1_000, dead_letter_queue=DeadLetterQueueSettings(message_retention_seconds=1_001)
    )
    assert kept.dead_letter_queue.message_retention_seconds == 1_001

    assert problems(
        lambda: queue(
            message_retention_seconds=1_000, dead_letter_queue=DeadLetterQueueSettings(message_retention_seconds=1_000)
        )
    ) == [
        "dead_letter_queue.message_retention_seconds must exceed message_retention_seconds (1,000), got 1,000; "
        "a standard queue counts a message's age from when it was first sent, so it may be gone unseen"
    ]


GONE = "SQS deletes a message whose first try fails before there is a second, or before there is a first"


@pytest.mark.parametrize("kind", [MessageQueueSettings, FifoMessageQueueSettings, DeadLetterQueueSettings])
@pytest.mark.parametrize(("delay", "visibility"), [(900, 0), (0, 43_200), (900, 43_200)])
def test_a_message_is_kept_until_it_could_be_tried_twice(
    kind: type[QueueAttributes], delay: int, visibility: int
) -> None:
    def make(kept: int) -> QueueAttributes:
        return kind(delay_seconds=delay, visibility_timeout_seconds=visibility, message_retention_seconds=delay + kept)

    assert make(visibility + 1).delay_seconds == delay
    hidden = f"{delay + visibility:,}"
    assert problems(lambda: make(visibility)) == [
        f"message_retention_seconds must exceed delay_seconds + visibility_timeout_seconds ({hidden}), "
        f"got {hidden}; {GONE}"
    ]


def test_a_dead_letter_of_a_fifo_queue_starts_anew() -> None:
    shorter = DeadLetterQueueSettings(message_retention_seconds=60)
    fifo = FifoMessageQueueSettings(visibility_timeout_seconds=900, dead_letter_queue=shorter)
    assert fifo.dead_letter_queue.message_retention_seconds == 60
    assert FifoMessageQueueSettings(visibility_timeout_seconds=900, message_retention_seconds=1_209_600)


def test_a_dead_letter_queue_says_from_when_it_counts() -> None:
    assert problems(lambda: DeadLetterQueueSettings(message_retention_seconds=59)) == [
        "message_retention_seconds must be from 60 to 1,209,600 seconds, got 59; counted from when the message was "
        "sent to its source, if that is a standard queue; from when it came here, if it is FIFO"
    ]


def test_a_queue_that_keeps_messages_as_long_as_sqs_can_has_no_dead_letter_queue() -> None:
    assert len(problems(lambda: queue(message_retention_seconds=1_209_600))) == 1
    assert queue(message_retention_seconds=1_209_600, max_receive_count=None).max_receive_count is None


@pytest.mark.parametrize("key", [NewKmsKey(), ExistingKmsKey(key_arn=KEY_ARN)])
def test_a_data_key_is_reused_only_where_there_is_a_key(key: Any) -> None:
    assert queue(kms_key=key, kms_data_key_reuse_seconds=300).kms_data_key_reuse_seconds == 300
    assert problems(lambda: queue(kms_data_key_reuse_seconds=300)) == [
        "kms_data_key_reuse_seconds must be left out where kms_key is not given, got 300; "
        "SSE-SQS has no data key to reuse"
    ]


@pytest.mark.parametrize(
    ("source", "own"), [(NewKmsKey(), None), (None, NewKmsKey()), (NewKmsKey(), NewKmsKey()), (None, None)]
)
def test_a_dead_letter_queue_reuses_data_keys_of_its_own_key_or_of_its_source_s(source: Any, own: Any) -> None:
    dead = DeadLetterQueueSettings(kms_key=own, kms_data_key_reuse_seconds=300)
    if source or own:
        assert queue(kms_key=source, dead_letter_queue=dead).dead_letter_queue == dead
        return
    assert problems(lambda: queue(dead_letter_queue=dead)) == [
        "dead_letter_queue.kms_data_key_reuse_seconds must be left out where neither queue is given a kms_key, "
        "got 300; SSE-SQS has no data key to reuse"
    ]


@pytest.mark.parametrize("setting", ["send_principals", "consume_principals", "purge_principals"])
@pytest.mark.parametrize(
    ("arn", "fits"),
    [
        ("arn:aws:iam::444455556666:root", True),
        ("arn:aws:iam::444455556666:role/path/to/role", True),
        ("arn:aws-cn:iam::444455556666:user/a.b@c", True),
        ("*", False),
        ("444455556666", False),
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
    assert problems(lambda: queue(**{setting: [arn]})) == [
        f"{setting}[0] must match ^arn:aws[a-z-]*:iam::[0-9]{{12}}:(root|(role|user)/[0-9A-Za-z_+=,.@/-]+)$, "
        f"got {arn!r}; a role, user or whole account, e.g. arn:aws:iam::111122223333:role/ingest or …:root"
    ]


@pytest.mark.parametrize(
    ("arn", "account_id"),
    [
        ("arn:aws:s3:::data", None),
        ("arn:aws:events:us-east-1:111122223333:rule/nightly", "111122223333"),
        ("arn:aws:sns:us-east-1:444455556666:topic", "444455556666"),
    ],
)
def test_a_service_sends_for_one_resource(arn: str, account_id: str | None) -> None:
    assert ServiceSender(service="s3.amazonaws.com", source_arn=arn).account_id == account_id


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
    assert problems(lambda: ServiceSender(service="s3.amazonaws.com", source_arn=arn)) == [
        f"source_arn must match ^arn:aws[a-z-]*:[a-z0-9-]+:[a-z0-9-]*:([0-9]{{12}})?:[0-9A-Za-z_.:/+=,@$-]+$, "
        f"got {' '.join(repr(arn).split())}; "
        "the resource it acts for, e.g. arn:aws:s3:::my-bucket; without it anybody could send through it"
    ]


def test_a_service_is_named_as_a_principal() -> None:
    assert problems(lambda: ServiceSender(service="s3", source_arn="arn:aws:s3:::data")) == [
        r"service must match ^[a-z0-9-]+\.amazonaws\.com$, got 's3'; e.g. s3.amazonaws.com"
    ]


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
    (problem,) = problems(lambda: ExistingQueue(queue_arn=arn, visibility_timeout_seconds=30))
    assert problem.startswith("queue_arn must match ")
    assert problem.endswith("; e.g. arn:aws:sqs:us-east-1:111122223333:requests")


@pytest.mark.parametrize(
    ("region", "fix"),
    [("us-east-9", "did you mean us-east-1?"), ("atlantis", "e.g. us-east-1;")],
)
def test_an_existing_queue_is_in_a_region_that_there_is(region: str, fix: str) -> None:
    assert problems(
        lambda: ExistingQueue(queue_arn=f"arn:aws:sqs:{region}:111122223333:requests", visibility_timeout_seconds=30)
    ) == [
        f"queue_arn must name a region of AWS, got {region!r}; "
        f"{fix} a newer one is added to REGIONS in modules/regions.py"
    ]


def test_the_key_of_an_existing_queue_is_named_by_its_arn() -> None:
    with_key = ExistingQueue(queue_arn=QUEUE_ARN, visibility_timeout_seconds=30, kms_key_arn=KEY_ARN)
    assert with_key.kms_key_arn == KEY_ARN
    assert (
        len(
            problems(
                lambda: ExistingQueue(queue_arn=QUEUE_ARN, visibility_timeout_seconds=30, kms_key_arn="alias/data")
            )
        )
        == 1
    )


def test_there_are_three_kinds_of_queue() -> None:
    assert message(QueueSettings) == (
        "QueueSettings: must be one of ExistingQueue, FifoMessageQueueSettings, MessageQueueSettings"
    )


def test_only_fifo_queues_deduplicate_by_content_and_choose_their_throughput() -> None:
    fifo = FifoMessageQueueSettings(visibility_timeout_seconds=900)
    assert (fifo.content_based_deduplication, fifo.high_throughput) == (False, False)
    assert problems(lambda: queue(high_throughput=True, content_based_deduplication=True)) == [
        "high_throughput must be a setting of MessageQueueSettings, got an unknown name; known: "
        + ", ".join(sorted(MessageQueueSettings.model_fields)),
        "content_based_deduplication must be a setting of MessageQueueSettings, got an unknown name; known: "
        + ", ".join(sorted(MessageQueueSettings.model_fields)),
    ]


def test_s3_sends_to_no_fifo_queue() -> None:
    topic = ServiceSender(service="sns.amazonaws.com", source_arn="arn:aws:sns:us-east-1:111122223333:new.fifo")
    bucket = ServiceSender(service="s3.amazonaws.com", source_arn="arn:aws:s3:::data")
    assert queue(send_services=[topic, bucket]).send_services == (topic, bucket)
    assert FifoMessageQueueSettings(visibility_timeout_seconds=900, send_services=[topic]).send_services == (topic,)
    assert problems(
        lambda: FifoMessageQueueSettings(visibility_timeout_seconds=900, send_services=[topic, bucket])
    ) == [
        "send_services[1].service must not be s3.amazonaws.com on a FIFO queue, got 's3.amazonaws.com'; "
        "S3 sends to no FIFO queue; a pipe can forward from a standard one"
    ]
