"""Subnets and security groups that something names are the network's."""

from collections.abc import Iterator

from modules.problems import Problem, unknown_name
from modules.settings import settings_in, skip_if_invalid
from modules.vpc.network_settings import MadeNetwork, NetworkSettings
from modules.vpc.placement_settings import NetworkPlacement
from modules.vpc.settings import ExistingNetwork
from stacks.environment_settings import EnvironmentSettings


def check_placements(environment: EnvironmentSettings) -> Iterator[Problem]:
    """Check every name of a subnet and of a security group."""
    if environment.network is None:
        return  # which is reported
    for path, settings in settings_in(environment):
        if isinstance(settings, NetworkPlacement):
            yield from skip_if_invalid(_placement_problems(path, settings, environment.network))


def subnet_names(network: NetworkSettings | None) -> tuple[str, ...]:
    """Return what settings call the subnets of workloads: zones of a network that is made, else ids."""
    match network:
        case MadeNetwork():
            return tuple(network.availability_zones)
        case ExistingNetwork():
            return tuple(network.subnet_ids)
    return ()


def _placement_problems(path: str, settings: NetworkPlacement, network: NetworkSettings) -> Iterator[Problem]:
    subnets = subnet_names(network)
    what = "zones of the network" if isinstance(network, MadeNetwork) else "subnet_ids of the network"
    for index, name in enumerate(settings.subnets):
        if name not in subnets:
            yield unknown_name(f"{path}.subnets[{index}]", name, subnets, what)
    for index, name in enumerate(settings.security_groups):
        if name not in network.security_groups:
            where = f"{path}.security_groups[{index}]"
            yield unknown_name(where, name, network.security_groups, "security_groups of the network")
