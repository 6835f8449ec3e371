"""The network of an environment: made, existing, or existing with a security group made for it."""

from dataclasses import replace

from constructs import Construct

from modules.batch.settings.compute_environments import ComputeEnvironmentSettings, Ec2ComputeEnvironment
from modules.vpc.network import Network
from modules.vpc.private_vpc import PrivateVpc
from modules.vpc.public_vpc import PublicVpc
from modules.vpc.settings import ExistingNetwork, NetworkSettings, PrivateNetwork, PublicNetwork
from modules.vpc.virtual_private_cloud import VirtualPrivateCloud
from modules.vpc.workload_security_group import WorkloadSecurityGroup
from stacks.base import PlatformStack
from stacks.environment import Environment


def define_network(scope: Construct, environment: Environment) -> Network | None:
    """Return the environment's network; define a stack for it only if there is something to make.

    None: the environment has no network, so nothing in it computes.
    """
    settings = environment.network
    if settings is None:
        return None
    if isinstance(settings, ExistingNetwork) and settings.security_group_ids:
        return Network.from_existing(settings)
    return NetworkStack(scope, environment, settings).network


class NetworkStack(PlatformStack):
    """Define what ``settings``, the environment's network, asks to be made. Other stacks take ``network``."""

    part = "network"

    def __init__(self, scope: Construct, environment: Environment, settings: NetworkSettings) -> None:
        super().__init__(scope, environment)
        self.network = self._network(settings)
        self.add_output(
            "network",
            "Where workloads run",
            {
                "vpc_id": self.network.vpc_id,
                "subnet_ids": list(self.network.subnet_ids),
                "security_group_ids": list(self.network.security_group_ids),
            },
        )

    def _network(self, settings: NetworkSettings) -> Network:
        name = self.environment.physical_name("network")
        vpc: VirtualPrivateCloud
        match settings:
            case PrivateNetwork():
                vpc = PrivateVpc(self, "vpc", name=name, settings=settings, location=self.location)
            case PublicNetwork():
                vpc = PublicVpc(self, "vpc", name=name, settings=settings, location=self.location)
            case ExistingNetwork():
                return self._with_a_group(Network.from_existing(settings), name)
            case _:
                raise TypeError(f"{type(settings).__name__} is no kind of network that can be made")
        if any(map(_puts_nodes_in_the_default_group, self.environment.compute_environments.values())):
            vpc.open_default_group()
        return vpc.network

    def _with_a_group(self, network: Network, name: str) -> Network:
        group = WorkloadSecurityGroup(self, "workload-security-group", name=f"{name}-workloads", vpc_id=network.vpc_id)
        # Where its subnets lead, their owner knows.
        group.rules.allow_to_internet()
        return replace(network, security_group_ids=(group.security_group_id,))


def _puts_nodes_in_the_default_group(capacity: ComputeEnvironmentSettings) -> bool:
    multi_node = capacity.multi_node if isinstance(capacity, Ec2ComputeEnvironment) else None
    return multi_node is not None and multi_node.efa_interfaces > 0
