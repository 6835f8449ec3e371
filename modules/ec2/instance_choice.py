"""Which instances are started, how and where: the same for Batch, for unmanaged environments and capacity providers."""

from collections.abc import Callable, Iterator
from typing import Annotated, ClassVar

from pydantic import Field, StringConstraints

from modules.checks import never_with
from modules.ec2.instance_types import InstanceType, possible_types
from modules.ec2.machine_images import is_neuron, missing_image
from modules.ec2.settings import (
    ROOT_DEVICE,
    AnyLaunchTemplate,
    ExistingLaunchTemplate,
    LaunchTemplateSettings,
    ReservedCapacity,
    instance_role_name,
    instance_store_problems,
    instance_type_problems,
    reserved_capacity_problems,
    type_count_problems,
)
from modules.iam.access_settings import Access
from modules.iam.role_settings import InstanceProfileArn
from modules.markers import Replaces
from modules.names import PhysicalName
from modules.naming import AwsLocation
from modules.problems import Problem
from modules.settings import Sequence, Settings
from modules.vpc.placement_settings import NetworkPlacement

ImageId = Annotated[str, StringConstraints(pattern=r"^ami-[0-9a-f]{8,17}$")]


class InstanceChoice(Settings, abstract=True):
    """Base of capacity that is made of EC2 instances."""

    # Whether an image with the Neuron driver is among those that are chosen from.
    has_neuron_image: ClassVar[bool] = False
    # Whether instances of an image of one's own can be made to join.
    takes_own_image: ClassVar[bool] = True

    instance_types: Sequence[str] = Field(min_length=1)
    """types of instances [at least 1 item; required]"""
    image_id: Annotated[
        ImageId | None, Replaces("compute environment", when="that Batch manages, where it is given or taken back")
    ] = None
    """a custom AMI, built from the Amazon ECS-optimized AMI; None: the newest of Amazon Linux 2023, with an Auto
    Scaling group at each launch, with Batch when the environment was made: patches are then your responsibility
    [default None; a change replaces the compute environment that Batch manages, where it is given or taken back]"""
    instance_profile_arn: InstanceProfileArn | None = None
    """None: one is made, with its role; else one that exists, to whose role nothing is granted: the output
    role_policies says what it needs [at most 2,048 characters; default None]"""
    access: Access = Field(default_factory=Access)
    """what the instances themselves may use, for their first script, say; whatever runs there and reaches their
    metadata may use it, too [default Access()]"""
    launch_template: AnyLaunchTemplate = Field(default_factory=LaunchTemplateSettings)
    """disks, first script, access: LaunchTemplateSettings, or an ExistingLaunchTemplate [default
    LaunchTemplateSettings()]"""

    def names(self, name: str, location: AwsLocation) -> Iterator[PhysicalName]:
        """Yield the names of the launch template and of what its instances run as."""
        yield from super().names(name, location)
        if isinstance(self.launch_template, LaunchTemplateSettings):
            yield PhysicalName("launch template", name)
        if self.instance_profile_arn is None:
            yield PhysicalName("role", instance_role_name(name))
            yield PhysicalName("instance profile", instance_role_name(name))

    def possible_types(self) -> tuple[InstanceType, ...]:
        """Return the types that ``instance_types`` means, from small to large."""
        return possible_types(self.instance_types)

    def check_instance_types(self) -> Iterator[Problem]:
        """Check that the types are known, alike and able to do what is asked of them."""
        yield from instance_type_problems("instance_types", self.instance_types)
        yield from instance_store_problems("launch_template", self.launch_template, self.possible_types())

    def check_root_device(self) -> Iterator[Problem]:
        """Check that the images of Amazon have the root device."""
        template = self.launch_template
        if isinstance(template, LaunchTemplateSettings) and template.root_device != ROOT_DEVICE and not self.image_id:
            rule = f"be {ROOT_DEVICE} where image_id is None"
            reason = "otherwise it is a second volume, and the root volume keeps the size of the image"
            yield self.problem("launch_template.root_device", rule, reason)

    def check_instance_images(self) -> Iterator[Problem]:
        """Check that there is an image for every type."""
        if self.image_id is None:
            or_own = ", or image_id be given" if self.takes_own_image else ""
            yield from self.type_problems(f"have an image of Amazon Linux 2023{or_own}", self._no_image)

    @property
    def has_existing_template(self) -> bool:
        """Return whether somebody else says how instances start."""
        return isinstance(self.launch_template, ExistingLaunchTemplate)

    def type_problems(self, rule: str, why_not: Callable[[InstanceType], str | None]) -> Iterator[Problem]:
        """Yield a problem for each of ``instance_types`` that means a type of which ``why_not`` tells something."""
        for index, name in enumerate(self.instance_types):
            reason = next((reason for kind in possible_types([name]) if (reason := why_not(kind))), None)
            if reason:
                yield Problem(f"instance_types[{index}]", rule, repr(name), reason)

    def _no_image(self, kind: InstanceType) -> str | None:
        if is_neuron(kind) and not self.has_neuron_image:
            give = "; give image_id" if self.takes_own_image else ""
            return f"the AMIs that Batch chooses from have no Neuron driver{give}"
        return missing_image(kind)


class ReservableCapacity(InstanceChoice, abstract=True):
    """Base of capacity that may start in what was reserved for it."""

    reserved_capacity: ReservedCapacity | None = None
    """a CapacityReservation, CapacityReservationGroup or CapacityBlock to start instances in [default None]"""

    def check_existing_template(self) -> Iterator[Problem]:
        """Check that nothing is reserved that the template of somebody else would have to name."""
        if self.has_existing_template and self.reserved_capacity is not None:
            rule, reason = "be left out with an ExistingLaunchTemplate", "the launch template names it"
            yield self.problem("reserved_capacity", rule, reason)

    def check_reserved_capacity(self) -> Iterator[Problem]:
        """Check that what is reserved is of the one type it can be of."""
        reserved, types = self.reserved_capacity, self.possible_types()
        yield from reserved_capacity_problems("instance_types", reserved, self.instance_types, types)


class GroupInstanceChoice(InstanceChoice, abstract=True):
    """Base of capacity whose instances an Auto Scaling group starts."""

    has_neuron_image = True

    instance_types: Sequence[str] = Field(min_length=1, max_length=40)
    """types or families, of which there may be 40 types together [1 to 40 items; required]"""

    def names(self, name: str, location: AwsLocation) -> Iterator[PhysicalName]:
        """Yield also the name of the group."""
        yield from super().names(name, location)
        yield PhysicalName("Auto Scaling group", name)

    @property
    def group_types(self) -> list[str]:
        """Return the types that the group is told, in their order; those of a family from small to large."""
        return list(dict.fromkeys(kind.name for name in self.instance_types for kind in possible_types([name])))

    def check_instance_families(self) -> Iterator[Problem]:
        """Check how many types there are, with those of families."""
        yield from type_count_problems("instance_types", self.instance_types)

    def check_instance_images(self) -> Iterator[Problem]:
        """Check that there is an image for every type, unless the template of somebody else names one."""
        if not self.has_existing_template:
            yield from super().check_instance_images()

    def check_template_with_all(self) -> Iterator[Problem]:
        """Check that what stands in the template of somebody else stands there alone."""
        if not self.has_existing_template:
            return
        with_it = "with an ExistingLaunchTemplate"
        if self.image_id is not None:
            reason = "an Auto Scaling group starts the image of its launch template"
            yield self.problem("image_id", f"be left out {with_it}", reason)
        if self.instance_profile_arn is None:
            rule = f"be given {with_it}"
            reason = "the output role_policies lists what the role of that profile needs"
            yield self.problem("instance_profile_arn", rule, reason, "name the one that the template has")


class SubnetChoice(NetworkPlacement, abstract=True):
    """Base of capacity that may be kept to one zone."""

    subnet_index: int | None = Field(default=None, ge=0)
    """only this one of the network's subnets, counted from 0 in the order of their zones; None: all, where capacity is
    found most often [at least 0; default None]"""

    check_subnet_choice: ClassVar = never_with("subnet_index", "subnets", "subnets already lists them")

    def chosen_subnets(self, subnet_ids: Sequence[str]) -> list[str]:
        """Return those of a network's subnets in which instances start."""
        return list(subnet_ids) if self.subnet_index is None else [subnet_ids[self.subnet_index]]
