"""What runs in a job: what every container has, its size, and where its logs go.

Source: ContainerProperties and TaskContainerProperties in the Batch API reference.
"""

from collections.abc import Iterator, Mapping
from typing import Annotated, ClassVar, Literal

from pydantic import AfterValidator, Field

from modules.batch.settings.job_logs import FARGATE_DRIVERS, CloudWatchJobLogs, DriverJobLogs, JobLogs
from modules.containers.fargate_sizes import BATCH_FARGATE_MEMORY_MIB, fargate_size_problems
from modules.containers.settings import (
    Architecture,
    CommonContainer,
    EnvironmentName,
    EnvironmentValue,
    HostContainer,
    HostMount,
    fargate_scratch_problems,
    no_plain_secrets,
)
from modules.iam.secret_settings import SecretSettings
from modules.problems import Problem
from modules.settings import Sequence, Settings


def _own_name(name: str) -> str:
    if name.startswith("AWS_BATCH"):
        raise ValueError("not start with AWS_BATCH, which Batch sets itself")
    return name


JobEnvironmentName = Annotated[EnvironmentName, AfterValidator(_own_name)]


# What containers of tasks have besides.
OF_TASKS_ONLY: Mapping[str, str] = dict.fromkeys(
    (
        "add_capabilities",
        "docker_labels",
        "drop_capabilities",
        "entry_point",
        "environment_files",
        "health_check",
        "keeps_digest",
        "restart",
        "working_directory",
    ),
    "Batch has no such member of a container; tasks of ECS do",
)


class ContainerSettings(CommonContainer, abstract=True):
    """What every container of a job has, wherever it runs."""

    refused: ClassVar[Mapping[str, str]] = OF_TASKS_ONLY

    command: Sequence[str] = ()
    """empty: the image's own; Ref::name stands for a parameter [default empty]"""
    environment: Annotated[dict[JobEnvironmentName, EnvironmentValue], no_plain_secrets("secrets")] = Field(
        default_factory=dict
    )
    """names to values; an empty value shows as a change in every plan [each value at least 1 character; default empty;
    must not look like a secret in production]"""
    secrets: dict[JobEnvironmentName, SecretSettings] = Field(default_factory=dict)
    """environment names to secrets, read by AWS before the container starts [default empty]"""
    logs: JobLogs = Field(default_factory=CloudWatchJobLogs)
    """where what it prints goes: CloudWatchJobLogs or DriverJobLogs [default CloudWatchJobLogs()]"""

    def all_secrets(self) -> Mapping[str, SecretSettings]:
        """Return what AWS reads before it starts the container, by what it is for."""
        return {**super().all_secrets(), **(self.logs.secret_options if isinstance(self.logs, DriverJobLogs) else {})}


# AWS promises a Fargate task 14 days.
FARGATE_LONGEST_SECONDS = 1_209_600


class FargatePlatform(Settings, abstract=True):
    """What a Fargate job runs on, whatever its size."""

    architecture: Architecture = "X86_64"
    """ARM64 costs a fifth less, if the image is built for it [one of 'X86_64', 'ARM64'; default 'X86_64']"""
    ephemeral_storage_gib: int | None = Field(default=None, ge=21, le=200)
    """None: the 20 GiB that every Fargate job has [from 21 to 200; default None]"""
    platform_version: Literal["LATEST", "1.4.0"] = "LATEST"
    """of Fargate; those before 1.4.0 have no file systems and are going [one of 'LATEST', '1.4.0'; default 'LATEST']"""


class FargateSize(Settings, abstract=True):
    """How large a Fargate job of one container is."""

    vcpus: float
    """one of Fargate's sizes, 0.25 to 32 [required]"""
    memory_mib: int
    """one of the memories that go with the vCPUs [required]"""

    def check_fargate_size(self) -> Iterator[Problem]:
        """Check that Fargate has this size."""
        yield from fargate_size_problems(self.vcpus, self.memory_mib, sizes=BATCH_FARGATE_MEMORY_MIB)


class FargateContainerSettings(ContainerSettings, abstract=True):
    """A container on Fargate."""

    def check_scratch_paths(self) -> Iterator[Problem]:
        """Check that its user can write to them."""
        yield from fargate_scratch_problems(self)

    def check_log_driver(self) -> Iterator[Problem]:
        """Check that Fargate has the driver."""
        if self.logs.log_driver not in FARGATE_DRIVERS:
            yield self.problem("logs.driver", "be splunk on Fargate", "Fargate supports none of the other drivers here")


class Ec2ContainerSettings(ContainerSettings, HostContainer, abstract=True):
    """A container on an EC2 instance."""

    mount_kinds = (*ContainerSettings.mount_kinds, HostMount)

    vcpus: int = Field(ge=1)
    """whole vCPUs only on EC2 [at least 1; required]"""
    memory_mib: int = Field(ge=4)
    """more than this and the container is killed [at least 4; required]"""
    architecture: Architecture = "X86_64"
    """what the image is built for; checked against the capacity [one of 'X86_64', 'ARM64'; default 'X86_64']"""

    def check_memory(self) -> Iterator[Problem]:
        """Check that what lies in memory fits."""
        in_memory = sum(folder.size_mib for folder in self.tmpfs) + (self.shared_memory_mib or 0)
        if in_memory > self.memory_mib:
            yield self.problem("memory_mib", f"cover shared_memory_mib and tmpfs ({in_memory:,})", fix="raise it")
