"""Whether a job can ever run in a compute environment. What never fits waits in RUNNABLE indefinitely.

Pure functions over settings; the instance types come from the table kept in ``modules/ec2``.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from modules.batch.settings.any_compute_environments import (
    AnyComputeEnvironmentSettings,
    ComputeEnvironmentSettings,
    ManagedCapacity,
)
from modules.batch.settings.any_job_definitions import AnyJobDefinitionSettings, EcsJobDefinition, JobDefinitionSettings
from modules.batch.settings.compute_environments import (
    Ec2ComputeEnvironment,
    FargateCapacity,
    SpotComputeEnvironment,
    UnmanagedComputeEnvironment,
)
from modules.batch.settings.containers import Ec2ContainerSettings
from modules.batch.settings.eks_compute_environments import EksCapacity
from modules.batch.settings.eks_job_definitions import EksContainer, EksJobDefinition
from modules.batch.settings.existing_compute_environments import ExistingComputeEnvironment
from modules.batch.settings.existing_job_definitions import (
    ExistingEksJobDefinition,
    ExistingJobDefinition,
    ExistingMultiNodeJobDefinition,
)
from modules.batch.settings.job_definitions import (
    Ec2JobDefinition,
    Ec2MultiContainerJobDefinition,
    FargateJobDefinition,
    FargateMultiContainerJobDefinition,
    MultiNodeJobDefinition,
)
from modules.batch.settings.job_logs import AGENT_DRIVERS
from modules.ec2.available import Available, ecs_available, eks_available
from modules.ec2.instance_choice import InstanceChoice
from modules.ec2.instance_types import InstanceType, smallest_type, types_of_family
from modules.ec2.settings import LaunchTemplateSettings
from modules.problems import class_rule, format_count, format_number, format_value

# What tells the ECS agent of an instance about further log drivers.
LOG_DRIVERS_VARIABLE = "ECS_AVAILABLE_LOGGING_DRIVERS"

Size = tuple[float, int, int]  # vCPUs, memory in MiB, GPUs

FARGATE = FargateCapacity.kind
INSTANCES = Ec2ComputeEnvironment, SpotComputeEnvironment, UnmanagedComputeEnvironment


@dataclass(frozen=True)
class Requested:
    """What a job needs of one instance, and how many such instances at once."""

    vcpus: float
    memory_mib: int
    gpus: int
    architecture: str
    nodes: int = 1

    def __str__(self) -> str:
        return f"{_vcpus(self.vcpus)}, {self.memory_mib:,} MiB{_gpus(self.gpus)}, {self.architecture}"


@dataclass(frozen=True)
class Mismatch:
    """Why a job can never run in an environment: what the environment would have to do, and what it has."""

    rule: str
    got: str
    fix: str


def requested(job: JobDefinitionSettings) -> Requested:
    """Return what each instance of ``job`` has to have.

    The nodes of a multi-node job are of one instance type, which therefore has to do for each of its groups.
    """
    match job:
        case FargateJobDefinition() | FargateMultiContainerJobDefinition():
            return Requested(job.vcpus, job.memory_mib, 0, job.architecture)
        case Ec2JobDefinition():
            return Requested(job.vcpus, job.memory_mib, job.gpus, job.architecture)
        case MultiNodeJobDefinition():
            size = _each(max, map(_size, job.node_groups))
            return Requested(*size, job.node_groups[0].architecture, job.node_count)
        case Ec2MultiContainerJobDefinition():
            containers = list(job.containers.values())
            return Requested(*_each(sum, map(_size, containers)), containers[0].architecture)
        case EksJobDefinition():
            together = _each(sum, map(_size, job.containers.values()))
            # All containers at once, or one that runs before them if it is larger.
            return Requested(*_each(max, [together, *map(_size, job.init_containers)]), job.architecture)
    raise TypeError(f"{type(job).__name__} is not a kind of job definition")


def mismatches(job: AnyJobDefinitionSettings, environment: AnyComputeEnvironmentSettings) -> Iterator[Mismatch]:
    """Yield every reason why ``job`` can never run in ``environment``; nothing if it can."""
    if wrong_kind := _wrong_kind(job, environment):
        yield wrong_kind
        return
    if not isinstance(job, JobDefinitionSettings):
        return  # how much it asks for, only its owner can say
    wanted = requested(job)
    if environment.capacity_kind != FARGATE and _has_known_types(environment):
        yield from _instance_problems(job, wanted, environment)
        if isinstance(job, EcsJobDefinition):
            yield from _unknown_log_drivers(job, environment)
    if isinstance(environment, UnmanagedComputeEnvironment) and environment.instance_count == 0:
        yield Mismatch("have an instance_count of at least 1", "0", "otherwise jobs wait indefinitely")
    if isinstance(environment, ManagedCapacity | ExistingComputeEnvironment) and environment.max_vcpus is not None:
        needed = wanted.nodes * vcpus_of_a_node(job, environment)
        if needed > environment.max_vcpus:
            rule = f"have max_vcpus of at least {format_number(needed)}, which the job needs"
            yield Mismatch(rule, f"{environment.max_vcpus:,}", "raise it")


def vcpus_of_a_node(job: JobDefinitionSettings, environment: ManagedCapacity | ExistingComputeEnvironment) -> float:
    """Return how much of ``max_vcpus`` a job takes; each node of a multi-node job a whole instance."""
    wanted = requested(job)
    if not isinstance(job, MultiNodeJobDefinition) or isinstance(environment, FargateCapacity):
        return wanted.vcpus
    types = [kind for kind in environment.possible_types() if job.instance_type in {None, kind.name}]
    smallest = smallest_type(kind for kind in types if _fits(wanted, kind, environment))
    return smallest.vcpus if smallest else wanted.vcpus


def _size(container: Ec2ContainerSettings | EksContainer) -> Size:
    return container.vcpus, container.memory_mib, container.gpus


def _each(join: Callable[[Iterable[Any]], Any], sizes: Iterable[Size]) -> Size:
    """Return sizes as one: vCPUs, memory and GPUs each joined, by their sum or their maximum."""
    vcpus, memory_mib, gpus = map(join, zip(*sizes, strict=True))
    return vcpus, memory_mib, gpus


def _has_known_types(environment: AnyComputeEnvironmentSettings) -> bool:
    return isinstance(environment, ComputeEnvironmentSettings) or bool(environment.possible_types())


def _wrong_kind(job: AnyJobDefinitionSettings, environment: AnyComputeEnvironmentSettings) -> Mismatch | None:
    """Return the mismatch of a job in an environment of another kind altogether."""
    allowed: tuple[type[ComputeEnvironmentSettings], ...]
    match job:
        case FargateJobDefinition() | FargateMultiContainerJobDefinition():
            allowed = (FargateCapacity,)
        case EksJobDefinition() | ExistingEksJobDefinition():
            allowed = (EksCapacity,)
        case MultiNodeJobDefinition() | ExistingMultiNodeJobDefinition():
            # Batch runs these neither on Fargate nor on Spot: one node that is taken away would end all of them.
            allowed = (Ec2ComputeEnvironment,)
        case ExistingJobDefinition():
            allowed = (FargateCapacity, *INSTANCES)
        case _:
            allowed = INSTANCES
    if isinstance(environment, ExistingComputeEnvironment):
        kinds = sorted({kind.kind for kind in allowed})
        if environment.kind in kinds:
            return None
        return Mismatch(f"be of {' or '.join(kinds)} for {format_value(job)}", repr(environment.kind), "")
    if isinstance(environment, allowed):
        return None
    names = ", ".join(kind.__name__ for kind in allowed)
    rule = class_rule(allowed[0]) if len(allowed) == 1 else f"be one of {names}"
    multi_node = isinstance(job, MultiNodeJobDefinition | ExistingMultiNodeJobDefinition)
    spot = multi_node and isinstance(environment, SpotComputeEnvironment)
    fix = "a Spot interruption of one node would end the whole job" if spot else ""
    return Mismatch(f"{rule} for {format_value(job)}", format_value(environment), fix)


def _instance_problems(
    job: JobDefinitionSettings, wanted: Requested, environment: AnyComputeEnvironmentSettings
) -> Iterator[Mismatch]:
    types = environment.possible_types()
    if isinstance(job, MultiNodeJobDefinition) and job.instance_type:
        chosen = tuple(kind for kind in types if kind.name == job.instance_type)
        if not chosen:
            rule = f"have {job.instance_type}, the job's instance_type"
            yield Mismatch(rule, _names(types), "add it or choose another")
            return
        types = chosen
    if not any(_fits(wanted, kind, environment) for kind in types):
        rule, fix = f"have an instance type with {wanted}", _suggestion(wanted, types, environment)
        yield Mismatch(rule, _largest(types, environment), fix)


def _unknown_log_drivers(job: EcsJobDefinition, environment: AnyComputeEnvironmentSettings) -> Iterator[Mismatch]:
    """Yield a mismatch for each log driver that the instances' agent takes no tasks for."""
    match environment:
        case UnmanagedComputeEnvironment(instance_count=None):
            return  # the instances are somebody else's
        case InstanceChoice(image_id=None, launch_template=LaunchTemplateSettings(user_data=script)):
            drivers = {container.logs.log_driver for container in job.containers_by_path().values()}
            for driver in sorted(drivers - set(AGENT_DRIVERS)) if LOG_DRIVERS_VARIABLE not in script else ():
                variable = f"{LOG_DRIVERS_VARIABLE} in /etc/ecs/ecs.config"
                rule = f"have launch_template.user_data that adds {driver} to {variable}"
                yield Mismatch(rule, "none that does", "the agent takes no job that logs there")


def _fits(wanted: Requested, kind: InstanceType, environment: AnyComputeEnvironmentSettings) -> bool:
    available = _available(kind, environment)
    return (
        available.vcpus >= wanted.vcpus
        and available.memory_mib >= wanted.memory_mib
        and kind.gpus >= wanted.gpus
        and kind.architecture == wanted.architecture.lower()
    )


def _available(kind: InstanceType, environment: AnyComputeEnvironmentSettings) -> Available:
    return eks_available(kind) if environment.capacity_kind == EksCapacity.kind else ecs_available(kind)


def _suggestion(wanted: Requested, types: Iterable[InstanceType], environment: AnyComputeEnvironmentSettings) -> str:
    """Return the smallest type of the families of ``types`` that would do."""
    families = sorted({kind.family for kind in types})
    candidates = [kind for family in families for kind in types_of_family(family)]
    smallest = smallest_type(kind for kind in candidates if _fits(wanted, kind, environment))
    listed = ", ".join(families) or "none"
    if smallest is None:
        return f"no type of these families does: {listed}"
    return f"the smallest of these families ({listed}) that does is {smallest.name}"


def _largest(types: Iterable[InstanceType], environment: AnyComputeEnvironmentSettings) -> str:
    """Return what the largest of ``types`` offers."""
    largest = max(types, key=lambda kind: kind.size, default=None)
    if largest is None:
        return "no known instance type"
    available = _available(largest, environment)
    part = "" if available.vcpus == largest.vcpus else f"{format_number(available.vcpus)} of "
    memory = f"{available.memory_mib:,} MiB of {largest.memory_mib:,} for jobs"
    size = f"{part}{_vcpus(largest.vcpus)}, {memory}{_gpus(largest.gpus)}"
    return f"at most {largest.name} ({size}, {largest.architecture})"


def _vcpus(count: float) -> str:
    return f"{format_number(count)} vCPU{'' if count == 1 else 's'}"


def _gpus(count: int) -> str:
    return f", {format_count(count, 'GPU')}" if count else ""


def _names(types: Iterable[InstanceType]) -> str:
    names = [kind.name for kind in types]
    return ", ".join(names[:5]) + (f" and {len(names) - 5} more" if len(names) > 5 else "")
