"""Job definitions: one settings class for each kind of job that Batch runs on ECS. EKS has its own file.

Source: RegisterJobDefinition in the Batch API reference, read from botocore's model.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Annotated

from pydantic import Field

from modules.batch.settings.containers import (
    FARGATE_LONGEST_SECONDS,
    ContainerSettings,
    Ec2ContainerSettings,
    FargateContainerSettings,
    FargateSize,
    parameters_in,
)
from modules.batch.settings.job_containers import Ec2JobContainer, FargateJobContainer
from modules.batch.settings.retries import RetryStrategy
from modules.containers.dependencies import dependency_problems
from modules.containers.settings import OptionName, no_plain_secrets
from modules.iam.access_settings import Access
from modules.markers import RefersTo
from modules.names import PhysicalName
from modules.naming import AwsLocation, ContainerName, ShortName, Tags
from modules.problems import Problem, format_value
from modules.settings import Distinct, Sequence, Settings

MOST_NODES = 1_000


class JobDefinitionSettings(Settings, abstract=True):
    """What all job definitions have. The kinds of job are its subclasses."""

    job_queues: Distinct[Annotated[ShortName, RefersTo("job_queues")]] = Field(min_length=1)
    """where it may be submitted; the first is the usual one and holds its logs [at least 1 item; each one of the
    environment's job_queues; required]"""
    timeout_seconds: int = Field(ge=60)
    """an attempt that takes longer is ended and not tried again [at least 60; required]"""
    retry: RetryStrategy = Field(default_factory=lambda: RetryStrategy(attempts=1))
    """SpotRetryStrategy() where hosts can be reclaimed [default a RetryStrategy]"""
    parameters: Annotated[dict[OptionName, str], no_plain_secrets("secrets")] = Field(default_factory=dict)
    """defaults of what Ref::name stands for [each name at least 1 character; default empty; must not look like a secret
    in production]"""
    scheduling_priority: int | None = Field(default=None, ge=0, le=9_999)
    """for fair-share queues, which want one: the highest first, within a share [from 0 to 9,999; default None]"""
    tags: Tags = Field(default_factory=dict)
    """on the definition and, but for EKS, on its tasks [at most 46 entries; each name 1 to 128 characters; each value
    at most 256 characters; default empty]"""

    def names(self, name: str, location: AwsLocation) -> Iterator[PhysicalName]:
        """Yield the name of the definition."""
        yield PhysicalName("job definition", name)
        yield from super().names(name, location)

    def containers_by_path(self) -> Mapping[str, Settings]:
        """Return every container of the job by the path of its settings."""
        return {}

    def check_job_definition(self) -> Iterator[Problem]:
        """Check that the commands refer to declared parameters only."""
        for path, container in self.containers_by_path().items():
            if isinstance(container, ContainerSettings):
                where = f"{path}.command" if path else "command"
                yield from undeclared_parameters(where, container.command, self.parameters)


class AwsAccessSettings(Settings, abstract=True):
    """What a job that ECS runs may use, as the role that its containers see."""

    access: Access = Field(default_factory=Access)
    """buckets, queues: the job role's permissions [default Access()]"""

    def names(self, name: str, location: AwsLocation) -> Iterator[PhysicalName]:
        """Yield the names of its roles."""
        yield PhysicalName("role", job_role_name(name))
        yield PhysicalName("role", execution_role_name(name))
        yield from super().names(name, location)


class FargateJobSettings(JobDefinitionSettings, AwsAccessSettings, FargateSize, abstract=True):
    """What jobs on Fargate have."""

    def check_timeout(self) -> Iterator[Problem]:
        """Check that Fargate lets it run so long."""
        if self.timeout_seconds > FARGATE_LONGEST_SECONDS:
            yield Problem(
                "timeout_seconds",
                f"be at most {FARGATE_LONGEST_SECONDS:,} seconds on Fargate",
                format_value(self.timeout_seconds),
                "Fargate may stop a job after 14 days",
                fix="use EC2",
            )


class FargateJobDefinition(FargateJobSettings, FargateContainerSettings):
    """One container on Fargate."""

    def containers_by_path(self) -> Mapping[str, Settings]:
        """Return the one container, which is the job definition itself."""
        return {"": self}


class Ec2JobDefinition(JobDefinitionSettings, AwsAccessSettings, Ec2ContainerSettings):
    """One container on EC2, on demand, Spot or unmanaged."""

    def containers_by_path(self) -> Mapping[str, Settings]:
        """Return the one container, which is the job definition itself."""
        return {"": self}


class FargateMultiContainerJobDefinition(FargateJobSettings):
    """Several containers that share a Fargate task and its network."""

    containers: dict[ContainerName, FargateJobContainer] = Field(min_length=2, max_length=10)
    """containers by name; one container is a FargateJobDefinition [2 to 10 entries; each name at most 244 characters;
    required]"""

    def containers_by_path(self) -> Mapping[str, Settings]:
        """Return the containers."""
        return {f"containers.{name}": container for name, container in self.containers.items()}

    def check_fargate_multi_container_job_definition(self) -> Iterator[Problem]:
        """Check the containers against the size of the task."""
        yield from dependency_problems(self.containers)
        vcpus = sum(container.vcpus for container in self.containers.values())
        if vcpus > self.vcpus:
            yield Problem(
                "vcpus", f"cover its containers ({vcpus:g})", f"{self.vcpus:g}", fix="raise it or lower theirs"
            )
        memory_mib = sum(container.memory_mib for container in self.containers.values())
        if memory_mib > self.memory_mib:
            rule = f"cover its containers ({memory_mib:,})"
            yield Problem("memory_mib", rule, format_value(self.memory_mib), fix="raise it or lower theirs")


class Ec2MultiContainerJobDefinition(JobDefinitionSettings, AwsAccessSettings):
    """Several containers that share an EC2 instance and its network."""

    containers: dict[ContainerName, Ec2JobContainer] = Field(min_length=2, max_length=10)
    """containers by name; one container is an Ec2JobDefinition [2 to 10 entries; each name at most 244 characters;
    required]"""

    def containers_by_path(self) -> Mapping[str, Settings]:
        """Return the containers."""
        return {f"containers.{name}": container for name, container in self.containers.items()}

    def check_ec2_multi_container_job_definition(self) -> Iterator[Problem]:
        """Check what the containers have to have in common."""
        yield from dependency_problems(self.containers)
        yield from _one_architecture("containers", self.containers.values())


class NodeGroup(Ec2ContainerSettings):
    """Nodes of a multi-node job that run the same container, each on an instance of its own."""

    node_count: int = Field(ge=1, le=MOST_NODES)
    """how many nodes; they are numbered through all groups [from 1 to 1,000; required]"""


class MultiNodeJobDefinition(JobDefinitionSettings, AwsAccessSettings):
    """One job over several instances at once, such as distributed training: on demand EC2 only."""

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

    def containers_by_path(self) -> Mapping[str, Settings]:
        """Return the container of each node group."""
        return {f"node_groups[{index}]": group for index, group in enumerate(self.node_groups)}

    def check_multi_node_job_definition(self) -> Iterator[Problem]:
        """Check the number of the nodes, and what they have to have in common."""
        yield from _one_architecture("node_groups", self.node_groups)
        if self.node_count < 2:
            yield Problem(
                "node_groups", "have at least 2 nodes", format_value(self.node_count), fix="use an Ec2JobDefinition"
            )
        if self.node_count > MOST_NODES:
            yield Problem(
                "node_groups",
                f"have at most {MOST_NODES:,} nodes",
                format_value(self.node_count),
                "Batch allows no more nodes in a job",
            )
        if self.main_node >= self.node_count:
            yield Problem(
                "main_node",
                f"be less than the number of nodes ({self.node_count})",
                format_value(self.main_node),
                "nodes are numbered from 0",
            )


def job_role_name(name: str) -> str:
    """Return the name of the role that the containers of job definition ``name`` run as."""
    return f"{name}-job"


def execution_role_name(name: str) -> str:
    """Return the name of the role that starts the jobs of job definition ``name``."""
    return f"{name}-job-execution"


def undeclared_parameters(path: str, words: Iterable[str], declared: Iterable[str]) -> Iterator[Problem]:
    """Yield a problem for each parameter that ``words``, which stand at ``path``, refer to and nobody declares."""
    known = sorted(declared)
    for name in sorted(parameters_in(words) - set(known)):
        yield Problem(
            path,
            "refer to declared parameters only",
            f"'Ref::{name}'",
            "otherwise Batch passes it to the container unchanged",
            fix=f"known: {', '.join(known) or 'none'}",
        )


def _one_architecture(path: str, containers: Iterable[Ec2ContainerSettings]) -> Iterator[Problem]:
    found = sorted({container.architecture for container in containers})
    if len(found) > 1:
        yield Problem(path, "have one architecture", " and ".join(found), "its instances are of one type")
