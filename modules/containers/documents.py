"""What Batch and ECS are told of a container in the same words, as plain data in the keys of both APIs. No constructs.

Source: ContainerProperties in the Batch API reference, ContainerDefinition in that of ECS.
"""

from collections.abc import Container, Mapping
from dataclasses import dataclass
from typing import Any

from modules.canonical_json import Said
from modules.containers.dependencies import TaskMember
from modules.containers.settings import (
    CommonContainer,
    ExistingFileSystemMount,
    FileSystemMount,
    HostContainer,
    UlimitedContainer,
)
from modules.ecr.image import image_uri
from modules.iam.secret_settings import SecretSettings

Document = dict[str, Any]
# Where AWS's SDKs look for it.
REGION = "AWS_REGION"


@dataclass(frozen=True)
class FileSystemPlace:
    """Where a mount of a file system leads; both may be tokens. Without an access point: the whole file system."""

    file_system_id: str
    access_point_id: str | None


# By the names of file system and access point in the environment.
AccessPoints = Mapping[tuple[str, str], FileSystemPlace]


def container_document(settings: CommonContainer, repository_uris: Mapping[str, str]) -> Document:
    """Return what every container has; what is None or empty is as if it were not there."""
    document: Document = {
        "image": image_uri(settings.image, repository_uris),
        "repositoryCredentials": {
            "credentialsParameter": settings.repository_credentials and settings.repository_credentials.secret_arn
        },
        "command": list(settings.command),
        "environment": variables(settings.environment),
        "secrets": secret_variables(settings.secrets),
        "user": settings.user,
        "readonlyRootFilesystem": settings.read_only_root_filesystem,
        "linuxParameters": {"initProcessEnabled": settings.init_process},
    }
    if isinstance(settings, UlimitedContainer):
        document["ulimits"] = [
            {"name": limit.name, "softLimit": limit.soft, "hardLimit": limit.hard}
            for limit in sorted(settings.ulimits, key=lambda limit: limit.name)
        ]
    if isinstance(settings, HostContainer):
        document["privileged"] = settings.privileged or None
        document["linuxParameters"] |= {
            "sharedMemorySize": settings.shared_memory_mib,
            "maxSwap": settings.max_swap_mib,
            "swappiness": settings.swappiness,
            "devices": [{"hostPath": path, "containerPath": path} for path in sorted(settings.devices)],
            "tmpfs": [
                {"containerPath": folder.container_path, "size": folder.size_mib}
                for folder in sorted(settings.tmpfs, key=lambda folder: folder.container_path)
            ],
        }
    return document


def member_document(name: str, settings: TaskMember) -> Document:
    """Return what a container has besides, where there may be several."""
    return {
        "name": name,
        "essential": settings.essential,
        "dependsOn": [
            {"containerName": item.container, "condition": item.condition}
            for item in sorted(settings.depends_on, key=lambda item: item.container)
        ],
    }


def variables(values: Mapping[str, str], key: str = "value") -> list[Document]:
    """Return names and values, sorted by name."""
    return [{"name": name, key: Said(value)} for name, value in sorted(values.items())]


def region_variable(region: str, secrets: Container[str]) -> Mapping[str, str]:
    """Return the region for a container that cannot ask its instance; older ECS agents do not tell it either."""
    return {} if REGION in secrets else {REGION: region}


def secret_variables(secrets: Mapping[str, SecretSettings]) -> list[Document]:
    """Return names, and where AWS reads their values from."""
    return variables({name: secret.value_from() for name, secret in secrets.items()}, "valueFrom")


def mount_point(path: str, volume: str, *, read_only: bool = False) -> Document:
    """Return where a container finds a volume."""
    return {"containerPath": path, "sourceVolume": volume, "readOnly": read_only}


def place_of(mount: FileSystemMount | ExistingFileSystemMount, access_points: AccessPoints) -> FileSystemPlace:
    """Return where a mount leads."""
    if isinstance(mount, FileSystemMount):
        return access_points[mount.file_system, mount.access_point]
    return FileSystemPlace(mount.file_system_id, mount.access_point_id)
