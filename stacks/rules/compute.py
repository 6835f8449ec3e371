"""Compute environments and job queues fit each other and the network."""

from collections import Counter
from collections.abc import Iterator

from modules.batch.capacity_rules import (
    public_address_problems,
    queue_problems,
    subnet_problems,
    update_policy_problems,
)
from modules.batch.settings.any_compute_environments import AnyComputeEnvironmentSettings, ComputeEnvironmentSettings
from modules.batch.settings.eks_compute_environments import EksCapacity
from modules.batch.settings.job_queues import JobQueueSettings
from modules.problems import Problem
from modules.settings import skip_if_invalid
from stacks.environment_settings import EnvironmentSettings
from stacks.rules.entries import each
from stacks.rules.placement import subnet_names

ENVIRONMENTS_OF_A_CLUSTER = 5


def check_compute_network(environment: EnvironmentSettings) -> Iterator[Problem]:
    """Check that there are subnets to compute in."""
    made = [item for item in environment.compute_environments.values() if isinstance(item, ComputeEnvironmentSettings)]
    if made and environment.network is None:
        yield Problem(
            "network", "be given where there are compute_environments", "None", "instances and tasks need subnets"
        )


@each("compute_environments")
def check_capacities(
    environment: EnvironmentSettings, path: str, settings: AnyComputeEnvironmentSettings
) -> Iterator[Problem]:
    """Check its subnets and addresses against the network."""
    network = environment.network
    own = settings.subnets if isinstance(settings, ComputeEnvironmentSettings) else ()
    count = len(own or subnet_names(network))
    public = network is not None and network.is_public
    for problems in (
        subnet_problems(settings, count) if count else (),
        public_address_problems(settings, public=public),
    ):
        yield from (problem.under(path) for problem in skip_if_invalid(problems))


@each("compute_environments")
def check_update_policies(
    environment: EnvironmentSettings, path: str, settings: AnyComputeEnvironmentSettings
) -> Iterator[Problem]:
    """Check its update policy against the region."""
    yield from (problem.under(path) for problem in update_policy_problems(settings, environment.location))


def check_eks_clusters(environment: EnvironmentSettings) -> Iterator[Problem]:
    """Check how many environments share an EKS cluster."""
    eks = [item for item in environment.compute_environments.values() if isinstance(item, EksCapacity)]
    for cluster, count in sorted(Counter(item.eks_cluster_arn for item in eks).items()):
        if count > ENVIRONMENTS_OF_A_CLUSTER:
            yield Problem(
                "compute_environments",
                f"have at most {ENVIRONMENTS_OF_A_CLUSTER} in one EKS cluster",
                f"{count} in {cluster}",
                "Batch refuses more",
            )


@each("job_queues")
def check_job_queue_environment_types(
    environment: EnvironmentSettings, path: str, queue: JobQueueSettings
) -> Iterator[Problem]:
    """Check that the environments of a queue can stand in for each other, and that there is one that works."""
    yield from (problem.under(path) for problem in queue_problems(queue, environment.compute_environments))
