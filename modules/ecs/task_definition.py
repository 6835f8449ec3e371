"""A task definition with its log group, the role that its containers run as and the role that starts them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from cdktf_cdktf_provider_aws.ecs_task_definition import (
    EcsTaskDefinition,
    EcsTaskDefinitionEphemeralStorage,
    EcsTaskDefinitionPlacementConstraints,
    EcsTaskDefinitionRuntimePlatform,
    EcsTaskDefinitionVolume,
    EcsTaskDefinitionVolumeEfsVolumeConfiguration,
    EcsTaskDefinitionVolumeEfsVolumeConfigurationAuthorizationConfig,
)
from constructs import Construct

from modules.canonical_json import canonical_json
from modules.cloudwatch.log_group import define_log_group
from modules.containers.documents import AccessPoints
from modules.containers.task_roles import define_task_role
from modules.defaults import require_all
from modules.ecs import documents
from modules.ecs.documents import TaskContext, Volume
from modules.ecs.names import execution_role_name, task_role_name
from modules.ecs.settings.tasks import Ec2Task, FargateTask, TaskSettings
from modules.iam.execution_role import execution_statements
from modules.names import require_name
from modules.naming import AwsLocation
from modules.resources import Resources
from modules.terraform_literal import terraform_literal


@dataclass(frozen=True)
class TaskPlacement:
    """What a task definition needs of the platform around it.

    ``unpinned_uris``: of the repositories from which an image goes once its tag has moved on.
    """

    location: AwsLocation
    access_points: AccessPoints = field(default_factory=dict)
    repository_uris: Mapping[str, str] = field(default_factory=dict)
    unpinned_uris: Sequence[str] = ()
    pull_through_prefixes: Sequence[str] = ()
    resources: Resources = field(default_factory=Resources)


class TaskDefinition(Construct):
    """Define a task definition called ``name``. ``task_definition_arn``, ``family`` and ``log_group_name`` are tokens.

    ``compatibility`` is what ECS calls the capacity it is made for: FARGATE, EC2 or MANAGED_INSTANCES.

    A change registers a new revision; the old ones stay, so that a deployment can be rolled back to one. ``task_role``
    is what grants are given to.
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        name: str,
        settings: TaskSettings,
        placement: TaskPlacement,
        compatibility: str,
        environment: Mapping[str, str] | None = None,
        stop_timeout_seconds: int | None = None,
    ) -> None:
        super().__init__(scope, id_)
        require_name("task definition", name)
        self.name = name
        resources = placement.resources
        mounts = dict(settings.mounts())
        resources.require(self, settings.access, mounts, placement.access_points)
        buckets = [file.bucket for file in documents.environment_files(settings)]
        require_all(self, "buckets", buckets, resources.buckets)
        log_group = define_log_group(
            self, "log-group", name=f"/aws/ecs/{name}", retention_days=settings.logging.retention_days
        )
        self.log_group_name: str = log_group.name
        self.task_role = define_task_role(
            self,
            "task-role",
            name=task_role_name(name),
            description=f"What the tasks of {name} may use",
            location=placement.location,
            policy_arns=settings.access.policy_arns,
            role_arn=settings.task_role_arn,
        )
        self.execution_role = define_task_role(
            self,
            "execution-role",
            name=execution_role_name(name),
            description=f"Starts the tasks of {name}: image, logs, secrets",
            location=placement.location,
            role_arn=settings.execution_role_arn,
        )
        start = execution_statements(
            images=documents.images(settings),
            repository_uris=placement.repository_uris,
            pull_through_prefixes=placement.pull_through_prefixes,
            log_group_arns=[log_group.arn],
            secrets=documents.secrets(settings),
            location=placement.location,
        )
        self.execution_role.add_policy("start", start)
        for file in documents.environment_files(settings):
            resources.buckets[file.bucket].grant_get(self.execution_role, file.key)
        resources.grant(self.task_role, settings.access, mounts.values(), placement.location)
        context = TaskContext(
            region=placement.location.region,
            log_group_name=self.log_group_name,
            access_points={**resources.access_points(mounts.values()), **placement.access_points},
            repository_uris=placement.repository_uris,
            unpinned_uris=placement.unpinned_uris,
            environment=environment or {},
            bucket_arns={
                file.bucket: resources.buckets[file.bucket].bucket_arn for file in documents.environment_files(settings)
            },
            stop_timeout_seconds=stop_timeout_seconds,
        )
        # Nothing can be mounted before these are there: whatever starts tasks must depend on them.
        self.mount_connections = resources.connections(mounts.values())
        self.definition = self._definition(settings, compatibility, context)
        self.task_definition_arn: str = self.definition.arn
        self.family: str = self.definition.family

    def _definition(self, settings: TaskSettings, compatibility: str, context: TaskContext) -> EcsTaskDefinition:
        ec2 = settings if isinstance(settings, Ec2Task) else None
        storage = settings.ephemeral_storage_gib if isinstance(settings, FargateTask) else None
        return EcsTaskDefinition(
            self,
            "Resource",
            family=self.name,
            requires_compatibilities=[compatibility],
            network_mode=ec2.network_mode if ec2 else "awsvpc",
            cpu=str(settings.cpu_units),
            memory=str(settings.memory_mib),
            runtime_platform=EcsTaskDefinitionRuntimePlatform(
                cpu_architecture=settings.architecture, operating_system_family="LINUX"
            ),
            ephemeral_storage=None if storage is None else EcsTaskDefinitionEphemeralStorage(size_in_gib=storage),
            placement_constraints=[
                EcsTaskDefinitionPlacementConstraints(type="memberOf", expression=terraform_literal(expression))
                for expression in (ec2.placement_constraints if ec2 else ())
            ]
            or None,
            container_definitions=canonical_json(documents.container_definitions(settings, context)),
            volume=[_volume(volume) for volume in documents.volumes(settings, context)] or None,
            task_role_arn=self.task_role.role_arn,
            execution_role_arn=self.execution_role.role_arn,
            skip_destroy=True,
            tags=settings.tags or None,
        )


def _volume(volume: Volume) -> EcsTaskDefinitionVolume:
    if volume.file_system_id is None:
        return EcsTaskDefinitionVolume(
            name=volume.name, host_path=volume.host_path, configure_at_launch=volume.attached_by_service or None
        )
    return EcsTaskDefinitionVolume(
        name=volume.name,
        efs_volume_configuration=EcsTaskDefinitionVolumeEfsVolumeConfiguration(
            file_system_id=volume.file_system_id,
            transit_encryption="ENABLED",
            authorization_config=EcsTaskDefinitionVolumeEfsVolumeConfigurationAuthorizationConfig(
                access_point_id=volume.access_point_id, iam="ENABLED"
            ),
        ),
    )
