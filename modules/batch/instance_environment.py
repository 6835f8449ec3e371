"""An environment of EC2 instances that Batch manages, with launch template, instance role and placement group.

What can change does so in place: instances are replaced by new ones, the environment stays. ``desired_vcpus`` is never
written down: it is Batch's to choose, and would differ in every plan.
"""

from collections.abc import Mapping

from cdktf_cdktf_provider_aws.batch_compute_environment import (
    BatchComputeEnvironmentComputeResources,
    BatchComputeEnvironmentComputeResourcesEc2Configuration,
    BatchComputeEnvironmentComputeResourcesLaunchTemplate,
    BatchComputeEnvironmentEksConfiguration,
    BatchComputeEnvironmentUpdatePolicy,
)
from cdktf_cdktf_provider_aws.data_aws_ssm_parameter import DataAwsSsmParameter
from cdktf_cdktf_provider_aws.placement_group import PlacementGroup
from constructs import Construct

from modules.batch.agent_policy import agent_statements
from modules.batch.compute_environment import ComputeEnvironment
from modules.batch.settings.compute_environments import (
    Ec2ComputeEnvironment,
    EcsInstanceCapacity,
    InstanceCapacity,
    SpotMarket,
)
from modules.batch.settings.eks_compute_environments import EksCapacity
from modules.ec2.instance_role import EKS_NODE, InstanceRole
from modules.ec2.launch_template import define_launch_template
from modules.ec2.machine_images import batch_image_type, ecs_image_parameter
from modules.naming import AwsLocation
from modules.resources import Resources
from modules.vpc.network import Network


class InstanceEnvironment(ComputeEnvironment):
    """Define an environment of EC2 instances, on demand or Spot, of ECS or in somebody's EKS cluster.

    ``tags`` go onto instances and volumes through the launch template, where a change is an update. As tags of the
    environment's own compute resources a change would replace the environment wherever it cannot be updated.
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        settings: InstanceCapacity,
        network: Network,
        name: str | None = None,
        location: AwsLocation | None = None,
        tags: Mapping[str, str] | None = None,
        resources: Resources | None = None,
    ) -> None:
        ec2 = settings if isinstance(settings, Ec2ComputeEnvironment) else None
        if ec2 and ec2.multi_node:
            network = network.for_nodes()
        super().__init__(scope, id_, settings=settings, network=network, name=name, location=location)
        eks = settings if isinstance(settings, EksCapacity) else None
        self.instance_role = role = InstanceRole(
            self,
            "instance-role",
            name=self.name,
            managed_policies=EKS_NODE if eks else None,
            ssm_access=settings.launch_template.opens_sessions,
            location=self.location,
            profile_arn=settings.instance_profile_arn,
        )
        if eks is None:
            role.allow_agent(agent_statements(self.location, self.name))
        role.allow_access(settings.access, resources or Resources(), self.location)
        groups = list(dict.fromkeys([*network.all_group_ids, *(eks.security_group_ids if eks else ())]))
        adapters = ec2.multi_node.efa_interfaces if ec2 and ec2.multi_node else 0
        template = define_launch_template(
            self,
            "launch-template",
            name=self.name,
            settings=settings.launch_template,
            security_group_ids=groups if adapters else (),
            efa_interfaces=adapters,
            reserved_capacity=ec2.reserved_capacity if ec2 else None,
            # Pods are the second hop, which EKS's own node groups have, too.
            metadata_hops=2 if eks and eks.node_role_for_pods else 1,
            # Nodes of a multi-node job have networks of their own, from which the host's metadata can be kept.
            agent_config={"ECS_AWSVPC_BLOCK_IMDS": "true"} if ec2 and ec2.multi_node else None,
            tags=tags,
        )
        policy = settings.emitted_update_policy(self.location)
        self._define(
            type_="MANAGED",
            service_role=self._service_role(),
            depends_on=[*role.attachments, *network.connections_for(self)],
            compute_resources=BatchComputeEnvironmentComputeResources(
                type=settings.capacity_type,
                allocation_strategy=_allocation_strategy(settings),
                bid_percentage=settings.bid_percentage if isinstance(settings, SpotMarket) else None,
                instance_type=sorted(settings.instance_types),
                min_vcpus=settings.min_vcpus,
                max_vcpus=settings.max_vcpus,
                instance_role=role.instance_profile_arn,
                ec2_configuration=[self._image(settings)],
                launch_template=BatchComputeEnvironmentComputeResourcesLaunchTemplate(
                    launch_template_id=template.launch_template_id, version=template.version
                ),
                placement_group=self._placement_group(ec2),
                subnets=settings.chosen_subnets(network.subnet_ids),
                # Batch takes groups either here or in the interfaces of the launch template. Without any here, the
                # nodes of a multi-node job get the VPC's default group.
                security_group_ids=None if adapters else groups,
            ),
            eks_configuration=BatchComputeEnvironmentEksConfiguration(
                eks_cluster_arn=eks.eks_cluster_arn, kubernetes_namespace=eks.kubernetes_namespace
            )
            if eks
            else None,
            update_policy=BatchComputeEnvironmentUpdatePolicy(
                job_execution_timeout_minutes=policy.job_execution_timeout_minutes,
                terminate_jobs_on_update=policy.terminate_jobs_on_update,
            )
            if policy
            else None,
        )

    def _placement_group(self, settings: Ec2ComputeEnvironment | None) -> str | None:
        if settings is None or not settings.has_placement_group:
            return None
        group = PlacementGroup(self, "placement-group", name=self.name, strategy="cluster")
        return str(group.name)

    def _image(self, settings: InstanceCapacity) -> BatchComputeEnvironmentComputeResourcesEc2Configuration:
        image_id, types = settings.image_id, settings.possible_types()
        if isinstance(settings, EcsInstanceCapacity) and settings.newest_image_at_deployment:
            # Not in the launch template: Batch takes another image from there only where it is told to look for the
            # latest, which the provider never tells it.
            newest = DataAwsSsmParameter(self, "newest-image", name=ecs_image_parameter(types))
            image_id = newest.insecure_value  # what the value is, but for its being hidden in plans
        return BatchComputeEnvironmentComputeResourcesEc2Configuration(
            # Always named: the provider takes Amazon Linux 2 otherwise, which Batch refuses.
            image_type=batch_image_type(settings.orchestrator, types),
            image_id_override=image_id,
            image_kubernetes_version=settings.kubernetes_version if isinstance(settings, EksCapacity) else None,
        )


def _allocation_strategy(settings: InstanceCapacity) -> str:
    # Only these can be updated in place; with BEST_FIT every change is a new environment.
    return settings.allocation_strategy if isinstance(settings, SpotMarket) else "BEST_FIT_PROGRESSIVE"
