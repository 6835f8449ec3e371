"""What runs in a job: image, command, size, what it sees of disks and secrets, where its logs go.

Source: ContainerProperties and TaskContainerProperties in the Batch API reference.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, StringConstraints

from modules.batch.settings.job_logs import FARGATE_DRIVERS, CloudWatchJobLogs, DriverJobLogs, JobLogs
from modules.ecr.image import Image
from modules.ecs.fargate_sizes import BATCH_FARGATE_MEMORY_MIB, fargate_size_problems
from modules.iam.secret_settings import SecretSettings
from modules.naming import ShortName
from modules.problems import Problem, shown
from modules.settings import RefersTo, Sequence, Settings

Architecture = Literal["X86_64", "ARM64"]
AbsolutePath = Annotated[str, StringConstraints(pattern=r"^/[0-9A-Za-z_./-]*$")]


def _own_name(name: str) -> str:
    if name.startswith("AWS_BATCH"):
        raise ValueError("not start with AWS_BATCH, which Batch sets itself")
    return name


EnvironmentName = Annotated[str, StringConstraints(pattern=r"^[A-Za-z_][A-Za-z0-9_]*$"), AfterValidator(_own_name)]
# An empty value would show as a change in every plan.
EnvironmentValue = Annotated[str, StringConstraints(min_length=1)]


def parameters_in(command: Iterable[str]) -> set[str]:
    """Return the parameters that a command refers to as ``Ref::name``."""
    return {name for word in command for name in re.findall(r"Ref::([\w.-]+)", word)}


class MountSettings(Settings, abstract=True):
    """Base of what can be mounted into a container."""

    container_path: AbsolutePath = Field(description="where the container sees it")
    read_only: bool = Field(True, description="False: the container may write to it")


class FileSystemMount(MountSettings):
    """A file system of this environment through one of its access points; the rights to it are granted along."""

    file_system: Annotated[ShortName, RefersTo("file_systems")] = Field(description="one of file_systems")
    access_point: ShortName = Field(description="one of the file system's access points")


class ExistingFileSystemMount(MountSettings):
    """An EFS file system that somebody else owns; always with encryption in transit and IAM authorization."""

    file_system_id: str = Field(pattern=r"^fs-[0-9a-f]{8,40}$", description="the file system's id")
    access_point_id: str | None = Field(
        None, pattern=r"^fsap-[0-9a-f]{8,40}$", description="None: the whole file system, as far as its policy allows"
    )


class HostMount(MountSettings):
    """A folder of the EC2 instance, such as an instance-store RAID at /mnt."""

    host_path: AbsolutePath = Field(description="on the instance; left there when the job is done")


class ContainerSettings(Settings, abstract=True):
    """What every container has, wherever it runs."""

    image: Image = Field(description="a RepositoryImage, or a full name; a digest runs the same code for ever")
    command: Sequence[str] = Field((), description="empty: the image's own; Ref::name stands for a parameter")
    environment: dict[EnvironmentName, EnvironmentValue] = Field(
        default_factory=dict, description="names to values; an empty value shows as a change in every plan"
    )
    secrets: dict[EnvironmentName, SecretSettings] = Field(
        default_factory=dict, description="environment names to secrets, read by AWS before the container starts"
    )
    user: str | None = Field(None, pattern=r"^[0-9A-Za-z_.-]+(:[0-9A-Za-z_.-]+)?$", description="None: the image's own")
    read_only_root_filesystem: bool = Field(
        True, description="True: only scratch_paths and mounts can be written; production refuses False"
    )
    scratch_paths: Sequence[AbsolutePath] = Field(
        ("/tmp",),
        description="writable folders that vanish with the job; root's own on Fargate, unless the image has VOLUME",
    )
    init_process: bool = Field(True, description="an init process reaps orphans and passes on signals")
    mounts: Sequence[MountSettings] = Field((), description="file systems and folders of the instance")
    logs: JobLogs = Field(
        default_factory=CloudWatchJobLogs, description="where what it prints goes: CloudWatchJobLogs or DriverJobLogs"
    )

    def paths(self) -> list[str]:
        """Return where something is mounted, in any order."""
        return [*self.scratch_paths, *(mount.container_path for mount in self.mounts)]

    def all_secrets(self) -> Mapping[str, SecretSettings]:
        """Return what AWS reads before it starts the container, by what it is for."""
        return {**self.secrets, **(self.logs.secret_options if isinstance(self.logs, DriverJobLogs) else {})}

    def rules(self) -> Iterable[Problem]:
        """Check names and paths that are used twice."""
        for name in sorted(set(self.environment) & set(self.secrets)):
            yield Problem(f"secrets.{name}", "not be in environment too", repr(name), "only one of the two can win")
        paths = self.paths()
        for path in sorted({path for path in paths if paths.count(path) > 1}):
            yield Problem("mounts", "use each path once", repr(path), "scratch_paths and tmpfs count too")


# AWS promises a Fargate task 14 days.
FARGATE_LONGEST_SECONDS = 1_209_600


class FargateSize(Settings, abstract=True):
    """How large a Fargate job is."""

    vcpus: float = Field(description="one of Fargate's sizes, 0.25 to 32")
    memory_mib: int = Field(description="one of the memories that go with the vCPUs")
    architecture: Architecture = Field("X86_64", description="ARM64 costs a fifth less, if the image is built for it")
    ephemeral_storage_gib: int | None = Field(
        None, ge=21, le=200, description="None: the 20 GiB that every Fargate job has"
    )
    platform_version: Literal["LATEST", "1.4.0"] = Field(
        "LATEST", description="of Fargate; those before 1.4.0 have no file systems and are going"
    )

    def size_problems(self) -> Iterator[Problem]:
        """Yield a problem if Fargate does not have this size."""
        yield from fargate_size_problems(self.vcpus, self.memory_mib, sizes=BATCH_FARGATE_MEMORY_MIB)


class Ulimit(Settings):
    """A limit of the kernel, for EC2 only."""

    name: Literal[
        "core", "cpu", "data", "fsize", "locks", "memlock", "msgqueue", "nice", "nofile", "nproc", "rss", "rtprio",
        "rttime", "sigpending", "stack",
    ] = Field(description="as in setrlimit")  # fmt: skip
    soft: int = Field(ge=-1, description="what a process gets; -1: unlimited")
    hard: int = Field(ge=-1, description="what it may raise it to; -1: unlimited")


class Tmpfs(Settings):
    """A folder in memory."""

    container_path: AbsolutePath = Field(description="where the container sees it")
    size_mib: int = Field(ge=1, description="counts against the container's memory")


def fargate_problems(path: str, container: ContainerSettings) -> Iterator[Problem]:
    """Yield a problem for each thing of ``container`` that Fargate does not have."""
    at = f"{path}." if path else ""
    for index, mount in enumerate(container.mounts):
        if isinstance(mount, HostMount):
            where = f"{at}mounts[{index}]"
            yield Problem(where, "not be a HostMount on Fargate", shown(mount), "there is no host to mount from")
    if container.logs.log_driver not in FARGATE_DRIVERS:
        yield Problem(f"{at}logs.driver", "be splunk on Fargate", repr(container.logs.log_driver), "it has no other")


class Ec2ContainerSettings(ContainerSettings, abstract=True):
    """A container on an EC2 instance."""

    vcpus: int = Field(ge=1, description="whole ones on EC2")
    memory_mib: int = Field(ge=4, description="more than this and the container is killed")
    gpus: int = Field(0, ge=0, le=16, description="whole GPUs, seen by this container alone")
    architecture: Architecture = Field(
        "X86_64", description="what the image is built for; checked against the capacity"
    )
    shared_memory_mib: int | None = Field(
        None, ge=1, description="/dev/shm; data loaders and NCCL need more than Docker's 64 MiB"
    )
    tmpfs: Sequence[Tmpfs] = Field((), description="folders in memory")
    ulimits: Sequence[Ulimit] = Field((), description="e.g. memlock unlimited for EFA")
    max_swap_mib: int | None = Field(None, ge=0, description="0: no swap; the instance must have some")
    swappiness: int | None = Field(None, ge=0, le=100, description="0: as little as possible; needs max_swap_mib")
    devices: Sequence[AbsolutePath] = Field((), description="devices of the instance, e.g. /dev/infiniband/uverbs0")
    privileged: bool = Field(False, description="True: root on the instance; production refuses it")

    def paths(self) -> list[str]:
        """Return where something is mounted, in any order."""
        return [*super().paths(), *(folder.container_path for folder in self.tmpfs)]

    def rules(self) -> Iterable[Problem]:
        """Check what holds between the limits of one container."""
        yield from super().rules()
        limits = [limit.name for limit in self.ulimits]
        for name in sorted({name for name in limits if limits.count(name) > 1}):
            yield Problem("ulimits", "set each limit once", repr(name), "only one of the two can win")
        if self.swappiness is not None and self.max_swap_mib is None:
            yield Problem("swappiness", "be left out without max_swap_mib", shown(self.swappiness), "set max_swap_mib")
        for index, limit in enumerate(self.ulimits):
            if limit.hard != -1 and (limit.soft == -1 or limit.soft > limit.hard):
                yield Problem(
                    f"ulimits[{index}].soft",
                    f"be at most hard ({limit.hard:,})",
                    shown(limit.soft),
                    "a process could never reach it",
                )
        in_memory = sum(folder.size_mib for folder in self.tmpfs) + (self.shared_memory_mib or 0)
        if in_memory > self.memory_mib:
            yield Problem(
                "memory_mib", f"cover shared_memory_mib and tmpfs ({in_memory:,})", shown(self.memory_mib), "raise it"
            )
