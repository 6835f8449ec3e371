"""Which AWS services send to a queue of an environment: those of its own settings, and what other settings send there.

The policies of the queue and of its key, and the rules about both, all ask here.
"""

from collections.abc import Iterator
from typing import NamedTuple

from modules import arns
from modules.backlogs.settings import starter_name
from modules.events.bus_settings import NewEventBus
from modules.iam.services import EVENTS, S3, SCHEDULER
from modules.s3.settings import BucketSettings, Notification
from modules.sqs.policy import Sender, senders_of
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
    for backlog_name, backlog in sorted(environment.backlogs.items()):
        if backlog.dead_letter_queue == name:
            rule_name = starter_name(environment.physical_name(backlog_name, "backlogs"))
            sender = Sender(EVENTS, arns.event_rule(environment.location, rule_name), environment.account_id)
            yield OtherSender(f"backlogs.{backlog_name}.dead_letter_queue", EVENTS, sender)
    for bus_name, bus in sorted(environment.event_buses.items()):
        if isinstance(bus, NewEventBus) and bus.dead_letter_queue == name:
            bus_arn = arns.event_bus(environment.location, environment.event_bus_name(bus_name))
            sender = Sender(EVENTS, bus_arn, environment.account_id)
            yield OtherSender(f"event_buses.{bus_name}.dead_letter_queue", EVENTS, sender)
    for rule_name, rule in sorted(environment.rules.items()):
        sender = Sender(EVENTS, environment.event_rule_arn(rule_name), environment.account_id)
        if rule.dead_letter_queue == name:
            yield OtherSender(f"rules.{rule_name}.dead_letter_queue", EVENTS, sender)
        if isinstance(rule.target, QueueMessage) and rule.target.queue == name:
            yield OtherSender(f"rules.{rule_name}.target.queue", EVENTS, sender)
