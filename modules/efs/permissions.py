"""The permissions to mount a file system, of this environment or of another owner.

A key of the file system is used by EFS itself: clients need no permission to it.
"""

from modules import arns
from modules.iam.policy import Statement, allow
from modules.iam.workload_role import WorkloadRole
from modules.naming import AwsLocation

MOUNT = "elasticfilesystem:ClientMount"
WRITE = "elasticfilesystem:ClientWrite"
ROOT = "elasticfilesystem:ClientRootAccess"


def mount_statement(file_system_arn: str, access_point_arn: str | None, *, read_only: bool) -> Statement:
    """Return the permission to mount, through an access point if one is given, and to write unless ``read_only``."""
    through = {"ArnEquals": {"elasticfilesystem:AccessPointArn": access_point_arn}} if access_point_arn else None
    sid, actions = ("ReadFiles", [MOUNT]) if read_only else ("WriteFiles", [MOUNT, WRITE])
    return allow(sid, actions, file_system_arn, condition=through)


def grant_existing(
    grantee: WorkloadRole,
    file_system_id: str,
    access_point_id: str | None,
    *,
    read_only: bool,
    location: AwsLocation,
) -> None:
    """Let ``grantee`` mount a file system that somebody else of the same account and region owns."""
    statement = mount_statement(
        arns.file_system(location, file_system_id),
        arns.access_point(location, access_point_id) if access_point_id else None,
        read_only=read_only,
    )
    # No short name has an @: this is never the permission to a bucket or file system that is called like the id.
    name = f"{'read' if read_only else 'write'}-{access_point_id or 'all'}@{file_system_id}"
    grantee.add_policy(name, [statement])
