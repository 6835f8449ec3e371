"""Containers of a job that has several.

Source: TaskContainerProperties in the Batch API reference.
"""

from collections.abc import Mapping
from typing import ClassVar

from pydantic import Field

from modules.batch.settings.containers import OF_TASKS_ONLY, Ec2ContainerSettings, FargateContainerSettings
from modules.containers.dependencies import TaskMember


class _OneOfSeveral(TaskMember, abstract=True):
    """What a container has besides, where there are several."""

    refused: ClassVar[Mapping[str, str]] = {
        **OF_TASKS_ONLY,
        **dict.fromkeys(
            ("start_timeout_seconds", "stop_timeout_seconds"),
            "provider 6.25.0 silently drops startTimeout and stopTimeout: Batch's defaults would hold",
        ),
    }


class FargateJobContainer(_OneOfSeveral, FargateContainerSettings):
    """One of several containers on Fargate; they share the job's size."""

    vcpus: float = Field(ge=0.01)
    """its part of the job's vCPUs [at least 0.01; required]"""
    memory_mib: int = Field(ge=4)
    """more than this and the container is killed [at least 4; required]"""


class Ec2JobContainer(_OneOfSeveral, Ec2ContainerSettings):
    """One of several containers on one EC2 instance."""
