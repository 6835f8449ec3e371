"""How many tasks the instances of a capacity provider can run at once, and how many a service may have.

A task that does not fit waits until another ends: a service that needs it for each deployment gets no new revision.
"""

import math
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from modules.ec2.available import ecs_available
from modules.ec2.instance_types import InstanceType
from modules.ecs.settings.capacity import CapacityShare
from modules.ecs.settings.capacity_providers import GroupCapacity
from modules.ecs.settings.clusters import AnyClusterSettings
from modules.ecs.settings.deployments import RollingDeployment
from modules.ecs.settings.queue_workers import QueueWorkerService
from modules.ecs.settings.scaling import TaskCount, TaskLimits
from modules.ecs.settings.services import ReplicaService
from modules.ecs.settings.tasks import CPU_UNITS, Ec2Task
from modules.problems import Problem, format_value

Counted = ReplicaService | QueueWorkerService


class Amounts(NamedTuple):
    """What a task takes of an instance, or an instance has for tasks."""

    cpu_units: int
    memory_mib: int
    gpus: int
    interfaces: int

    def without(self, others: Iterable["Amounts"]) -> "Amounts":
        """Return what is left once each of ``others`` has its part."""
        return Amounts(*(has - sum(taken) for has, *taken in zip(self, *others, strict=True)))

    def covers(self, wanted: "Amounts") -> bool:
        """Return whether ``wanted`` fits into this."""
        return all(asked <= has for has, asked in zip(self, wanted, strict=True) if asked)


# What the amounts are called, for people.
CALLED = ("vCPUs", "memory", "GPUs", "network interfaces")


class TasksPerInstance(NamedTuple):
    """How many tasks one instance can run at once, and which resource is then exhausted."""

    tasks: int
    exhausted: str


def taken_by(task: Ec2Task, cluster: AnyClusterSettings) -> Amounts:
    """Return what ``task`` takes; with trunking its interface does not count as one of the instance's."""
    has_interface = task.network_mode == "awsvpc" and not cluster.network_interface_trunking
    return Amounts(task.cpu_units, task.memory_mib, task.gpus, int(has_interface))


def held_by(kind: InstanceType) -> Amounts:
    """Return what an instance of ``kind`` has for tasks: one of its interfaces is its own."""
    return Amounts(kind.vcpus * CPU_UNITS, ecs_available(kind).memory_mib, kind.gpus, kind.max_interfaces - 1)


def tasks_per_instance(
    task: Ec2Task, kind: InstanceType, cluster: AnyClusterSettings, *, apart: bool
) -> TasksPerInstance:
    """Return how many of ``task`` fit on an instance of ``kind``; ``apart``: no two may be on one instance."""
    amounts = zip(CALLED, held_by(kind), taken_by(task, cluster), strict=True)
    limits = [TasksPerInstance(has // asked, called) for called, has, asked in amounts if asked]
    if task.network_mode == "host" and any(container.ports for container in task.containers.values()):
        limits.append(TasksPerInstance(1, "ports of the host"))
    if apart:
        limits.append(TasksPerInstance(1, "capacity for a task of a service with distinct_instances"))
    return min(limits, key=lambda limit: limit.tasks)


def task_count_problems(path: str, service: Counted, cluster: AnyClusterSettings) -> Iterator[Problem]:
    """Yield where the tasks of ``service`` are more than the groups they run on can ever hold."""
    if not isinstance(service.task, Ec2Task):
        return
    shares, at = cluster.shares(service.capacity), "tasks." if isinstance(service, ReplicaService) else ""
    for share in shares:
        provider = cluster.capacity_providers.get(share.provider)
        types = provider.possible_types() if isinstance(provider, GroupCapacity) else ()
        if not isinstance(provider, GroupCapacity) or not types:
            continue
        apart = isinstance(service, ReplicaService) and service.distinct_instances
        limits = ((tasks_per_instance(service.task, kind, cluster, apart=apart), kind) for kind in types)
        # The most that there can be: a group that starts smaller types has less.
        each, kind = max(limits, key=lambda limit: limit[0].tasks)
        if not each.tasks:  # reported where one task is checked against one instance
            continue
        most = each.tasks * provider.max_instances
        held = f"a {kind.name} has no more {each.exhausted} beside {each.tasks:,}"
        reason = f"{held}, and max_instances is {provider.max_instances:,}"
        allowed = task_count(service).most_tasks.items()
        too_many = {where: count for where, count in allowed if least_on(share, shares, count) > most}
        for where, count in too_many.items():
            got = f"{least_on(share, shares, count):,} of {count:,}" if len(shares) > 1 else format_value(count)
            rule = f"put at most {most:,} tasks on {share.provider}"
            fix = "raise max_instances, choose larger instance types, or have fewer tasks"
            yield Problem(f"{path}.{at}{where}", rule, got, f"{reason}; the rest would never start", fix)
        together = least_on(share, shares, least_while_deploying(service))
        if together > most and not too_many:
            rule = f"put at most {most:,} tasks on {share.provider}, of the old revision and the new"
            reason = f"{reason}; the new revision would wait indefinitely"
            fix = "lower min_healthy_percent of a RollingDeployment, or raise max_instances"
            yield Problem(f"{path}.deployment", rule, format_value(together), reason, fix)


def task_count(service: Counted) -> TaskCount | TaskLimits:
    """Return what says how many tasks there are."""
    return service.tasks if isinstance(service, ReplicaService) else service


def least_while_deploying(service: Counted) -> int:
    """Return how many tasks there must be at once for a new revision to take over, when there are fewest."""
    count = task_count(service).least_tasks
    if not isinstance(service.deployment, RollingDeployment):
        return 2 * count
    may_stop_first = math.ceil(count * service.deployment.min_healthy_percent / 100) < count
    return count if may_stop_first or not count else count + 1


def least_on(share: CapacityShare, shares: Sequence[CapacityShare], count: int) -> int:
    """Return how many of ``count`` tasks ECS puts on ``share`` at least: its base, then its part of the rest."""
    weights = sum(item.weight for item in shares)
    rest = max(count - sum(item.base for item in shares), 0)
    return min(count, share.base) + (rest * share.weight // weights if weights else 0)
