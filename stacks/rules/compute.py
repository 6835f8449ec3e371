"""Compute environments and job queues fit each other and the network."""

from collections import Counter
from collections.abc import Iterator

from modules.batch.capacity_rules import (
    public_address_problems,
    queue_problems,
    subnet_problems,
    update_policy_problems,
)
from modules.batch.settings.any_compute_environments import ComputeEnvironmentSettings
from modules.batch.settings.eks_compute_environments import EksCapacity
from modules.batch.settings.job_queues import JobQueueSettings
from modules.problems import Problem
from modules.settings import skip_if_invalid
from stacks.environment_settings import EnvironmentSettings
from stacks.rules.placement import subnet_names

ENVIRONMENTS_OF_A_CLUSTER = 5


def check_compute_network(environment: EnvironmentSettings) -> Iterator[Problem]:
    """Check that there are subnets to compute in."""
    made = [item for item in environment.compute_environments.values() if isinstance(item, ComputeEnvironmentSettings)]
    if made and environment.network is None:
        yield Problem(
            "network", "be given where there are compute_environments", "None", "instances and tasks need subnets"
        )


def check_subnet_index(environment: EnvironmentSettings) -> Iterator[Problem]:
    """Check each ``subnet_index``, and that it is given where only one subnet will do."""
    all_of_them = len(subnet_names(environment.network))
    for name, settings in environment.compute_environments.items():
        own = settings.subnets if isinstance(settings, ComputeEnvironmentSettings) else ()
        count = len(own) or all_of_them
        problems = subnet_problems(settings, count) if count else ()
        yield from (problem.under(f"compute_environments.{name}") for problem in skip_if_invalid(problems))


def check_update_policies(environment: EnvironmentSettings) -> Iterator[Problem]:
    """Check that Batch takes the policies where the environment is."""
    for name, settings in environment.compute_environments.items():
        problems = update_policy_problems(settings, environment.location)
        yield from (problem.under(f"compute_environments.{name}") for problem in skip_if_invalid(problems))


def check_multi_node_subnets(environment: EnvironmentSettings) -> Iterator[Problem]:
    """Check that multi-node jobs run in private subnets: their nodes never get a public address."""
    network = environment.network
    public = network is not None and network.is_public
    for name, settings in environment.compute_environments.items():
        problems = public_address_problems(settings, public=public)
        yield from (problem.under(f"compute_environments.{name}") for problem in skip_if_invalid(problems))


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
                "Batch refuses more",
            )


def check_job_queue_environment_types(environment: EnvironmentSettings) -> Iterator[Problem]:
    """Check that the environments of a queue can stand in for each other, and that there is one that works."""
    for name, queue in environment.job_queues.items():
        if not isinstance(queue, JobQueueSettings):
            continue
        problems = queue_problems(queue, environment.compute_environments)
        yield from (problem.under(f"job_queues.{name}") for problem in skip_if_invalid(problems))
