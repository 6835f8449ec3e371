"""Policies of queues as the environment will write them."""

import re
from typing import Any

import pytest

from modules.iam.access_settings import Access
from modules.kms.settings import NewKmsKey
from modules.s3.settings import BucketSettings, Notification
from modules.sqs.policy import LIMITS
from modules.sqs.settings import (
    ExistingQueue,
    FifoMessageQueueSettings,
    MessageQueueSettings,
    QueueSettings,
    ServiceSender,
)
from stacks.environment import Environment
from tests.problems import refused
from tests.stacks.environments import environment, fargate_job
from tests.stacks.placed import queues_stack

KEY_ARN = "arn:aws:kms:us-east-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab"


def services(count: int) -> list[ServiceSender]:
    arn = "arn:aws:events:us-east-1:111122223333:rule/a"
    return [ServiceSender(service=f"service-{number}.amazonaws.com", source_arn=arn) for number in range(count)]


def notifying(count: int) -> dict[str, BucketSettings]:
    settings = BucketSettings(notifications={"all": Notification(queue="requests")})
    return {f"data-{number:02}{'x' * 27}": settings for number in range(count)}


def made(queue: MessageQueueSettings, buckets: dict[str, BucketSettings] | None = None) -> Environment:
    return environment(queues={"requests": queue}, buckets=buckets or {})


def queue(kind: type[MessageQueueSettings] = MessageQueueSettings, **settings: Any) -> MessageQueueSettings:
    return kind(visibility_timeout_seconds=900, **settings)


def test_a_bucket_that_notifies_takes_two_of_the_conditions() -> None:
    assert made(queue(send_services=services(9)))
    assert made(queue(send_services=services(7)), notifying(2))
    assert refused(lambda: made(queue(send_services=services(8)), notifying(1))) == [
        "queues.requests.send_services: 10, got 11"
    ]


def test_buckets_are_too_many_when_their_arns_are_too_long_together() -> None:
    assert made(queue(), notifying(97))
    assert refused(lambda: made(queue(), notifying(98))) == ["queues.requests: 8,192, got 8,267"]


def test_every_queue_is_checked() -> None:
    roles = [f"arn:aws:iam::444455556666:role/{number}" for number in range(50)]
    broken = {"requests": queue(send_principals=roles), "more": queue(consume_principals=roles), "good": queue()}
    assert refused(lambda: environment(queues=broken)) == [
        "queues.requests.send_principals: 50, got 51",
        "queues.more.consume_principals: 50, got 51",
    ]


@pytest.mark.parametrize("kind", [MessageQueueSettings, FifoMessageQueueSettings])
def test_what_is_counted_is_what_is_written(kind: type[MessageQueueSettings], monkeypatch: pytest.MonkeyPatch) -> None:
    settings = queue(kind, send_services=services(3), send_principals=["arn:aws:iam::444455556666:root"])
    buckets = notifying(0 if kind is FifoMessageQueueSettings else 3)
    synthesized = queues_stack(made(settings, buckets))
    (policy,) = [item["policy"] for item in synthesized.all("aws_sqs_queue_policy") if "SendFrom" in item["policy"]]
    arn = f"arn:aws:sqs:us-east-1:111122223333:terrabatch-test-requests{kind.name_suffix}"
    size = len(re.sub(r"\$\{[^}]+}", arn, policy))

    monkeypatch.setitem(LIMITS, "bytes", size)
    assert made(settings, buckets)
    monkeypatch.setitem(LIMITS, "bytes", size - 1)
    (problem,) = refused(lambda: made(settings, buckets))
    assert problem.endswith(f": {size - 1:,}, got {size:,}")


@pytest.mark.parametrize(
    "arn",
    [
        "arn:aws:sqs:us-east-1:111122223333:theirs",
        "arn:aws:sqs:us-east-1:444455556666:terrabatch-test-requests",
        "arn:aws:sqs:us-west-2:111122223333:terrabatch-test-requests",
        "arn:aws:sqs:us-east-1:111122223333:terrabatch-test-requests.fifo",
        "arn:aws:sqs:us-east-1:111122223333:terrabatch-prod-requests",
    ],
)
def test_a_queue_of_somebody_else_can_be_referred_to(arn: str) -> None:
    theirs = ExistingQueue(queue_arn=arn, visibility_timeout_seconds=900)
    assert environment(queues={"theirs": theirs}).queues["theirs"] == theirs


@pytest.mark.parametrize("kind", [MessageQueueSettings, FifoMessageQueueSettings])
def test_a_queue_of_the_environment_is_referred_to_by_name(kind: type[MessageQueueSettings]) -> None:
    arn = f"arn:aws:sqs:us-east-1:111122223333:terrabatch-test-results{kind.name_suffix}"
    theirs = ExistingQueue(queue_arn=arn, visibility_timeout_seconds=900)
    assert refused(lambda: environment(queues={"results": queue(kind), "theirs": theirs})) == [
        f"queues.theirs.queue_arn: got {arn.rpartition(':')[2]!r}"
    ]


THEIRS = "arn:aws:sqs:us-east-1:444455556666:requests"


@pytest.mark.parametrize(
    ("queue", "found"),
    [
        (MessageQueueSettings(visibility_timeout_seconds=900), []),
        (MessageQueueSettings(visibility_timeout_seconds=900, max_receive_count=None), ["requests"]),
        (ExistingQueue(queue_arn=THEIRS, dead_letter_queue_arn=f"{THEIRS}-dead", visibility_timeout_seconds=900), []),
        (ExistingQueue(queue_arn=THEIRS, visibility_timeout_seconds=900), ["requests"]),
    ],
)
def test_dead_letters_are_moved_back_where_there_are_some(queue: QueueSettings, found: list[str]) -> None:
    job = fargate_job(access=Access(redrive=["requests"]))

    def with_access() -> Environment:
        return environment(queues={"requests": queue}, job_definitions={"embed": job})

    if found:
        assert refused(with_access) == ["job_definitions.embed.access.redrive[0]: got 'requests'"]
    else:
        assert with_access().queues["requests"] == queue


LONG = 1_209_600
FAILED = queue(message_retention_seconds=LONG)
SOURCE = queue(dead_letter_queue="failed")


def shared(taker: QueueSettings, source: MessageQueueSettings = SOURCE, sources: int = 1) -> Environment:
    return environment(queues={"failed": taker, **{f"source-{number}": source for number in range(sources)}})


def theirs(where: str = "us-east-1:111122223333", **changes: Any) -> ExistingQueue:
    return ExistingQueue(queue_arn=f"arn:aws:sqs:{where}:theirs", visibility_timeout_seconds=30, **changes)


def test_queues_share_one_for_their_dead_letters() -> None:
    assert shared(FAILED, sources=10)
    assert shared(theirs(), sources=11)
    path = "queues.source-10.dead_letter_queue"
    assert refused(lambda: shared(FAILED, sources=11)) == [f"{path}: 10, got 11"]


@pytest.mark.parametrize(
    ("taker", "source"),
    [
        (queue(FifoMessageQueueSettings), SOURCE),
        (FAILED, queue(FifoMessageQueueSettings, dead_letter_queue="failed")),
        (queue(message_retention_seconds=345_600), SOURCE),
        (theirs("us-west-2:111122223333"), SOURCE),
        (theirs("us-east-1:444455556666"), SOURCE),
        (FAILED, queue(dead_letter_queue="failed", kms_key=NewKmsKey())),
        (theirs(), queue(dead_letter_queue="failed", kms_key=NewKmsKey())),
    ],
)
def test_not_every_queue_can_take_dead_letters_of_another(taker: QueueSettings, source: MessageQueueSettings) -> None:
    (problem,) = refused(lambda: shared(taker, source))
    assert problem.startswith("queues.source-0.dead_letter_queue: ")


@pytest.mark.parametrize(
    ("taker", "source"),
    [
        (queue(FifoMessageQueueSettings), queue(FifoMessageQueueSettings, dead_letter_queue="failed")),
        (queue(message_retention_seconds=345_601), SOURCE),
        (queue(message_retention_seconds=LONG), queue(message_retention_seconds=LONG, dead_letter_queue="failed")),
        (queue(message_retention_seconds=345_601, kms_key=NewKmsKey()), SOURCE),
        (theirs(kms_key_arn=KEY_ARN), queue(dead_letter_queue="failed", kms_key=NewKmsKey())),
        (queue(FifoMessageQueueSettings), queue(dead_letter_queue="failed", max_receive_count=None)),
    ],
)
def test_what_takes_dead_letters_has_the_kind_and_protection_of_its_sources(
    taker: QueueSettings, source: MessageQueueSettings
) -> None:
    assert shared(taker, source)


def test_dead_letters_do_not_come_back_to_where_they_failed() -> None:
    to_a, to_b = (queue(dead_letter_queue=name, message_retention_seconds=LONG) for name in ("a", "b"))
    assert refused(lambda: environment(queues={"a": to_a})) == ["queues.a.dead_letter_queue: got a → a"]
    assert refused(lambda: environment(queues={"a": to_b, "b": to_a})) == ["queues.a.dead_letter_queue: got a → b → a"]
