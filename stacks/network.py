"""The network of an environment: made, existing, or existing with a security group made for it."""

from dataclasses import replace

from constructs import Construct

from modules.batch.settings.compute_environments import ComputeEnvironmentSettings, Ec2ComputeEnvironment
from modules.vpc.connections import connections_in
from modules.vpc.network import Network
from modules.vpc.private_vpc import PrivateVpc
from modules.vpc.public_vpc import PublicVpc
from modules.vpc.settings import ExistingNetwork, MadeNetwork, NetworkSettings, PrivateNetwork, PublicNetwork
from modules.vpc.virtual_private_cloud import VirtualPrivateCloud
from modules.vpc.workload_security_group import WorkloadSecurityGroup
from stacks.base import PlatformStack
from stacks.placement import Placement


class EnvironmentNetwork:
    """Define what the environment's network asks to be made, in the stack of the part, if there is anything."""

    def __init__(self, placement: Placement) -> None:
        self._settings = settings = placement.environment.network
        self._network: Network | None = None
        if isinstance(settings, ExistingNetwork) and settings.security_group_ids:
            self._network = Network.from_existing(settings)
        self._stack: PlatformStack | None = None
        if settings is not None and self._network is None:
            self._stack = placement.stack("network")
            self._network = _define_network(self._stack, settings)
            self._stack.add_output(
                "network",
                "Where workloads run",
                {
                    "vpc_id": self._network.vpc_id,
                    "subnet_ids": list(self._network.subnet_ids),
                    "security_group_ids": list(self._network.security_group_ids),
                },
            )

    def seen_from(self, stack: PlatformStack) -> Network | None:
        """Return the network for what is in ``stack``; None: there is none, so nothing in the environment computes."""
        network, source = self._network, self._stack
        if network is None or source is None or source is stack:
            return network
        groups = tuple(
            stack.read(source, "network", "security_group_ids", n) for n in range(len(network.security_group_ids))
        )
        if not isinstance(self._settings, MadeNetwork):
            return replace(network, security_group_ids=groups, connections=())
        return Network(
            vpc_id=stack.read(source, "network", "vpc_id"),
            subnet_ids=tuple(stack.read(source, "network", "subnet_ids", n) for n in range(len(network.subnet_ids))),
            security_group_ids=groups,
            assign_public_ip=network.assign_public_ip,
        )


def _define_network(stack: PlatformStack, settings: NetworkSettings) -> Network:
    environment = stack.environment
    name = environment.physical_name("network")
    vpc: VirtualPrivateCloud
    match settings:
        case PrivateNetwork():
            vpc = PrivateVpc(stack, "network", name=name, settings=settings, location=stack.location)
        case PublicNetwork():
            vpc = PublicVpc(stack, "network", name=name, settings=settings, location=stack.location)
        case ExistingNetwork():
            return _with_a_group(Network.from_existing(settings), Construct(stack, "network"), name)
        case _:
            raise TypeError(f"{type(settings).__name__} is no kind of network that can be made")
    if any(map(_puts_nodes_in_the_default_group, environment.compute_environments.values())):
        vpc.open_default_group()
    return vpc.network


def _with_a_group(network: Network, scope: Construct, name: str) -> Network:
    group = WorkloadSecurityGroup(scope, "workload-security-group", name=f"{name}-workloads", vpc_id=network.vpc_id)
    # Where its subnets lead, their owner knows.
    group.rules.allow_to_internet()
    return replace(network, security_group_ids=(group.security_group_id,), connections=connections_in(group))


def _puts_nodes_in_the_default_group(capacity: ComputeEnvironmentSettings) -> bool:
    multi_node = capacity.multi_node if isinstance(capacity, Ec2ComputeEnvironment) else None
    return multi_node is not None and multi_node.efa_interfaces > 0


def require_network(network: Network | None) -> Network:
    """Return ``network``, which the Environment asks for where anything computes or mounts."""
    if network is None:
        raise ValueError("an environment without a network has nothing in it that needs one")
    return network
