"""Subnets and security groups that something names are the network's, and an interface has as many as it can."""

from collections.abc import Iterator

from modules.batch.settings.compute_environments import Ec2ComputeEnvironment
from modules.batch.settings.eks_compute_environments import EksCapacity
from modules.ecs.settings.exposure import ServiceConnect
from modules.ecs.settings.services import ReplicaService
from modules.problems import Problem, format_value, unknown_name
from modules.vpc.network_settings import MadeNetwork, NetworkSettings
from modules.vpc.placement_settings import ExistingSecurityGroup, NetworkPlacement
from modules.vpc.settings import ExistingNetwork
from stacks.environment_settings import EnvironmentSettings
from stacks.rules.entries import everywhere

# Of one network interface. Source: "Amazon VPC quotas"; AwsVpcConfiguration in the ECS API reference has no other.
MAX_SECURITY_GROUPS = 5


@everywhere
def check_placements(environment: EnvironmentSettings, path: str, settings: NetworkPlacement) -> Iterator[Problem]:
    """Check every name of a subnet and of a security group."""
    network = environment.network
    if network is None:
        return  # which is reported
    subnets = subnet_names(network)
    what = "zones of the network" if isinstance(network, MadeNetwork) else "subnet_ids of the network"
    for index, name in enumerate(settings.subnets):
        if name not in subnets:
            yield unknown_name(f"{path}.subnets[{index}]", name, subnets, what)
    for index, name in enumerate(settings.security_groups):
        if name not in network.security_groups:
            where = f"{path}.security_groups[{index}]"
            yield unknown_name(where, name, network.security_groups, "security_groups of the network")


@everywhere
def check_security_group_counts(
    environment: EnvironmentSettings, path: str, settings: NetworkPlacement
) -> Iterator[Problem]:
    """Check that no interface gets more security groups than it can have."""
    network = environment.network
    if network is None:
        return
    existing = network.security_group_ids if isinstance(network, ExistingNetwork) else ()
    of_all = set(existing) or {"the network's own"}
    named = {_label(name, network) for name in settings.security_groups}
    setting, added = ("security_groups", named) if named else ("", set())
    if isinstance(settings, EksCapacity):
        setting, added = "security_group_ids", added | set(settings.security_group_ids)
    if isinstance(settings, Ec2ComputeEnvironment) and settings.multi_node and not existing:
        setting, added = setting or "multi_node", added | {"that of nodes"}
    if isinstance(settings, ReplicaService):
        if settings.discovery and settings.discovery != ServiceConnect() and not existing:
            setting, added = "discovery", added | {"that of callers"}
        if settings.load_balancing is not None:
            setting, added = "load_balancing", added | {"the load balancer's"}
    if len(of_all | added) > MAX_SECURITY_GROUPS:
        yield Problem(
            f"{path}.{setting}",
            f"have at most {MAX_SECURITY_GROUPS} security groups on an interface",
            format_value(len(of_all | added)),
            f"the network's security_group_ids are {len(of_all)} of them",
            "name fewer there",
        )


def subnet_names(network: NetworkSettings | None) -> tuple[str, ...]:
    """Return what settings call the subnets of workloads: zones of a network that is made, else ids."""
    match network:
        case MadeNetwork():
            return tuple(network.availability_zones)
        case ExistingNetwork():
            return tuple(network.subnet_ids)
    return ()


def _label(name: str, network: NetworkSettings) -> str:
    group = network.security_groups.get(name)
    return group.security_group_id if isinstance(group, ExistingSecurityGroup) else name
