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
from modules.ecs.settings.services import DaemonService, ReplicaService
from modules.ecs.settings.tasks import Ec2Task, FargateTask, InCluster, TaskSettings
from modules.ecs.tasks_per_instance import task_count_problems
from modules.problems import Problem, format_number, format_value
from modules.settings import skip_if_invalid


def capacity_problems(path: str, settings: InCluster, cluster: AnyClusterSettings) -> Iterator[Problem]:
    """Yield what keeps a service or task from running on the capacity that it, or its cluster by default, names."""
    where = f"clusters.{settings.cluster}.capacity_providers"
    if isinstance(settings, DaemonService):
        yield from _daemon_problems(path, settings.task, where, cluster)
        return
    yield from cluster.share_problems(f"{path}.capacity", settings.capacity)
    for share in cluster.shares(settings.capacity):
        yield from skip_if_invalid(_share_problems(path, settings.task, share, where, cluster))
    if isinstance(settings, ReplicaService | QueueWorkerService):
        yield from skip_if_invalid(task_count_problems(path, settings, cluster))
    if isinstance(settings, ReplicaService) and settings.placement:
        yield from _placement_problems(path, settings.placement, cluster.shares(settings.capacity), cluster)


def _daemon_problems(path: str, task: TaskSettings, where: str, cluster: AnyClusterSettings) -> Iterator[Problem]:
    providers = sorted(cluster.capacity_providers.items())
    groups = {name: provider for name, provider in providers if isinstance(provider, GroupCapacity)}
    if not groups:
        rule = f"have an AutoScalingGroupCapacityProvider, made or existing, for {path}"
        yield Problem(where, rule, "none", "a daemon service runs on every container instance, and there is none")
    if isinstance(task, Ec2Task):
        for name, provider in groups.items():
            for kind in provider.possible_types():
                yield from _type_problems(path, task, kind, name)


def _placement_problems(
    path: str, placement: Sequence[PlacementStrategy], capacity: Sequence[CapacityShare], cluster: AnyClusterSettings
) -> Iterator[Problem]:
    if cluster.is_managed(capacity):
        rule = f"be left out on {', '.join(share.provider for share in capacity)}"
        reason = "ECS itself spreads tasks over managed instances"
        fix = "choose instances with task.placement_constraints"
        yield Problem(f"{path}.placement", rule, ", ".join(strategy.type for strategy in placement), reason, fix)


def _share_problems(
    path: str, task: TaskSettings, share: CapacityShare, where: str, cluster: AnyClusterSettings
) -> Iterator[Problem]:
    on_fargate = share.provider in FARGATE_PROVIDERS
    provider = cluster.capacity_providers.get(share.provider)
    if on_fargate or provider is not None:
        yield from _kind_problems(path, task, share.provider, on_fargate=on_fargate)
    if not isinstance(task, Ec2Task):
        return
    match provider:
        case GroupCapacity():
            for kind in provider.possible_types():
                yield from _type_problems(path, task, kind, share.provider)
        case ManagedInstances():
            yield from _managed_problems(path, task, provider, f"{where}.{share.provider}")


def _kind_problems(path: str, task: TaskSettings, provider: str, *, on_fargate: bool) -> Iterator[Problem]:
    if on_fargate != isinstance(task, FargateTask):
        wanted = "a FargateTask" if on_fargate else "an Ec2Task"
        fix = "choose another capacity" if on_fargate else "choose FARGATE or FARGATE_SPOT"
        yield Problem(f"{path}.task", f"be {wanted} on {provider}", format_value(task), fix=fix)


def _type_problems(path: str, task: Ec2Task, kind: InstanceType, provider: str) -> Iterator[Problem]:
    """Check the task against one type: ECS starts whichever it gets, and a task too large for it waits indefinitely."""
    on_type = f"to fit on {kind.name}, which {provider} may start"
    fix = "choose larger instance types, or make the task smaller"
    if task.vcpus > kind.vcpus:
        yield Problem(f"{path}.task.vcpus", f"be at most {kind.vcpus} {on_type}", format_number(task.vcpus), fix=fix)
    memory = ecs_available(kind).memory_mib
    if task.memory_mib > memory:
        rule = f"be at most {memory:,} {on_type}"
        reason = f"the instance has {kind.memory_mib:,}, some of them for itself"
        yield Problem(f"{path}.task.memory_mib", rule, format_value(task.memory_mib), reason, fix)
    if task.gpus > kind.gpus:
        rule = f"have at most {kind.gpus} gpus {on_type}"
        yield Problem(f"{path}.task.containers", rule, format_value(task.gpus), fix=fix)
    if kind.architecture != task.architecture.lower():
        yield _other_architecture(path, task, kind.architecture.upper(), provider)


def _managed_problems(path: str, task: Ec2Task, provider: ManagedInstances, where: str) -> Iterator[Problem]:
    name = where.rpartition(".")[2]
    bounds = (
        (task.vcpus, provider.vcpus.max, "vcpus"),
        (task.memory_mib, provider.memory_mib.max, "memory_mib"),
        (task.gpus, provider.gpus.max if provider.gpus else 0, "gpus"),
    )
    beyond = [(wanted, most, setting) for wanted, most, setting in bounds if most is not None and wanted > most]
    for wanted, most, setting in beyond:
        rule = f"allow {wanted:,.10g} for {path}"
        yield Problem(f"{where}.{setting}", rule, format_value(most), "otherwise the task fits on no instance")
    if not beyond:
        yield from _choice_problems(path, task, provider.possible_types(), name)
    if task.architecture != provider.architecture:
        yield _other_architecture(path, task, provider.architecture, name)
    if task.network_mode == "bridge":
        rule = f"be awsvpc or host on {name}"
        yield Problem(f"{path}.task.network_mode", rule, "'bridge'", "managed instances do not support bridge")


def _choice_problems(path: str, task: Ec2Task, types: Sequence[InstanceType], provider: str) -> Iterator[Problem]:
    """Check the task against all types: ECS starts one that it fits on."""
    rooms = [(kind, ecs_available(kind).memory_mib) for kind in types]
    if any(task.vcpus <= kind.vcpus and task.memory_mib <= memory and task.gpus <= kind.gpus for kind, memory in rooms):
        return
    for largest, memory in rooms[-1:]:
        got = f"{format_number(task.vcpus)} vCPUs, {task.memory_mib:,} MiB and {task.gpus} GPUs"
        reason = f"{largest.name}, the largest, has {largest.vcpus:,}, {memory:,} and {largest.gpus} available"
        yield Problem(f"{path}.task", f"fit on an instance type that {provider} may launch", got, reason)


def _other_architecture(path: str, task: Ec2Task, architecture: str, provider: str) -> Problem:
    rule, reason = f"be {architecture} on {provider}", "an image built for one does not start on the other"
    return Problem(f"{path}.task.architecture", rule, repr(task.architecture), reason)
