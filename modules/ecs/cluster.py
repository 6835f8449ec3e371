"""A cluster with its capacity providers, its namespace and what ECS Exec needs."""

from collections.abc import Mapping, Sequence

from cdktf_cdktf_provider_aws.cloudwatch_log_group import CloudwatchLogGroup
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

from modules.defaults import default_location, default_name
from modules.ecs.auto_scaling_group import AutoScalingGroupProvider, ExistingGroupProvider
from modules.ecs.managed_instances import ManagedInstancesProvider
from modules.ecs.names import capacity_provider_name
from modules.ecs.settings.capacity import FARGATE_PROVIDERS, CapacityShare
from modules.ecs.settings.capacity_providers import AutoScalingGroupCapacityProvider, CapacityProviderSettings
from modules.ecs.settings.clusters import ClusterSettings, ExecuteCommand
from modules.ecs.settings.existing_groups import ExistingAutoScalingGroupCapacityProvider
from modules.ecs.settings.managed_instances import ManagedInstancesCapacityProvider
from modules.ecs.settings.tasks import FargateTask, TaskSettings
from modules.iam.policy import Statement, allow
from modules.iam.workload_role import WorkloadRole
from modules.kms.encryption_key import EncryptionKey
from modules.kms.permissions import DECRYPT
from modules.names import require_name
from modules.naming import AwsLocation
from modules.vpc.network import Network

Provider = AutoScalingGroupProvider | ExistingGroupProvider | ManagedInstancesProvider


class Cluster(Construct):
    """Define a cluster. ``cluster_arn`` and ``cluster_name`` are tokens; ``name`` is what it is called.

    Whatever runs tasks here must depend on ``association``. On the way down it then goes first, the association after
    it, the capacity providers with their instances next and the cluster last; in any other order ECS refuses, and
    Terraform waits until it gives up.
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
    ) -> None:
        super().__init__(scope, id_)
        self.name = name = default_name(scope, id_, name)
        require_name("cluster", name)
        self.settings, self.network = settings, network
        self.location = default_location(scope, location)
        self._exec_statements: list[Statement] = []
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

    def provider_name(self, provider: str) -> str:
        """Return what AWS calls the provider of a share: Fargate's are words, those of the cluster tokens."""
        return provider if provider in FARGATE_PROVIDERS else self.providers[provider].provider_name

    def shares(self, capacity: Sequence[CapacityShare]) -> Sequence[CapacityShare]:
        """Return ``capacity``, or the cluster's default where it is empty.

        Written down with each service: without, a changed default would reach some services and not others.
        """
        return capacity or self.settings.default_capacity

    def compatibility(self, task: TaskSettings, capacity: Sequence[CapacityShare]) -> str:
        """Return what ECS calls the capacity that ``task`` must be made for."""
        if isinstance(task, FargateTask):
            return "FARGATE"
        return "MANAGED_INSTANCES" if self.settings.is_managed(self.shares(capacity)) else "EC2"

    def grant_execute_command(self, task_role: WorkloadRole) -> None:
        """Let the tasks of ``task_role`` open the sessions that ECS Exec asks them for, and log them."""
        if self._exec_statements:
            task_role.add_policy("execute-command", self._exec_statements)

    def _namespace(self, settings: ClusterSettings, network: Network) -> ServiceDiscoveryPrivateDnsNamespace | None:
        if settings.namespace is None:
            return None
        return ServiceDiscoveryPrivateDnsNamespace(
            self, "namespace", name=settings.namespace, vpc=network.vpc_id, description=f"Services of {self.name}"
        )

    def _configuration(self, settings: ExecuteCommand | None) -> EcsClusterConfiguration:
        execution = EcsClusterConfigurationExecuteCommandConfiguration
        if settings is None:
            # Nobody gets a shell without the right to it in the task role; if somebody did, AWS logs it as usual.
            return EcsClusterConfiguration(execute_command_configuration=execution(logging="DEFAULT"))
        group_name = f"/aws/ecs/{self.name}/exec"
        key = EncryptionKey(
            self, "exec-key", name=f"ecs/{self.name}/exec", settings=settings.kms_key, location=self.location
        )
        key.allow_log_group(group_name)
        group = CloudwatchLogGroup(
            self,
            "exec-log-group",
            name=group_name,
            retention_in_days=settings.retention_days,
            kms_key_id=key.key_arn,
        )
        self._exec_statements = _exec_statements(group.arn, key)
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
                    network=network,
                    location=self.location,
                    tags=tags,
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
                    network=network,
                    location=self.location,
                )
        raise TypeError(f"{type(settings).__name__} is no kind of capacity provider")


def _exec_statements(log_group_arn: str, key: EncryptionKey) -> list[Statement]:
    return [
        # The four have no resource: which sessions there are, ECS decides.
        allow(
            "OpenSessions",
            [
                "ssmmessages:CreateControlChannel",
                "ssmmessages:CreateDataChannel",
                "ssmmessages:OpenControlChannel",
                "ssmmessages:OpenDataChannel",
            ],
            "*",
        ),
        # Looking groups up has no resource either.
        allow("FindLogGroup", ["logs:DescribeLogGroups"], "*"),
        allow(
            "LogSessions",
            ["logs:CreateLogStream", "logs:DescribeLogStreams", "logs:PutLogEvents"],
            f"{log_group_arn}:*",
        ),
        key.usage("DecryptSessions", DECRYPT),
    ]
