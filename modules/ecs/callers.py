"""The security group through which workloads call the tasks of a service that they find by its name."""

from collections.abc import Mapping, Sequence
from typing import Literal

from constructs import Construct

from modules.ecs.settings.exposure import DnsDiscovery, ServiceConnect
from modules.ecs.settings.services import ReplicaService
from modules.vpc.network import Network
from modules.vpc.security_group import empty_security_group, rule_between_groups
from modules.vpc.traffic_settings import PortRange

ANY_PORT = {"any": PortRange(from_port=0, to_port=65_535)}


def called_ports(settings: ReplicaService) -> Mapping[str, PortRange]:
    """Return the ports that others call where they find the service by its name."""
    declared = {name: port.as_range for name, port in settings.ports().items()}
    match settings.discovery:
        case ServiceConnect(port=None) | None:
            return {}
        case ServiceConnect(port=str() as name):
            return {name: declared[name]}
        case DnsDiscovery():
            # The name leads to the tasks themselves, which may listen where no setting says so.
            return declared or ANY_PORT
    raise TypeError(f"{type(settings.discovery).__name__} is no way to be found")


class Callers(Construct):
    """Define the group, and a rule for each of ``ports`` on both sides; tasks need it beside that of all workloads."""

    def __init__(
        self, scope: Construct, id_: str, *, name: str, ports: Mapping[str, PortRange], network: Network
    ) -> None:
        super().__init__(scope, id_)
        group = empty_security_group(
            self, name=f"{name}-callers", vpc_id=network.vpc_id(), description=f"Calls to the tasks of {name}"
        )
        self.security_group_id: str = group.id
        (workloads,) = network.own_group_ids
        sides: Sequence[tuple[Literal["ingress", "egress"], str, str]]
        sides = (("ingress", group.id, workloads), ("egress", workloads, group.id))
        for port_name, port in sorted(ports.items()):
            for direction, group_id, other_group_id in sides:
                rule_between_groups(
                    self,
                    f"{direction}-{port_name}",
                    direction,
                    group_id=group_id,
                    other_group_id=other_group_id,
                    ports=port,
                    description=f"Calls to {port_name} of {name}",
                )


def define_callers(scope: Construct, *, name: str, settings: ReplicaService, network: Network) -> Callers | None:
    """Return the group where there is a need for one: groups that exist have rules of their owner's."""
    ports = called_ports(settings)
    if not ports or not network.has_own_group:
        return None
    return Callers(scope, "callers", name=name, ports=ports, network=network)
