"""Services of AWS that send and publish without a role, and on whose behalf they do."""

from collections.abc import Iterator, Mapping

from modules import arns
from modules.events.bus_settings import NewEventBus
from modules.iam.services import BUDGETS, CLOUDWATCH, COST_ALERTS, EVENTS, S3
from modules.s3.settings import BucketSettings, Notification, TopicNotification
from modules.sqs.settings import MessageQueueSettings
from modules.targets.settings import QueueMessage, TopicMessage
from proofs.promises.things import Things

# A service, the ARN on whose behalf it acts, "" for anything in the account, and the account.
Sender = tuple[str, str, str]


def for_source(sender: Sender) -> Mapping[str, Mapping[str, str]]:
    """Return the condition that a service acts for one source; the ARN of a bucket does not say its account."""
    service, source, account = sender
    of_account = {"StringEquals": {"aws:SourceAccount": account}}
    if not source:
        return of_account
    return {"ArnEquals": {"aws:SourceArn": source}, **(of_account if service == S3 else {})}


def senders(things: Things, name: str, settings: MessageQueueSettings) -> Iterator[Sender]:
    """Yield the services that send to a queue without a role."""
    environment, location, account = things.environment, things.location, things.location.account_id
    for given in settings.send_services:
        yield given.service, given.source_arn, given.account_id or account
    for bucket_name, bucket in environment.buckets.items():
        for told in bucket.notifications.values() if isinstance(bucket, BucketSettings) else ():
            if isinstance(told, Notification) and told.queue == name:
                yield S3, environment.bucket_arn(bucket_name), account
    for rule_name, rule in environment.rules.items():
        is_target = isinstance(rule.target, QueueMessage) and rule.target.queue == name
        if is_target or rule.dead_letter_queue == name:
            yield EVENTS, environment.event_rule_arn(rule_name), account
    for backlog_name, backlog in environment.backlogs.items():
        if backlog.dead_letter_queue == name:
            alarm = f"{environment.physical_name(backlog_name, 'backlogs')}-backlog-alarm"
            yield EVENTS, arns.event_rule(location, alarm), account
    for bus_name, bus in environment.event_buses.items():
        if isinstance(bus, NewEventBus) and bus.dead_letter_queue == name:
            yield EVENTS, arns.event_bus(location, environment.event_bus_name(bus_name)), account


def publishers(things: Things, path: str) -> Iterator[Sender]:
    """Yield the services that publish to a topic without a role."""
    environment, account = things.environment, things.location.account_id
    kind, _, name = path.partition("/")
    operations = environment.operations
    if operations and operations.alarms and (kind == "operations" or operations.alarms.topic == name):
        if any(alarm.startswith("operations/") for alarm, _ in things.world.blocks("aws_cloudwatch_metric_alarm")):
            yield CLOUDWATCH, arns.alarms(things.location, environment.physical_name("")), account
        if operations.budget:
            yield BUDGETS, arns.budget(things.location, environment.physical_name("operations")), account
        if operations.cost_anomalies:
            yield COST_ALERTS, "", account
    if kind == "operations":
        return
    for bucket_name, bucket in environment.buckets.items():
        for told in bucket.notifications.values() if isinstance(bucket, BucketSettings) else ():
            if isinstance(told, TopicNotification) and told.topic == name:
                yield S3, environment.bucket_arn(bucket_name), account
    for rule_name, rule in environment.rules.items():
        if isinstance(rule.target, TopicMessage) and rule.target.topic == name:
            yield EVENTS, environment.event_rule_arn(rule_name), account
