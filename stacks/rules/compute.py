"""Compute environments and job queues fit each other and the network."""

from collections import Counter
from collections.abc import Iterator

from modules.batch.settings.compute_environments import (
    ComputeEnvironmentSettings,
    Ec2ComputeEnvironment,
    InstanceCapacity,
    UnmanagedComputeEnvironment,
)
from modules.batch.settings.eks_compute_environments import EksCapacity
from modules.batch.settings.job_queues import JobQueueSettings
from modules.ec2.instance_types import architectures
from modules.ec2.settings import CapacityReservationGroup
from modules.problems import Problem, format_value
from modules.settings import skip_if_invalid
from modules.vpc.settings import ExistingNetwork, MadeNetwork, PublicNetwork
from stacks.environment_settings import EnvironmentSettings

ENVIRONMENTS_OF_A_CLUSTER = 5


def check_compute_network(environment: EnvironmentSettings) -> Iterator[Problem]:
    """Check that there are subnets to compute in."""
    if environment.compute_environments and environment.network is None:
        yield Problem(
            "network", "be given where there are compute_environments", "None", "instances and tasks need subnets"
        )


def check_subnet_index(environment: EnvironmentSettings) -> Iterator[Problem]:
    """Check each ``subnet_index``, and that it is given where only one subnet will do."""
    count = _subnet_count(environment)
    for name, settings in environment.compute_environments.items():
        if count and isinstance(settings, InstanceCapacity | UnmanagedComputeEnvironment):
            yield from skip_if_invalid(_subnet_problems(f"compute_environments.{name}", settings, count))


def check_multi_node_subnets(environment: EnvironmentSettings) -> Iterator[Problem]:
    """Check that multi-node jobs run in private subnets: their nodes never get a public address."""
    network = environment.network
    public = isinstance(network, PublicNetwork) or (isinstance(network, ExistingNetwork) and network.assign_public_ip)
    for name, settings in environment.compute_environments.items():
        if public and isinstance(settings, Ec2ComputeEnvironment) and settings.multi_node:
            yield Problem(
                f"compute_environments.{name}.multi_node",
                "be None in a public network",
                "a MultiNodeCapacity",
                "Batch gives nodes no public address, so they would reach nothing",
            )


def check_eks_clusters(environment: EnvironmentSettings) -> Iterator[Problem]:
    """Check how many environments share an EKS cluster."""
    eks = {
        name: settings
        for name, settings in environment.compute_environments.items()
        if isinstance(settings, EksCapacity)
    }
    for cluster, count in sorted(Counter(settings.eks_cluster_arn for settings in eks.values()).items()):
        if count > ENVIRONMENTS_OF_A_CLUSTER:
            yield Problem(
                "compute_environments",
                f"have at most {ENVIRONMENTS_OF_A_CLUSTER} in one EKS cluster",
                f"{count} in {cluster}",
                "Batch refuses the sixth",
            )


def check_job_queue_environment_types(environment: EnvironmentSettings) -> Iterator[Problem]:
    """Check that the environments of a queue can stand in for each other, and that there is one that works."""
    for name, queue in environment.job_queues.items():
        yield from skip_if_invalid(_queue_problems(f"job_queues.{name}", queue, environment.compute_environments))


def _queue_problems(
    path: str, queue: JobQueueSettings, known: dict[str, ComputeEnvironmentSettings]
) -> Iterator[Problem]:
    used = {name: known[name] for name in queue.compute_environments if name in known}
    path = f"{path}.compute_environments"
    if len({settings.kind for settings in used.values()}) > 1:
        yield Problem(
            path,
            "be of one kind: Fargate, EC2, EKS or unmanaged",
            ", ".join(f"{name} ({settings.kind})" for name, settings in used.items()),
            "a job made for one kind does not run on another",
        )
    if len(architectures(kind for settings in used.values() for kind in settings.possible_types())) > 1:
        yield Problem(
            path,
            "have one CPU architecture",
            ", ".join(f"{name} ({_architecture(settings)})" for name, settings in used.items()),
            "an image built for one does not start on the other",
        )
    if used and queue.enabled and not any(settings.enabled for settings in used.values()):
        yield Problem(path, "have one that is enabled", ", ".join(used), "jobs would wait indefinitely")


def _architecture(settings: ComputeEnvironmentSettings) -> str:
    return " and ".join(architectures(settings.possible_types()))


def _subnet_problems(
    path: str, settings: InstanceCapacity | UnmanagedComputeEnvironment, count: int
) -> Iterator[Problem]:
    index = settings.subnet_index
    if index is not None and index >= count:
        yield Problem(
            f"{path}.subnet_index",
            f"be less than the number of subnets ({count})",
            format_value(index),
            "0 is the first",
        )
    reason = _one_subnet(settings)
    if reason and index is None and count > 1:
        yield Problem(f"{path}.subnet_index", f"be given in a network of {count} subnets", "None", reason)


def _one_subnet(settings: InstanceCapacity | UnmanagedComputeEnvironment) -> str | None:
    """Return why instances must all start in one availability zone, None if they need not."""
    if isinstance(settings, Ec2ComputeEnvironment) and settings.multi_node:
        return "a cluster placement group lies in one availability zone"
    if isinstance(settings, Ec2ComputeEnvironment | UnmanagedComputeEnvironment):
        capacity = settings.reserved_capacity
        if capacity and not isinstance(capacity, CapacityReservationGroup):
            return f"a {type(capacity).__name__} lies in one availability zone"
    return None


def _subnet_count(environment: EnvironmentSettings) -> int:
    match environment.network:
        case MadeNetwork() as network:
            return len(network.availability_zones)
        case ExistingNetwork() as network:
            return len(network.subnet_ids)
    return 0
