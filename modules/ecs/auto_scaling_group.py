"""Capacity of EC2 instances: an Auto Scaling group that ECS scales, as a capacity provider of a cluster."""

from collections.abc import Mapping

from cdktf_cdktf_provider_aws.autoscaling_group import (
    AutoscalingGroup,
    AutoscalingGroupInstanceRefresh,
    AutoscalingGroupInstanceRefreshPreferences,
    AutoscalingGroupTag,
    AutoscalingGroupWarmPool,
    AutoscalingGroupWarmPoolInstanceReusePolicy,
)
from cdktf_cdktf_provider_aws.ecs_capacity_provider import (
    EcsCapacityProvider,
    EcsCapacityProviderAutoScalingGroupProvider,
    EcsCapacityProviderAutoScalingGroupProviderManagedScaling,
)
from constructs import Construct

from modules.ec2.group_instances import GroupInstances, group_tags
from modules.ecs.removal import leave_the_cluster_first
from modules.ecs.settings.capacity_providers import (
    AutoScalingGroupCapacityProvider,
    GroupCapacityProvider,
    InstanceRefresh,
    WarmPool,
)
from modules.ecs.settings.existing_groups import ExistingAutoScalingGroupCapacityProvider
from modules.naming import AwsLocation
from modules.resources import Resources
from modules.vpc.network import Network

SECONDS_A_DAY = 86_400


class AutoScalingGroupProvider(Construct):
    """Define an Auto Scaling group and its capacity provider. ``provider_name`` is a token.

    The group belongs to ECS from then on: its size is written down nowhere, and scale-in protection is on, since ECS
    itself takes it from the instances that may go. The group is deleted by force, or Terraform would wait for the
    protected instances to go by themselves, which they never do.
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        name: str,
        settings: AutoScalingGroupCapacityProvider,
        cluster_name: str,
        network: Network,
        location: AwsLocation,
        tags: Mapping[str, str] | None = None,
        resources: Resources | None = None,
    ) -> None:
        super().__init__(scope, id_)
        tags, days = {**(tags or {}), **settings.tags}, settings.max_instance_lifetime_days
        instances = GroupInstances(
            self,
            name=name,
            settings=settings,
            agent_config=agent_config(settings, cluster_name),
            network=network,
            location=location,
            tags=tags,
            one_type=settings.warm_pool is not None,
            resources=resources,
        )
        group = AutoscalingGroup(
            self,
            "Resource",
            name=name,
            min_size=settings.min_instances,
            max_size=settings.max_instances,
            vpc_zone_identifier=list(network.subnet_ids),
            protect_from_scale_in=settings.termination_protection,
            force_delete=True,
            # Instances start when tasks do: waiting for them would make every first apply fail.
            wait_for_capacity_timeout="0",
            default_instance_warmup=settings.instance_warmup_seconds,
            max_instance_lifetime=days and days * SECONDS_A_DAY,
            warm_pool=_warm_pool(settings.warm_pool),
            force_delete_warm_pool=True if settings.warm_pool else None,
            instance_refresh=_instance_refresh(settings.instance_refresh),
            # ECS adds this tag itself; left out here, each plan would take it away again.
            tag=[
                AutoscalingGroupTag(key="AmazonECSManaged", value="true", propagate_at_launch=True),
                *group_tags(tags),
            ],
            depends_on=[*instances.attachments, *network.connections_for(self)] or None,
            **instances.start_arguments(
                on_demand_base=settings.on_demand_base, on_demand_percent=settings.on_demand_percent
            ),
        )
        provider = capacity_provider(self, "provider", name=name, settings=settings, group_arn=group.arn)
        self.group_name: str = group.name
        self.provider_name: str = provider.name


class ExistingGroupProvider(Construct):
    """Define the capacity provider of somebody else's Auto Scaling group. ``provider_name`` is a token."""

    def __init__(
        self, scope: Construct, id_: str, *, name: str, settings: ExistingAutoScalingGroupCapacityProvider
    ) -> None:
        super().__init__(scope, id_)
        name = settings.provider_name(name)
        arn = settings.auto_scaling_group_arn
        self.provider_name: str = capacity_provider(self, "Resource", name=name, settings=settings, group_arn=arn).name


def capacity_provider(
    scope: Construct, id_: str, *, name: str, settings: GroupCapacityProvider, group_arn: str
) -> EcsCapacityProvider:
    """Define the capacity provider of the Auto Scaling group ``group_arn``."""
    return EcsCapacityProvider(
        scope,
        id_,
        name=name,
        auto_scaling_group_provider=EcsCapacityProviderAutoScalingGroupProvider(
            auto_scaling_group_arn=group_arn,
            managed_draining="ENABLED" if settings.managed_draining else "DISABLED",
            managed_termination_protection="ENABLED" if settings.termination_protection else "DISABLED",
            managed_scaling=EcsCapacityProviderAutoScalingGroupProviderManagedScaling(
                status="ENABLED",
                target_capacity=settings.target_capacity_percent,
                minimum_scaling_step_size=settings.min_scaling_step,
                maximum_scaling_step_size=settings.max_scaling_step,
                instance_warmup_period=settings.instance_warmup_seconds,
            ),
        ),
        tags=settings.tags or None,
        lifecycle=leave_the_cluster_first(),
    )


def agent_config(settings: AutoScalingGroupCapacityProvider, cluster_name: str) -> dict[str, str]:
    """Return the configuration of the ECS agent."""
    config = {
        "ECS_CLUSTER": cluster_name,
        # Tasks have a role of their own; that of their instance is none of their business.
        "ECS_AWSVPC_BLOCK_IMDS": "true",
    }
    if settings.uses_spot:
        config["ECS_ENABLE_SPOT_INSTANCE_DRAINING"] = "true"
    if settings.warm_pool:
        # Otherwise instances would join the cluster while they wait, and get tasks that never start.
        config["ECS_WARM_POOLS_CHECK"] = "true"
    if any(kind.gpus for kind in settings.possible_types()):
        config["ECS_ENABLE_GPU_SUPPORT"] = "true"
    return config


def _warm_pool(settings: WarmPool | None) -> AutoscalingGroupWarmPool | None:
    if settings is None:
        return None
    return AutoscalingGroupWarmPool(
        min_size=settings.min_instances,
        max_group_prepared_capacity=settings.max_prepared,
        pool_state=settings.state,
        instance_reuse_policy=AutoscalingGroupWarmPoolInstanceReusePolicy(reuse_on_scale_in=settings.reuse),
    )


def _instance_refresh(settings: InstanceRefresh | None) -> AutoscalingGroupInstanceRefresh | None:
    if settings is None:
        return None
    return AutoscalingGroupInstanceRefresh(
        strategy="Rolling",
        preferences=AutoscalingGroupInstanceRefreshPreferences(
            min_healthy_percentage=settings.min_healthy_percent,
            max_healthy_percentage=settings.max_healthy_percent,
            # Every instance with a task is protected: waiting for them would be waiting indefinitely. Managed draining
            # moves their tasks first.
            scale_in_protected_instances="Refresh",
            skip_matching=True,
        ),
    )
