"""Everything of ECS in an environment: clusters with their capacity, services, tasks to run."""

import json
from dataclasses import replace
from typing import Any

from constructs import Construct

from modules.ecs.cluster import Cluster
from modules.ecs.daemon_service import Daemon
from modules.ecs.queue_worker import QueueWorker
from modules.ecs.replica_service import Replicas
from modules.ecs.run_task import RunTask
from modules.ecs.runnable_task import RunnableTask
from modules.ecs.service import Service, ServicePlacement
from modules.ecs.settings.capacity import FARGATE_PROVIDERS
from modules.ecs.settings.clusters import AnyClusterSettings, ClusterSettings
from modules.ecs.settings.existing_clusters import ExistingCluster
from modules.ecs.settings.queue_workers import QueueWorkerService
from modules.ecs.settings.run_tasks import RunTaskDefinition
from modules.ecs.settings.services import DaemonService, ReplicaService, ServiceSettings
from modules.ecs.settings.tasks import InCluster
from modules.ecs.task_cluster import TaskCluster
from modules.ecs.task_definition import TaskDefinition, TaskPlacement
from modules.shell import Choice, choice_script
from modules.vpc.network import Network
from stacks.base import PlatformStack
from stacks.network import require_network
from stacks.shared_resources import SharedResources

SCRIPT = "run_task_script"


class Services:
    """Define every cluster, service and task definition of the environment, each by short name."""

    def __init__(self, stack: PlatformStack, shared: SharedResources) -> None:
        self.stack, self.environment, self.location = stack, stack.environment, stack.location
        self._shared = shared
        self.clusters = self._clusters(stack.map_scope("clusters"))
        self.services = self._services(stack.map_scope("services"))
        self.task_definitions = self._task_definitions(stack.map_scope("task_definitions"))
        self._add_outputs(stack)

    @property
    def _network(self) -> Network:
        return require_network(self._shared.network)

    def _clusters(self, scope: Construct) -> dict[str, TaskCluster]:
        return {
            name: self._cluster(scope, name, settings) for name, settings in sorted(self.environment.clusters.items())
        }

    def _cluster(self, scope: Construct, name: str, settings: AnyClusterSettings) -> TaskCluster:
        match settings:
            case ClusterSettings():
                return Cluster(
                    scope,
                    name,
                    name=self.environment.physical_name(name, "clusters"),
                    settings=settings,
                    network=self._network,
                    location=self.location,
                    tags=self.environment.all_tags,
                    resources=self._shared.named,
                )
            case ExistingCluster():
                return TaskCluster.from_existing(
                    scope, name, settings=settings, network=self._network, location=self.location
                )
        raise TypeError(f"{type(settings).__name__} is no kind of cluster")

    def _services(self, scope: Construct) -> dict[str, Service]:
        return {
            name: self._service(scope, name, settings) for name, settings in sorted(self.environment.services.items())
        }

    def _service(self, scope: Construct, name: str, settings: ServiceSettings) -> Service:
        physical_name = self.environment.physical_name(name, "services")
        placement = self._placement(settings)
        match settings:
            case QueueWorkerService():
                return QueueWorker(scope, name, name=physical_name, settings=settings, placement=placement)
            case ReplicaService():
                return Replicas(
                    scope,
                    name,
                    name=physical_name,
                    settings=settings,
                    placement=placement,
                    deletion_protection=self.environment.production,
                )
            case DaemonService():
                return Daemon(scope, name, name=physical_name, settings=settings, placement=placement)
        raise TypeError(f"{type(settings).__name__} is no kind of service")

    def _task_definitions(self, scope: Construct) -> dict[str, RunTask]:
        return {
            name: self._task_definition(scope, name, settings)
            for name, settings in sorted(self.environment.task_definitions.items())
        }

    def _task_definition(self, scope: Construct, name: str, settings: RunTaskDefinition) -> RunTask:
        return RunTask(
            scope,
            name,
            name=self.environment.physical_name(name, "task_definitions"),
            settings=settings,
            placement=self._placement(settings),
        )

    def _placement(self, settings: InCluster) -> ServicePlacement:
        return ServicePlacement(
            is_checked=True,
            functions=self.environment.functions,
            cluster=self.clusters[settings.cluster],
            network=self._network.placed(settings),
            task=TaskPlacement(
                location=self.location,
                repository_uris=self.environment.repository_uris,
                unpinned_uris=self.environment.unpinned_uris,
                pull_through_prefixes=self.environment.pull_through_prefixes,
                resources=self._shared.named,
            ),
        )

    def runnable_from(self, stack: PlatformStack, name: str, network: Network | None) -> RunnableTask:
        """Return a task for what is in ``stack``, which sees ``network`` and runs the task there."""
        task = self.task_definitions[name].runnable
        if stack is self.stack:
            return task
        cluster = task.settings.cluster
        return replace(
            task,
            cluster_arn=stack.read(self.stack, "clusters", cluster, "arn"),
            task_definition_arn=stack.read(self.stack, "run_tasks", name, "arn"),
            role_arns=[stack.read(self.stack, "run_tasks", name, f"{role}_role_arn") for role in ("task", "execution")],
            shares=[
                (self._provider_from(stack, cluster, share.provider), share.weight, share.base)
                for share in self.clusters[cluster].shares(task.settings.capacity)
            ],
            network=require_network(network).placed(task.settings),
            depends_on=(),
            roles=(),
        )

    def _provider_from(self, stack: PlatformStack, cluster: str, provider: str) -> str:
        if provider in FARGATE_PROVIDERS:
            return provider
        return stack.read(self.stack, "clusters", cluster, "capacity_providers", provider)

    def _add_outputs(self, stack: PlatformStack) -> None:
        stack.add_output(
            "clusters",
            "Clusters and their capacity providers, by short name",
            {name: _cluster_output(cluster) for name, cluster in self.clusters.items()},
        )
        stack.add_output(
            "services",
            "Services, the log groups of their tasks and where they answer, by short name",
            {name: _service_output(service) for name, service in self.services.items()},
        )
        stack.add_output(
            "run_tasks",
            "Tasks to run, with a request that is ready for it, by short name",
            {
                name: {
                    "arn": task.task_definition.task_definition_arn,
                    "log_group": task.task_definition.log_group_name,
                    **_roles(task.task_definition),
                    "run_task_request": json.dumps(task.runnable.request, sort_keys=True),
                }
                for name, task in self.task_definitions.items()
            },
        )
        choices = [Choice(name, task.runnable.command) for name, task in self.task_definitions.items()]
        if choices:
            script = choice_script(SCRIPT, choices)
            stack.add_output(SCRIPT, "Runs the task that its argument names, or lists what it can name", script)


def _cluster_output(cluster: TaskCluster) -> dict[str, Any]:
    output: dict[str, Any] = {"arn": cluster.cluster_arn, "name": cluster.cluster_name}
    return output | ({"capacity_providers": dict(cluster.provider_names)} if cluster.provider_names else {})


def _roles(definition: TaskDefinition) -> dict[str, str]:
    return {
        "task_role_arn": definition.task_role.role_arn,
        "execution_role_arn": definition.execution_role.role_arn,
    }


def _service_output(service: Service) -> dict[str, Any]:
    definition = service.task_definition
    output = {
        "arn": service.service.arn,
        "cluster": service.service.cluster,
        "name": service.service_name,
        "log_group": definition.log_group_name,
    } | _roles(definition)
    if isinstance(service, Replicas) and service.load_balancer and service.load_balancer.dns_name:
        output["dns_name"] = service.load_balancer.dns_name
    return output
