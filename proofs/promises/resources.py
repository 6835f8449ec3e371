"""Promises of the policies of queues, buckets, topics, keys and the like: who else gets in, and what nobody may do."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from modules import arns
from modules.ecs.settings.exposure import OwnLoadBalancer
from modules.events.bus_settings import NewEventBus
from modules.iam.services import CLOUDWATCH, EVENTS, S3
from modules.kms.settings import NewKmsKey
from modules.naming import AwsLocation
from modules.s3.settings import BucketSettings, Notification, TopicNotification
from modules.sqs.settings import MessageQueueSettings
from modules.targets.settings import QueueMessage, TopicMessage
from proofs.policies import Statement
from proofs.promises.promise import by, may, never, where
from proofs.promises.things import CONSUME, PURGE, READ_KEY, SEND, WRITE_KEY, Things
from proofs.world import LOGS

NO_TLS = where(Bool={"aws:SecureTransport": "false"})
READ_REGISTRY = "BatchCheckLayerAvailability BatchGetImage GetDownloadUrlForLayer"
LOG_KEY = "Decrypt DescribeKey Encrypt GenerateDataKey ReEncryptFrom ReEncryptTo"
BUS_KEY = "Decrypt GenerateDataKey ReEncryptFrom ReEncryptTo"
Sender = tuple[str, str, str]  # service, on whose behalf, of which account


def resource_promises(things: Things) -> dict[str, list[Statement]]:
    """Return what the policy of each thing says, by the thing's ARN."""
    found: dict[str, list[Statement]] = {}
    for kind in (_queues, _buckets, _topics, _file_systems, _repositories, _event_logs):
        found |= dict(kind(things))
    users = _key_users(things)
    # In its own policy "*" is the key.
    root = by(may("kms: *", "*"), AWS=arns.account_root(things.location))
    for path, arn in things.world.arns("aws_kms_key").items():
        found[arn] = [root, *users.get(path, ())]
    return found


def _anybody(statement: Statement) -> Statement:
    return {**statement, "Principal": "*"}


def _accounts(location: AwsLocation, names: Iterable[str]) -> list[str]:
    return [name if ":" in name else arns.account_root(location, name) for name in names]


def _for(sender: Sender) -> Mapping[str, Mapping[str, str]]:
    """Return the condition that a service acts for one source; the ARN of a bucket does not say its account."""
    service, source, account = sender
    account_too = {"StringEquals": {"aws:SourceAccount": account}} if service == S3 else {}
    return {"ArnEquals": {"aws:SourceArn": source}, **account_too}


def _queues(things: Things) -> Iterator[tuple[str, list[Statement]]]:
    for path, arn in things.world.arns("aws_sqs_queue").items():
        _, name, *dead = path.split("/")
        settings: Any = things.environment.queues[name]
        yield arn, [never("sqs: *", arn, NO_TLS), *(() if dead else _queue(things, name, settings, arn))]


def _queue(things: Things, name: str, settings: MessageQueueSettings, arn: str) -> Iterator[Statement]:
    for actions, principals, organizations in (
        (SEND, settings.send_principals, settings.send_organization_ids),
        (CONSUME, settings.consume_principals, settings.consume_organization_ids),
        (PURGE, settings.purge_principals, ()),
    ):
        if principals:
            yield by(may(f"sqs: {actions}", arn), AWS=_accounts(things.location, principals))
        if organizations:
            member = where(StringEquals={"aws:PrincipalOrgID": organizations})
            yield _anybody(may(f"sqs: {actions}", arn, member))
    for sender in _senders(things, name, settings):
        yield by(may("sqs: SendMessage", arn, _for(sender)), Service=sender[0])


def _senders(things: Things, name: str, settings: MessageQueueSettings) -> Iterator[Sender]:
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


def _buckets(things: Things) -> Iterator[tuple[str, list[Statement]]]:
    environment, account = things.environment, things.location.account_id
    for name, settings in environment.buckets.items():
        if not isinstance(settings, BucketSettings):
            continue
        arn = environment.bucket_arn(name)
        everything = [arn, f"{arn}/*"]
        old_tls = where(NumericLessThan={"s3:TlsVersion": "1.2"})
        promised = [never("s3: *", everything, NO_TLS), never("s3: *", everything, old_tls)]
        for other, source in environment.buckets.items():
            if isinstance(source, BucketSettings) and source.access_log_bucket == name:
                logs = f"{arn}/{environment.bucket_name(other)}/*"
                sender = (S3, environment.bucket_arn(other), account)
                promised.append(by(may("s3: PutObject", logs, _for(sender)), Service="logging.s3.amazonaws.com"))
        for other, service in environment.services.items():
            balancing = getattr(service, "load_balancing", None)
            if isinstance(balancing, OwnLoadBalancer) and balancing.access_log_bucket == name:
                logs = f"{arn}/{environment.physical_name(other, 'services')}/AWSLogs/{account}/*"
                host = "logdelivery.elasticloadbalancing.amazonaws.com"
                promised.append(by(may("s3: PutObject", logs), Service=host))
        yield arn, promised


def _topics(things: Things) -> Iterator[tuple[str, list[Statement]]]:
    for path, arn in things.world.arns("aws_sns_topic").items():
        promised = [by(may("sns: Publish", arn, _for(item)), Service=item[0]) for item in _publishers(things, path)]
        yield arn, [never("sns: Publish", arn, NO_TLS), *promised]


def _publishers(things: Things, path: str) -> Iterator[Sender]:
    """Yield the services that publish to a topic without a role."""
    environment, account = things.environment, things.location.account_id
    kind, _, name = path.partition("/")
    alarms = environment.operations.alarms if environment.operations else None
    if alarms and (kind == "operations" or alarms.topic == name):
        called = environment.physical_name("")
        yield CLOUDWATCH, arns.alarms(things.location, called), account
    if kind == "operations":
        return
    for bucket_name, bucket in environment.buckets.items():
        for told in bucket.notifications.values() if isinstance(bucket, BucketSettings) else ():
            if isinstance(told, TopicNotification) and told.topic == name:
                yield S3, environment.bucket_arn(bucket_name), account
    for rule_name, rule in environment.rules.items():
        if isinstance(rule.target, TopicMessage) and rule.target.topic == name:
            yield EVENTS, environment.event_rule_arn(rule_name), account


def _file_systems(things: Things) -> Iterator[tuple[str, list[Statement]]]:
    beside = where(Bool={"elasticfilesystem:AccessedViaMountTarget": "false"})
    for arn in things.world.arns("aws_efs_file_system").values():
        mounts = never("elasticfilesystem: ClientMount ClientRootAccess ClientWrite", arn, beside)
        yield arn, [never("elasticfilesystem: *", arn, NO_TLS), mounts]


def _repositories(things: Things) -> Iterator[tuple[str, list[Statement]]]:
    for name, settings in things.environment.repositories.items():
        if settings.pull_accounts:
            arn = arns.repository(things.location, things.environment.physical_name(name, "repositories"))
            yield arn, [by(may(f"ecr: {READ_REGISTRY}", "*"), AWS=_accounts(things.location, settings.pull_accounts))]


def _event_logs(things: Things) -> Iterator[tuple[str, list[Statement]]]:
    """Yield who writes events into log groups: EventBridge, for the rules that watch the environment."""
    environment, location = things.environment, things.location
    for path, _ in things.world.blocks(LOGS):
        name = environment.physical_name("operations")
        watched = [*["jobs"] * bool(environment.job_queues), *["tasks", "services"] * bool(environment.clusters)]
        rules = [arns.event_rule(location, f"{name}-{rule}") for rule in watched]
        streams = f"{arns.log_group(location, f'/aws/events/{name}')}:*"
        services = ["delivery.logs.amazonaws.com", EVENTS]
        yield (
            path,
            [
                by(may("logs: CreateLogStream", streams), Service=services),
                by(may("logs: PutLogEvents", streams, where(ArnEquals={"aws:SourceArn": rules})), Service=services),
            ],
        )


def _key_users(things: Things) -> dict[str, list[Statement]]:
    """Return who else than the account's own roles may use each key, by its path."""
    environment, location = things.environment, things.location
    users: dict[str, list[Statement]] = {}
    for name, queue in environment.queues.items():
        if isinstance(queue, MessageQueueSettings) and isinstance(queue.kms_key, NewKmsKey):
            users[f"queues/{name}/key"] = [*_queue_key(things, name, queue)]
    for path in things.world.arns("aws_sns_topic"):
        services = dict.fromkeys((service, account) for service, _, account in _publishers(things, path))
        users[f"{path}/key"] = [_service_key(service, account) for service, account in services]
    groups = {
        f"pipelines/{name}/key": f"/aws/vendedlogs/states/{environment.physical_name(name, 'pipelines')}"
        for name in environment.pipelines
    }
    groups |= {
        f"pipes/{name}/key": f"/aws/vendedlogs/pipes/{environment.physical_name(name, 'pipes')}"
        for name in environment.pipes
    }
    groups |= {
        f"clusters/{name}/exec-key": f"/aws/ecs/{environment.physical_name(name, 'clusters')}/exec"
        for name in environment.clusters
    }
    for path, group in groups.items():
        logged = where(ArnEquals={"kms:EncryptionContext:aws:logs:arn": arns.log_group(location, group)})
        users[path] = [by(may(f"kms: {LOG_KEY}", "*", logged), Service=f"logs.{location.region}.amazonaws.com")]
    buses = {f"event_buses/{name}/key": environment.event_bus_name(name) for name in environment.event_buses}
    for name, rule in environment.rules.items():
        buses[f"rules/{name}/key"] = environment.event_bus_name(rule.event_bus) if rule.event_bus else "default"
    for path, bus in buses.items():
        of_bus = where(StringEquals={"kms:EncryptionContext:aws:events:event-bus:arn": arns.event_bus(location, bus)})
        users[path] = [
            by(may("kms: DescribeKey", "*"), Service=EVENTS),
            by(may(f"kms: {BUS_KEY}", "*", of_bus), Service=EVENTS),
        ]
    return users


def _queue_key(things: Things, name: str, settings: MessageQueueSettings) -> Iterator[Statement]:
    host = {"kms:ViaService": f"sqs.{things.location.region}.{things.location.domain}"}
    for actions, principals, organizations in (
        (WRITE_KEY, settings.send_principals, settings.send_organization_ids),
        (READ_KEY, settings.consume_principals, settings.consume_organization_ids),
    ):
        if principals:
            through = where(StringEquals=host)
            yield by(may(f"kms: {actions}", "*", through), AWS=_accounts(things.location, principals))
        if organizations:
            member: Sequence[str] = organizations
            yield _anybody(may(f"kms: {actions}", "*", where(StringEquals={**host, "aws:PrincipalOrgID": member})))
    for service, account in dict.fromkeys((item[0], item[2]) for item in _senders(things, name, settings)):
        yield _service_key(service, account)


def _service_key(service: str, account: str) -> Statement:
    """Return the use of a key by a service; EventBridge does not say for which account."""
    of_account = None if service == EVENTS else where(StringEquals={"aws:SourceAccount": account})
    return by(may(f"kms: {WRITE_KEY}", "*", of_account), Service=service)
