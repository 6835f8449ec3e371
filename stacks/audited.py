"""What the trail of an environment logs, and what that is called: for its rules, its names and its stack. Pure."""

from collections.abc import Iterator
from dataclasses import replace

from modules import arns
from modules.cloudtrail.selectors import EventSelector, event_selectors
from modules.cloudtrail.settings import AuditTrailSettings, NewTrail, OrganizationTrail
from modules.names import NameKind, PhysicalName
from modules.s3.settings import ExistingAccessPoint, ExistingBucket
from stacks.environment_settings import EnvironmentSettings

AUDIT = "operations.audit_trail"
# CreateDatabase in the Glue API reference, as far as SQL needs no quotes; CreateWorkGroup in that of Athena.
DATABASE_NAME, WORKGROUP_NAME = NameKind(255, "region", "_"), NameKind(128, "region", "-_.")


def audit_trail(environment: EnvironmentSettings) -> AuditTrailSettings | None:
    """Return the trail that an environment asks for."""
    return environment.operations.audit_trail if environment.operations else None


def audit_name(environment: EnvironmentSettings) -> str:
    """Return what the trail and the workgroup are called, and leads the names of its bucket and key."""
    return environment.physical_name("audit")


def database_name(environment: EnvironmentSettings) -> str:
    """Return what the database of its table is called."""
    return audit_name(environment).replace("-", "_")


def audit_names(environment: EnvironmentSettings) -> Iterator[PhysicalName]:
    """Yield the names that the trail, and what asks its log, have."""
    if (settings := audit_trail(environment)) is None:
        return
    name = audit_name(environment)
    for given in settings.names(name, environment.location):
        yield replace(given, path=f"{AUDIT}.{given.path}" if given.path else AUDIT)
    yield PhysicalName("database", database_name(environment), path=AUDIT, own_facts=DATABASE_NAME)
    yield PhysicalName("workgroup", name, path=AUDIT, own_facts=WORKGROUP_NAME)


def logged_selectors(environment: EnvironmentSettings, settings: NewTrail) -> list[EventSelector]:
    """Return the events that a trail of the environment's own logs."""
    buckets, points = [], []
    for name, bucket in sorted(environment.buckets.items()):
        if name in settings.left_out_buckets:
            continue
        if isinstance(bucket, ExistingAccessPoint):
            points.append(bucket.access_point_arn)
        else:
            own = bucket.bucket_arn if isinstance(bucket, ExistingBucket) else environment.bucket_arn(name)
            buckets.append(own)
    return event_selectors(
        management=settings.management_events,
        queues=list(dict.fromkeys(_queue_arns(environment, settings))),
        buckets=list(dict.fromkeys(buckets)),
        access_points=list(dict.fromkeys(points)),
    )


def _queue_arns(environment: EnvironmentSettings, settings: NewTrail) -> Iterator[str]:
    """Yield the queues of this account and region that are logged, with those of their dead letters."""
    for name, queue in sorted(environment.queues.items()):
        if name not in settings.left_out_queues:
            for given in queue.names(environment.physical_name(name, "queues"), environment.location):
                if given.kind == "queue":
                    yield arns.queue(environment.location, given.text)


def log_root(environment: EnvironmentSettings, settings: AuditTrailSettings) -> str:
    """Return what the keys of the log begin with, as an address of S3 without the slash at its end."""
    steps = [f"{audit_name(environment)}-{environment.account_id}"]
    if isinstance(settings, OrganizationTrail):
        steps = [settings.bucket_name, *filter(None, [settings.key_prefix])]
    organization = settings.organization_id if isinstance(settings, OrganizationTrail) else None
    steps += ["AWSLogs", *filter(None, [organization]), environment.account_id, "CloudTrail"]
    return f"s3://{'/'.join(steps)}"
