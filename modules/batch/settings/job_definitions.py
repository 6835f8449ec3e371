"""Job definitions: one settings class for each kind of job that Batch runs on ECS. EKS has its own file.

Source: RegisterJobDefinition in the Batch API reference, read from botocore's model.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Annotated, ClassVar

from pydantic import Field

from modules.batch.settings.any_job_definitions import MOST_NODES, AnyJobDefinitionSettings
from modules.batch.settings.containers import (
    FARGATE_LONGEST_SECONDS,
    OF_TASKS_ONLY,
    ContainerSettings,
    Ec2ContainerSettings,
    FargateContainerSettings,
    FargatePlatform,
    FargateSize,
)
from modules.batch.settings.job_containers import Ec2JobContainer, FargateJobContainer
from modules.batch.settings.placeholders import (
    PlaceholderUse,
    misplaced_placeholder_problems,
    placeholder_problems,
)
from modules.batch.settings.retries import RECLAIMED_INSTANCE, RECLAIMED_TASK, RetryStrategy
from modules.containers.dependencies import dependency_problems
from modules.containers.fargate_sizes import BATCH_FARGATE_MEMORY_MIB, fargate_size_problems
from modules.iam.access_settings import Access
from modules.iam.role_settings import RoleArn
from modules.markers import Replaces
from modules.named_settings import NamedSettings
from modules.names import PhysicalName
from modules.naming import AwsLocation, ContainerName, Tags
from modules.problems import Problem, format_value
from modules.settings import Sequence, Settings
from modules.sqs.settings import MAX_MESSAGE_SECONDS


class JobDefinitionSettings(NamedSettings, AnyJobDefinitionSettings, abstract=True):
    """What all job definitions that are made have. The kinds of job are its subclasses."""

    # How the status reason begins of jobs that end elsewhere and never so.
    foreign_status_reason: ClassVar[str | None] = None
    refused: ClassVar[Mapping[str, str]] = {
        **OF_TASKS_ONLY,
        "consumable_resources": "provider 6.25.0 has neither consumable resources nor a job definition's need of them",
    }

    retry: Annotated[
        RetryStrategy,
        Replaces("job definition", "its old revisions", when="where its rules change, not only the number of attempts"),
    ] = Field(default_factory=lambda: RetryStrategy(attempts=1))
    """SpotRetryStrategy() where hosts can be reclaimed [default a RetryStrategy; a change replaces the job definition
    where its rules change, not only the number of attempts, losing its old revisions]"""
    tags: Tags = Field(default_factory=dict)
    """on the definition and, but for EKS, on its tasks [at most 46 entries; each name 1 to 128 characters; each value
    at most 256 characters; default empty]"""

    def names(self, name: str, location: AwsLocation) -> Iterator[PhysicalName]:
        """Yield the name of the definition."""
        yield PhysicalName("job definition", name)
        yield from super().names(name, location)

    @property
    def attempts(self) -> int:
        """Return how often a job of it is tried."""
        return self.retry.attempts

    def check_job_definition(self) -> Iterator[Problem]:
        """Check that commands, and nothing else, refer to parameters, and to declared ones."""
        yield from placeholder_problems(list(self.placeholder_uses()), self.parameters)
        for path, container in self.containers_by_path().items():
            if isinstance(environment := getattr(container, "environment", None), Mapping):
                yield from misplaced_placeholder_problems(_below(path, "environment"), environment)

    def check_retry(self) -> Iterator[Problem]:
        """Check that the retry rules are for how such jobs end."""
        if self.foreign_status_reason is not None:
            for problem in self.retry.foreign_rules(self.foreign_status_reason):
                yield problem.under("retry")

    def placeholder_uses(self) -> Iterator[PlaceholderUse]:
        """Yield every command of the job."""
        for path, container in self.containers_by_path().items():
            if isinstance(container, ContainerSettings):
                variables = {*container.environment, *container.secrets}
                yield PlaceholderUse(_below(path, "command"), container.command, variables)


class AwsAccessSettings(Settings, abstract=True):
    """What a job that ECS runs may use, as the role that its containers see."""

    access: Access = Field(default_factory=Access)
    """buckets, queues: the job role's permissions [default Access()]"""
    job_role_arn: RoleArn | None = None
    """None: one is made for it; else a role that exists, to which nothing is granted: role_policies of the output says
    what it needs [at most 2,048 characters; default None]"""
    execution_role_arn: RoleArn | None = None
    """the same for the role that starts it: image, logs, secrets [at most 2,048 characters; default None]"""
    longest_message_seconds: int | None = Field(default=None, ge=1, le=MAX_MESSAGE_SECONDS)
    """of a job that works off a queue; None: timeout_seconds; the queue must hide messages that long [from 1 to 43,199;
    default None]"""

    execute_command: bool = False
    """True: a shell in its containers for anybody who may use ECS Exec [default False]"""

    def check_execute_command(self) -> Iterator[Problem]:
        """Check that a shell can be opened where one is asked for."""
        if not self.execute_command or not isinstance(self, JobDefinitionSettings):
            return
        for path, container in self.containers_by_path().items():
            if getattr(container, "read_only_root_filesystem", False):
                reason = "ECS Exec writes into the container"
                where = _below(path, "read_only_root_filesystem")
                yield Problem(where, "be False with execute_command", "True", reason)

    def production_problems(self) -> Iterator[Problem]:
        """As for all settings; but ECS Exec, where it is asked for, needs containers that it can write to."""
        for problem in super().production_problems():
            if not (self.execute_command and problem.path.endswith("read_only_root_filesystem")):
                yield problem

    def longest_seconds(self, timeout_seconds: int) -> int:
        """Return how long a message may take at most, in a job that may itself take ``timeout_seconds``."""
        longest = self.longest_message_seconds
        return timeout_seconds if longest is None else min(longest, timeout_seconds)

    def check_longest_message(self) -> Iterator[Problem]:
        """Check that there are messages, and that one of them fits into the job."""
        longest = self.longest_message_seconds
        if longest is None or not isinstance(self, JobDefinitionSettings):
            return
        path = "longest_message_seconds"
        if not self.access.consume:
            yield Problem(path, "be left out where access.consume is empty", format_value(longest))
        if longest > self.timeout_seconds:
            rule = f"be at most timeout_seconds ({self.timeout_seconds:,})"
            yield Problem(path, rule, format_value(longest), "a longer message would be ended with the job")

    def names(self, name: str, location: AwsLocation) -> Iterator[PhysicalName]:
        """Yield the names of its roles."""
        if self.job_role_arn is None:
            yield PhysicalName("role", job_role_name(name))
        if self.execution_role_arn is None:
            yield PhysicalName("role", execution_role_name(name))
        yield from super().names(name, location)


class FargateJobSettings(JobDefinitionSettings, AwsAccessSettings, FargatePlatform, abstract=True):
    """What jobs on Fargate have."""

    foreign_status_reason = RECLAIMED_INSTANCE

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


class FargateJobDefinition(FargateJobSettings, FargateSize, FargateContainerSettings):
    """One container on Fargate."""

    def containers_by_path(self) -> Mapping[str, Settings]:
        """Return the one container, which is the job definition itself."""
        return {"": self}


class Ec2JobDefinition(JobDefinitionSettings, AwsAccessSettings, Ec2ContainerSettings):
    """One container on EC2, on demand, Spot or unmanaged."""

    foreign_status_reason = RECLAIMED_TASK

    def containers_by_path(self) -> Mapping[str, Settings]:
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

    def containers_by_path(self) -> Mapping[str, Settings]:
        """Return the containers."""
        return {f"containers.{name}": container for name, container in self.containers.items()}

    def check_containers(self) -> Iterator[Problem]:
        """Check that the containers wait for each other in some order, and that Fargate has their size."""
        yield from dependency_problems(self.containers)
        for problem in fargate_size_problems(self.vcpus, self.memory_mib, sizes=BATCH_FARGATE_MEMORY_MIB):
            rule = f"have a sum of {problem.path} that is {problem.rule.removeprefix('be ')}"
            yield replace(problem, path="containers", rule=rule)


class Ec2MultiContainerJobDefinition(JobDefinitionSettings, AwsAccessSettings):
    """Several containers that share an EC2 instance and its network."""

    foreign_status_reason = RECLAIMED_TASK

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


def _one_architecture(path: str, containers: Iterable[Ec2ContainerSettings]) -> Iterator[Problem]:
    found = sorted({container.architecture for container in containers})
    if len(found) > 1:
        yield Problem(path, "have one architecture", " and ".join(found), "its instances are of one type")


def _below(path: str, name: str) -> str:
    return f"{path}.{name}" if path else name
