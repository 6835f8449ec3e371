"""Compute environments that somebody else owns: job queues lead to them, and nothing about them is changed.

Source: ComputeEnvironmentDetail in the Batch API reference.
"""

from collections.abc import Iterator
from typing import Annotated, Literal

from pydantic import Field

from modules.batch.settings.any_compute_environments import AnyComputeEnvironmentSettings
from modules.ec2.instance_types import InstanceType, possible_types
from modules.ec2.settings import instance_type_problems
from modules.markers import ArnOf, arn_of_own
from modules.named_settings import ExistingSettings
from modules.problems import Problem
from modules.settings import Sequence


class ExistingComputeEnvironment(ExistingSettings, AnyComputeEnvironmentSettings):
    """A compute environment that somebody else owns. Its settings are as its owner set them, to check jobs against."""

    compute_environment_arn: Annotated[
        str, arn_of_own("compute environment", "job queues lead to capacity of their own")
    ] = Field(pattern=r"^arn:aws[a-z-]*:batch:[a-z0-9-]+:[0-9]{12}:compute-environment/[0-9A-Za-z_-]{1,128}$")
    """e.g. arn:aws:batch:us-east-1:111122223333:compute-environment/shared [required]"""
    kind: Literal["Fargate", "EC2", "EKS", "unmanaged"]
    """what its jobs run on, Spot or not [one of 'Fargate', 'EC2', 'EKS', 'unmanaged'; required]"""
    instance_types: Sequence[str] = ()
    """types or families; empty: not known, so that whether a job fits only its owner can say [default empty]"""
    max_vcpus: int | None = Field(default=None, ge=1)
    """None: not known [at least 1; default None]"""
    ecs_cluster_arn: Annotated[
        str | None,
        ArnOf("cluster", "Batch makes it beside the compute environment", "Batch makes it beside the environment"),
    ] = Field(default=None, pattern=r"^arn:aws[a-z-]*:ecs:[a-z0-9-]+:[0-9]{12}:cluster/[0-9A-Za-z_-]{1,255}$")
    """the ECS cluster that Batch made for it, for the output; None: not known [default None]"""

    @property
    def capacity_kind(self) -> str:
        """Return what its owner says."""
        return self.kind

    def possible_types(self) -> tuple[InstanceType, ...]:
        """Return the types that its owner named, from small to large."""
        return possible_types(self.instance_types)

    def check_instance_types(self) -> Iterator[Problem]:
        """Check that there are instances where types are named, and that these are known and alike."""
        yield from instance_type_problems("instance_types", self.instance_types)
        if self.kind == "Fargate" and self.instance_types:
            yield self.problem("instance_types", "be left out on Fargate")

    def check_cluster(self) -> Iterator[Problem]:
        """Check that there is a cluster of ECS where one is named."""
        if self.kind == "EKS" and self.ecs_cluster_arn is not None:
            yield self.problem("ecs_cluster_arn", "be left out on EKS")
