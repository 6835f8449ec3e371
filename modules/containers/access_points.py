"""Where file systems are found by the containers that mount them, of Batch's jobs as of ECS's tasks. Plain data."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class FileSystemPlace:
    """Where a mount of a file system leads; both may be tokens. Without an access point: the whole file system."""

    file_system_id: str
    access_point_id: str | None


# By the names of file system and access point in the environment.
AccessPoints = Mapping[tuple[str, str], FileSystemPlace]
