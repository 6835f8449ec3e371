"""The documents of a job definition as plain data, in the keys of Batch's RegisterJobDefinition. No constructs.

Values that only Terraform knows (ARNs, ids) come in through ``JobContext`` and may be tokens.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from modules.batch.settings.any_job_definitions import JobDefinitionSettings
from modules.batch.settings.containers import ContainerSettings, Ec2ContainerSettings
from modules.batch.settings.job_containers import Ec2JobContainer, FargateJobContainer
from modules.batch.settings.job_definitions import (
    Ec2JobDefinition,
    Ec2MultiContainerJobDefinition,
    FargateJobDefinition,
    FargateJobSettings,
    FargateMultiContainerJobDefinition,
    MultiNodeJobDefinition,
    NodeGroup,
)
from modules.batch.settings.job_logs import CloudWatchJobLogs, DriverJobLogs, JobLogs
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
from modules.containers.settings import ExistingFileSystemMount, FileSystemMount, HostMount, MountSettings

JobContainer = FargateJobDefinition | FargateJobContainer | Ec2ContainerSettings


@dataclass(frozen=True)
class JobContext:
    """What a job's documents need of the rest of the platform."""

    job_role_arn: str | None  # None for both: EKS, where a pod has a service account
    execution_role_arn: str | None
    log_group_name: str
    log_stream_prefix: str
    region: str
    assign_public_ip: bool
    access_points: AccessPoints
    repository_uris: Mapping[str, str]  # of the environment's own repositories, by short name


def ecs_job(settings: JobDefinitionSettings, context: JobContext) -> Document:
    """Return what only this kind of job has in a RegisterJobDefinition request. EKS jobs are in ``pods``."""
    # Without it, tags stay on the job and are missing on the task, where the costs are.
    document: Document = {"propagateTags": True}
    platform = {"platformCapabilities": ["FARGATE" if isinstance(settings, FargateJobSettings) else "EC2"]}
    match settings:
        case FargateJobDefinition() | Ec2JobDefinition():
            return document | platform | {"containerProperties": container_properties(settings, context)}
        case FargateMultiContainerJobDefinition() | Ec2MultiContainerJobDefinition():
            return document | platform | {"ecsProperties": ecs_properties(settings, context)}
        case MultiNodeJobDefinition():
            return document | {"nodeProperties": node_properties(settings, context)}
    raise TypeError(f"{type(settings).__name__} is not a kind of job definition")


def container_properties(settings: FargateJobDefinition | Ec2JobDefinition, context: JobContext) -> Document:
    """Return ``containerProperties`` of a job of one container."""
    document = _single_container(settings, context)
    document["enableExecuteCommand"] = settings.execute_command or None
    if isinstance(settings, FargateJobDefinition):
        document |= _fargate_platform(settings, context)
        document["fargatePlatformConfiguration"] = {"platformVersion": settings.platform_version}
    return document


def ecs_properties(
    settings: FargateMultiContainerJobDefinition | Ec2MultiContainerJobDefinition, context: JobContext
) -> Document:
    """Return ``ecsProperties``: one task with all containers, sorted by name."""
    volumes = _Volumes(context)
    containers: Mapping[str, FargateJobContainer | Ec2JobContainer] = settings.containers
    task: Document = {
        "executionRoleArn": context.execution_role_arn,
        "taskRoleArn": context.job_role_arn,
        "containers": [
            _container(container, context, volumes) | member_document(name, container)
            for name, container in sorted(containers.items())
        ],
        "volumes": volumes.documents,
        "enableExecuteCommand": settings.execute_command or None,
    }
    if isinstance(settings, FargateMultiContainerJobDefinition):
        task |= {**_fargate_platform(settings, context), "platformVersion": settings.platform_version}
    return {"taskProperties": [task]}


def node_properties(settings: MultiNodeJobDefinition, context: JobContext) -> Document:
    """Return ``nodeProperties``. Every group has ``container``, without which provider 6.25.0 crashes on an update.

    The last group has no upper end: Batch takes another number of nodes at submission only where one is open.
    """
    groups, first = [], 0
    for group in settings.node_groups:
        last = first + group.node_count - 1
        container = _single_container(group, context) | {
            "instanceType": settings.instance_type,
            "enableExecuteCommand": settings.execute_command or None,
            "environment": variables({**region_variable(context.region, group.secrets), **group.environment}),
        }
        groups.append({"targetNodes": f"{first}:{last}", "container": container})
        first = last + 1
    groups[-1]["targetNodes"] = f"{first - settings.node_groups[-1].node_count}:"
    return {"numNodes": settings.node_count, "mainNode": settings.main_node, "nodeRangeProperties": groups}


def _single_container(settings: FargateJobDefinition | Ec2JobDefinition | NodeGroup, context: JobContext) -> Document:
    volumes = _Volumes(context)
    return _container(settings, context, volumes) | {
        "jobRoleArn": context.job_role_arn,
        "executionRoleArn": context.execution_role_arn,
        "volumes": volumes.documents,
    }


def _container(settings: JobContainer, context: JobContext, volumes: "_Volumes") -> Document:
    return container_document(settings, context.repository_uris) | {
        "mountPoints": volumes.mount_points(settings),
        "logConfiguration": _log_configuration(settings.logs, context),
        "resourceRequirements": _resources(settings),
    }


def _log_configuration(logs: JobLogs, context: JobContext) -> Document:
    match logs:
        case CloudWatchJobLogs():
            options = {
                "awslogs-group": context.log_group_name,
                "awslogs-multiline-pattern": logs.multiline_pattern,
                "awslogs-region": context.region,
                "awslogs-stream-prefix": context.log_stream_prefix,
            }
            return {"logDriver": logs.log_driver, "options": options}
        case DriverJobLogs():
            secret_options = secret_variables(logs.secret_options)
            return {"logDriver": logs.log_driver, "options": dict(logs.options), "secretOptions": secret_options}
    raise TypeError(f"{type(logs).__name__} is not a way to log")


def _resources(settings: JobContainer) -> list[Document]:
    gpus = settings.gpus if isinstance(settings, Ec2ContainerSettings) else 0
    amounts = {"GPU": gpus, "MEMORY": settings.memory_mib, "VCPU": settings.vcpus}
    return [{"type": type_, "value": amount_text(amount)} for type_, amount in amounts.items() if amount]


def amount_text(amount: float) -> str:
    """Return a size as Batch writes it."""
    return str(int(amount)) if amount == int(amount) else str(amount)


def _fargate_platform(settings: FargateJobSettings, context: JobContext) -> Document:
    return {
        "runtimePlatform": {"cpuArchitecture": settings.architecture, "operatingSystemFamily": "LINUX"},
        "networkConfiguration": {"assignPublicIp": "ENABLED" if context.assign_public_ip else "DISABLED"},
        "ephemeralStorage": {"sizeInGiB": settings.ephemeral_storage_gib},
    }


class _Volumes:
    """The volumes of a task, numbered in the order in which its containers mount them; shared where they are equal."""

    def __init__(self, context: JobContext) -> None:
        self._context = context
        self.documents: list[Document] = []

    def mount_points(self, settings: ContainerSettings) -> Sequence[Document]:
        """Return the mount points of a container, adding the volumes they need."""
        scratch = [mount_point(path, self._add({})) for path in sorted(settings.scratch_folders())]
        mounts = [
            mount_point(mount.container_path, self._add(self._source(mount)), read_only=mount.read_only)
            for mount in sorted(settings.mounts, key=lambda mount: mount.container_path)
        ]
        return scratch + mounts

    def _add(self, source: Document) -> str:
        for volume in self.documents:
            if source and {key: value for key, value in volume.items() if key != "name"} == source:
                return str(volume["name"])
        name = f"volume-{len(self.documents)}"
        self.documents.append({"name": name, **source})
        return name

    def _source(self, mount: MountSettings) -> Document:
        match mount:
            case HostMount():
                return {"host": {"sourcePath": mount.host_path}}
            case FileSystemMount() | ExistingFileSystemMount():
                place = place_of(mount, self._context.access_points)
                configuration = {
                    "fileSystemId": place.file_system_id,
                    "transitEncryption": "ENABLED",
                    "authorizationConfig": {"accessPointId": place.access_point_id, "iam": "ENABLED"},
                }
                return {"efsVolumeConfiguration": configuration}
        raise TypeError(f"{type(mount).__name__} is not a kind of mount")
