"""Promises of the policies of queues, buckets, topics, keys and the like: who else gets in, and what nobody may do."""

from collections.abc import Iterator
from typing import Any

from modules import arns
from modules.ecs.settings.exposure import OwnLoadBalancer
from modules.iam.services import CLOUDTRAIL, EVENTS, S3
from modules.s3.settings import BucketSettings
from modules.sqs.settings import MessageQueueSettings
from proofs.policies import Statement
from proofs.promises.keys import audit_trail, key_users
from proofs.promises.promise import accounts, anybody, by, may, never, where
from proofs.promises.sources import for_source, publishers, senders
from proofs.promises.things import CONSUME, PURGE, SEND, Things
from proofs.world import LOGS

NO_TLS = where(Bool={"aws:SecureTransport": "false"})
READ_REGISTRY = "BatchCheckLayerAvailability BatchGetImage GetDownloadUrlForLayer"


def resource_promises(things: Things) -> dict[str, list[Statement]]:
    """Return what the policy of each thing says, by the thing's ARN."""
    found: dict[str, list[Statement]] = {}
    for kind in (_queues, _buckets, _topics, _file_systems, _repositories, _event_logs, _trails):
        found |= dict(kind(things))
    users = key_users(things)
    # In its own policy "*" is the key.
    root = by(may("kms: *", "*"), AWS=arns.account_root(things.location))
    for path, arn in things.world.arns("aws_kms_key").items():
        found[arn] = [root, *users.get(path, ())]
    return found


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
            yield by(may(f"sqs: {actions}", arn), AWS=accounts(things.location, principals))
        if organizations:
            member = where(StringEquals={"aws:PrincipalOrgID": organizations})
            yield anybody(may(f"sqs: {actions}", arn, member))
    for sender in senders(things, name, settings):
        yield by(may("sqs: SendMessage", arn, for_source(sender)), Service=sender[0])


def _buckets(things: Things) -> Iterator[tuple[str, list[Statement]]]:
    environment, account = things.environment, things.location.account_id
    for name, settings in environment.buckets.items():
        if not isinstance(settings, BucketSettings):
            continue
        arn = environment.bucket_arn(name)
        promised = _over_tls(arn)
        for other, source in environment.buckets.items():
            if isinstance(source, BucketSettings) and source.access_log_bucket == name:
                logs = f"{arn}/{environment.bucket_name(other)}/*"
                sender = (S3, environment.bucket_arn(other), account)
                promised.append(by(may("s3: PutObject", logs, for_source(sender)), Service="logging.s3.amazonaws.com"))
        for other, service in environment.services.items():
            balancing = getattr(service, "load_balancing", None)
            if isinstance(balancing, OwnLoadBalancer) and balancing.access_log_bucket == name:
                logs = f"{arn}/{environment.physical_name(other, 'services')}/AWSLogs/{account}/*"
                host = "logdelivery.elasticloadbalancing.amazonaws.com"
                promised.append(by(may("s3: PutObject", logs), Service=host))
        yield arn, promised


def _over_tls(arn: str) -> list[Statement]:
    everything = [arn, f"{arn}/*"]
    old_tls = where(NumericLessThan={"s3:TlsVersion": "1.2"})
    return [never("s3: *", everything, NO_TLS), never("s3: *", everything, old_tls)]


def _topics(things: Things) -> Iterator[tuple[str, list[Statement]]]:
    for path, arn in things.world.arns("aws_sns_topic").items():
        promised = [
            by(may("sns: Publish", arn, for_source(item)), Service=item[0]) for item in publishers(things, path)
        ]
        yield arn, [never("sns: Publish", arn, NO_TLS), *promised]


def _file_systems(things: Things) -> Iterator[tuple[str, list[Statement]]]:
    beside = where(Bool={"elasticfilesystem:AccessedViaMountTarget": "false"})
    for arn in things.world.arns("aws_efs_file_system").values():
        mounts = never("elasticfilesystem: ClientMount ClientRootAccess ClientWrite", arn, beside)
        yield arn, [never("elasticfilesystem: *", arn, NO_TLS), mounts]


def _repositories(things: Things) -> Iterator[tuple[str, list[Statement]]]:
    for name, settings in things.environment.repositories.items():
        if settings.pull_accounts:
            arn = arns.repository(things.location, things.environment.physical_name(name, "repositories"))
            yield arn, [by(may(f"ecr: {READ_REGISTRY}", "*"), AWS=accounts(things.location, settings.pull_accounts))]


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


def _trails(things: Things) -> Iterator[tuple[str, list[Statement]]]:
    """Yield that CloudTrail writes its own trail, and nothing else, into the bucket that is made for it."""
    account = things.location.account_id
    for path, arn in things.world.arns("aws_s3_bucket").items():
        if path.startswith("operations/"):
            own = {"aws:SourceArn": audit_trail(things)}
            whole = where(ArnEquals=own, StringEquals={"s3:x-amz-acl": "bucket-owner-full-control"})
            written = may("s3: PutObject", f"{arn}/AWSLogs/{account}/*", whole)
            found = may("s3: GetBucketAcl", arn, where(ArnEquals=own))
            yield arn, [*_over_tls(arn), *(by(item, Service=CLOUDTRAIL) for item in (found, written))]
