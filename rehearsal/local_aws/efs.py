"""What moto forgets of EFS: a backup policy that was put is shown, and a policy can be deleted."""

import json
from typing import Any

from moto.efs.models import FileSystem
from moto.efs.responses import EFSResponse

from rehearsal.local_aws import adds


@adds(EFSResponse, "put_backup_policy")
def put_backup_policy(original: Any) -> Any:
    """Set the backup policy of a file system."""
    del original

    def put(response: Any) -> Any:
        policy = json.loads(response.body)["BackupPolicy"]
        file_system = response.efs_backend.file_systems_by_id[response._get_param("FileSystemId")]
        file_system._backup_status = policy["Status"]
        return json.dumps({"BackupPolicy": policy}), {"Content-Type": "application/json"}

    return put


@adds(EFSResponse, "delete_file_system_policy")
def delete_file_system_policy(original: Any) -> Any:
    """Go back to no policy of a file system's own."""
    del original

    def delete(response: Any) -> Any:
        response.efs_backend.file_systems_by_id[response._get_param("FileSystemId")].file_system_policy = None
        return json.dumps({}), {"Content-Type": "application/json"}

    return delete


@adds(FileSystem, "backup_policy")
def show_backup_policy(original: Any) -> Any:
    """Show a backup policy that was set, ``DISABLED`` too."""

    def backup_policy(file_system: Any) -> Any:
        status = getattr(file_system, "_backup_status", None)
        return {"Status": status} if status else original.fget(file_system)

    return property(backup_policy)
