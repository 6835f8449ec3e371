"""Capacity providers of Auto Scaling groups that somebody else owns.

Source: CreateCapacityProvider in the ECS API reference.
"""

from collections.abc import Iterator
from typing import Annotated

from pydantic import Field

from modules.arn_parts import arn_parts, arn_pattern
from modules.ec2.instance_types import InstanceType, possible_types
from modules.ec2.settings import instance_type_problems, type_count_problems
from modules.ecs.settings.capacity_providers import ExistingProvider, GroupCapacity, GroupCapacityProvider
from modules.markers import ArnOf, Replaces
from modules.names import PhysicalName
from modules.naming import AwsLocation, Tags
from modules.problems import Problem
from modules.settings import Sequence

GROUP_ARN = arn_pattern(
    "autoscaling",
    r"autoScalingGroup:[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}:autoScalingGroupName/[!-9;-~]{1,255}",
)


class ExistingGroup(GroupCapacity, abstract=True):
    """Base of capacity of an Auto Scaling group that somebody else owns."""

    instance_types: Sequence[str] = Field(min_length=1, max_length=40)
    """as its owner set them, to check tasks against [1 to 40 items; required]"""
    max_instances: int = Field(ge=1, le=10_000)
    """as its owner set it, to check services against [from 1 to 10,000; required]"""

    def possible_types(self) -> tuple[InstanceType, ...]:
        """Return the types that its owner named, from small to large."""
        return possible_types(self.instance_types)

    def check_instance_types(self) -> Iterator[Problem]:
        """Check that the types are known and alike."""
        yield from instance_type_problems("instance_types", self.instance_types)
        yield from type_count_problems("instance_types", self.instance_types)


class ExistingCapacityProvider(ExistingGroup, ExistingProvider):
    """A capacity provider that an existing cluster has, of an Auto Scaling group."""


class ExistingAutoScalingGroupCapacityProvider(ExistingGroup, GroupCapacityProvider):
    """An Auto Scaling group that somebody else owns: ECS scales it, and neither it nor its template is changed.

    Its instances start the ECS agent for this cluster, and it protects new ones from scale-in while
    termination_protection is True, or ECS refuses it. It may be that of one capacity provider.
    """

    auto_scaling_group_arn: Annotated[
        str,
        ArnOf(
            "Auto Scaling group",
            "a capacity provider scales groups of its own region only",
            "a capacity provider scales groups of its own account only",
        ),
        Replaces("capacity provider"),
    ] = Field(pattern=GROUP_ARN)
    """as aws autoscaling describe-auto-scaling-groups tells it [required; a change replaces the capacity provider]"""
    tags: Tags = Field(default_factory=dict)
    """on the capacity provider [at most 46 entries; each name 1 to 128 characters; each value at most 256 characters;
    default empty]"""

    def provider_name(self, name: str) -> str:
        """Return ``name`` with the start of the group's id: that of another group is made while the first is there."""
        _, group_id, _ = arn_parts(self.auto_scaling_group_arn).resource.split(":")
        return f"{name}-{group_id[:8]}"

    def names(self, name: str, location: AwsLocation) -> Iterator[PhysicalName]:
        """Yield also the name that the group has."""
        yield from super().names(self.provider_name(name), location)
        group = self.auto_scaling_group_arn.partition(":autoScalingGroupName/")[2]
        yield PhysicalName("Auto Scaling group", group, path="auto_scaling_group_arn", is_made=False)
