"""What all services have in common: task definition, where it runs, network, deployment."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from cdktf import ITerraformDependable, TerraformResourceLifecycle
from cdktf_cdktf_provider_aws.ecs_service import (
    EcsService,
    EcsServiceAlarms,
    EcsServiceCapacityProviderStrategy,
    EcsServiceDeploymentCircuitBreaker,
    EcsServiceDeploymentConfiguration,
    EcsServiceDeploymentConfigurationCanaryConfiguration,
    EcsServiceDeploymentConfigurationLifecycleHook,
    EcsServiceDeploymentConfigurationLinearConfiguration,
    EcsServiceNetworkConfiguration,
    EcsServiceOrderedPlacementStrategy,
    EcsServiceTimeouts,
)
from constructs import Construct

from modules.defaults import default_name
from modules.ecs.capacity_fit import InCluster, capacity_problems
from modules.ecs.service_rules import cluster_problems, queue_problems
from modules.ecs.service_times import USUAL_MINUTES, deployment_minutes, removal_minutes
from modules.ecs.settings.deployments import (
    CanaryDeployment,
    DeploymentSettings,
    LinearDeployment,
    RollingDeployment,
    ShiftedDeployment,
)
from modules.ecs.settings.placement import PlacementStrategy
from modules.ecs.settings.queue_workers import QueueWorkerService
from modules.ecs.settings.services import DaemonService, ServiceSettings
from modules.ecs.settings.tasks import Ec2Task, FargateTask, TaskSettings
from modules.ecs.task_cluster import TaskCluster
from modules.ecs.task_definition import TaskDefinition, TaskPlacement
from modules.iam.workload_role import start_after_permissions
from modules.lambda_functions.settings import ExistingFunction
from modules.names import require_name
from modules.problems import Problem, SettingsError
from modules.resources import Resources
from modules.vpc.network import Network

Hook: TypeAlias = EcsServiceDeploymentConfigurationLifecycleHook


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
        self._placement = placement
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
        settings: ServiceSettings,
        *,
        desired_count: int | None,
        scaled: bool,
        depends_on: Sequence[ITerraformDependable] = (),
        security_group_ids: Sequence[str] = (),
        arguments: Mapping[str, Any],
    ) -> None:
        """Define the service; ``arguments`` is what only its kind has."""
        cluster, task = self._placement.cluster, settings.task
        self.service = EcsService(
            self,
            "Resource",
            name=self.name,
            cluster=cluster.cluster_arn,
            task_definition=self.task_definition.task_definition_arn,
            desired_count=desired_count,
            network_configuration=self._network_configuration(task, security_group_ids),
            platform_version=task.platform_version if isinstance(task, FargateTask) else None,
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

    def strategy(self, settings: ServiceSettings) -> dict[str, Any]:
        """Return where the service runs. Always written down: a changed default would replace the service."""
        cluster = self._placement.cluster
        return {
            "capacity_provider_strategy": [
                EcsServiceCapacityProviderStrategy(
                    capacity_provider=cluster.provider_name(share.provider),
                    weight=share.weight,
                    base=share.base or None,
                )
                for share in cluster.shares(settings.capacity)
            ],
            # Without it a change of the strategy is refused. It does nothing where nothing else changes.
            "force_new_deployment": True,
        }

    @property
    def _is_placed(self) -> bool:
        """Return whether ECS chooses an instance of ours for each task."""
        return self._compatibility == "EC2"

    def _network_configuration(
        self, task: TaskSettings, security_group_ids: Sequence[str]
    ) -> EcsServiceNetworkConfiguration | None:
        network = self._placement.network
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


def rolling_arguments(settings: RollingDeployment) -> dict[str, Any]:
    """Return how many tasks there are while old ones go and new ones come."""
    return {
        "deployment_minimum_healthy_percent": settings.min_healthy_percent,
        "deployment_maximum_percent": settings.max_percent,
        "deployment_circuit_breaker": EcsServiceDeploymentCircuitBreaker(enable=True, rollback=True),
    }


def deployment_arguments(settings: DeploymentSettings, hooks: Sequence[Hook] = ()) -> dict[str, Any]:
    """Return how a service's revisions follow each other; ``hooks`` are asked on the way."""
    arguments: dict[str, Any] = {}
    if settings.rollback_alarms:
        arguments["alarms"] = EcsServiceAlarms(alarm_names=sorted(settings.rollback_alarms), enable=True, rollback=True)
    match settings:
        case RollingDeployment():
            # Said of the usual way too: the provider keeps another one that is left out.
            rolling = EcsServiceDeploymentConfiguration(strategy=settings.strategy)
            return arguments | rolling_arguments(settings) | {"deployment_configuration": rolling}
        case ShiftedDeployment():
            return arguments | {"deployment_configuration": _shift(settings, hooks)}
    raise TypeError(f"{type(settings).__name__} is no kind of deployment")


def placement_arguments(strategies: Sequence[PlacementStrategy]) -> dict[str, Any]:
    """Return on which instances tasks are put."""
    if not strategies:
        return {}
    return {
        "ordered_placement_strategy": [
            EcsServiceOrderedPlacementStrategy(type=strategy.type, field=strategy.field) for strategy in strategies
        ]
    }


def _shift(settings: ShiftedDeployment, hooks: Sequence[Hook]) -> EcsServiceDeploymentConfiguration:
    canary = settings if isinstance(settings, CanaryDeployment) else None
    linear = settings if isinstance(settings, LinearDeployment) else None
    return EcsServiceDeploymentConfiguration(
        strategy=settings.strategy,
        lifecycle_hook=list(hooks) or None,
        bake_time_in_minutes=str(settings.bake_minutes),
        canary_configuration=EcsServiceDeploymentConfigurationCanaryConfiguration(
            canary_percent=canary.canary_percent, canary_bake_time_in_minutes=str(canary.canary_bake_minutes)
        )
        if canary
        else None,
        linear_configuration=EcsServiceDeploymentConfigurationLinearConfiguration(
            step_percent=linear.step_percent, step_bake_time_in_minutes=str(linear.step_bake_minutes)
        )
        if linear
        else None,
    )
