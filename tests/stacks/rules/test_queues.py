"""Policies of queues as the environment will write them."""

import re
from typing import Any

import pytest
from cdktf import App

from modules.s3.settings import BucketSettings, Notification
from modules.sqs.policy import LIMITS
from modules.sqs.settings import ExistingQueue, FifoMessageQueueSettings, MessageQueueSettings, ServiceSender
from stacks.environment import Environment
from stacks.queues import QueuesStack
from tests.conftest import Synthesized
from tests.problems import problems
from tests.stacks.environments import environment

FIX = (
    "the refusal of requests without TLS counts, too; "
    "name accounts (…:root) instead of their roles and users, or fewer services and buckets"
)


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
    assert problems(lambda: made(queue(send_services=services(8)), notifying(1))) == [
        f"queues.requests.send_services must leave the queue's policy within 10 conditions, got 11; {FIX}"
    ]


def test_buckets_are_too_many_when_their_arns_are_too_long_together() -> None:
    assert made(queue(), notifying(97))
    assert problems(lambda: made(queue(), notifying(98))) == [
        f"queues.requests must leave the queue's policy within 8,192 bytes, got 8,267; {FIX}"
    ]


def test_every_queue_is_checked() -> None:
    roles = [f"arn:aws:iam::444455556666:role/{number}" for number in range(50)]
    broken = {"requests": queue(send_principals=roles), "more": queue(consume_principals=roles), "good": queue()}
    assert problems(lambda: environment(queues=broken)) == [
        f"queues.requests.send_principals must leave the queue's policy within 50 principals, got 51; {FIX}",
        f"queues.more.consume_principals must leave the queue's policy within 50 principals, got 51; {FIX}",
    ]


@pytest.mark.parametrize("kind", [MessageQueueSettings, FifoMessageQueueSettings])
def test_what_is_counted_is_what_is_written(kind: type[MessageQueueSettings], monkeypatch: pytest.MonkeyPatch) -> None:
    settings = queue(kind, send_services=services(3), send_principals=["arn:aws:iam::444455556666:root"])
    buckets = notifying(0 if kind is FifoMessageQueueSettings else 3)
    synthesized = Synthesized(QueuesStack(App(stack_traces=False), made(settings, buckets)))
    (policy,) = [item["policy"] for item in synthesized.all("aws_sqs_queue_policy") if "SendFrom" in item["policy"]]
    arn = f"arn:aws:sqs:us-east-1:111122223333:terrabatch-test-requests{kind.name_suffix}"
    size = len(re.sub(r"\$\{[^}]+}", arn, policy))

    monkeypatch.setitem(LIMITS, "bytes", size)
    assert made(settings, buckets)
    monkeypatch.setitem(LIMITS, "bytes", size - 1)
    (problem,) = problems(lambda: made(settings, buckets))
    assert f"within {size - 1:,} bytes, got {size:,}; " in problem


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
    assert problems(lambda: environment(queues={"results": queue(kind), "theirs": theirs})) == [
        f"queues.theirs.queue_arn must name a queue that somebody else owns, got {arn!r}; "
        "it is queues.results; refer to that by name"
    ]
