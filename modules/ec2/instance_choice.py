"""Which instances are started, and how: the same for Batch, for unmanaged environments and for capacity providers."""

from collections.abc import Iterator
from typing import Annotated

from pydantic import Field, StringConstraints

from modules.ec2.instance_types import InstanceType, possible_types
from modules.ec2.settings import LaunchTemplateSettings, instance_role_name
from modules.names import PhysicalName
from modules.naming import AwsLocation
from modules.settings import Sequence, Settings

ImageId = Annotated[str, StringConstraints(pattern=r"^ami-[0-9a-f]{8,17}$")]


class InstanceChoice(Settings, abstract=True):
    """Base of capacity that is made of EC2 instances."""

    instance_types: Sequence[str] = Field(min_length=1)
    """types of instances [at least 1 item; required]"""
    image_id: ImageId | None = None
    """an image of one's own, made from Amazon's ECS image (EKS: EKS image); None: the newest of Amazon Linux 2023
    [default None]"""
    launch_template: LaunchTemplateSettings = Field(default_factory=LaunchTemplateSettings)
    """disks, first script, access [default LaunchTemplateSettings()]"""

    def names(self, name: str, location: AwsLocation) -> Iterator[PhysicalName]:
        """Yield the names of the launch template and of what its instances run as."""
        yield from super().names(name, location)
        yield PhysicalName("launch template", name)
        yield PhysicalName("role", instance_role_name(name))
        yield PhysicalName("instance profile", instance_role_name(name))

    def possible_types(self) -> tuple[InstanceType, ...]:
        """Return the types that ``instance_types`` means, from small to large."""
        return possible_types(self.instance_types)


class GroupInstanceChoice(InstanceChoice, abstract=True):
    """Base of capacity whose instances an Auto Scaling group starts."""

    instance_types: Sequence[str] = Field(min_length=1, max_length=40)
    """types, no families [1 to 40 items; required]"""

    def names(self, name: str, location: AwsLocation) -> Iterator[PhysicalName]:
        """Yield also the name of the group."""
        yield from super().names(name, location)
        yield PhysicalName("Auto Scaling group", name)
