"""Names of what ECS has fit what AWS accepts, and are the names of one thing only."""

from collections.abc import Iterable, Iterator

from modules.batch.settings.compute_environments import role_names
from modules.ec2.settings import instance_role_name
from modules.ecs.names import (
    capacity_provider_name,
    execution_role_name,
    infrastructure_role_name,
    schedule_name,
    scheduler_role_name,
    task_role_name,
)
from modules.ecs.settings.capacity_providers import CapacityProviderSettings
from modules.ecs.settings.clusters import ClusterSettings
from modules.ecs.settings.deployments import ShiftedDeployment
from modules.ecs.settings.exposure import OwnLoadBalancer
from modules.ecs.settings.managed_instances import ManagedInstancesCapacityProvider
from modules.ecs.settings.run_tasks import RunTaskDefinition
from modules.ecs.settings.services import ReplicaService, ServiceSettings
from modules.naming import name_problems
from modules.problems import Problem
from modules.settings import skip_if_invalid
from stacks.environment_settings import EnvironmentSettings

# What is called something: its kind, in the plural, and its name.
Named = tuple[str, str]

# AWS keeps these beginnings for capacity providers of its own.
RESERVED = ("aws", "ecs", "fargate")


def check_service_names(environment: EnvironmentSettings) -> Iterator[Problem]:
    """Check the length of every name that follows from a short name, and that no two things share one."""
    for name, cluster in environment.clusters.items():
        yield from skip_if_invalid(_cluster_names(environment, name, cluster))
    for name, service in environment.services.items():
        yield from skip_if_invalid(_service_names(environment, name, service))
    for name, task in environment.task_definitions.items():
        yield from skip_if_invalid(_task_names(environment, name, task))
    owners: dict[Named, str] = {}
    for path, named in _all_named(environment):
        yield from skip_if_invalid(_given_once(path, named, owners))


def _cluster_names(environment: EnvironmentSettings, name: str, cluster: ClusterSettings) -> Iterator[Problem]:
    physical_name = environment.physical_name(name)
    yield from name_problems("ecs", f"clusters.{name}", physical_name)
    for short_name in cluster.capacity_providers:
        path = f"clusters.{name}.capacity_providers.{short_name}"
        provider = capacity_provider_name(physical_name, short_name)
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


def _service_names(environment: EnvironmentSettings, name: str, service: ServiceSettings) -> Iterator[Problem]:
    path, physical_name = f"services.{name}", environment.physical_name(name)
    yield from name_problems("iam", path, execution_role_name(physical_name))
    if not isinstance(service, ReplicaService):
        return
    if isinstance(service.load_balancing, OwnLoadBalancer):
        yield from name_problems("load_balancers", path, physical_name)
    if _has_infrastructure_role(service):
        yield from name_problems("iam", path, infrastructure_role_name(physical_name))


def _task_names(environment: EnvironmentSettings, name: str, task: RunTaskDefinition) -> Iterator[Problem]:
    path, physical_name = f"task_definitions.{name}", environment.physical_name(name)
    yield from name_problems("iam", path, execution_role_name(physical_name))
    for short_name in task.schedules:
        yield from name_problems(
            "schedules", f"{path}.schedules.{short_name}", schedule_name(physical_name, short_name)
        )
    if task.schedules:
        yield from name_problems("iam", path, scheduler_role_name(physical_name))


def _has_infrastructure_role(service: ServiceSettings) -> bool:
    return isinstance(service, ReplicaService) and (
        service.ebs_volume is not None or isinstance(service.deployment, ShiftedDeployment)
    )


def _given_once(path: str, named: Iterable[Named], owners: dict[Named, str]) -> Iterator[Problem]:
    """Check that what ``path`` names has names of its own: two short names joined may be those of two others."""
    met = set()
    for kind, name in named:
        first = owners.setdefault((kind, name), path)
        if first != path and first not in met:
            met.add(first)
            fix = f"two {kind} would be one; choose another name"
            yield Problem(path, f"give no name that {first} gives", repr(name), fix=fix)


def _all_named(environment: EnvironmentSettings) -> Iterator[tuple[str, Iterator[Named]]]:
    """Yield what each entry gives names to that another kind of entry, or one more short name, may give too."""
    for name, capacity in environment.compute_environments.items():
        roles = role_names(capacity, environment.physical_name(name))
        yield f"compute_environments.{name}", (("roles", role) for role in roles)
    for name, cluster in environment.clusters.items():
        for short_name, provider in cluster.capacity_providers.items():
            provider_name = capacity_provider_name(environment.physical_name(name), short_name)
            yield f"clusters.{name}.capacity_providers.{short_name}", _named_by_provider(provider_name, provider)
    for name, service in environment.services.items():
        yield f"services.{name}", _named_by_service(environment.physical_name(name), service)
    for name, task in environment.task_definitions.items():
        yield f"task_definitions.{name}", _named_by_task(environment.physical_name(name))
        for short_name in task.schedules:
            schedule = schedule_name(environment.physical_name(name), short_name)
            yield f"task_definitions.{name}.schedules.{short_name}", iter([("schedules", schedule)])


def _named_by_provider(name: str, provider: CapacityProviderSettings) -> Iterator[Named]:
    yield "capacity providers", name
    yield "roles", instance_role_name(name)
    if isinstance(provider, ManagedInstancesCapacityProvider):
        yield "roles", infrastructure_role_name(name)


def _named_by_service(name: str, service: ServiceSettings) -> Iterator[Named]:
    yield from _named_by_task(name)
    if _has_infrastructure_role(service):
        yield "roles", infrastructure_role_name(name)


def _named_by_task(name: str) -> Iterator[Named]:
    yield "task definitions", name
    yield "roles", task_role_name(name)
