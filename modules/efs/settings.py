"""Settings of EFS file systems.

Source: CreateFileSystem, PutLifecycleConfiguration and CreateAccessPoint in the EFS API reference.
"""

from collections.abc import Iterator
from typing import Annotated, ClassVar, Literal

from pydantic import Field

from modules.kms.settings import KmsKeySettings
from modules.markers import Replaces, production
from modules.named_settings import NamedSettings
from modules.names import PhysicalName
from modules.naming import AwsLocation, ShortName, Tags
from modules.problems import Problem, format_value
from modules.settings import Distinct, Settings

PosixId = Annotated[int, Field(ge=0, le=4_294_967_295)]
LifecycleDays = Literal[1, 7, 14, 30, 60, 90, 180, 270, 365]
ArchiveDays = Literal[7, 14, 30, 60, 90, 180, 270, 365]  # more than those until infrequent access


class ThroughputSettings(Settings, abstract=True):
    """Base of the ways to get and pay throughput; EFS lets it be lowered or changed once a day."""

    # EFS's own word for it.
    mode: ClassVar[str]


class ElasticThroughput(ThroughputSettings):
    """As much as is asked for, paid by the GB; nothing while idle."""

    mode = "elastic"


class BurstingThroughput(ThroughputSettings):
    """50 MiB/s for each TiB stored, and bursts from credits: a small file system is slow when they are used up."""

    mode = "bursting"


class ProvisionedThroughput(ThroughputSettings):
    """A fixed throughput, paid by the hour whether it is used or not."""

    mode = "provisioned"

    throughput_mibps: int = Field(ge=1, le=3_414)
    """MiB/s, about 6 USD a month each [from 1 to 3,414; required]"""


class AccessPointSettings(Settings):
    """One folder of a file system, and whom its users act as; a workload mounts this and sees nothing beside it."""

    path: Annotated[str, Replaces("access point")] = Field(
        max_length=100, pattern=r"^(/[0-9A-Za-z_-][0-9A-Za-z_.-]*){1,4}$"
    )
    """made when first mounted; four folders deep at most [at most 100 characters; required; a change replaces the
    access point]"""
    uid: Annotated[PosixId, Replaces("access point")]
    """owner of the folder, and of all that is written, for every user a container runs as [from 0 to 4,294,967,295;
    required; a change replaces the access point]"""
    gid: Annotated[PosixId, Replaces("access point")]
    """group of the folder, and of all that is written [from 0 to 4,294,967,295; required; a change replaces the access
    point]"""
    permissions: Annotated[str, Replaces("access point")] = Field(default="0750", pattern=r"^[0-7]{3,4}$")
    """octal, of the folder when it is made; an existing one keeps its own [default '0750'; a change replaces the access
    point]"""
    secondary_gids: Annotated[Distinct[PosixId], Replaces("access point")] = Field(default=(), max_length=16)
    """further groups of its users [at most 16 items; each from 0 to 4,294,967,295; default empty; a change replaces the
    access point]"""


class FileSystemSettings(NamedSettings):
    """A file system in every zone of the network, encrypted at rest and in transit, reached by IAM role only."""

    access_points: dict[ShortName, AccessPointSettings] = Field(min_length=1)
    """without one no workload can be let in [at least 1 entry; required]"""
    throughput: ThroughputSettings = Field(default_factory=ElasticThroughput)
    """how fast it is, and how that is paid [default ElasticThroughput()]"""
    infrequent_access_after_days: LifecycleDays | None = 30
    """days without access; a file then costs far less to keep, but each GB read is charged; None: never [one of 1, 7,
    14, 30, 60, 90, 180, 270, 365; default 30]"""
    archive_after_days: ArchiveDays | None = None
    """days without access; cheaper to keep and more expensive to read again; None: never [one of 7, 14, 30, 60, 90,
    180, 270, 365; default None]"""
    back_on_first_access: bool = False
    """True: a file that is read once is moved back, so that the next read costs nothing [default False]"""
    backup: Annotated[bool, production(True, "a mistake could not be undone")] = True
    """False: what is overwritten or deleted is gone [default True; must be True in production]"""
    kms_key: Annotated[KmsKeySettings | None, Replaces("file system", "all files")] = None
    """None: the key that AWS keeps for EFS, without charge [default None; a change replaces the file system, losing all
    files]"""
    tags: Tags = Field(default_factory=dict)
    """on the file system and its access points [at most 46 entries; each name 1 to 128 characters; each value at most
    256 characters; default empty]"""

    def creation_token(self, name: str) -> str:
        """Return what EFS tells the file system by, another with a key than without.

        The provider would keep a key that is left out, while Terraform destroys it.
        """
        return name if self.kms_key is None else f"{name}-key"

    def names(self, name: str, location: AwsLocation) -> Iterator[PhysicalName]:
        """Yield the names of the file system, its access points, its key and its security group."""
        yield PhysicalName("file system", self.creation_token(name))
        yield PhysicalName("security group", f"{name}-efs")
        for point in self.access_points:
            yield PhysicalName("access point", f"{name}-{point}", path=f"access_points.{point}")
        if self.kms_key is not None:
            yield from self.kms_key.names(f"efs/{name}", location)

    def check_file_system(self) -> Iterator[Problem]:
        """Check what EFS asks of the colder storage classes."""
        if self.archive_after_days is not None:
            yield from self._archive_problems(self.archive_after_days)
        if self.back_on_first_access and self.infrequent_access_after_days is None and self.archive_after_days is None:
            rule = "be False where no file moves to infrequent access"
            yield self.problem("back_on_first_access", rule, fix="give infrequent_access_after_days")

    def _archive_problems(self, days: int) -> Iterator[Problem]:
        if not isinstance(self.throughput, ElasticThroughput):
            path, rule = "archive_after_days", "be left out where throughput is not ElasticThroughput"
            yield Problem(path, rule, format_value(days), "EFS offers Archive with elastic throughput only")
        sooner = self.infrequent_access_after_days
        if sooner is None or days <= sooner:
            rule = f"be more than infrequent_access_after_days ({format_value(sooner)})"
            reason = "files move to infrequent access first, and from there to Archive"
            yield Problem("archive_after_days", rule, format_value(days), reason)
