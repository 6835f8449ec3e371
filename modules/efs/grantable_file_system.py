"""The permissions to a file system, wherever it is made: what a reader and a writer of one access point need."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from cdktf import TerraformResource
from constructs import Construct

from modules.efs.permissions import mount_statement
from modules.iam.workload_role import WorkloadRole


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
        statement = mount_statement(self.file_system_arn, point.access_point_arn, read_only=read_only)
        # Short names have no dot, so this is never the permission to a bucket of a longer name.
        grantee.add_policy(f"{'read' if read_only else 'write'}-{self._grant_name}.{access_point}", [statement])
