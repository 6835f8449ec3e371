from typing import Any

import pytest

from modules.kms.settings import NewKmsKey
from modules.s3.settings import BucketSettings, ExistingBucket, Notification
from modules.scheduler.settings import ScheduleSettings
from modules.sqs.policy import Sender
from modules.sqs.settings import (
    ExistingQueue,
    FifoMessageQueueSettings,
    MessageQueueSettings,
    QueueSettings,
    ServiceSender,
)
from modules.targets.settings import TaskRun
from stacks.environment import Environment
from stacks.senders import other_senders, queue_senders
from tests.modules.ecs.samples import cluster_settings
from tests.policies import statements
from tests.problems import refused
from tests.stacks.environments import environment
from tests.stacks.placed import queues_stack
from tests.stacks.rules.service_samples import run_task

ACCOUNT = "111122223333"
RULE = "arn:aws:events:us-east-1:444455556666:rule/nightly"
QUEUE = MessageQueueSettings(
    visibility_timeout_seconds=900,
    kms_key=NewKmsKey(),
    send_services=[ServiceSender(service="sns.amazonaws.com", source_arn=RULE)],
)


def made() -> Environment:
    told = BucketSettings(
        notifications={
            "made": Notification(queue="requests", prefix="in/"),
            "gone": Notification(queue="requests", events=["s3:ObjectRemoved:*"]),
            "late": Notification(queue="others", events=["s3:LifecycleExpiration:*"]),
        }
    )
    return environment(
        queues={"requests": QUEUE, "others": QUEUE},
        buckets={
            "inputs": told,
            "results": BucketSettings(),
            "theirs": ExistingBucket(bucket_arn="arn:aws:s3:::their-data"),
        },
    )


INPUTS = Sender("s3.amazonaws.com", f"arn:aws:s3:::terrabatch-test-inputs-{ACCOUNT}", ACCOUNT)


def test_what_sends_to_a_queue_is_named_by_its_own_settings_and_by_those_of_buckets() -> None:
    assert queue_senders(made(), "requests", QUEUE) == [Sender("sns.amazonaws.com", RULE, "444455556666"), INPUTS]


def test_what_another_setting_sends_is_told_with_where_it_says_so() -> None:
    assert list(other_senders(made(), "requests")) == [
        ("buckets.inputs.notifications.gone.queue", "s3.amazonaws.com", INPUTS),
        ("buckets.inputs.notifications.made.queue", "s3.amazonaws.com", INPUTS),
    ]


def scheduled(queue: QueueSettings) -> dict[str, Any]:
    """Return the arguments of an environment with a schedule whose dead letters go to ``queue``."""
    schedule = ScheduleSettings(
        target=TaskRun(task_definition="index"), expression="rate(1 day)", dead_letter_queue="lost"
    )
    return {
        "queues": {"lost": queue},
        "clusters": {"main": cluster_settings(capacity_providers={})},
        "task_definitions": {"index": run_task()},
        "schedules": {"nightly": schedule},
    }


PATH = "schedules.nightly.dead_letter_queue"
ELSEWHERE = "arn:aws:sqs:us-east-1:444455556666:lost"


@pytest.mark.parametrize("queue", [QUEUE, ExistingQueue(queue_arn=ELSEWHERE, visibility_timeout_seconds=30)])
def test_a_schedule_sends_its_dead_letters_with_a_role_of_its_own(queue: QueueSettings) -> None:
    made = environment(**scheduled(queue))
    assert list(other_senders(made, "lost")) == [(PATH, "scheduler.amazonaws.com", None)]
    assert [sender.service for sender in queue_senders(made, "lost", QUEUE)] == ["sns.amazonaws.com"]


@pytest.mark.parametrize(
    ("queue", "got"),
    [
        (FifoMessageQueueSettings(visibility_timeout_seconds=30), "a FifoMessageQueueSettings"),
        (ExistingQueue(queue_arn=f"{ELSEWHERE}.fifo", visibility_timeout_seconds=30), "an ExistingQueue"),
    ],
)
def test_a_schedule_sends_no_dead_letters_to_a_fifo_queue(queue: QueueSettings, got: str) -> None:
    assert refused(environment, **scheduled(queue)) == [f"{PATH}: got 'lost', {got}"]


def test_every_sender_may_send_and_encrypt_with_the_queues_key() -> None:
    synthesized = queues_stack(made())
    (policy,) = [
        statements(item["policy"])
        for item in synthesized.all("aws_sqs_queue_policy")
        if "SendFromS3" in item["policy"] and "requests" in item["queue_url"] and "dead" not in item["queue_url"]
    ]
    assert policy["SendFromS3"]["Condition"]["ArnEquals"] == {"aws:SourceArn": [INPUTS.source_arn]}
    assert policy["SendFromSns"]["Condition"] == {"ArnEquals": {"aws:SourceArn": [RULE]}}
    for key in synthesized.all("aws_kms_key"):
        assert {"UseByS3111122223333", "UseBySns444455556666"} <= set(statements(key["policy"]))
