"""What a bucket tells queues, topics and EventBridge: ``aws_s3_bucket_notification``."""

from collections.abc import Iterator, Mapping
from typing import Any

from cdktf import ITerraformDependable, TerraformStack
from cdktf_cdktf_provider_aws.s3_bucket_notification import (
    S3BucketNotification,
    S3BucketNotificationQueue,
    S3BucketNotificationTopic,
)
from constructs import Construct

from modules.defaults import not_handed_in
from modules.iam.services import S3
from modules.problems import Problem
from modules.s3.settings import AnyNotification, BucketSettings, Notification, TopicNotification
from modules.sns.topic import Topic
from modules.sqs.message_queue import MessageQueue
from modules.sqs.policy import sender_problems
from modules.sqs.queue import Queue
from modules.sqs.settings import QueueSettings


def notify(
    scope: Construct,
    bucket_id: str,
    *,
    arn: str,
    notifications: Mapping[str, AnyNotification],
    queues: Mapping[str, Queue],
    topics: Mapping[str, Topic],
    event_bridge: bool,
) -> None:
    """Define all of it in one resource: a second one for the same bucket would overwrite the first."""
    to_queues = {name: item for name, item in sorted(notifications.items()) if isinstance(item, Notification)}
    to_topics = {name: item for name, item in sorted(notifications.items()) if isinstance(item, TopicNotification)}
    named = {item.queue: queues[item.queue] for item in to_queues.values()}
    made = [queue for _, queue in sorted(named.items()) if isinstance(queue, MessageQueue)]
    for queue in made:
        queue.allow_service(S3, arn)
    # S3 refuses a notification to what does not allow it yet.
    policies: list[ITerraformDependable] = [
        queue.queue_policy for queue in made if TerraformStack.of(queue) is TerraformStack.of(scope)
    ]
    policies += [policy for item in to_topics.values() for policy in topics[item.topic].policies]
    S3BucketNotification(
        scope,
        "notification",
        bucket=bucket_id,
        eventbridge=event_bridge or None,
        queue=[
            S3BucketNotificationQueue(id=name, queue_arn=named[item.queue].queue_arn, **_told(item))
            for name, item in to_queues.items()
        ]
        or None,
        topic=[
            S3BucketNotificationTopic(id=name, topic_arn=topics[item.topic].topic_arn, **_told(item))
            for name, item in to_topics.items()
        ]
        or None,
        depends_on=policies or None,
    )


def notification_problems(
    settings: BucketSettings, queues: Mapping[str, Queue], topics: Mapping[str, Topic]
) -> Iterator[Problem]:
    """Yield what keeps S3 from sending to what notifications name."""
    for short_name, notification in settings.notifications.items():
        path = f"notifications.{short_name}"
        match notification:
            case Notification(queue=name) if name not in queues:
                yield not_handed_in(f"{path}.queue", name, "queues", queues)
            case Notification(queue=name) if isinstance(queue := queues[name].settings, QueueSettings):
                yield from sender_problems(f"{path}.queue", S3, name, queue)
            case TopicNotification(topic=name) if name not in topics:
                yield not_handed_in(f"{path}.topic", name, "topics", topics)


def _told(notification: AnyNotification) -> dict[str, Any]:
    filters = {"filter_prefix": notification.prefix, "filter_suffix": notification.suffix}
    return {"events": sorted(notification.events), **{name: value for name, value in filters.items() if value}}
