"""What settings ask for without a word about the network: ways to logs, to tasks on instances, to what others own."""

from collections.abc import Iterator

from modules.arn_parts import arn_parts
from modules.batch.settings.job_logs import DriverJobLogs
from modules.containers.log_addresses import fluent_bit_egress, log_driver_egress
from modules.ecs.settings.logging import FireLensLogging
from modules.ecs.settings.tasks import Ec2Task
from modules.marked_values import marked_values
from modules.markers import ArnOf
from modules.s3.settings import ExistingBucket
from modules.settings import Settings, settings_in
from modules.vpc.traffic_settings import Egress, PortRange
from stacks.environment_settings import EnvironmentSettings


def egress_of_logs(environment: EnvironmentSettings) -> dict[str, Egress]:
    """Return where log drivers and routers connect to, beside what the network lets out in any case."""
    assert environment.network is not None
    usual = set(environment.network.usual_egress.values())
    found: dict[str, Egress] = {}
    for item in set(_egress(environment)) - usual:
        name = f"logs-{item.protocol}-{item.from_port}"
        ranges = {*item.cidr_blocks, *(found[name].cidr_blocks if name in found else ())}
        found[name] = Egress(protocol=item.protocol, from_port=item.from_port, cidr_blocks=sorted(ranges))
    return dict(sorted(found.items()))


def ports_on_instances(settings: Settings) -> dict[str, PortRange]:
    """Return the ports that tasks listen on under the address of their instance: an agent that others call, say."""
    ports = {
        (port.protocol, port.port)
        for _, task in settings_in(settings)
        if isinstance(task, Ec2Task) and task.network_mode == "host"
        for container in task.containers.values()
        for port in container.ports.values()
    }
    return {f"host-{protocol}-{port}": PortRange(protocol=protocol, from_port=port) for protocol, port in sorted(ports)}


def accounts_of_others(environment: EnvironmentSettings) -> dict[str, set[str]]:
    """Return the accounts of what is named by its ARN, by the service that it belongs to."""
    found: dict[str, set[str]] = {}
    for _, arn, _ in marked_values(environment, ArnOf):
        named = arn_parts(arn)
        if named.account_id and named.account_id != environment.account_id:
            found.setdefault(named.service, set()).add(named.account_id)
    return found


def buckets_of_others(environment: EnvironmentSettings) -> list[str]:
    """Return the ARNs of existing buckets, whose account they do not tell."""
    return sorted({item.bucket_arn for item in environment.buckets.values() if isinstance(item, ExistingBucket)})


def _egress(environment: EnvironmentSettings) -> Iterator[Egress]:
    for _, logs in settings_in(environment):
        if isinstance(logs, DriverJobLogs):
            yield from log_driver_egress(logs.driver, logs.options)
        elif isinstance(logs, FireLensLogging):
            yield from fluent_bit_egress(logs.options)
