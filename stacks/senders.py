"""Which AWS services send to a queue of an environment: those of its own settings, and what other settings send there.

The policies of the queue and of its key, and the rules about both, all ask here.
"""

from collections.abc import Iterator
from typing import NamedTuple

from modules import arns
from modules.iam.services import EVENTS, S3, SCHEDULER
from modules.s3.settings import BucketSettings, Notification
from modules.sqs.senders import Sender, senders_of
from modules.sqs.settings import MessageQueueSettings
from modules.targets.settings import QueueMessage
from stacks.environment_settings import EnvironmentSettings


class OtherSender(NamedTuple):
    """A service that sends because the setting at ``path`` says so; with a role of its own where ``sender`` is None."""

    path: str
    service: str
    sender: Sender | None


def queue_senders(environment: EnvironmentSettings, name: str, settings: MessageQueueSettings) -> list[Sender]:
    """Return every service that the queue of this short name must let send, once for each of its sources."""
    others = dict.fromkeys(other.sender for other in other_senders(environment, name) if other.sender)
    return [*senders_of(settings, environment.account_id), *others]


def other_senders(environment: EnvironmentSettings, name: str) -> Iterator[OtherSender]:
    """Yield what sends to a queue because a setting of something else says so."""
    for bucket_name, bucket in sorted(environment.buckets.items()):
        if isinstance(bucket, BucketSettings):
            for short_name, notification in sorted(bucket.notifications.items()):
                if isinstance(notification, Notification) and notification.queue == name:
                    sender = Sender(S3, environment.bucket_arn(bucket_name), environment.account_id)
                    yield OtherSender(f"buckets.{bucket_name}.notifications.{short_name}.queue", S3, sender)
    for schedule_name, schedule in sorted(environment.schedules.items()):
        if schedule.dead_letter_queue == name:
            yield OtherSender(f"schedules.{schedule_name}.dead_letter_queue", SCHEDULER, None)
    for rule_name, rule in sorted(environment.rules.items()):
        rule_arn = arns.event_rule(environment.location, environment.physical_name(rule_name, "rules"))
        sender = Sender(EVENTS, rule_arn, environment.account_id)
        if rule.dead_letter_queue == name:
            yield OtherSender(f"rules.{rule_name}.dead_letter_queue", EVENTS, sender)
        if isinstance(rule.target, QueueMessage) and rule.target.queue == name:
            yield OtherSender(f"rules.{rule_name}.target.queue", EVENTS, sender)
