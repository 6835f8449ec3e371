"""File systems that workloads mount: where they are, and the permissions to them."""

from collections.abc import Iterable

from modules.containers.access_points import AccessPoint
from modules.containers.settings import FileSystemMount
from modules.iam.workload_role import WorkloadRole
from stacks.storage import Storage


def access_points(storage: Storage, mounts: Iterable[FileSystemMount]) -> dict[tuple[str, str], AccessPoint]:
    """Return where each mount leads, by the names of file system and access point."""
    places = {}
    for mount in mounts:
        file_system = storage.file_systems[mount.file_system]
        point = file_system.access_points[mount.access_point]
        places[mount.file_system, mount.access_point] = AccessPoint(file_system.file_system_id, point.access_point_id)
    return places


def grant_mounts(storage: Storage, role: WorkloadRole, mounts: Iterable[FileSystemMount]) -> None:
    """Give ``role`` the permissions that its mounts need: to read, and to write where they are not read only."""
    for mount in mounts:
        file_system = storage.file_systems[mount.file_system]
        grant = file_system.grant_read if mount.read_only else file_system.grant_write
        grant(role, mount.access_point)
