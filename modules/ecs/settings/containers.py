"""The containers of a task; what those of Batch have too is in ``modules.containers``.

Source: ContainerDefinition in the ECS API reference, read from botocore's model.
"""

from collections.abc import Iterator, Mapping
from typing import Annotated, ClassVar, Literal

from pydantic import Field

from modules.checks import less_than
from modules.containers.dependencies import TaskMember
from modules.containers.settings import (
    AbsolutePath,
    CommonContainer,
    EnvironmentName,
    HostContainer,
    HostMount,
    MountSettings,
    UlimitedContainer,
    fargate_scratch_problems,
    no_plain_secrets,
)
from modules.ecs.settings.processes import FARGATE_CAPABILITIES, Capability, RestartPolicy
from modules.markers import RefersTo
from modules.naming import FolderName, PortName, ShortName
from modules.problems import Problem, format_value
from modules.settings import Distinct, Sequence, Settings
from modules.vpc.traffic_settings import PortRange

FARGATE_TIMEOUT_SECONDS = 120
FARGATE_CPU_UNITS = 16_384
# ECS names no limit on instances; an instance that is drained is ended after 48 hours in any case.
EC2_TIMEOUT_SECONDS = 86_400

StopSeconds = Annotated[int, Field(ge=2, le=EC2_TIMEOUT_SECONDS)]
FargateStopSeconds = Annotated[int, Field(ge=2, le=FARGATE_TIMEOUT_SECONDS)]


class SharedFolderMount(MountSettings):
    """A folder that lives as long as the task and that every container naming it sees."""

    folder: FolderName
    """the same name in two containers is the same folder [at most 248 characters; required]"""


class EbsVolumeMount(MountSettings):
    """The EBS volume that the service attaches to each task; the service says how large it is."""


class EnvironmentFile(Settings):
    """A file in a bucket that ECS reads before a container starts, with NAME=value in each line."""

    bucket: Annotated[ShortName, RefersTo("buckets")]
    """where it is [one of the environment's buckets; required]"""
    key: str = Field(pattern=r"^[0-9A-Za-z!_.'()=+@ /-]+\.env$", max_length=1_024)
    """which object, e.g. settings/embed.env [at most 1,024 characters; required]"""


class HealthCheck(Settings):
    """A command inside the container that tells whether it works; one that does not ends its task."""

    command: Annotated[str, Field(min_length=1)] | Annotated[Sequence[str], Field(min_length=1)]
    """text is run by the container's shell, a list without one; 0: it works, anything else: it does not [at least 1
    character or at least 1 item; required]"""
    interval_seconds: int = Field(default=30, ge=5, le=300)
    """from one check to the next [from 5 to 300; default 30]"""
    timeout_seconds: int = Field(default=5, ge=2, le=60)
    """a check that takes longer has failed [from 2 to 60; default 5]"""
    retries: int = Field(default=3, ge=1, le=10)
    """failures in a row that make it unhealthy [from 1 to 10; default 3]"""
    start_period_seconds: int = Field(default=0, ge=0, le=300)
    """failures that early do not count: model load, say [from 0 to 300; default 0]"""


class Port(Settings):
    """A port that the container listens on; its name is how services refer to it."""

    port: int = Field(ge=1, le=65_535)
    """what it listens on, inside the container [from 1 to 65,535; required]"""
    protocol: Literal["tcp", "udp"] = "tcp"
    """Application Load Balancers and Service Connect take tcp only [one of 'tcp', 'udp'; default 'tcp']"""
    application_protocol: Literal["http", "http2", "grpc"] | None = None
    """what Service Connect measures; None: plain tcp [one of 'http', 'http2', 'grpc'; default None]"""

    @property
    def as_range(self) -> PortRange:
        """The port as rules of security groups have it."""
        return PortRange(protocol=self.protocol, from_port=self.port)

    def check_port(self) -> Iterator[Problem]:
        """Check that what runs over TCP is said to."""
        if self.application_protocol is not None and self.protocol == "udp":
            yield self.problem("application_protocol", "be left out with udp", "application protocols run over tcp")


class TaskContainer(TaskMember, UlimitedContainer, abstract=True):
    """What a container of a task has, wherever it runs."""

    mount_kinds: ClassVar[tuple[type[MountSettings], ...]] = (
        *CommonContainer.mount_kinds,
        EbsVolumeMount,
        SharedFolderMount,
    )

    environment: Annotated[dict[EnvironmentName, str], no_plain_secrets("secrets")] = Field(default_factory=dict)
    """names to values, which may be empty [default empty; must not look like a secret in production]"""
    environment_files: Distinct[EnvironmentFile] = Field(default=(), max_length=10)
    """files with more of these; the first that has a name counts, and environment before all of them [at most 10 items;
    default empty]"""
    keeps_digest: bool = True
    """True: all tasks of a deployment run the image that its tag stood for when it began; False: each task pulls what
    the tag stands for then [default True]"""
    entry_point: Sequence[str] = ()
    """empty: the image's own [default empty]"""
    working_directory: AbsolutePath | None = None
    """None: the image's own [default None]"""
    health_check: HealthCheck | None = None
    """None: it works as long as it runs [default None]"""
    start_timeout_seconds: StopSeconds | None = None
    """how long another container waits for this one; None: indefinitely [from 2 to 86,400; default None]"""
    stop_timeout_seconds: StopSeconds | None = None
    """from SIGTERM to SIGKILL; None: 30, or what a queue worker derives [from 2 to 86,400; default None]"""
    ports: dict[PortName, Port] = Field(default_factory=dict)
    """what it listens on, by name [each name at most 64 characters; default empty]"""
    cpu_units: int | None = Field(default=None, ge=2, le=196_608)
    """of the task's 1,024 for each vCPU; None: what the others leave [from 2 to 196,608; default None]"""
    memory_mib: int | None = Field(default=None, ge=6)
    """more than this and it is killed; None: the task's [at least 6; default None]"""
    memory_reservation_mib: int | None = Field(default=None, ge=6)
    """kept free for it; it may use more [at least 6; default None]"""
    restart: RestartPolicy | None = None
    """None: an essential container that ends takes its task with it [default None]"""
    drop_capabilities: Distinct[Capability] = ()
    """of Docker's, taken from its processes; ["ALL"]: none is left but add_capabilities [each one of 'ALL',
    'AUDIT_CONTROL', 'AUDIT_WRITE', 'BLOCK_SUSPEND', 'CHOWN', 'DAC_OVERRIDE', 'DAC_READ_SEARCH', 'FOWNER', 'FSETID',
    'IPC_LOCK', 'IPC_OWNER', 'KILL', 'LEASE', 'LINUX_IMMUTABLE', 'MAC_ADMIN', 'MAC_OVERRIDE', 'MKNOD', 'NET_ADMIN',
    'NET_BIND_SERVICE', 'NET_BROADCAST', 'NET_RAW', 'SETFCAP', 'SETGID', 'SETPCAP', 'SETUID', 'SYSLOG', 'SYS_ADMIN',
    'SYS_BOOT', 'SYS_CHROOT', 'SYS_MODULE', 'SYS_NICE', 'SYS_PACCT', 'SYS_PTRACE', 'SYS_RAWIO', 'SYS_RESOURCE',
    'SYS_TIME', 'SYS_TTY_CONFIG', 'WAKE_ALARM'; default empty]"""
    add_capabilities: Distinct[Capability] = ()
    """besides Docker's; on Fargate SYS_PTRACE only [each one of 'ALL', 'AUDIT_CONTROL', 'AUDIT_WRITE', 'BLOCK_SUSPEND',
    'CHOWN', 'DAC_OVERRIDE', 'DAC_READ_SEARCH', 'FOWNER', 'FSETID', 'IPC_LOCK', 'IPC_OWNER', 'KILL', 'LEASE',
    'LINUX_IMMUTABLE', 'MAC_ADMIN', 'MAC_OVERRIDE', 'MKNOD', 'NET_ADMIN', 'NET_BIND_SERVICE', 'NET_BROADCAST',
    'NET_RAW', 'SETFCAP', 'SETGID', 'SETPCAP', 'SETUID', 'SYSLOG', 'SYS_ADMIN', 'SYS_BOOT', 'SYS_CHROOT', 'SYS_MODULE',
    'SYS_NICE', 'SYS_PACCT', 'SYS_PTRACE', 'SYS_RAWIO', 'SYS_RESOURCE', 'SYS_TIME', 'SYS_TTY_CONFIG', 'WAKE_ALARM';
    default empty]"""
    docker_labels: dict[str, str] = Field(default_factory=dict)
    """on the container, for agents on the instance [default empty]"""

    check_memory: ClassVar = less_than("memory_reservation_mib", "memory_mib", fix="leave one of them out")

    @property
    def has_health_check(self) -> bool:
        """Return whether anything tells that it works."""
        return self.health_check is not None

    def check_task_container(self) -> Iterator[Problem]:
        """Check what holds inside one container."""
        for name in sorted({*self.drop_capabilities} & {*self.add_capabilities}):
            yield Problem("add_capabilities", "be no drop_capabilities", repr(name), "Docker would add what it dropped")


class FargateContainer(TaskContainer):
    """A container on Fargate."""

    start_timeout_seconds: FargateStopSeconds | None = None
    """how long another container waits for this one; None: indefinitely [from 2 to 120; default None]"""
    stop_timeout_seconds: FargateStopSeconds | None = None
    """from SIGTERM to SIGKILL; None: 30, or what a queue worker derives [from 2 to 120; default None]"""
    cpu_units: int | None = Field(default=None, ge=2, le=FARGATE_CPU_UNITS)
    """of the task's 1,024 for each vCPU; None: what the others leave [from 2 to 16,384; default None]"""

    def check_fargate_container(self) -> Iterator[Problem]:
        """Check what Fargate does not have."""
        yield from fargate_scratch_problems(self)
        for index, capability in enumerate(self.add_capabilities):
            if capability not in FARGATE_CAPABILITIES:
                path, allowed = f"add_capabilities[{index}]", " or ".join(FARGATE_CAPABILITIES)
                yield Problem(path, f"be {allowed} on Fargate", repr(capability), "otherwise Fargate refuses the task")
        for index, limit in enumerate(self.ulimits):
            if limit.name != "nofile":
                rule = "be nofile on Fargate"
                yield Problem(f"ulimits[{index}].name", rule, repr(limit.name), "Fargate does not support other limits")


class Ec2Container(TaskContainer, HostContainer):
    """A container on an EC2 instance."""

    mount_kinds = (*TaskContainer.mount_kinds, HostMount)

    def check_privileged(self) -> Iterator[Problem]:
        """Check that nothing is asked of capabilities that a privileged container has in any case."""
        for name in ("drop_capabilities", "add_capabilities"):
            if self.privileged and getattr(self, name):
                got, reason = ", ".join(getattr(self, name)), "a privileged container has all of Docker's capabilities"
                yield Problem(name, "be left out where privileged is True", got, reason)


def port_problems(containers: Mapping[str, TaskContainer], *, shared_network: bool) -> Iterator[Problem]:
    """Check that names of ports are unique, and numbers too where the containers share a network."""
    names: set[str] = set()
    numbers: set[tuple[int, str]] = set()
    for name, container in containers.items():
        for port_name, port in container.ports.items():
            path = f"containers.{name}.ports.{port_name}"
            if port_name in names:
                yield Problem(path, "have a name of its own", repr(port_name), "services refer to ports by name")
            if shared_network and (port.port, port.protocol) in numbers:
                reason = "the containers of a task share one network"
                yield Problem(f"{path}.port", "be used by one container only", format_value(port.port), reason)
            names.add(port_name)
            numbers.add((port.port, port.protocol))
