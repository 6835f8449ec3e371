"""How many security groups an interface gets: those of the network, and what is added to them."""

from collections.abc import Iterator

from modules.batch.settings.compute_environments import Ec2ComputeEnvironment
from modules.batch.settings.eks_compute_environments import EksCapacity
from modules.ecs.settings.exposure import ServiceConnect
from modules.ecs.settings.services import ReplicaService
from modules.problems import Problem, format_value
from modules.settings import settings_in, skip_if_invalid
from modules.vpc.network_settings import NetworkSettings
from modules.vpc.placement_settings import ExistingSecurityGroup, NetworkPlacement
from modules.vpc.settings import ExistingNetwork
from stacks.environment_settings import EnvironmentSettings

# Of one network interface. Source: "Amazon VPC quotas"; AwsVpcConfiguration in the ECS API reference has no other.
MAX_SECURITY_GROUPS = 5


def check_security_group_counts(environment: EnvironmentSettings) -> Iterator[Problem]:
    """Check that no interface gets more security groups than it can have."""
    if environment.network is None:
        return
    for path, settings in settings_in(environment):
        if isinstance(settings, NetworkPlacement):
            yield from skip_if_invalid(_count_problems(path, settings, environment.network))


def _count_problems(path: str, settings: NetworkPlacement, network: NetworkSettings) -> Iterator[Problem]:
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


def _label(name: str, network: NetworkSettings) -> str:
    group = network.security_groups.get(name)
    return group.security_group_id if isinstance(group, ExistingSecurityGroup) else name
