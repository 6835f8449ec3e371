"""Tasks fit the capacity that they are to run on. What never fits waits indefinitely, and instances start in vain."""

import math
from collections.abc import Iterator, Mapping

from modules.ecs.capacity_fit import capacity_problems
from modules.ecs.settings.capacity_providers import GroupCapacity
from modules.ecs.settings.clusters import AnyClusterSettings
from modules.ecs.settings.queue_workers import QueueWorkerService
from modules.ecs.settings.services import DaemonService, ReplicaService
from modules.ecs.settings.tasks import CPU_UNITS, Ec2Task, InCluster
from modules.ecs.tasks_per_instance import Amounts, held_by, least_on, taken_by, task_count
from modules.problems import Problem, format_number, format_value
from modules.settings import skip_if_invalid
from stacks.environment_settings import EnvironmentSettings
from stacks.rules.services import in_clusters


def check_task_capacity(environment: EnvironmentSettings) -> Iterator[Problem]:
    """Check every service and task definition against the capacity providers it names, or its cluster's default."""
    for path, settings in in_clusters(environment).items():
        cluster = environment.clusters.get(settings.cluster)
        if cluster is not None:
            yield from skip_if_invalid(capacity_problems(path, settings, cluster))


def check_shared_instances(environment: EnvironmentSettings) -> Iterator[Problem]:
    """Check what shares the instances of a group: daemons are on each of them, services side by side."""
    for name, cluster in environment.clusters.items():
        inside = {path: item for path, item in in_clusters(environment).items() if item.cluster == name}
        for short_name, provider in sorted(cluster.capacity_providers.items()):
            if isinstance(provider, GroupCapacity):
                where = f"clusters.{name}.capacity_providers.{short_name}"
                yield from skip_if_invalid(_daemon_problems(inside, cluster, short_name, provider))
                yield from skip_if_invalid(_coexistence_problems(where, inside, cluster, short_name, provider))


def _daemon_problems(
    inside: Mapping[str, InCluster], cluster: AnyClusterSettings, name: str, provider: GroupCapacity
) -> Iterator[Problem]:
    """Check that each task fits on an instance on which ECS has set its part aside for every daemon."""
    daemons = _daemons(inside, cluster)
    for path, item in inside.items():
        placed = not isinstance(item, DaemonService) and any(
            share.provider == name for share in cluster.shares(item.capacity)
        )
        if not placed or not isinstance(item.task, Ec2Task):
            continue
        task = taken_by(item.task, cluster)
        for kind in provider.possible_types():
            available = held_by(kind)
            left = available.without(daemons.values())
            if available.covers(task) and not left.covers(task):
                rule = f"fit on {kind.name}, which {name} may start, beside {', '.join(daemons)}"
                reason = f"a daemon service runs on every instance, and leaves {_worded(left)}"
                fix = "choose larger instance types, or make the task smaller"
                yield Problem(f"{path}.task", rule, _worded(task), reason, fix)
                break


def _coexistence_problems(
    where: str,
    inside: Mapping[str, InCluster],
    cluster: AnyClusterSettings,
    name: str,
    provider: GroupCapacity,
) -> Iterator[Problem]:
    """Check that the tasks that several services always have fit together, if they were packed without a gap."""
    wanted: dict[str, Amounts] = {}
    for path, item in inside.items():
        if isinstance(item, ReplicaService | QueueWorkerService) and isinstance(item.task, Ec2Task):
            shares, least = cluster.shares(item.capacity), task_count(item).least_tasks
            count = sum(least_on(share, shares, least) for share in shares if share.provider == name)
            each = taken_by(item.task, cluster)
            if count:
                wanted[path] = Amounts(*(count * amount for amount in each))
    rooms = [held_by(kind).without(_daemons(inside, cluster).values()) for kind in provider.possible_types()]
    if len(wanted) < 2 or not rooms:
        return
    largest = [max(amounts) for amounts in zip(*rooms, strict=True)]
    together = [sum(amounts) for amounts in zip(*wanted.values(), strict=True)]
    counts = [math.ceil(asked / has) for asked, has in zip(together, largest, strict=True) if asked and has > 0]
    needed = max(counts, default=0)
    if needed > provider.max_instances:
        rule, got = f"be at least {needed:,} for {', '.join(wanted)}", format_value(provider.max_instances)
        reason = "together they always have more tasks than that many instances hold"
        yield Problem(f"{where}.max_instances", rule, got, reason, "raise it, or have fewer tasks")


def _daemons(inside: Mapping[str, InCluster], cluster: AnyClusterSettings) -> dict[str, Amounts]:
    """Return what each daemon takes of every instance; one with constraints may leave some out."""
    return {
        path: taken_by(item.task, cluster)
        for path, item in inside.items()
        if isinstance(item, DaemonService) and isinstance(item.task, Ec2Task) and not item.task.placement_constraints
    }


def _worded(amounts: Amounts) -> str:
    vcpus = f"{format_number(amounts.cpu_units / CPU_UNITS)} vCPUs"
    return f"{vcpus}, {amounts.memory_mib:,} MiB, {amounts.gpus} GPUs and {amounts.interfaces} network interfaces"
