"""The permissions to a file system, wherever it is made: what a reader and a writer of one access point need.

A key of the file system is used by EFS itself: clients need no permission to it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from cdktf import TerraformResource
from constructs import Construct

from modules import arns
from modules.iam.policy import Statement, allow
from modules.iam.workload_role import WorkloadRole
from modules.naming import AwsLocation

MOUNT = "elasticfilesystem:ClientMount"
WRITE = "elasticfilesystem:ClientWrite"
ROOT = "elasticfilesystem:ClientRootAccess"


@dataclass(frozen=True)
class AccessPoint:
    """What a volume has to name to mount one folder; both are tokens."""

    access_point_id: str
    access_point_arn: str


class GrantableFileSystem(Construct):
    """Base of file systems: grants to roles of this project.

    ``file_system_id`` and ``file_system_arn`` may be tokens; ``access_points`` are by short name. Nothing can
    mount it before its ``connections`` are there, which are known where it is made in the same stack.
    """

    file_system_id: str
    file_system_arn: str
    access_points: Mapping[str, AccessPoint]
    connections: Sequence[TerraformResource] = ()

    def __init__(self, scope: Construct, id_: str) -> None:
        super().__init__(scope, id_)
        self._grant_name = id_

    def grant_read(self, grantee: WorkloadRole, access_point: str) -> None:
        """Let ``grantee`` mount the access point of this short name and read."""
        self._grant(grantee, access_point, read_only=True)

    def grant_write(self, grantee: WorkloadRole, access_point: str) -> None:
        """Let ``grantee`` mount the access point of this short name, read and write."""
        self._grant(grantee, access_point, read_only=False)

    def _grant(self, grantee: WorkloadRole, access_point: str, *, read_only: bool) -> None:
        point = self.access_points[access_point]
        statement = _mount_statement(self.file_system_arn, point.access_point_arn, read_only=read_only)
        # Short names have no dot, so this is never the permission to a bucket of a longer name.
        grantee.add_policy(f"{'read' if read_only else 'write'}-{self._grant_name}.{access_point}", [statement])


def grant_existing(
    grantee: WorkloadRole, file_system_id: str, access_point_id: str | None, *, read_only: bool, location: AwsLocation
) -> None:
    """Let ``grantee`` mount a file system that somebody else of the same account and region owns."""
    point_arn = arns.access_point(location, access_point_id) if access_point_id else None
    statement = _mount_statement(arns.file_system(location, file_system_id), point_arn, read_only=read_only)
    # No short name has an @: this is never the permission to a bucket or file system that is called like the id.
    name = f"{'read' if read_only else 'write'}-{access_point_id or 'all'}@{file_system_id}"
    grantee.add_policy(name, [statement])


def _mount_statement(file_system_arn: str, access_point_arn: str | None, *, read_only: bool) -> Statement:
    """Return the permission to mount, through an access point if one is given, and to write unless ``read_only``."""
    through = {"ArnEquals": {"elasticfilesystem:AccessPointArn": access_point_arn}} if access_point_arn else None
    sid, actions = ("ReadFiles", [MOUNT]) if read_only else ("WriteFiles", [MOUNT, WRITE])
    return allow(sid, actions, file_system_arn, condition=through)
