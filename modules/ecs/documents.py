"""The documents of a task definition as plain data, in the keys of ECS's RegisterTaskDefinition. No constructs.

Values that only Terraform knows (ARNs, ids, the address of a queue) come in through ``TaskContext`` and may be tokens.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from modules.containers.access_points import AccessPoints
from modules.containers.settings import ExistingFileSystemMount, FileSystemMount, HostMount, MountSettings
from modules.ecr.image import Image, image_uri
from modules.ecs.settings.containers import EbsVolumeMount, Ec2Container, SharedFolderMount, TaskContainer
from modules.ecs.settings.logging import CloudWatchLogging, FireLensLogging
from modules.ecs.settings.tasks import LOG_ROUTER, Ec2Task, TaskSettings
from modules.iam.secret_settings import SecretSettings

Document = dict[str, Any]

EBS_VOLUME = "ebs"
# Streams are called <prefix>/<container>/<task>.
LOG_STREAM_PREFIX = "task"


@dataclass(frozen=True)
class TaskContext:
    """What a task's documents need of the rest of the platform.

    ``environment`` and ``stop_timeout_seconds`` go to every container that does not say otherwise itself.
    """

    region: str
    log_group_name: str
    access_points: AccessPoints
    repository_uris: Mapping[str, str]
    environment: Mapping[str, str] = field(default_factory=dict)
    stop_timeout_seconds: int | None = None


@dataclass(frozen=True)
class Volume:
    """A volume of a task. At most one of the sources is set; none: a folder that lives as long as the task."""

    name: str
    host_path: str | None = None
    file_system_id: str | None = None
    access_point_id: str | None = None
    attached_by_service: bool = False


def container_definitions(task: TaskSettings, context: TaskContext) -> list[Document]:
    """Return ``containerDefinitions``, sorted by name; with FireLens its router too."""
    containers = [
        _container(name, container, task, context) for name, container in sorted(task.all_containers().items())
    ]
    if isinstance(task.logging, FireLensLogging):
        containers.append(_log_router(task.logging, context))
    return sorted(containers, key=lambda container: container["name"])


def volumes(task: TaskSettings, context: TaskContext) -> list[Volume]:
    """Return the volumes that the containers mount, each once, sorted by name."""
    found: dict[str, Volume] = {}
    for name, container in task.all_containers().items():
        for index in range(len(container.scratch_paths)):
            volume = Volume(_scratch_name(name, index))
            found[volume.name] = volume
        for mount in container.mounts:
            volume = _volume(mount, context)
            found[volume.name] = volume
    return [volume for _, volume in sorted(found.items())]


def _container(name: str, container: TaskContainer, task: TaskSettings, context: TaskContext) -> Document:
    own_network = not isinstance(task, Ec2Task) or task.network_mode != "bridge"
    stop_timeout = container.stop_timeout_seconds
    return {
        "name": name,
        "image": image_uri(container.image, context.repository_uris),
        "essential": container.essential,
        "entryPoint": list(container.entry_point),
        "command": list(container.command),
        "workingDirectory": container.working_directory,
        "user": container.user,
        "environment": _pairs({**context.environment, **container.environment}, "value"),
        "secrets": _secrets(container.secrets),
        "cpu": container.cpu_units,
        "memory": container.memory_mib,
        "memoryReservation": container.memory_reservation_mib,
        "dependsOn": [
            {"containerName": item.container, "condition": item.condition}
            for item in sorted(container.depends_on, key=lambda item: item.container)
        ],
        "healthCheck": _health_check(container),
        "startTimeout": container.start_timeout_seconds,
        "stopTimeout": context.stop_timeout_seconds if stop_timeout is None else stop_timeout,
        "portMappings": [
            {
                "name": port_name,
                "containerPort": port.port,
                # Behind a bridge the instance chooses: two tasks of a kind may share it.
                "hostPort": port.port if own_network else 0,
                "protocol": port.protocol,
                "appProtocol": port.application_protocol,
            }
            for port_name, port in sorted(container.ports.items())
        ],
        "readonlyRootFilesystem": container.read_only_root_filesystem,
        "mountPoints": _mount_points(name, container, context),
        "ulimits": [
            {"name": limit.name, "softLimit": limit.soft, "hardLimit": limit.hard}
            for limit in sorted(container.ulimits, key=lambda limit: limit.name)
        ],
        "linuxParameters": {"initProcessEnabled": container.init_process, **_kernel(container)},
        "logConfiguration": _log_configuration(task, context),
        **_instance(container),
    }


def _pairs(values: Mapping[str, str], key: str) -> list[Document]:
    return [{"name": name, key: value} for name, value in sorted(values.items())]


def _secrets(secrets: Mapping[str, SecretSettings]) -> list[Document]:
    return _pairs({name: secret.value_from() for name, secret in secrets.items()}, "valueFrom")


def _health_check(container: TaskContainer) -> Document | None:
    check = container.health_check
    if check is None:
        return None
    return {
        "command": ["CMD-SHELL", check.command] if isinstance(check.command, str) else ["CMD", *check.command],
        "interval": check.interval_seconds,
        "timeout": check.timeout_seconds,
        "retries": check.retries,
        "startPeriod": check.start_period_seconds,
    }


def _kernel(container: TaskContainer) -> Document:
    """Return what is for the instance's kernel, which Fargate keeps for itself."""
    if not isinstance(container, Ec2Container):
        return {}
    return {
        "sharedMemorySize": container.shared_memory_mib,
        "maxSwap": container.max_swap_mib,
        "swappiness": container.swappiness,
        "devices": [{"hostPath": path, "containerPath": path} for path in sorted(container.devices)],
        "tmpfs": [
            {"containerPath": folder.container_path, "size": folder.size_mib}
            for folder in sorted(container.tmpfs, key=lambda folder: folder.container_path)
        ],
    }


def _instance(container: TaskContainer) -> Document:
    if not isinstance(container, Ec2Container):
        return {}
    gpus = [{"type": "GPU", "value": str(container.gpus)}] if container.gpus else []
    return {"privileged": True if container.privileged else None, "resourceRequirements": gpus}


def _mount_points(name: str, container: TaskContainer, context: TaskContext) -> list[Document]:
    scratch = [
        {"containerPath": path, "sourceVolume": _scratch_name(name, index), "readOnly": False}
        for index, path in enumerate(sorted(container.scratch_paths))
    ]
    mounts = [
        {
            "containerPath": mount.container_path,
            "sourceVolume": _volume(mount, context).name,
            "readOnly": mount.read_only,
        }
        for mount in container.mounts
    ]
    return sorted(scratch + mounts, key=lambda point: str(point["containerPath"]))


def _scratch_name(container: str, index: int) -> str:
    return f"scratch-{container}-{index}"


def _volume(mount: MountSettings, context: TaskContext) -> Volume:
    match mount:
        case SharedFolderMount():
            return Volume(f"shared-{mount.folder}")
        case EbsVolumeMount():
            return Volume(EBS_VOLUME, attached_by_service=True)
        case HostMount():
            return Volume(mount.volume_name, host_path=mount.host_path)
        case FileSystemMount():
            place = context.access_points[mount.file_system, mount.access_point]
            name = f"efs-{mount.file_system}_{mount.access_point}"
            return Volume(name, file_system_id=place.file_system_id, access_point_id=place.access_point_id)
        case ExistingFileSystemMount():
            name = "_".join(filter(None, (mount.file_system_id, mount.access_point_id)))
            return Volume(name, file_system_id=mount.file_system_id, access_point_id=mount.access_point_id)
    raise TypeError(f"{type(mount).__name__} is not a kind of mount")


def _log_configuration(task: TaskSettings, context: TaskContext) -> Document:
    if isinstance(task.logging, FireLensLogging):
        return {
            "logDriver": "awsfirelens",
            "options": dict(task.logging.options),
            "secretOptions": _secrets(task.logging.secret_options),
        }
    buffer_mib = task.logging.buffer_mib if isinstance(task.logging, CloudWatchLogging) else 1
    return awslogs(context, buffer_mib)


def awslogs(context: TaskContext, buffer_mib: int) -> Document:
    """Return the log configuration that leads to the task's own log group, losing lines rather than time."""
    return {
        "logDriver": "awslogs",
        "options": {
            "awslogs-group": context.log_group_name,
            "awslogs-region": context.region,
            "awslogs-stream-prefix": LOG_STREAM_PREFIX,
            "max-buffer-size": f"{buffer_mib}m",
            "mode": "non-blocking",
        },
    }


def _log_router(logging: FireLensLogging, context: TaskContext) -> Document:
    return {
        "name": LOG_ROUTER,
        "image": image_uri(logging.router_image, context.repository_uris),
        # Without it the others would run on and nobody would see what they say.
        "essential": True,
        "firelensConfiguration": {"type": "fluentbit", "options": {"enable-ecs-log-metadata": "true"}},
        "memoryReservation": logging.router_memory_mib,
        "user": "0",  # the socket that the others write to is root's
        "logConfiguration": awslogs(context, 1),
    }


def images(task: TaskSettings) -> Sequence[Image]:
    """Return all images that a task pulls."""
    router = [task.logging.router_image] if isinstance(task.logging, FireLensLogging) else []
    return [*(container.image for container in task.all_containers().values()), *router]


def secrets(task: TaskSettings) -> Sequence[SecretSettings]:
    """Return all secrets that a task is started with."""
    options = list(task.logging.secret_options.values()) if isinstance(task.logging, FireLensLogging) else []
    return [*(item for container in task.all_containers().values() for item in container.secrets.values()), *options]
