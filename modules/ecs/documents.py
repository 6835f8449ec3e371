"""The documents of a task definition as plain data, in the keys of ECS's RegisterTaskDefinition. No constructs.

Values that only Terraform knows (ARNs, ids, the address of a queue) come in through ``TaskContext`` and may be tokens.
"""

from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass, field

from modules.containers.documents import (
    AccessPoints,
    Document,
    container_document,
    member_document,
    mount_point,
    place_of,
    region_variable,
    secret_variables,
    variables,
)
from modules.containers.settings import (
    ExistingFileSystemMount,
    FileSystemMount,
    HostContainer,
    HostMount,
    MountSettings,
)
from modules.ecr.image import Image, image_uri
from modules.ecr.image_reference import parse_image
from modules.ecs.settings.containers import EbsVolumeMount, EnvironmentFile, SharedFolderMount, TaskContainer
from modules.ecs.settings.logging import CloudWatchLogging, FireLensLogging
from modules.ecs.settings.processes import RestartPolicy
from modules.ecs.settings.tasks import LOG_ROUTER, Ec2Task, TaskSettings
from modules.iam.secret_settings import SecretSettings

EBS_VOLUME = "ebs"
# Streams are called <prefix>/<container>/<task>.
LOG_STREAM_PREFIX = "task"


@dataclass(frozen=True)
class TaskContext:
    """What a task's documents need of the rest of the platform.

    ``unpinned_uris``: of the repositories from which an image goes once its tag has moved on. ``environment`` and
    ``stop_timeout_seconds`` go to every container that does not say otherwise itself; ``bucket_arns``
    are of those that have files with more.
    """

    region: str
    log_group_name: str
    access_points: AccessPoints
    repository_uris: Mapping[str, str]
    unpinned_uris: Sequence[str] = ()
    environment: Mapping[str, str] = field(default_factory=dict)
    bucket_arns: Mapping[str, str] = field(default_factory=dict)
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
    containers = [_container(name, container, task, context) for name, container in sorted(task.containers.items())]
    if isinstance(task.logging, FireLensLogging):
        containers.append(_log_router(task, task.logging, context))
    return sorted(containers, key=lambda container: container["name"])


def volumes(task: TaskSettings, context: TaskContext) -> list[Volume]:
    """Return the volumes that the containers mount, each once, sorted by name."""
    found: dict[str, Volume] = {}
    for name, container in task.containers.items():
        for index in range(len(container.scratch_folders())):
            volume = Volume(_scratch_name(name, index))
            found[volume.name] = volume
        for mount in container.mounts:
            volume = _volume(mount, context)
            found[volume.name] = volume
    return [volume for _, volume in sorted(found.items())]


def _container(name: str, container: TaskContainer, task: TaskSettings, context: TaskContext) -> Document:
    own_network = not isinstance(task, Ec2Task) or task.network_mode != "bridge"
    stop_timeout = container.stop_timeout_seconds
    gpus = container.gpus if isinstance(container, HostContainer) else 0
    document = container_document(container, context.repository_uris)
    document["linuxParameters"]["capabilities"] = {
        "add": sorted(container.add_capabilities),
        "drop": sorted(container.drop_capabilities),
    }
    return (
        document
        | member_document(name, container)
        | {
            "entryPoint": list(container.entry_point),
            "workingDirectory": container.working_directory,
            "environment": variables(
                {**_region(task, container.secrets, context), **context.environment, **container.environment}
            ),
            "environmentFiles": [
                {"type": "s3", "value": f"{context.bucket_arns[item.bucket]}/{item.key}"}
                for item in container.environment_files
            ],
            "versionConsistency": _version_consistency(container.image, context)
            if container.keeps_digest
            else "disabled",
            "cpu": container.cpu_units,
            "memory": container.memory_mib,
            "memoryReservation": container.memory_reservation_mib,
            "healthCheck": _health_check(container),
            "restartPolicy": _restart_policy(container.restart),
            "dockerLabels": dict(sorted(container.docker_labels.items())),
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
            "mountPoints": _mount_points(name, container, context),
            "logConfiguration": _log_configuration(task, context),
            "resourceRequirements": [{"type": "GPU", "value": str(gpus)}] if gpus else [],
        }
    )


def _restart_policy(settings: RestartPolicy | None) -> Document | None:
    if settings is None:
        return None
    return {
        "enabled": True,
        "restartAttemptPeriod": settings.attempt_period_seconds,
        "ignoredExitCodes": sorted(settings.ignored_exit_codes),
    }


def _region(task: TaskSettings, secrets: Container[str], context: TaskContext) -> Mapping[str, str]:
    return region_variable(context.region, secrets) if isinstance(task, Ec2Task) else {}


def _version_consistency(image: Image, context: TaskContext) -> str | None:
    """Return "disabled" where the digest that ECS pins for a service may be gone while the tag is not."""
    reference = parse_image(image_uri(image, context.repository_uris))
    is_unpinned = f"{reference.registry}/{reference.repository}" in context.unpinned_uris
    return "disabled" if is_unpinned and reference.digest is None else None


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


def _mount_points(name: str, container: TaskContainer, context: TaskContext) -> list[Document]:
    scratch = [
        mount_point(path, _scratch_name(name, index)) for index, path in enumerate(sorted(container.scratch_folders()))
    ]
    mounts = [
        mount_point(mount.container_path, _volume(mount, context).name, read_only=mount.read_only)
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
        case FileSystemMount() | ExistingFileSystemMount():
            place = place_of(mount, context.access_points)
            return Volume(_file_system_name(mount), None, place.file_system_id, place.access_point_id)
    raise TypeError(f"{type(mount).__name__} is not a kind of mount")


def _file_system_name(mount: FileSystemMount | ExistingFileSystemMount) -> str:
    if isinstance(mount, FileSystemMount):
        return f"efs-{mount.file_system}_{mount.access_point}"
    return "_".join(filter(None, (mount.file_system_id, mount.access_point_id)))


def _log_configuration(task: TaskSettings, context: TaskContext) -> Document:
    match task.logging:
        case FireLensLogging() as logging:
            secret_options = secret_variables(logging.secret_options)
            return {"logDriver": "awsfirelens", "options": dict(logging.options), "secretOptions": secret_options}
        case CloudWatchLogging(buffer_mib=buffer_mib):
            return awslogs(context, buffer_mib)
    raise TypeError(f"{type(task.logging).__name__} is not a way to log")


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


def _log_router(task: TaskSettings, logging: FireLensLogging, context: TaskContext) -> Document:
    return {
        "name": LOG_ROUTER,
        "image": image_uri(logging.router_image, context.repository_uris),
        "versionConsistency": _version_consistency(logging.router_image, context),
        "environment": variables(_region(task, (), context)),
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
    return [*(container.image for container in task.containers.values()), *router]


def secrets(task: TaskSettings) -> Sequence[SecretSettings]:
    """Return all secrets that a task is started with."""
    options = list(task.logging.secret_options.values()) if isinstance(task.logging, FireLensLogging) else []
    return [
        *(item for container in task.containers.values() for item in container.all_secrets().values()),
        *options,
    ]


def environment_files(task: TaskSettings) -> Sequence[EnvironmentFile]:
    """Return all files with variables that a task is started with."""
    return [file for container in task.containers.values() for file in container.environment_files]
