"""The network of an environment: made, existing, or existing with a security group made for it."""

from collections.abc import Sequence
from dataclasses import replace

from constructs import Construct

from modules.batch.settings.compute_environments import Ec2ComputeEnvironment
from modules.vpc.network import Network, connections_in
from modules.vpc.network_settings import MadeNetwork, NetworkSettings
from modules.vpc.private_vpc import PrivateVpc
from modules.vpc.public_vpc import PublicVpc
from modules.vpc.settings import ExistingNetwork, PrivateNetwork, PublicNetwork
from modules.vpc.virtual_private_cloud import VirtualPrivateCloud
from modules.vpc.workload_security_group import (
    Traffic,
    WorkloadSecurityGroup,
    define_named_groups,
    define_node_group,
)
from stacks.base import PlatformStack
from stacks.placement import Placement, Seen
from stacks.traffic import accounts_of_others, buckets_of_others, egress_of_logs, ports_on_instances


class EnvironmentNetwork:
    """Define what the environment's network asks to be made, in the stack of the part, if there is anything."""

    def __init__(self, placement: Placement) -> None:
        self._settings = settings = placement.environment.network
        self._network: Network | None = None
        if isinstance(settings, ExistingNetwork) and settings.security_group_ids and not settings.new_security_groups:
            self._network = Network.from_existing(settings)
        self._stack: PlatformStack | None = None
        if settings is not None and self._network is None:
            self._stack = placement.stack("network")
            self._network = _define_network(self._stack, settings)
            nodes = list(self._network.node_group_ids())
            gateways = self._network.nat_gateway_ids
            public = list(self._network.public_subnet_ids()) if isinstance(settings, MadeNetwork) else []
            named = {name: self._network.named_groups[name] for name in sorted(settings.new_security_groups)}
            self._stack.add_output(
                "network",
                "Where workloads run",
                {
                    "vpc_id": self._network.vpc_id(),
                    "subnet_ids": list(self._network.subnet_ids),
                    "security_group_ids": list(self._network.security_group_ids),
                }
                | ({"node_security_group_ids": nodes} if nodes else {})
                | ({"load_balancer_subnet_ids": public} if public else {})
                | ({"named_security_group_ids": named} if named else {})
                | ({"nat_gateway_ids": dict(gateways)} if gateways else {}),
            )

    def seen_from(self, stack: PlatformStack) -> Network | None:
        """Return the network for what is in ``stack``; None: there is none, so nothing in the environment computes."""
        network, source = self._network, self._stack
        if network is None or source is None or source is stack:
            return network

        def read(name: str, ids: Sequence[str]) -> tuple[str, ...]:
            return tuple(stack.read(source, "network", name, n) for n in range(len(ids)))

        made = self._settings.new_security_groups if self._settings else {}

        def group(name: str) -> str:
            known = network.named_groups[name]
            return stack.read(source, "network", "named_security_group_ids", name) if name in made else known

        seen = replace(
            network,
            security_group_ids=read("security_group_ids", network.security_group_ids),
            named_groups=Seen(network.named_groups, group),
            node_group_ids=lambda: read("node_security_group_ids", network.node_group_ids()),
            connections=(),
        )
        if not isinstance(self._settings, MadeNetwork):
            return seen
        return replace(
            seen,
            vpc_id=lambda: stack.read(source, "network", "vpc_id"),
            subnet_ids=read("subnet_ids", network.subnet_ids),
            zonal_subnet_ids=(),
            public_subnet_ids=lambda: read("load_balancer_subnet_ids", network.public_subnet_ids()),
        )

    def nat_gateway_id(self, stack: PlatformStack, zone: str) -> str:
        """Return the id of the NAT gateway in a zone, for what is in ``stack``."""
        network, source = require_network(self._network), self._stack
        if source is None or source is stack:
            return network.nat_gateway_ids[zone]
        return stack.read(source, "network", "nat_gateway_ids", zone)


def _define_network(stack: PlatformStack, settings: NetworkSettings) -> Network:
    environment = stack.environment
    name = environment.physical_name("network")
    traffic = Traffic(
        egress_of_logs(environment),
        ports_on_instances(environment),
        accounts_of_others(environment),
        buckets_of_others(environment),
    )
    multi_node = [
        capacity.multi_node
        for capacity in environment.compute_environments.values()
        if isinstance(capacity, Ec2ComputeEnvironment) and capacity.multi_node
    ]
    vpc: VirtualPrivateCloud
    match settings:
        case PrivateNetwork():
            vpc = PrivateVpc(stack, "network", name=name, settings=settings, location=stack.location, traffic=traffic)
        case PublicNetwork():
            vpc = PublicVpc(stack, "network", name=name, settings=settings, location=stack.location, traffic=traffic)
        case ExistingNetwork():
            scope = Construct(stack, "network")
            return _with_groups(scope, name, settings, traffic, has_nodes=bool(multi_node))
        case _:
            raise TypeError(f"{type(settings).__name__} is no kind of network that can be made")
    if multi_node:
        vpc.add_node_group()
    # Batch takes security groups for the nodes of multi-node jobs from the compute environment alone. With Elastic
    # Fabric Adapters these must stand in the launch template instead, and the nodes get the default group.
    if any(capacity.efa_interfaces for capacity in multi_node):
        vpc.open_default_group()
    return vpc.network


def _with_groups(
    scope: Construct, name: str, settings: ExistingNetwork, traffic: Traffic, *, has_nodes: bool
) -> Network:
    network = Network.from_existing(settings)
    network = replace(
        network, named_groups=define_named_groups(scope, name=name, vpc_id=network.vpc_id(), settings=settings)
    )
    if settings.security_group_ids:
        return replace(network, connections=connections_in(scope))
    group = WorkloadSecurityGroup(
        scope,
        "workload-security-group",
        name=f"{name}-workloads",
        vpc_id=network.vpc_id(),
        traffic=traffic.beside(settings),
    )
    nodes: tuple[str, ...] = ()
    if has_nodes:
        nodes = (define_node_group(scope, name=name, vpc_id=network.vpc_id()),)
    return replace(
        network,
        security_group_ids=(group.security_group_id,),
        node_group_ids=lambda: nodes,
        has_own_group=True,
        connections=connections_in(scope),
    )


def require_network(network: Network | None) -> Network:
    """Return ``network``, which the Environment asks for where anything computes or mounts."""
    if network is None:
        raise ValueError("an environment without a network has nothing in it that needs one")
    return network
