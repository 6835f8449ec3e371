"""Capacity of instances that ECS manages itself: the capacity provider, ECS's role and that of the instances."""

from cdktf_cdktf_provider_aws.ecs_capacity_provider import (
    EcsCapacityProvider,
    EcsCapacityProviderManagedInstancesProvider,
    EcsCapacityProviderManagedInstancesProviderInfrastructureOptimization,
    EcsCapacityProviderManagedInstancesProviderInstanceLaunchTemplate,
    EcsCapacityProviderManagedInstancesProviderInstanceLaunchTemplateInstanceRequirements,
    EcsCapacityProviderManagedInstancesProviderInstanceLaunchTemplateInstanceRequirementsAcceleratorCount,
    EcsCapacityProviderManagedInstancesProviderInstanceLaunchTemplateInstanceRequirementsMemoryMib,
    EcsCapacityProviderManagedInstancesProviderInstanceLaunchTemplateInstanceRequirementsVcpuCount,
    EcsCapacityProviderManagedInstancesProviderInstanceLaunchTemplateNetworkConfiguration,
    EcsCapacityProviderManagedInstancesProviderInstanceLaunchTemplateStorageConfiguration,
)
from constructs import Construct

from modules.ec2.instance_role import InstanceRole
from modules.ecs.infrastructure_role import InfrastructureRole
from modules.ecs.removal import leave_the_cluster_first
from modules.ecs.settings.managed_instances import Amount, ManagedInstancesCapacityProvider
from modules.iam.policy import allow
from modules.naming import AwsLocation
from modules.vpc.network import Network

MANAGED_INSTANCE = {"ecs": "AmazonECSInstanceRolePolicyForManagedInstances"}
MANAGE_INSTANCES = {"ecs": "AmazonECSInfrastructureRolePolicyForManagedInstances"}
# Left out, any number would do.
NO_ACCELERATOR = {"min": 0, "max": 0}


class ManagedInstancesProvider(Construct):
    """Define a capacity provider of managed instances in one cluster. ``provider_name`` is a token.

    ECS refuses one that is still being made, to the list and default of the cluster as to a service, and AWS provider
    6.25.0 neither waits for it nor tries again: the apply that makes it ends in an error, the next one goes through.
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        name: str,
        settings: ManagedInstancesCapacityProvider,
        cluster_name: str,
        network: Network,
        location: AwsLocation,
    ) -> None:
        super().__init__(scope, id_)
        instances = InstanceRole(
            self,
            "instance-role",
            name=name,
            managed_policies=MANAGED_INSTANCE,
            ssm_access=False,
            location=location,
            profile_arn=settings.instance_profile_arn,
        )
        infrastructure = InfrastructureRole(
            self,
            "infrastructure-role",
            name=name,
            managed_policies=MANAGE_INSTANCES,
            location=location,
            role_arn=settings.infrastructure_role_arn,
        )
        if settings.instance_profile_arn is None:
            # The managed policy lets ECS pass roles called ecsInstanceRole… only.
            infrastructure.role.add_policy(
                "pass-instance-role",
                [
                    allow(
                        "PassInstanceRole",
                        ["iam:PassRole"],
                        instances.role.role_arn,
                        condition={"StringEquals": {"iam:PassedToService": "ec2.amazonaws.com"}},
                    )
                ],
            )
        provider = EcsCapacityProvider(
            self,
            "Resource",
            name=name,
            cluster=cluster_name,
            managed_instances_provider=EcsCapacityProviderManagedInstancesProvider(
                infrastructure_role_arn=infrastructure.role_arn,
                propagate_tags="CAPACITY_PROVIDER",
                infrastructure_optimization=None
                if settings.scale_in_after_seconds is None
                else EcsCapacityProviderManagedInstancesProviderInfrastructureOptimization(
                    scale_in_after=settings.scale_in_after_seconds
                ),
                instance_launch_template=EcsCapacityProviderManagedInstancesProviderInstanceLaunchTemplate(
                    ec2_instance_profile_arn=instances.instance_profile_arn,
                    monitoring="DETAILED" if settings.detailed_monitoring else "BASIC",
                    network_configuration=EcsCapacityProviderManagedInstancesProviderInstanceLaunchTemplateNetworkConfiguration(
                        subnets=list(network.subnet_ids), security_groups=list(network.all_group_ids)
                    ),
                    storage_configuration=EcsCapacityProviderManagedInstancesProviderInstanceLaunchTemplateStorageConfiguration(
                        storage_size_gib=settings.storage_gib
                    ),
                    instance_requirements=_requirements(settings),
                ),
            ),
            tags=settings.tags or None,
            # Without its permissions ECS could not end the instances, and the provider would never be gone.
            depends_on=[*infrastructure.role.permissions, *instances.attachments, *network.connections_for(self)]
            or None,
            lifecycle=leave_the_cluster_first(),
        )
        self.provider_name: str = provider.name


def _requirements(
    settings: ManagedInstancesCapacityProvider,
) -> EcsCapacityProviderManagedInstancesProviderInstanceLaunchTemplateInstanceRequirements:
    return EcsCapacityProviderManagedInstancesProviderInstanceLaunchTemplateInstanceRequirements(
        vcpu_count=EcsCapacityProviderManagedInstancesProviderInstanceLaunchTemplateInstanceRequirementsVcpuCount(
            **_bounds(settings.vcpus)
        ),
        memory_mib=EcsCapacityProviderManagedInstancesProviderInstanceLaunchTemplateInstanceRequirementsMemoryMib(
            **_bounds(settings.memory_mib)
        ),
        cpu_manufacturers=list(settings.manufacturers),
        allowed_instance_types=sorted(settings.instance_types) or None,
        accelerator_count=EcsCapacityProviderManagedInstancesProviderInstanceLaunchTemplateInstanceRequirementsAcceleratorCount(
            **(_bounds(settings.gpus) if settings.gpus else NO_ACCELERATOR)
        ),
        accelerator_types=["gpu"] if settings.gpus else None,
        accelerator_manufacturers=["nvidia"] if settings.gpus else None,
        # Left out they are excluded, even those that are named.
        burstable_performance="included" if settings.allows_burstable else None,
        bare_metal="included" if settings.allows_bare_metal else None,
    )


def _bounds(amount: Amount) -> dict[str, int]:
    return {"min": amount.min} if amount.max is None else {"min": amount.min, "max": amount.max}
