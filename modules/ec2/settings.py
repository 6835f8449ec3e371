"""Settings of EC2 instances: how they start, and capacity that is reserved for them.

Source: RequestLaunchTemplateData in the EC2 API reference, "General Purpose SSD volumes" in the EBS guide.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import Annotated

from pydantic import Field

from modules.arn_parts import arn_pattern
from modules.ec2.instance_types import (
    DEFAULT_FAMILIES,
    InstanceType,
    architectures,
    is_known,
    known_names,
    nearest_names,
    possible_types,
)
from modules.kms.settings import KmsKeyArn
from modules.markers import ArnOf, Late, Replaces, production
from modules.naming import Tags
from modules.problems import Problem, format_value
from modules.settings import Settings

# Of Amazon Linux 2023.
ROOT_DEVICE = "/dev/xvda"
GP3_BASELINE_IOPS = 3_000
GP3_BASELINE_MIB_PER_SECOND = 125
# EC2 takes 16 KiB in all; this leaves room for what is added here and by Batch.
USER_DATA_BYTES = 12_288
# Overrides of a mixed instances policy.
MOST_GROUP_TYPES = 40


def gp3_problems(settings: Settings, size: str, iops: str, throughput: str) -> Iterator[Problem]:
    """Yield what EBS refuses of a gp3 volume, of which settings so called say GiB, IOPS and MiB a second."""
    gib, wanted, rate = (getattr(settings, name) for name in (size, iops, throughput))
    if wanted is not None and wanted > max(GP3_BASELINE_IOPS, 500 * gib):
        yield settings.problem(iops, f"be at most 500 for each GiB of {size} ({gib:,})", "otherwise EBS refuses it")
    had = wanted or GP3_BASELINE_IOPS
    if rate is not None and 4 * rate > had:
        yield settings.problem(throughput, f"be at most a quarter of {iops} ({had:,})", "otherwise EBS refuses it")


class AnyLaunchTemplate(Settings, abstract=True):
    """Base of what may stand in ``launch_template``."""

    @property
    def opens_sessions(self) -> bool:
        """Return whether its instances are to answer Session Manager."""
        return False


class LaunchTemplateSettings(AnyLaunchTemplate):
    """How instances start: always with an encrypted root volume and with metadata only for who holds a token."""

    root_volume_gib: int = Field(default=100, ge=30, le=65_536)
    """holds container images and what jobs write outside of volumes; full = failed [from 30 to 65,536; default 100]"""
    root_device: str = Field(default=ROOT_DEVICE, pattern=r"^/dev/[a-z][a-z0-9]{2,8}$")
    """of the image; a custom AMI may use /dev/sda1: any other device is a second volume, and the root volume keeps the
    size of the AMI [default '/dev/xvda']"""
    root_volume_iops: int | None = Field(default=None, ge=GP3_BASELINE_IOPS, le=80_000)
    """None: 3,000, which are part of the volume's price [from 3,000 to 80,000; default None]"""
    root_volume_throughput_mib_per_second: int | None = Field(default=None, ge=GP3_BASELINE_MIB_PER_SECOND, le=2_000)
    """None: 125, part of the volume's price; large images are pulled as fast as this [from 125 to 2,000; default
    None]"""
    root_volume_kms_key_arn: Annotated[
        KmsKeyArn | None, ArnOf("key", "EBS volumes are encrypted with keys of their own region")
    ] = None
    """None: the account's key for EBS; else one whose policy lets the service-linked roles of EC2 Auto Scaling and, for
    Spot, of EC2 Spot use it [default None]"""
    instance_store_raid: bool = False
    """True: the instance's own NVMe disks as one fast volume at /scratch, gone with the instance [default False]"""
    user_data: str = ""
    """a script that each instance runs as root before its first container [default '']"""
    ssm_access: Annotated[
        bool, production(False, "a shell on an instance has the data and the roles of all that runs there")
    ] = False
    """True: principals that may use Session Manager can open a shell on the instances [default False; must be False in
    production]"""
    detailed_monitoring: Annotated[bool, Late()] = False
    """True: CloudWatch metrics each minute instead of each five, 2.10 USD a month and instance [default False]"""
    tags: Annotated[Tags, Replaces("instances", "what they have on their disks")] = Field(default_factory=dict)
    """on instances and volumes [at most 46 entries; each name 1 to 128 characters; each value at most 256 characters;
    default empty; a change replaces the instances, losing what they have on their disks]"""

    @property
    def opens_sessions(self) -> bool:
        """Return whether its instances are to answer Session Manager."""
        return self.ssm_access

    def check_launch_template(self) -> Iterator[Problem]:
        """Check what gp3 and cloud-init ask for."""
        yield from gp3_problems(self, "root_volume_gib", "root_volume_iops", "root_volume_throughput_mib_per_second")
        if self.user_data and not self.user_data.startswith("#!"):
            yield self.problem("user_data", "begin with #!", "otherwise cloud-init cannot run it")
        size = len(self.user_data.encode())
        if size > USER_DATA_BYTES:
            rule = f"have at most {USER_DATA_BYTES:,} bytes"
            yield Problem("user_data", rule, format_value(size), fix="keep the rest in S3 and fetch it from there")


class ExistingLaunchTemplate(AnyLaunchTemplate):
    """A launch template that somebody else owns: disks, metadata, tags and scripts are as it says.

    That of an Auto Scaling group's instances says all that they need: image, instance profile, security groups, and a
    script that lets the ECS agent join the cluster. Batch itself adds image, profile, subnets and groups.
    """

    launch_template_id: str = Field(pattern=r"^lt-[0-9a-f]{8,17}$")
    """e.g. lt-0123456789abcdef0 [required]"""
    version: str = Field(default="$Default", pattern=r"^(\$Default|\$Latest|[1-9][0-9]{0,17})$")
    """which of its versions, e.g. "3"; where $Default or $Latest is another one later, Batch takes it with the next
    change of the compute environment, and an Auto Scaling group for each new instance [default '$Default']"""


class ReservedCapacity(Settings, abstract=True):
    """Base of capacity that is paid whether it is used or not, and then there for sure."""


class CapacityReservation(ReservedCapacity):
    """One On-Demand Capacity Reservation, of one instance type in one availability zone."""

    reservation_id: str = Field(pattern=r"^cr-[0-9a-f]{8,17}$")
    """instances start in it and nowhere else [required]"""


class CapacityReservationGroup(ReservedCapacity):
    """A resource group of Capacity Reservations; what does not fit into them starts outside of them, on demand."""

    resource_group_arn: Annotated[str, ArnOf("group", "instances launch in reservations of their own region only")] = (
        Field(pattern=arn_pattern("resource-groups", r"group/[0-9A-Za-z_.-]+(/[a-z0-9]+)?"))
    )
    """the group's ARN [required]"""


class CapacityBlock(ReservedCapacity):
    """A Capacity Block for ML: GPU instances close together, of one type and zone, for days that were bought ahead.

    Half an hour before its end EC2 terminates the instances, whatever still runs on them.
    """

    reservation_id: str = Field(pattern=r"^cr-[0-9a-f]{8,17}$")
    """instances start in it and nowhere else [required]"""


def instance_type_problems(path: str, names: Sequence[str]) -> Iterator[Problem]:
    """Check that ``names`` are types, families or Batch's words for families, each once, of one architecture."""
    for index, name in enumerate(names):
        if not is_known(name):
            near = nearest_names(name, known_names())
            rule = f"name an instance type, a family or one of {', '.join(DEFAULT_FAMILIES)}"
            fix = f"did you mean {near[0]}?" if near else "run make instance-types to add new ones"
            yield Problem(f"{path}[{index}]", rule, repr(name), fix=fix)
        elif name in names[:index]:
            yield Problem(f"{path}[{index}]", "be named once", repr(name))
    found = architectures(possible_types(names))
    if len(found) > 1:
        rule = "have one CPU architecture"
        yield Problem(path, rule, " and ".join(found), "an image built for one does not start on the other")


def type_count_problems(path: str, names: Sequence[str]) -> Iterator[Problem]:
    """Check that ``names`` mean no more types than an Auto Scaling group takes, and none of Batch's words."""
    for index, name in enumerate(names):
        if name in DEFAULT_FAMILIES:
            reason = "only Batch can resolve it"
            yield Problem(f"{path}[{index}]", "name a type or a family", repr(name), reason)
    count = len(possible_types(name for name in names if name not in DEFAULT_FAMILIES))
    if count > MOST_GROUP_TYPES:
        rule, reason = f"mean at most {MOST_GROUP_TYPES} types", "an Auto Scaling group takes no more"
        yield Problem(path, rule, format_value(count), reason, "name the types themselves")


def instance_store_problems(path: str, settings: AnyLaunchTemplate, types: Iterable[InstanceType]) -> Iterator[Problem]:
    """Check that every one of ``types`` has the disks that ``settings`` makes a volume of."""
    without = [kind.name for kind in types if not kind.nvme_gb]
    if isinstance(settings, LaunchTemplateSettings) and settings.instance_store_raid and without:
        rule = "be False where an instance type has no NVMe instance store"
        reason = "otherwise its containers fill the root volume"
        yield Problem(f"{path}.instance_store_raid", rule, f"True, and {names_in_short(without)} without", reason)


def reserved_capacity_problems(
    path: str, capacity: ReservedCapacity | None, names: Sequence[str], types: Sequence[InstanceType]
) -> Iterator[Problem]:
    """Check that what is reserved is of the one type it can be of. ``names`` is the setting, ``types`` its meaning."""
    if isinstance(capacity, CapacityReservation | CapacityBlock) and len(types) != 1:
        rule = f"name one instance type where reserved_capacity is a {type(capacity).__name__}"
        reason = "a reservation is for one instance type"
        yield Problem(path, rule, format_value(list(names)), reason)
    elif isinstance(capacity, CapacityBlock) and not types[0].capacity_block:
        rule = "name an instance type that Capacity Blocks are offered for"
        yield Problem(path, rule, repr(types[0].name), fix="use a CapacityReservation")


def instance_role_name(name: str) -> str:
    """Return the name of the role that the instances of ``name`` have."""
    return f"{name}-instance"


def names_in_short(names: Sequence[str]) -> str:
    """Return the first names of a list that may be long."""
    return ", ".join(names) if len(names) <= 3 else f"{', '.join(names[:3])} and {len(names) - 3} more"
