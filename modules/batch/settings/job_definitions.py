"""Job definitions: one settings class for each kind of job that Batch runs on ECS. EKS has its own file.

Source: RegisterJobDefinition in the Batch API reference, read from botocore's model.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from pydantic import Field

from modules.batch.settings.any_job_definitions import MOST_NODES, EcsJobDefinition
from modules.batch.settings.containers import (
    FARGATE_LONGEST_SECONDS,
    ContainerSettings,
    Ec2ContainerSettings,
    FargateContainerSettings,
    FargatePlatform,
    FargateSize,
)
from modules.batch.settings.job_containers import Ec2JobContainer, FargateJobContainer
from modules.batch.settings.retries import RECLAIMED_INSTANCE, RECLAIMED_TASK
from modules.containers.dependencies import dependency_problems
from modules.containers.fargate_sizes import BATCH_FARGATE_MEMORY_MIB, fargate_size_problems
from modules.naming import ContainerName
from modules.problems import Problem, format_value
from modules.settings import Sequence


class FargateJobSettings(EcsJobDefinition, FargatePlatform, abstract=True):
    """What jobs on Fargate have."""

    foreign_status_reason = RECLAIMED_INSTANCE

    def check_timeout(self) -> Iterator[Problem]:
        """Check that Fargate lets it run so long."""
        if self.timeout_seconds > FARGATE_LONGEST_SECONDS:
            rule = f"be at most {FARGATE_LONGEST_SECONDS:,} seconds on Fargate"
            yield self.problem("timeout_seconds", rule, "Fargate may stop a job after 14 days", "use EC2")


class FargateJobDefinition(FargateJobSettings, FargateSize, FargateContainerSettings):
    """One container on Fargate."""

    def containers_by_path(self) -> Mapping[str, ContainerSettings]:
        """Return the one container, which is the job definition itself."""
        return {"": self}


class Ec2JobDefinition(EcsJobDefinition, Ec2ContainerSettings):
    """One container on EC2, on demand, Spot or unmanaged."""

    foreign_status_reason = RECLAIMED_TASK

    def containers_by_path(self) -> Mapping[str, ContainerSettings]:
        """Return the one container, which is the job definition itself."""
        return {"": self}


class FargateMultiContainerJobDefinition(FargateJobSettings):
    """Several containers that share a Fargate task and its network; its size is theirs together."""

    refused = dict.fromkeys(("vcpus", "memory_mib"), "Batch takes the sum of what its containers have")

    containers: dict[ContainerName, FargateJobContainer] = Field(min_length=2, max_length=10)
    """containers by name; one container is a FargateJobDefinition [2 to 10 entries; each name at most 244 characters;
    required]"""

    @property
    def vcpus(self) -> float:
        """The vCPUs of its containers together."""
        return round(sum(container.vcpus for container in self.containers.values()), 6)

    @property
    def memory_mib(self) -> int:
        """The memory of its containers together."""
        return sum(container.memory_mib for container in self.containers.values())

    def containers_by_path(self) -> Mapping[str, ContainerSettings]:
        """Return the containers."""
        return {f"containers.{name}": container for name, container in self.containers.items()}

    def check_containers(self) -> Iterator[Problem]:
        """Check that the containers wait for each other in some order, and that Fargate has their size."""
        yield from dependency_problems(self.containers)
        for problem in fargate_size_problems(self.vcpus, self.memory_mib, sizes=BATCH_FARGATE_MEMORY_MIB):
            rule = f"have a sum of {problem.path} that is {problem.rule.removeprefix('be ')}"
            yield replace(problem, path="containers", rule=rule)


class Ec2MultiContainerJobDefinition(EcsJobDefinition):
    """Several containers that share an EC2 instance and its network."""

    foreign_status_reason = RECLAIMED_TASK

    containers: dict[ContainerName, Ec2JobContainer] = Field(min_length=2, max_length=10)
    """containers by name; one container is an Ec2JobDefinition [2 to 10 entries; each name at most 244 characters;
    required]"""

    def containers_by_path(self) -> Mapping[str, ContainerSettings]:
        """Return the containers."""
        return {f"containers.{name}": container for name, container in self.containers.items()}

    def check_ec2_multi_container_job_definition(self) -> Iterator[Problem]:
        """Check what the containers have to have in common."""
        yield from dependency_problems(self.containers)
        yield from _architecture_problems("containers", self.containers.values())


class NodeGroup(Ec2ContainerSettings):
    """Nodes of a multi-node job that run the same container, each on an instance of its own."""

    node_count: int = Field(ge=1, le=MOST_NODES)
    """how many nodes; they are numbered through all groups [from 1 to 1,000; required]"""


class MultiNodeJobDefinition(EcsJobDefinition):
    """One job over several instances at once, such as distributed training: on demand EC2 only."""

    foreign_status_reason = RECLAIMED_TASK

    node_groups: Sequence[NodeGroup] = Field(min_length=1, max_length=5)
    """in the order of their node numbers, which start at 0; the last is the one a submission can resize [1 to 5 items;
    required]"""
    main_node: int = Field(default=0, ge=0)
    """the node whose end is the job's end; part of the first rank [at least 0; default 0]"""
    instance_type: str | None = Field(default=None, pattern=r"^[a-z0-9-]+\.[a-z0-9-]+$")
    """of all nodes; None: one that the capacity has [default None]"""

    @property
    def node_count(self) -> int:
        """How many nodes the job has, unless its submission says otherwise."""
        return sum(group.node_count for group in self.node_groups)

    @property
    def least_node_count(self) -> int:
        """How many nodes a submission must ask for at least: the main one, and one of the last group, which varies."""
        return max(self.main_node + 1, self.node_count - self.node_groups[-1].node_count + 1, 2)

    def containers_by_path(self) -> Mapping[str, ContainerSettings]:
        """Return the container of each node group."""
        return {f"node_groups[{index}]": group for index, group in enumerate(self.node_groups)}

    def check_multi_node_job_definition(self) -> Iterator[Problem]:
        """Check the number of the nodes, and what they have to have in common."""
        yield from _architecture_problems("node_groups", self.node_groups)
        if not 2 <= self.node_count <= MOST_NODES:
            rule, got = f"have from 2 to {MOST_NODES:,} nodes", format_value(self.node_count)
            yield Problem("node_groups", rule, got, fix="use an Ec2JobDefinition for one node")
        if self.main_node >= self.node_count:
            rule = f"be less than the number of nodes ({self.node_count})"
            yield self.problem("main_node", rule, "nodes are numbered from 0")


def _architecture_problems(path: str, containers: Iterable[Ec2ContainerSettings]) -> Iterator[Problem]:
    found = sorted({container.architecture for container in containers})
    if len(found) > 1:
        yield Problem(path, "have one architecture", " and ".join(found), "its instances are of one type")
