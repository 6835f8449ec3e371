"""Whether a job can ever run in a compute environment. What never fits waits in RUNNABLE for ever.

Pure functions over settings; the instance types come from the table kept in ``modules/ec2``.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from modules.batch.settings.compute_environments import (
    ComputeEnvironmentSettings,
    Ec2ComputeEnvironment,
    FargateCapacity,
    InstanceCapacity,
    ManagedCapacity,
    SpotComputeEnvironment,
    UnmanagedComputeEnvironment,
)
from modules.batch.settings.eks_compute_environments import EksCapacity
from modules.batch.settings.job_definitions import (
    Ec2JobDefinition,
    Ec2MultiContainerJobDefinition,
    EksJobDefinition,
    FargateJobDefinition,
    FargateMultiContainerJobDefinition,
    JobDefinitionSettings,
    MultiNodeJobDefinition,
)
from modules.ec2.instance_types import InstanceType, smallest_type, types_of_family

# The kernel and the firmware keep a part of an instance's memory (2.5 % of the m4.large in the Batch user guide), the
# ECS agent 32 MiB. AWS publishes no figures for the rest; with these a job that is said to fit does.
USABLE_PERCENT = 95
AGENT_MIB = 32


@dataclass(frozen=True)
class Demand:
    """What a job needs of one instance, and how many such instances at once."""

    vcpus: float
    memory_mib: int
    gpus: int
    architecture: str
    nodes: int = 1

    def __str__(self) -> str:
        gpus = f", {self.gpus} GPU{'s' if self.gpus > 1 else ''}" if self.gpus else ""
        return f"{self.vcpus:g} vCPUs, {self.memory_mib:,} MiB{gpus}, {self.architecture}"


@dataclass(frozen=True)
class Misfit:
    """Why a job can never run in an environment: what the environment would have to do, and what it has."""

    rule: str
    got: str
    fix: str


def usable_memory_mib(kind: InstanceType) -> int:
    """Return the memory of an instance that jobs can have, in MiB."""
    return kind.memory_mib * USABLE_PERCENT // 100 - AGENT_MIB


def demands(job: JobDefinitionSettings) -> list[Demand]:
    """Return what each instance of ``job`` has to have; several where node groups differ."""
    match job:
        case FargateJobDefinition() | FargateMultiContainerJobDefinition():
            return [Demand(job.vcpus, job.memory_mib, 0, job.architecture)]
        case Ec2JobDefinition():
            return [Demand(job.vcpus, job.memory_mib, job.gpus, job.architecture)]
        case MultiNodeJobDefinition():
            return [
                Demand(group.vcpus, group.memory_mib, group.gpus, group.architecture, group.node_count)
                for group in job.node_groups
            ]
        case Ec2MultiContainerJobDefinition():
            containers = list(job.group.values())
            return [
                Demand(
                    sum(item.vcpus for item in containers),
                    sum(item.memory_mib for item in containers),
                    sum(item.gpus for item in containers),
                    containers[0].architecture,
                )
            ]
        case EksJobDefinition():
            pods = list(job.group.values())
            return [
                Demand(
                    sum(item.vcpus for item in pods),
                    sum(item.memory_mib for item in pods),
                    sum(item.gpus for item in pods),
                    job.architecture,
                )
            ]
    raise TypeError(f"{type(job).__name__} is not a kind of job definition")


def misfits(job: JobDefinitionSettings, environment: ComputeEnvironmentSettings) -> Iterator[Misfit]:
    """Yield every reason why ``job`` can never run in ``environment``; nothing if it can."""
    wrong_kind = _wrong_kind(job, environment)
    if wrong_kind:
        yield wrong_kind
        return
    wanted = demands(job)
    if not isinstance(environment, FargateCapacity):
        yield from _instances_misfit(job, wanted, environment)
    if isinstance(environment, ManagedCapacity):
        yield from _too_many_vcpus(job, wanted, environment)


def _wrong_kind(job: JobDefinitionSettings, environment: ComputeEnvironmentSettings) -> Misfit | None:
    """Return the misfit of a job in an environment of another kind altogether."""
    allowed: tuple[type[ComputeEnvironmentSettings], ...]
    match job:
        case FargateJobDefinition() | FargateMultiContainerJobDefinition():
            allowed = (FargateCapacity,)
        case EksJobDefinition():
            allowed = (EksCapacity,)
        case MultiNodeJobDefinition():
            # Batch runs these neither on Fargate nor on Spot: one node that is taken away would end all of them.
            allowed = (Ec2ComputeEnvironment,)
        case _:
            allowed = (Ec2ComputeEnvironment, SpotComputeEnvironment, UnmanagedComputeEnvironment)
    if isinstance(environment, allowed):
        return None
    names = ", ".join(sorted(_written(kind) for kind in allowed))
    fix = "a Spot instance that is reclaimed would end the whole job" if isinstance(job, MultiNodeJobDefinition) else ""
    return Misfit(f"be one of {names} for a {type(job).__name__}", f"a {type(environment).__name__}", fix)


def _written(kind: type[ComputeEnvironmentSettings]) -> str:
    """Return the names by which a user writes a kind of environment."""
    return ", ".join(sorted(sub.__name__ for sub in kind.__subclasses__())) or kind.__name__


def _instances_misfit(
    job: JobDefinitionSettings, wanted: Iterable[Demand], environment: ComputeEnvironmentSettings
) -> Iterator[Misfit]:
    types = environment.possible_types()
    if isinstance(job, MultiNodeJobDefinition) and job.instance_type:
        chosen = [kind for kind in types if kind.name == job.instance_type]
        if not chosen:
            yield Misfit(
                f"have {job.instance_type}, the job's instance_type", _names(types), "add it or choose another"
            )
            return
        types = tuple(chosen)
    for demand in wanted:
        if not any(_fits(demand, kind) for kind in types):
            yield Misfit(f"have an instance type with {demand}", _largest(types), _suggestion(demand, types))


def _fits(demand: Demand, kind: InstanceType) -> bool:
    return (
        kind.vcpus >= demand.vcpus
        and usable_memory_mib(kind) >= demand.memory_mib
        and kind.gpus >= demand.gpus
        and kind.architecture == demand.architecture.lower()
    )


def _suggestion(demand: Demand, types: Iterable[InstanceType]) -> str:
    """Return the smallest type of the families of ``types`` that would do."""
    families = sorted({kind.family for kind in types})
    candidates = [kind for family in families for kind in types_of_family(family) if _fits(demand, kind)]
    smallest = smallest_type(candidates)
    listed = ", ".join(families) or "none"
    if smallest is None:
        return f"no type of these families does: {listed}"
    return f"the smallest of these families ({listed}) that does is {smallest.name}"


def _too_many_vcpus(
    job: JobDefinitionSettings, wanted: Iterable[Demand], environment: ManagedCapacity
) -> Iterator[Misfit]:
    """Yield a misfit if the job alone needs more than ``max_vcpus``. Nodes count as the instances they occupy."""
    total = sum(_vcpus_taken(job, demand, environment) * demand.nodes for demand in wanted)
    if total > environment.max_vcpus:
        yield Misfit(
            f"have max_vcpus of at least {total:g}, which the job needs", f"{environment.max_vcpus:,}", "raise it"
        )


def _vcpus_taken(job: JobDefinitionSettings, demand: Demand, environment: ManagedCapacity) -> float:
    if not isinstance(job, MultiNodeJobDefinition) or not isinstance(environment, InstanceCapacity):
        return demand.vcpus
    types = [kind for kind in environment.possible_types() if job.instance_type in {None, kind.name}]
    smallest = smallest_type(kind for kind in types if _fits(demand, kind))
    return smallest.vcpus if smallest else demand.vcpus


def _largest(types: Iterable[InstanceType]) -> str:
    """Return what the largest of ``types`` offers."""
    largest = max(types, key=lambda kind: kind.size, default=None)
    if largest is None:
        return "no known instance type"
    gpus = f", {largest.gpus} GPU{'s' if largest.gpus > 1 else ''}" if largest.gpus else ""
    memory = f"{usable_memory_mib(largest):,} MiB of {largest.memory_mib:,}"
    return f"at most {largest.name} ({largest.vcpus} vCPUs, {memory} for jobs{gpus}, {largest.architecture})"


def _names(types: Iterable[InstanceType]) -> str:
    names = [kind.name for kind in types]
    return ", ".join(names[:5]) + (f" and {len(names) - 5} more" if len(names) > 5 else "")
