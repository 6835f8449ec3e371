"""Tasks: one or several containers that start, run and stop together, on Fargate or on EC2 instances.

Source: RegisterTaskDefinition in the ECS API reference, read from botocore's model.
"""

from collections.abc import Iterator, Mapping
from typing import Annotated, ClassVar, Literal

from pydantic import Field

from modules.containers.dependencies import dependency_problems
from modules.containers.fargate_sizes import EPHEMERAL_STORAGE_GIB, fargate_size_problems
from modules.containers.settings import Architecture, HostMount, MountSettings
from modules.ecs.names import execution_role_name, task_role_name
from modules.ecs.settings.capacity import MAX_SHARES, CapacityShare, strategy_problems
from modules.ecs.settings.containers import (
    EC2_TIMEOUT_SECONDS,
    FARGATE_TIMEOUT_SECONDS,
    EbsVolumeMount,
    Ec2Container,
    FargateContainer,
    TaskContainer,
    port_problems,
)
from modules.ecs.settings.logging import CloudWatchLogging, FireLensLogging, LoggingSettings
from modules.ecs.settings.query_language import QueryExpression
from modules.iam.access_settings import Access
from modules.iam.role_settings import RoleArn
from modules.markers import RefersTo
from modules.named_settings import NamedSettings
from modules.names import PhysicalName
from modules.naming import AwsLocation, ContainerName, ShortName, Tags
from modules.problems import Problem, format_number, format_value
from modules.settings import Distinct, Sequence, Settings
from modules.vpc.placement_settings import NetworkPlacement

CPU_UNITS = 1_024  # of one vCPU
# The name of the container that FireLens adds.
LOG_ROUTER = "log-router"
MAX_CONTAINERS = 10


class TaskSettings(Settings, abstract=True):
    """What every task has."""

    most_stop_seconds: ClassVar[int] = EC2_TIMEOUT_SECONDS

    vcpus: float
    """of the task [required]"""
    memory_mib: int
    """of the task [required]"""
    containers: Mapping[str, TaskContainer]
    """containers by name [required]"""
    architecture: Architecture = "X86_64"
    """ARM64 costs about a fifth less, if the images are built for it [one of 'X86_64', 'ARM64'; default 'X86_64']"""
    logging: LoggingSettings = Field(default_factory=CloudWatchLogging)
    """where its containers log to [default CloudWatchLogging()]"""
    access: Access = Field(default_factory=Access)
    """buckets, queues: the task role's permissions [default Access()]"""
    task_role_arn: RoleArn | None = None
    """None: one is made for it; else a role that exists, to which nothing is granted: role_policies of the output says
    what it needs [at most 2,048 characters; default None]"""
    execution_role_arn: RoleArn | None = None
    """the same for the role that starts it: image, logs, secrets [at most 2,048 characters; default None]"""
    tags: Tags = Field(default_factory=dict)
    """on the task definition and its tasks [at most 46 entries; each name 1 to 128 characters; each value at most 256
    characters; default empty]"""

    def names(self, name: str, location: AwsLocation) -> Iterator[PhysicalName]:
        """Yield the names of the task definition, its roles and its log group."""
        del location
        yield PhysicalName("task definition", name)
        if self.task_role_arn is None:
            yield PhysicalName("role", task_role_name(name))
        if self.execution_role_arn is None:
            yield PhysicalName("role", execution_role_name(name))
        yield PhysicalName("log group", f"/aws/ecs/{name}")

    @property
    def cpu_units(self) -> int:
        """Return the size of the task in CPU units."""
        return round(self.vcpus * CPU_UNITS)

    def mounts(self) -> Iterator[tuple[str, MountSettings]]:
        """Yield each mount with its path in these settings."""
        for name, container in self.containers.items():
            for index, mount in enumerate(container.mounts):
                yield f"containers.{name}.mounts[{index}]", mount

    @property
    def has_ebs_volume(self) -> bool:
        """Return whether a container mounts the volume that a service attaches."""
        return any(isinstance(mount, EbsVolumeMount) for _, mount in self.mounts())

    def group_problems(self, *, shared_network: bool) -> Iterator[Problem]:
        """Check the containers against each other and against the size of the task."""
        yield from dependency_problems(self.containers)
        yield from port_problems(self.containers, shared_network=shared_network)
        router = self.logging if isinstance(self.logging, FireLensLogging) else None
        if router and LOG_ROUTER in self.containers:
            rule = "have a name different from that of FireLens's own container"
            yield Problem(f"containers.{LOG_ROUTER}", rule, repr(LOG_ROUTER), fix="rename it")
        if router and len(self.containers) == MAX_CONTAINERS:
            rule = f"have at most {MAX_CONTAINERS - 1} items with FireLensLogging"
            reason = f"its log router is also a container, and ECS allows {MAX_CONTAINERS}"
            yield Problem("containers", rule, format_value(len(self.containers)), reason)
        kept = [item.memory_mib or item.memory_reservation_mib or 0 for item in self.containers.values()]
        needed = sum(kept) + (router.router_memory_mib if router else 0)
        if needed > self.memory_mib:
            yield self.problem("memory_mib", f"cover its containers ({needed:,})", fix="raise it or lower theirs")
        units = sum(container.cpu_units or 0 for container in self.containers.values())
        if units > self.cpu_units:
            rule = f"cover its containers ({format_number(units / CPU_UNITS)})"
            fix = f"raise it or lower their cpu_units ({CPU_UNITS:,} for one vCPU)"
            yield Problem("vcpus", rule, format_number(self.vcpus), fix=fix)


class FargateTask(TaskSettings):
    """A task on Fargate: no instances to look after, paid by the second."""

    most_stop_seconds = FARGATE_TIMEOUT_SECONDS

    vcpus: float
    """one of Fargate's sizes, 0.25 to 16 [required]"""
    memory_mib: int
    """one of the memories that go with the vCPUs [required]"""
    ephemeral_storage_gib: int | None = Field(default=None, ge=EPHEMERAL_STORAGE_GIB[0], le=EPHEMERAL_STORAGE_GIB[-1])
    """None: the 20 GiB that every Fargate task has [from 21 to 200; default None]"""
    platform_version: Literal["LATEST", "1.4.0"] = "LATEST"
    """of Fargate; AWS has retired those before 1.4.0 [one of 'LATEST', '1.4.0'; default 'LATEST']"""
    containers: dict[ContainerName, FargateContainer] = Field(min_length=1, max_length=MAX_CONTAINERS)
    """containers by name [1 to 10 entries; each name at most 244 characters; required]"""

    def check_fargate_task(self) -> Iterator[Problem]:
        """Check the size against Fargate's table, then the containers."""
        yield from fargate_size_problems(self.vcpus, self.memory_mib)
        yield from self.group_problems(shared_network=True)


class Ec2Task(TaskSettings):
    """A task on EC2 instances of a capacity provider."""

    vcpus: float = Field(ge=0.125, le=192)
    """kept free for it on its instance; it may use more [from 0.125 to 192; required]"""
    memory_mib: int = Field(ge=6)
    """kept free for it on its instance; more than this and it is killed [at least 6; required]"""
    network_mode: Literal["awsvpc", "bridge", "host"] = "awsvpc"
    """awsvpc: an address and security groups of its own; bridge and host: its instance's, which is the only way to the
    internet from a public subnet [one of 'awsvpc', 'bridge', 'host'; default 'awsvpc']"""
    placement_constraints: Distinct[QueryExpression] = Field(default=(), max_length=10)
    """cluster query expressions, such as "attribute:ecs.instance-type == g5.xlarge", all of which must hold [at most 10
    items; each at most 2,000 characters; default empty]"""
    containers: dict[ContainerName, Ec2Container] = Field(min_length=1, max_length=MAX_CONTAINERS)
    """containers by name [1 to 10 entries; each name at most 244 characters; required]"""

    @property
    def gpus(self) -> int:
        """Return how many GPUs its containers take together."""
        return sum(container.gpus for container in self.containers.values())

    def check_ec2_task(self) -> Iterator[Problem]:
        """Check the containers."""
        yield from self.group_problems(shared_network=self.network_mode != "bridge")
        yield from self._volume_problems()
        for name, container in self.containers.items():
            in_memory = sum(folder.size_mib for folder in container.tmpfs) + (container.shared_memory_mib or 0)
            if in_memory > (container.memory_mib or self.memory_mib):
                rule = f"cover shared_memory_mib and tmpfs of containers.{name} ({in_memory:,})"
                got = format_value(container.memory_mib or self.memory_mib)
                yield Problem("memory_mib", rule, got, "both count toward it")

    def _volume_problems(self) -> Iterator[Problem]:
        """Check that no two folders of the instance give its volumes one name."""
        folders: dict[str, str] = {}
        for path, mount in self.mounts():
            if isinstance(mount, HostMount):
                first = folders.setdefault(mount.volume_name, mount.host_path)
                if first != mount.host_path:
                    rule = f"give its volume a name different from that of {first}"
                    reason = f"both would be {mount.volume_name}"
                    yield self.problem(f"{path}.host_path", rule, reason, "mount a folder above them")


class InCluster(NamedSettings, NetworkPlacement, abstract=True):
    """What everything has that runs in a cluster: services, and tasks to run."""

    cluster: Annotated[ShortName, RefersTo("clusters")]
    """one of clusters [one of the environment's clusters; required]"""
    task: TaskSettings
    """what it runs, a FargateTask or an Ec2Task [required]"""
    capacity: Sequence[CapacityShare] = Field(default=(), max_length=MAX_SHARES)
    """where it runs; empty: as the cluster's default_capacity says [at most 20 items; default empty]"""

    def names(self, name: str, location: AwsLocation) -> Iterator[PhysicalName]:
        """Yield the names of the task definition."""
        yield from self.task.names(name, location)

    def check_capacity(self) -> Iterator[Problem]:
        """Check the strategy."""
        yield from strategy_problems("capacity", self.capacity)

    def check_interfaces(self) -> Iterator[Problem]:
        """Check that nothing is said of network interfaces where tasks have none of their own."""
        if not isinstance(self.task, Ec2Task) or self.task.network_mode == "awsvpc":
            return
        for name in ("subnets", "security_groups"):
            if getattr(self, name):
                reason = "its tasks use the IP address of their instance, whose subnets its capacity lists"
                yield self.problem(name, "be left out where task.network_mode is not awsvpc", reason)

    def check_ebs_volume(self) -> Iterator[Problem]:
        """Check that what is mounted is there."""
        if self.task.has_ebs_volume:
            yield Problem("task", "mount no EBS volume", "an EbsVolumeMount", "only a ReplicaService has an ebs_volume")
