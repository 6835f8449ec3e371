"""How many security groups an interface gets: those of the network, and what is added to them."""

from collections.abc import Iterator

from modules.batch.settings.eks_compute_environments import EksCapacity
from modules.ecs.settings.services import ReplicaService
from modules.problems import Problem, format_value
from modules.settings import skip_if_invalid
from modules.vpc.settings import ExistingNetwork
from stacks.environment_settings import EnvironmentSettings

# Of one network interface. Source: "Amazon VPC quotas"; AwsVpcConfiguration in the ECS API reference has no other.
MAX_SECURITY_GROUPS = 5


def check_security_group_counts(environment: EnvironmentSettings) -> Iterator[Problem]:
    """Check that no interface gets more security groups than it can have."""
    groups = _network_groups(environment)
    for name, service in environment.services.items():
        if isinstance(service, ReplicaService) and service.load_balancing is not None:
            yield from _count_problems(f"services.{name}.load_balancing", {*groups, "the load balancer's"}, len(groups))
    for name, capacity in environment.compute_environments.items():
        if isinstance(capacity, EksCapacity):
            yield from skip_if_invalid(_eks_groups(f"compute_environments.{name}", capacity, groups))


def _network_groups(environment: EnvironmentSettings) -> set[str]:
    """Return the security groups that every workload has; where none exist, one is made."""
    network = environment.network
    existing = network.security_group_ids if isinstance(network, ExistingNetwork) else ()
    return set(existing) or {"the network's own"}


def _eks_groups(path: str, capacity: EksCapacity, groups: set[str]) -> Iterator[Problem]:
    yield from _count_problems(f"{path}.security_group_ids", {*groups, *capacity.security_group_ids}, len(groups))


def _count_problems(path: str, groups: set[str], of_network: int) -> Iterator[Problem]:
    if len(groups) > MAX_SECURITY_GROUPS:
        yield Problem(
            path,
            f"have at most {MAX_SECURITY_GROUPS} security groups on an interface",
            format_value(len(groups)),
            f"the network's security_group_ids are {of_network} of them",
            "name fewer there",
        )
