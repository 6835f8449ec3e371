"""A cluster with its capacity providers, its namespace and what ECS Exec needs."""

from collections.abc import Mapping

from cdktf_cdktf_provider_aws.ecs_cluster import (
    EcsCluster,
    EcsClusterConfiguration,
    EcsClusterConfigurationExecuteCommandConfiguration,
    EcsClusterConfigurationExecuteCommandConfigurationLogConfiguration,
    EcsClusterSetting,
)
from cdktf_cdktf_provider_aws.ecs_cluster_capacity_providers import (
    EcsClusterCapacityProviders,
    EcsClusterCapacityProvidersDefaultCapacityProviderStrategy,
)
from cdktf_cdktf_provider_aws.service_discovery_private_dns_namespace import ServiceDiscoveryPrivateDnsNamespace
from constructs import Construct

from modules.cloudwatch.log_group import define_log_group
from modules.defaults import default_location, default_name
from modules.ecs.auto_scaling_group import AutoScalingGroupProvider, ExistingGroupProvider
from modules.ecs.managed_instances import ManagedInstancesProvider
from modules.ecs.names import capacity_provider_name
from modules.ecs.settings.capacity import FARGATE_PROVIDERS
from modules.ecs.settings.capacity_providers import AutoScalingGroupCapacityProvider, CapacityProviderSettings
from modules.ecs.settings.clusters import ClusterSettings, ExecuteCommand
from modules.ecs.settings.existing_groups import ExistingAutoScalingGroupCapacityProvider
from modules.ecs.settings.managed_instances import ManagedInstancesCapacityProvider
from modules.ecs.task_cluster import Namespace, TaskCluster, session_statements
from modules.kms.encryption_key import EncryptionKey
from modules.names import require_name
from modules.naming import AwsLocation
from modules.resources import Resources
from modules.vpc.network import Network

Provider = AutoScalingGroupProvider | ExistingGroupProvider | ManagedInstancesProvider


class Cluster(TaskCluster):
    """Define a cluster. ``cluster_arn`` and ``cluster_name`` are tokens; ``name`` is what it is called.

    Whatever runs tasks here depends on ``association``. On the way down it then goes first, the association after it,
    the capacity providers with their instances next and the cluster last; in any other order ECS refuses, and Terraform
    waits until it gives up.
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        settings: ClusterSettings,
        network: Network,
        name: str | None = None,
        location: AwsLocation | None = None,
        tags: Mapping[str, str] | None = None,
        resources: Resources | None = None,
    ) -> None:
        super().__init__(scope, id_)
        self.name = name = default_name(scope, id_, name)
        require_name("cluster", name)
        self.settings, self.network = settings, network
        self._resources = resources
        self.location = default_location(scope, location)
        self.namespace = self._namespace(settings, network)
        cluster = EcsCluster(
            self,
            "Resource",
            name=name,
            setting=[EcsClusterSetting(name="containerInsights", value=settings.container_insights)],
            configuration=self._configuration(settings.execute_command),
            tags=settings.tags or None,
        )
        self.cluster_arn: str = cluster.arn
        self.cluster_name: str = cluster.name
        scope_ = Construct(self, "capacity_providers")
        self.providers = {
            short_name: self._provider(scope_, short_name, provider, network, tags)
            for short_name, provider in sorted(settings.capacity_providers.items())
        }
        self.provider_names = {name: provider.provider_name for name, provider in self.providers.items()}
        self.association = EcsClusterCapacityProviders(
            self,
            "association",
            cluster_name=self.cluster_name,
            # Managed instances too, though they are of their cluster from the start: what is left out is taken out.
            capacity_providers=[*FARGATE_PROVIDERS, *(item.provider_name for item in self.providers.values())],
            default_capacity_provider_strategy=[
                EcsClusterCapacityProvidersDefaultCapacityProviderStrategy(
                    capacity_provider=self.provider_name(share.provider),
                    weight=share.weight,
                    base=share.base or None,
                )
                for share in settings.default_capacity
            ],
        )

    def _namespace(self, settings: ClusterSettings, network: Network) -> Namespace | None:
        if settings.namespace is None:
            return None
        made = ServiceDiscoveryPrivateDnsNamespace(
            self, "namespace", name=settings.namespace, vpc=network.vpc_id(), description=f"Services of {self.name}"
        )
        return Namespace(made.id, made.arn)

    def _configuration(self, settings: ExecuteCommand | None) -> EcsClusterConfiguration:
        execution = EcsClusterConfigurationExecuteCommandConfiguration
        if settings is None:
            # Nobody gets a shell without the permission to it in the task role; if somebody did, AWS logs it as usual.
            return EcsClusterConfiguration(execute_command_configuration=execution(logging="DEFAULT"))
        key = EncryptionKey(
            self, "exec-key", name=f"ecs/{self.name}/exec", settings=settings.kms_key, location=self.location
        )
        group = define_log_group(
            self, "exec-log-group", name=f"/aws/ecs/{self.name}/exec", retention_days=settings.retention_days, key=key
        )
        self.session_statements = session_statements(group.arn, key.key_arn)
        return EcsClusterConfiguration(
            execute_command_configuration=execution(
                kms_key_id=key.key_arn,
                logging="OVERRIDE",
                log_configuration=EcsClusterConfigurationExecuteCommandConfigurationLogConfiguration(
                    cloud_watch_encryption_enabled=True, cloud_watch_log_group_name=group.name
                ),
            )
        )

    def _provider(
        self,
        scope: Construct,
        short_name: str,
        settings: CapacityProviderSettings,
        network: Network,
        tags: Mapping[str, str] | None,
    ) -> Provider:
        name = capacity_provider_name(self.name, short_name)
        match settings:
            case AutoScalingGroupCapacityProvider():
                return AutoScalingGroupProvider(
                    scope,
                    short_name,
                    name=name,
                    settings=settings,
                    cluster_name=self.cluster_name,
                    network=network.placed(settings),
                    location=self.location,
                    tags=tags,
                    resources=self._resources,
                )
            case ExistingAutoScalingGroupCapacityProvider():
                return ExistingGroupProvider(scope, short_name, name=name, settings=settings)
            case ManagedInstancesCapacityProvider():
                return ManagedInstancesProvider(
                    scope,
                    short_name,
                    name=name,
                    settings=settings,
                    cluster_name=self.cluster_name,
                    network=network.placed(settings),
                    location=self.location,
                )
        raise TypeError(f"{type(settings).__name__} is no kind of capacity provider")
