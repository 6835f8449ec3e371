"""Job definitions: one settings class for each kind of job that Batch runs.

Source: RegisterJobDefinition in the Batch API reference, read from botocore's model.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from modules.batch.settings.containers import (
    AbsolutePath,
    Architecture,
    ContainerSettings,
    Ec2ContainerSettings,
    EnvironmentName,
    FargateSize,
    HostMount,
    parameters_in,
)
from modules.batch.settings.retries import RetryStrategy
from modules.ecr.image import Image
from modules.iam.access_settings import AccessSettings
from modules.naming import ShortName
from modules.problems import Problem, shown
from modules.settings import RefersTo, Sequence, Settings

KubernetesName = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]([a-z0-9.-]{0,61}[a-z0-9])?$")]


class JobDefinitionSettings(Settings, abstract=True):
    """What all job definitions have. The kinds of job are its subclasses."""

    job_queues: Sequence[Annotated[ShortName, RefersTo("job_queues")]] = Field(
        min_length=1, description="where it may be submitted; the first is the usual one and holds its logs"
    )
    timeout_seconds: int = Field(ge=60, description="an attempt that takes longer is ended and not tried again")
    retry: RetryStrategy = Field(
        default_factory=lambda: RetryStrategy(attempts=1),
        description="SpotRetryStrategy() where hosts can be reclaimed",
    )
    parameters: dict[str, str] = Field(default_factory=dict, description="defaults of what Ref::name stands for")
    scheduling_priority: int | None = Field(
        None, ge=0, le=9_999, description="the highest first, within a share of a fair-share queue"
    )
    tags: dict[str, str] = Field(default_factory=dict, description="on the definition and, but for EKS, on its tasks")

    def containers(self) -> Mapping[str, Settings]:
        """Return every container of the job by the path of its settings."""
        return {}

    def rules(self) -> Iterable[Problem]:
        """Check that the commands refer to declared parameters only."""
        for path, container in self.containers().items():
            if isinstance(container, ContainerSettings):
                yield from _parameters_declared(path, container, self.parameters)


class AwsAccessSettings(Settings, abstract=True):
    """What a job that ECS runs may use, as the role that its containers see."""

    access: AccessSettings = Field(default_factory=AccessSettings, description="buckets, queues: the job role's rights")


class FargateJobDefinition(JobDefinitionSettings, AwsAccessSettings, ContainerSettings, FargateSize):
    """One container on Fargate."""

    def containers(self) -> Mapping[str, Settings]:
        """Return the one container, which is the job definition itself."""
        return {"": self}

    def rules(self) -> Iterable[Problem]:
        """Check the size against Fargate's table."""
        yield from ContainerSettings.rules(self)
        yield from JobDefinitionSettings.rules(self)
        yield from self.size_problems()
        yield from _no_host_mounts("", self)


class Ec2JobDefinition(JobDefinitionSettings, AwsAccessSettings, Ec2ContainerSettings):
    """One container on EC2, on demand, Spot or unmanaged."""

    def containers(self) -> Mapping[str, Settings]:
        """Return the one container, which is the job definition itself."""
        return {"": self}

    def rules(self) -> Iterable[Problem]:
        """Check the container and its parameters."""
        yield from Ec2ContainerSettings.rules(self)
        yield from JobDefinitionSettings.rules(self)


class ContainerDependency(Settings):
    """Another container of the same job that must have come this far first."""

    container: ShortName = Field(description="the other container")
    condition: Literal["START", "COMPLETE", "SUCCESS"] = Field(description="SUCCESS: ended with exit code 0")


class _GroupMember(Settings, abstract=True):
    """What a container has besides, where there are several."""

    essential: bool = Field(True, description="True: when it ends, the job ends; False: a helper")
    depends_on: Sequence[ContainerDependency] = Field((), description="containers to wait for")
    start_timeout_seconds: int | None = Field(None, ge=2, le=120, description="how long to wait for dependencies")
    stop_timeout_seconds: int | None = Field(None, ge=2, le=120, description="from SIGTERM to SIGKILL; None: 30")


class FargateGroupContainer(_GroupMember, ContainerSettings):
    """One of several containers on Fargate; they share the job's size."""

    vcpus: float = Field(gt=0, description="its part of the job's vCPUs")
    memory_mib: int = Field(ge=4, description="more than this and the container is killed")


class Ec2GroupContainer(_GroupMember, Ec2ContainerSettings):
    """One of several containers on one EC2 instance."""


class FargateMultiContainerJobDefinition(JobDefinitionSettings, AwsAccessSettings, FargateSize):
    """Several containers that share a Fargate task and its network."""

    group: dict[ShortName, FargateGroupContainer] = Field(
        min_length=2, max_length=10, description="containers by name; one container is a FargateJobDefinition"
    )

    def containers(self) -> Mapping[str, Settings]:
        """Return the containers of the group."""
        return {f"group.{name}": container for name, container in self.group.items()}

    def rules(self) -> Iterable[Problem]:
        """Check the group against the size of the task."""
        yield from super().rules()
        yield from self.size_problems()
        yield from _group_problems(self.group)
        for path, container in self.containers().items():
            yield from _no_host_mounts(path, container)
        vcpus = sum(container.vcpus for container in self.group.values())
        if vcpus > self.vcpus:
            yield Problem("vcpus", f"cover its containers ({vcpus:g})", f"{self.vcpus:g}", "raise it or lower theirs")
        memory_mib = sum(container.memory_mib for container in self.group.values())
        if memory_mib > self.memory_mib:
            rule = f"cover its containers ({memory_mib:,})"
            yield Problem("memory_mib", rule, shown(self.memory_mib), "raise it or lower theirs")


class Ec2MultiContainerJobDefinition(JobDefinitionSettings, AwsAccessSettings):
    """Several containers that share an EC2 instance and its network."""

    group: dict[ShortName, Ec2GroupContainer] = Field(
        min_length=2, max_length=10, description="containers by name; one container is an Ec2JobDefinition"
    )

    def containers(self) -> Mapping[str, Settings]:
        """Return the containers of the group."""
        return {f"group.{name}": container for name, container in self.group.items()}

    def rules(self) -> Iterable[Problem]:
        """Check the containers' dependencies."""
        yield from super().rules()
        yield from _group_problems(self.group)


class NodeGroup(Ec2ContainerSettings):
    """Nodes of a multi-node job that run the same container, each on an instance of its own."""

    node_count: int = Field(ge=1, le=1_000, description="how many nodes; they are numbered through all groups")


class MultiNodeJobDefinition(JobDefinitionSettings, AwsAccessSettings):
    """One job over several instances at once, such as distributed training: on demand EC2 only."""

    node_groups: Sequence[NodeGroup] = Field(
        min_length=1, max_length=5, description="in the order of their node numbers, which start at 0"
    )
    main_node: int = Field(0, ge=0, description="the node whose end is the job's end; part of the first rank")
    instance_type: str | None = Field(
        None, pattern=r"^[a-z0-9-]+\.[a-z0-9-]+$", description="the same for all nodes; None: what the capacity has"
    )

    @property
    def node_count(self) -> int:
        """How many nodes the job has."""
        return sum(group.node_count for group in self.node_groups)

    def containers(self) -> Mapping[str, Settings]:
        """Return the container of each node group."""
        return {f"node_groups[{index}]": group for index, group in enumerate(self.node_groups)}

    def rules(self) -> Iterable[Problem]:
        """Check the numbering of the nodes."""
        yield from super().rules()
        if self.node_count < 2:
            yield Problem("node_groups", "have at least 2 nodes", shown(self.node_count), "use an Ec2JobDefinition")
        if self.main_node >= self.node_count:
            yield Problem(
                "main_node",
                f"be below the number of nodes ({self.node_count})",
                shown(self.main_node),
                "nodes are numbered from 0",
            )


class EksContainerSettings(Settings):
    """A container of a pod."""

    image: Image = Field(description="a RepositoryImage, or a full name; the nodes' role has to be allowed to pull it")
    command: Sequence[str] = Field((), description="replaces the image's ENTRYPOINT")
    args: Sequence[str] = Field((), description="replaces the image's CMD; Ref::name stands for a parameter")
    environment: dict[EnvironmentName, Annotated[str, StringConstraints(min_length=1)]] = Field(
        default_factory=dict, description="names to values"
    )
    image_pull_policy: Literal["Always", "IfNotPresent", "Never"] = Field(
        "IfNotPresent", description="as in Kubernetes"
    )
    vcpus: float = Field(ge=0.25, multiple_of=0.25, description="a multiple of 0.25; request and limit")
    memory_mib: int = Field(ge=4, description="request and limit")
    gpus: int = Field(0, ge=0, le=16, description="whole GPUs")
    mounts: dict[KubernetesName, AbsolutePath] = Field(default_factory=dict, description="volume names to paths")
    read_only_root_filesystem: bool = Field(True, description="production refuses False")
    privileged: bool = Field(False, description="True: root on the node; production refuses it")
    run_as_user: int | None = Field(None, ge=1, description="None: the image's own user; 0 would be root")
    run_as_group: int | None = Field(None, ge=1, description="None: the image's own group")


class EksInitContainer(EksContainerSettings):
    """A container that has to end before the others start."""

    name: KubernetesName = Field(description="unique in the pod")


class EksVolume(Settings, abstract=True):
    """Base of the volumes of a pod."""


class EmptyDirVolume(EksVolume):
    """A folder that lives as long as the pod."""

    size_mib: int = Field(ge=1, description="the pod is evicted when it holds more")
    in_memory: bool = Field(False, description="True: counts against the pod's memory")


class SecretVolume(EksVolume):
    """A Kubernetes secret as files."""

    secret_name: KubernetesName = Field(description="in the pod's namespace")
    optional: bool = Field(False, description="True: the pod starts without it")


class HostPathVolume(EksVolume):
    """A folder of the node."""

    host_path: AbsolutePath = Field(description="on the node")


class EksJobDefinition(JobDefinitionSettings):
    """A pod on EKS. Its rights come from its service account, its tags stay on the definition."""

    group: dict[KubernetesName, EksContainerSettings] = Field(
        min_length=1, max_length=10, description="containers by name"
    )
    init_containers: Sequence[EksInitContainer] = Field(
        (), max_length=10, description="run one after the other before the rest"
    )
    volumes: dict[KubernetesName, EksVolume] = Field(default_factory=dict, description="what containers can mount")
    service_account_name: KubernetesName | None = Field(None, description="carries the pod's AWS rights")
    host_network: bool = Field(False, description="True: the pod has the node's address and sees its traffic")
    image_pull_secrets: Sequence[KubernetesName] = Field((), description="in the pod's namespace")
    labels: dict[str, str] = Field(default_factory=dict, description="of the pod")
    architecture: Architecture = Field("X86_64", description="what the images are built for")

    def containers(self) -> Mapping[str, Settings]:
        """Return the containers of the pod, those that initialize included."""
        first = {f"init_containers[{index}]": container for index, container in enumerate(self.init_containers)}
        return first | {f"group.{name}": container for name, container in self.group.items()}

    def rules(self) -> Iterable[Problem]:
        """Check that what is mounted and referred to is there, and that names are used once."""
        names = [*self.group, *(container.name for container in self.init_containers)]
        for name in sorted({name for name in names if names.count(name) > 1}):
            yield Problem("init_containers", "use each name once in the pod", repr(name), "group counts too")
        for path, container in self.containers().items():
            if not isinstance(container, EksContainerSettings):
                continue
            yield from _unknown_volumes(path, container, self.volumes)
            used = [*container.command, *container.args]
            yield from _undeclared(path, used, self.parameters)


def _unknown_volumes(path: str, container: EksContainerSettings, volumes: Mapping[str, EksVolume]) -> Iterator[Problem]:
    for name in sorted(set(container.mounts) - set(volumes)):
        known = ", ".join(sorted(volumes)) or "none"
        yield Problem(f"{path}.mounts.{name}", "name one of volumes", repr(name), f"known: {known}")


def _parameters_declared(path: str, container: ContainerSettings, declared: Mapping[str, str]) -> Iterator[Problem]:
    yield from _undeclared(path, container.command, declared)


def _undeclared(path: str, words: Iterable[str], declared: Mapping[str, str]) -> Iterator[Problem]:
    for name in sorted(parameters_in(words) - set(declared)):
        where = f"{path}.command" if path else "command"
        known = ", ".join(sorted(declared)) or "none"
        yield Problem(
            where,
            "refer to declared parameters only",
            f"'Ref::{name}'",
            f"Batch would pass it on as it is; known: {known}",
        )


def _group_problems(group: Mapping[str, _GroupMember]) -> Iterator[Problem]:
    if not any(container.essential for container in group.values()):
        yield Problem("group", "have an essential container", "none", "nothing would end the job")
    for name, container in group.items():
        for index, dependency in enumerate(container.depends_on):
            path = f"group.{name}.depends_on[{index}].container"
            others = sorted(set(group) - {name})
            if dependency.container not in others:
                yield Problem(path, f"name another container ({', '.join(others)})", repr(dependency.container), "")
            elif dependency.condition != "START" and group[dependency.container].essential:
                yield Problem(
                    path,
                    f"name a container that is not essential with {dependency.condition}",
                    repr(dependency.container),
                    "the job ends when an essential container does",
                )
    yield from _cycles({name: [item.container for item in container.depends_on] for name, container in group.items()})


def _cycles(edges: Mapping[str, Iterable[str]]) -> Iterator[Problem]:
    """Yield a problem if the containers wait for each other in a circle."""
    from graphlib import CycleError, TopologicalSorter  # noqa: PLC0415

    try:
        TopologicalSorter(edges).prepare()
    except CycleError as error:
        yield Problem("group", "have no circle of depends_on", " → ".join(error.args[1]), "none of them would start")


def _no_host_mounts(path: str, container: Settings) -> Iterator[Problem]:
    if not isinstance(container, ContainerSettings):
        return
    for index, mount in enumerate(container.mounts):
        if isinstance(mount, HostMount):
            where = f"{path}.mounts[{index}]" if path else f"mounts[{index}]"
            yield Problem(where, "not be a HostMount on Fargate", shown(mount), "there is no host to mount from")
