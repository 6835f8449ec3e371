"""Where on its capacity a service's tasks are put, and what disk comes with each.

Source: PlacementStrategy and ServiceManagedEBSVolumeConfiguration in the ECS API reference.
"""

from collections.abc import Iterator
from typing import Annotated, Literal

from pydantic import Field

from modules.ec2.settings import gp3_problems
from modules.kms.settings import KmsKeyArn
from modules.markers import ArnOf
from modules.problems import Problem
from modules.settings import Settings


class PlacementStrategy(Settings):
    """On which instances tasks are put."""

    type: Literal["spread", "binpack", "random"]
    """spread: far apart; binpack: as few instances as possible; random: anywhere [one of 'spread', 'binpack', 'random';
    required]"""
    field: (
        Literal["instanceId", "attribute:ecs.availability-zone", "attribute:ecs.instance-type", "cpu", "memory"] | None
    ) = None
    """what spread or binpack goes by; random takes none [one of 'instanceId', 'attribute:ecs.availability-zone',
    'attribute:ecs.instance-type', 'cpu', 'memory'; default None]"""

    def check_placement_strategy(self) -> Iterator[Problem]:
        """Check that the field goes with the type."""
        packing = self.field in {"cpu", "memory"}
        if self.type == "random" and self.field is not None:
            yield self.problem("field", "be left out with random", "otherwise ECS refuses the strategy")
        if self.type == "binpack" and not packing:
            yield self.problem("field", "be cpu or memory with binpack", "binpack fills instances by CPU or memory")
        if self.type == "spread" and (packing or self.field is None):
            yield self.problem(
                "field", "be instanceId or an attribute with spread", "tasks are spread over the values of the field"
            )


SPREAD_OVER_ZONES = PlacementStrategy(type="spread", field="attribute:ecs.availability-zone")
PACK_BY_MEMORY = PlacementStrategy(type="binpack", field="memory")


class EbsVolume(Settings):
    """A volume that each task gets when it starts and that goes with it; always encrypted."""

    size_gib: int = Field(ge=1, le=16_384)
    """gp3; large and empty beats ephemeral storage of 200 GiB [from 1 to 16,384; required]"""
    iops: int | None = Field(default=None, ge=3_000, le=16_000)
    """None: 3,000, which are part of the price [from 3,000 to 16,000; default None]"""
    throughput_mib_per_second: int | None = Field(default=None, ge=125, le=1_000)
    """None: 125, part of the price [from 125 to 1,000; default None]"""
    file_system: Literal["ext3", "ext4", "xfs"] = "xfs"
    """made on it; with snapshot_id the one that the snapshot has, or no task starts [one of 'ext3', 'ext4', 'xfs';
    default 'xfs']"""
    snapshot_id: str | None = Field(default=None, pattern=r"^snap-[0-9a-f]{8,17}$")
    """None: empty [default None]"""
    kms_key_arn: Annotated[KmsKeyArn | None, ArnOf("key", "a volume is encrypted with a key of its own region")] = None
    """None: the key that AWS keeps for EBS [default None]"""

    def check_ebs_volume(self) -> Iterator[Problem]:
        """Check what gp3 asks for."""
        yield from gp3_problems(self, "size_gib", "iops", "throughput_mib_per_second")
