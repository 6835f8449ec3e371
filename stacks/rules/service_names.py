"""Names of what ECS has fit what AWS accepts, and are the names of one thing only."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from modules.ec2.settings import instance_role_name
from modules.ecs.names import (
    capacity_provider_name,
    execution_role_name,
    infrastructure_role_name,
    scheduler_role_name,
)
from modules.ecs.settings.clusters import ClusterSettings
from modules.ecs.settings.deployments import ShiftedDeployment
from modules.ecs.settings.exposure import OwnLoadBalancer
from modules.ecs.settings.run_tasks import RunTaskDefinition
from modules.ecs.settings.services import ReplicaService, ServiceSettings
from modules.naming import name_problems
from modules.problems import Problem
from modules.settings import readable

if TYPE_CHECKING:
    from stacks.environment import Environment

# AWS keeps these beginnings for capacity providers of its own.
RESERVED = ("aws", "ecs", "fargate")


def service_names_fit(environment: Environment) -> Iterator[Problem]:
    """Check the length of every name that follows from a short name, and that no two things share one."""
    for name, cluster in environment.clusters.items():
        yield from readable(_cluster_names(environment, name, cluster))
    for name, service in environment.services.items():
        yield from readable(_service_names(environment, name, service))
    for name, task in environment.task_definitions.items():
        yield from readable(_task_names(environment, name, task))


def _cluster_names(environment: Environment, name: str, cluster: ClusterSettings) -> Iterator[Problem]:
    physical_name = environment.physical_name(name)
    yield from name_problems("ecs", f"clusters.{name}", physical_name)
    for short_name in cluster.capacity_providers:
        path, provider = (
            f"clusters.{name}.capacity_providers.{short_name}",
            capacity_provider_name(physical_name, short_name),
        )
        # The longest name that is made for either kind of provider.
        yield from name_problems(
            "iam", path, max(infrastructure_role_name(provider), instance_role_name(provider), key=len)
        )
        if provider.startswith(RESERVED):
            yield Problem(
                "project",
                f"not begin with {', '.join(RESERVED)} where there are capacity_providers",
                repr(environment.project),
                f"it begins their names ({provider}), and AWS keeps those for its own",
            )
        other = provider.removeprefix(environment.physical_name(""))
        if other in environment.compute_environments:
            yield Problem(
                path, f"not be called like compute_environments.{other}", repr(provider), "their roles are the same"
            )


def _service_names(environment: Environment, name: str, service: ServiceSettings) -> Iterator[Problem]:
    path, physical_name = f"services.{name}", environment.physical_name(name)
    yield from name_problems("iam", path, execution_role_name(physical_name))
    if not isinstance(service, ReplicaService):
        return
    if isinstance(service.load_balancing, OwnLoadBalancer):
        yield from name_problems("load_balancers", path, physical_name)
    if service.ebs_volume or isinstance(service.deployment, ShiftedDeployment):
        yield from name_problems("iam", path, infrastructure_role_name(physical_name))


def _task_names(environment: Environment, name: str, task: RunTaskDefinition) -> Iterator[Problem]:
    path, physical_name = f"task_definitions.{name}", environment.physical_name(name)
    yield from name_problems("iam", path, execution_role_name(physical_name))
    if name in environment.services:
        yield Problem(
            path, f"not be called like services.{name}", repr(name), "both have a task definition of that name"
        )
    for short_name in task.schedules:
        yield from name_problems("schedules", f"{path}.schedules.{short_name}", f"{physical_name}-{short_name}")
    if task.schedules:
        yield from name_problems("iam", path, scheduler_role_name(physical_name))
