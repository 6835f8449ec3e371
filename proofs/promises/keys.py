"""Promises of the policies of keys: who else than the account's own roles may use them."""

from collections.abc import Iterator, Sequence

from modules import arns
from modules.iam.services import CLOUDTRAIL, EVENTS
from modules.kms.settings import NewKmsKey
from modules.sqs.settings import MessageQueueSettings
from proofs.policies import Statement
from proofs.promises.promise import accounts, anybody, by, may, where
from proofs.promises.sources import publishers, senders
from proofs.promises.things import READ_KEY, WRITE_KEY, Things

LOG_KEY = "Decrypt DescribeKey Encrypt GenerateDataKey ReEncryptFrom ReEncryptTo"
BUS_KEY = "Decrypt GenerateDataKey ReEncryptFrom ReEncryptTo"


def key_users(things: Things) -> dict[str, list[Statement]]:
    """Return who else than the account's own roles may use each key, by its path."""
    environment, location = things.environment, things.location
    users: dict[str, list[Statement]] = {}
    for name, queue in environment.queues.items():
        if isinstance(queue, MessageQueueSettings) and isinstance(queue.kms_key, NewKmsKey):
            users[f"queues/{name}/key"] = [*_queue_key(things, name, queue)]
    for path in things.world.arns("aws_sns_topic"):
        services = dict.fromkeys((service, account) for service, _, account in publishers(things, path))
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
    own_trail = where(ArnEquals={"aws:SourceArn": audit_trail(things)})
    users["operations/audit_trail/trail/bucket/key"] = [
        by(may("kms: DescribeKey", "*"), Service=CLOUDTRAIL),
        by(may("kms: GenerateDataKey", "*", own_trail), Service=CLOUDTRAIL),
    ]
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


def audit_trail(things: Things) -> str:
    """Return the ARN of the environment's own trail."""
    return arns.trail(things.location, things.environment.physical_name("audit"))


def _queue_key(things: Things, name: str, settings: MessageQueueSettings) -> Iterator[Statement]:
    host = {"kms:ViaService": f"sqs.{things.location.region}.{things.location.domain}"}
    for actions, principals, organizations in (
        (WRITE_KEY, settings.send_principals, settings.send_organization_ids),
        (READ_KEY, settings.consume_principals, settings.consume_organization_ids),
    ):
        if principals:
            through = where(StringEquals=host)
            yield by(may(f"kms: {actions}", "*", through), AWS=accounts(things.location, principals))
        if organizations:
            member: Sequence[str] = organizations
            yield anybody(may(f"kms: {actions}", "*", where(StringEquals={**host, "aws:PrincipalOrgID": member})))
    for service, account in dict.fromkeys((item[0], item[2]) for item in senders(things, name, settings)):
        yield _service_key(service, account)


def _service_key(service: str, account: str) -> Statement:
    """Return the use of a key by a service; EventBridge does not say for which account."""
    of_account = None if service == EVENTS else where(StringEquals={"aws:SourceAccount": account})
    return by(may(f"kms: {WRITE_KEY}", "*", of_account), Service=service)
