"""Tasks fit the capacity that they are to run on. What never fits waits indefinitely, and instances start in vain."""

from collections.abc import Iterator, Sequence

from modules.ec2.available import ecs_available
from modules.ec2.instance_types import InstanceType
from modules.ecs.settings.capacity import FARGATE_PROVIDERS, CapacityShare
from modules.ecs.settings.capacity_providers import GroupCapacity
from modules.ecs.settings.clusters import AnyClusterSettings
from modules.ecs.settings.managed_instances import ManagedInstances
from modules.ecs.settings.placement import PlacementStrategy
from modules.ecs.settings.queue_workers import QueueWorkerService
from modules.ecs.settings.run_tasks import RunTaskDefinition
from modules.ecs.settings.services import DaemonService, ReplicaService, ServiceSettings
from modules.ecs.settings.tasks import Ec2Task, FargateTask, TaskSettings
from modules.ecs.tasks_per_instance import task_count_problems
from modules.problems import Problem, format_number, format_value
from modules.settings import skip_if_invalid

# What runs in a cluster: services and tasks to run.
InCluster = ServiceSettings | RunTaskDefinition


def capacity_problems(path: str, settings: InCluster, cluster: AnyClusterSettings) -> Iterator[Problem]:
    """Yield what keeps a service or task from running on the capacity that it, or its cluster by default, names."""
    where = f"clusters.{settings.cluster}"
    if isinstance(settings, DaemonService):
        yield from _has_instances(path, where, cluster)
        for name, provider in sorted(cluster.capacity_providers.items()):
            if isinstance(provider, GroupCapacity) and isinstance(settings.task, Ec2Task):
                for kind in provider.possible_types():
                    yield from _fits_type(path, settings.task, kind, name)
        return
    yield from cluster.share_problems(f"{path}.capacity", settings.capacity)
    for share in settings.capacity or cluster.default_capacity:
        yield from skip_if_invalid(_fits_share(path, settings.task, share, f"{where}.capacity_providers", cluster))
    if isinstance(settings, ReplicaService | QueueWorkerService):
        yield from skip_if_invalid(task_count_problems(path, settings, cluster))
    if isinstance(settings, ReplicaService) and settings.placement:
        yield from _is_placed(path, settings.placement, settings.capacity or cluster.default_capacity, cluster)


def _has_instances(path: str, where: str, cluster: AnyClusterSettings) -> Iterator[Problem]:
    if not any(isinstance(item, GroupCapacity) for item in cluster.capacity_providers.values()):
        yield Problem(
            f"{where}.capacity_providers",
            f"have an AutoScalingGroupCapacityProvider, made or existing, for {path}",
            "none",
            "a daemon service runs on every container instance, and the cluster has none",
        )


def _is_placed(
    path: str, placement: Sequence[PlacementStrategy], capacity: Sequence[CapacityShare], cluster: AnyClusterSettings
) -> Iterator[Problem]:
    if cluster.is_managed(capacity):
        yield Problem(
            f"{path}.placement",
            f"be left out on {', '.join(share.provider for share in capacity)}",
            ", ".join(strategy.type for strategy in placement),
            "ECS itself spreads tasks over managed instances",
            fix="choose instances with task.placement_constraints",
        )


def _fits_share(
    path: str, task: TaskSettings, share: CapacityShare, where: str, cluster: AnyClusterSettings
) -> Iterator[Problem]:
    on_fargate = share.provider in FARGATE_PROVIDERS
    provider = cluster.capacity_providers.get(share.provider)
    if on_fargate or provider is not None:
        yield from _right_kind(path, task, share.provider, on_fargate=on_fargate)
    if not isinstance(task, Ec2Task):
        return
    match provider:
        case GroupCapacity():
            for kind in provider.possible_types():
                yield from _fits_type(path, task, kind, share.provider)
        case ManagedInstances():
            yield from _fits_managed(path, task, provider, f"{where}.{share.provider}")


def _right_kind(path: str, task: TaskSettings, provider: str, *, on_fargate: bool) -> Iterator[Problem]:
    if on_fargate != isinstance(task, FargateTask):
        wanted = "a FargateTask" if on_fargate else "an Ec2Task"
        fix = "choose another capacity" if on_fargate else "choose FARGATE or FARGATE_SPOT"
        yield Problem(f"{path}.task", f"be {wanted} on {provider}", format_value(task), fix=fix)


def _fits_type(path: str, task: Ec2Task, kind: InstanceType, provider: str) -> Iterator[Problem]:
    """Check the task against one type: ECS starts whichever it gets, and a task too large for it waits indefinitely."""
    on_type = f"to fit on {kind.name}, which {provider} may start"
    fix = "choose larger instance types, or make the task smaller"
    if task.vcpus > kind.vcpus:
        yield Problem(f"{path}.task.vcpus", f"be at most {kind.vcpus} {on_type}", format_number(task.vcpus), fix=fix)
    memory = ecs_available(kind).memory_mib
    if task.memory_mib > memory:
        rule = f"be at most {memory:,} {on_type}"
        yield Problem(
            f"{path}.task.memory_mib",
            rule,
            format_value(task.memory_mib),
            f"the instance has {kind.memory_mib:,}, some of them for itself",
            fix=fix,
        )
    if task.gpus > kind.gpus:
        yield Problem(
            f"{path}.task.containers", f"have at most {kind.gpus} gpus {on_type}", format_value(task.gpus), fix
        )
    if kind.architecture != task.architecture.lower():
        yield _other_architecture(path, task, kind.architecture.upper(), provider)


def _fits_managed(path: str, task: Ec2Task, provider: ManagedInstances, where: str) -> Iterator[Problem]:
    name = where.rpartition(".")[2]
    bounds = (
        (task.vcpus, provider.vcpus.max, "vcpus"),
        (task.memory_mib, provider.memory_mib.max, "memory_mib"),
        (task.gpus, provider.gpus.max if provider.gpus else 0, "gpus"),
    )
    beyond = [(wanted, most, setting) for wanted, most, setting in bounds if most is not None and wanted > most]
    for wanted, most, setting in beyond:
        yield Problem(
            f"{where}.{setting}",
            f"allow {wanted:,.10g} for {path}",
            format_value(most),
            "otherwise no instance has room for the task",
        )
    if not beyond:
        yield from _fits_some_type(path, task, provider.possible_types(), name)
    if task.architecture != provider.architecture:
        yield _other_architecture(path, task, provider.architecture, name)
    if task.network_mode == "bridge":
        yield Problem(
            f"{path}.task.network_mode",
            f"be awsvpc or host on {name}",
            "'bridge'",
            "managed instances support no bridge",
        )


def _fits_some_type(path: str, task: Ec2Task, types: Sequence[InstanceType], provider: str) -> Iterator[Problem]:
    """Check the task against all types: ECS starts one that it fits on."""
    rooms = [(kind, ecs_available(kind).memory_mib) for kind in types]
    if any(task.vcpus <= kind.vcpus and task.memory_mib <= memory and task.gpus <= kind.gpus for kind, memory in rooms):
        return
    for largest, memory in rooms[-1:]:
        yield Problem(
            f"{path}.task",
            f"fit on an instance type that {provider} may launch",
            f"{format_number(task.vcpus)} vCPUs, {task.memory_mib:,} MiB and {task.gpus} GPUs",
            f"{largest.name}, the largest, has room for {largest.vcpus:,}, {memory:,} and {largest.gpus}",
        )


def _other_architecture(path: str, task: Ec2Task, architecture: str, provider: str) -> Problem:
    return Problem(
        f"{path}.task.architecture",
        f"be {architecture} on {provider}",
        repr(task.architecture),
        "an image built for one does not start on the other",
    )
