"""What all services have in common: task definition, where it runs, network, deployment."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from cdktf import ITerraformDependable, TerraformResourceLifecycle
from cdktf_cdktf_provider_aws.ecs_service import (
    EcsService,
    EcsServiceCapacityProviderStrategy,
    EcsServiceNetworkConfiguration,
    EcsServiceOrderedPlacementStrategy,
    EcsServiceTimeouts,
)
from constructs import Construct

from modules.defaults import default_name
from modules.ecs.capacity_fit import capacity_problems
from modules.ecs.scalable_service import ScalableService
from modules.ecs.service_rules import cluster_problems, queue_problems
from modules.ecs.service_times import USUAL_MINUTES, deployment_minutes, removal_minutes
from modules.ecs.settings.placement import PlacementStrategy
from modules.ecs.settings.queue_workers import QueueWorkerService
from modules.ecs.settings.scaling import ScaledTasks
from modules.ecs.settings.services import DaemonService, ServiceSettings
from modules.ecs.settings.tasks import Ec2Task, FargateTask, InCluster
from modules.ecs.task_cluster import TaskCluster
from modules.ecs.task_definition import TaskDefinition, TaskPlacement
from modules.iam.workload_role import start_after_permissions
from modules.lambda_functions.settings import ExistingFunction
from modules.names import require_name
from modules.problems import Problem, SettingsError
from modules.resources import Resources
from modules.vpc.network import Network


@dataclass(frozen=True)
class ServicePlacement:
    """What a service or task to run needs of the platform around it.

    ``resources`` has what its settings name. Network and ``task``, if they are not given, follow from the cluster.
    ``functions`` are those that hooks of deployments call.
    What an environment would refuse of the settings is refused, unless they are checked already.
    """

    cluster: TaskCluster
    resources: Resources = field(default_factory=Resources)
    network: Network = None  # type: ignore[assignment]  # never None once it is made
    task: TaskPlacement = None  # type: ignore[assignment]
    is_checked: bool = False
    functions: Mapping[str, ExistingFunction] = field(default_factory=dict)

    def __post_init__(self) -> None:
        repositories = self.resources.repositories
        task = self.task or TaskPlacement(
            self.cluster.location,
            repository_uris={name: repository.registry_uri for name, repository in repositories.items()},
            unpinned_uris=[item.registry_uri for item in repositories.values() if item.expires_replaced_images],
            resources=self.resources,
        )
        object.__setattr__(self, "task", task)
        object.__setattr__(self, "network", self.network or self.cluster.network)

    def require_fit(self, user: Construct, path: str, settings: InCluster) -> None:
        """Raise SettingsError for what an environment would refuse of these settings in this cluster."""
        if self.is_checked:
            return
        cluster, where = self.cluster.settings, f"clusters.{settings.cluster}"
        problems = list(capacity_problems(path, settings, cluster))
        if isinstance(settings, ServiceSettings):
            problems += cluster_problems(path, settings, where, cluster)
        if isinstance(settings, QueueWorkerService) and (queue := self.task.resources.queues.get(settings.queue)):
            location = self.cluster.location
            problems += queue_problems(path, settings, f"queues.{settings.queue}", queue.settings, location)
        if settings.cluster != self.cluster.node.id:
            rule = "name the cluster that it is placed in"
            problems.append(
                Problem(f"{path}.cluster", rule, repr(settings.cluster), fix=f"name {self.cluster.node.id!r}")
            )
        if problems:
            raise SettingsError(user.node.path, problems)


class Service(Construct):
    """Base of services. ``service_name`` is a token; grants are given to ``task_definition.task_role``."""

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        name: str | None,
        settings: ServiceSettings,
        placement: ServicePlacement,
        environment: Mapping[str, str] | None = None,
        stop_timeout_seconds: int | None = None,
    ) -> None:
        super().__init__(scope, id_)
        self.name = name = default_name(scope, id_, name)
        require_name("service", name)
        placement.require_fit(self, f"services.{id_}", settings)
        self._placement, self._settings = placement, settings
        # A daemon runs on the instances of Auto Scaling groups, whatever the cluster's default is.
        on_instances = isinstance(settings, DaemonService)
        self._compatibility = (
            "EC2" if on_instances else placement.cluster.compatibility(settings.task, settings.capacity)
        )
        self.task_definition = TaskDefinition(
            self,
            "task-definition",
            name=name,
            settings=settings.task,
            placement=placement.task,
            compatibility=self._compatibility,
            environment=environment,
            stop_timeout_seconds=stop_timeout_seconds,
        )
        if settings.execute_command:
            placement.cluster.grant_execute_command(self.task_definition.task_role)

    def _define(
        self,
        *,
        desired_count: int | None,
        scaled: bool,
        depends_on: Sequence[ITerraformDependable] = (),
        security_group_ids: Sequence[str] = (),
        arguments: Mapping[str, Any],
    ) -> None:
        """Define the service; ``arguments`` is what only its kind has."""
        cluster, settings = self._placement.cluster, self._settings
        self.service = EcsService(
            self,
            "Resource",
            name=self.name,
            cluster=cluster.cluster_arn,
            task_definition=self.task_definition.task_definition_arn,
            desired_count=desired_count,
            network_configuration=self._network_configuration(security_group_ids),
            platform_version=settings.task.platform_version if isinstance(settings.task, FargateTask) else None,
            enable_execute_command=settings.execute_command,
            enable_ecs_managed_tags=True,
            propagate_tags="SERVICE",
            wait_for_steady_state=settings.wait_for_steady_state or None,
            timeouts=_timeouts(settings),
            tags={"Name": self.name} | settings.tags,
            # Written down once by Terraform, then scaling's; without scaling it is Terraform's for good.
            lifecycle=TerraformResourceLifecycle(ignore_changes=["desired_count"]) if scaled else None,
            depends_on=[
                *([cluster.association] if cluster.association else []),
                *depends_on,
                *self._placement.network.connections_for(self),
                *self.task_definition.mount_connections,
            ],
            **arguments,
        )
        self.service_name: str = self.service.name
        # Tasks that start earlier fail, and with them the first deployment.
        start_after_permissions(self.service, self.task_definition.task_role, self.task_definition.execution_role)

    def _strategy(self) -> dict[str, Any]:
        """Return where the service runs. Always written down: a changed default would replace the service."""
        cluster = self._placement.cluster
        return {
            "capacity_provider_strategy": [
                EcsServiceCapacityProviderStrategy(
                    capacity_provider=cluster.provider_name(share.provider),
                    weight=share.weight,
                    base=share.base or None,
                )
                for share in cluster.shares(self._settings.capacity)
            ],
            # Without it a change of the strategy is refused. It does nothing where nothing else changes.
            "force_new_deployment": True,
        }

    def _scalable(self, settings: ScaledTasks | QueueWorkerService) -> ScalableService:
        """Define the limits within which the number of tasks changes by itself."""
        cluster_name, service_name = self._placement.cluster.cluster_name, self.service_name
        return ScalableService(
            self, "scaling", name=self.name, cluster_name=cluster_name, service_name=service_name, settings=settings
        )

    @property
    def _is_placed(self) -> bool:
        """Return whether ECS chooses an instance of ours for each task."""
        return self._compatibility == "EC2"

    def _network_configuration(self, security_group_ids: Sequence[str]) -> EcsServiceNetworkConfiguration | None:
        network, task = self._placement.network, self._settings.task
        if isinstance(task, Ec2Task) and task.network_mode != "awsvpc":
            return None
        return EcsServiceNetworkConfiguration(
            subnets=list(network.subnet_ids),
            security_groups=[*network.all_group_ids, *security_group_ids],
            # ECS gives tasks on instances none.
            assign_public_ip=network.assign_public_ip and isinstance(task, FargateTask),
        )


def _timeouts(settings: ServiceSettings) -> EcsServiceTimeouts | None:
    """Return how long Terraform waits where that is longer than usual."""
    # It waits for a deployment only where it is told to, for the last task in any case.
    deployed = deployment_minutes(settings) if settings.wait_for_steady_state else USUAL_MINUTES
    removed = removal_minutes(settings)
    if (deployed, removed) == (USUAL_MINUTES, USUAL_MINUTES):
        return None
    return EcsServiceTimeouts(create=f"{deployed}m", update=f"{deployed}m", delete=f"{removed}m")


def placement_arguments(strategies: Sequence[PlacementStrategy]) -> dict[str, Any]:
    """Return on which instances tasks are put."""
    if not strategies:
        return {}
    return {
        "ordered_placement_strategy": [
            EcsServiceOrderedPlacementStrategy(type=strategy.type, field=strategy.field) for strategy in strategies
        ]
    }
