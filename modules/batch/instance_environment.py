"""An environment of EC2 instances that Batch manages, with launch template, instance role and placement group.

What can change does so in place: instances are replaced by new ones, the environment stays. ``desired_vcpus`` is never
written down: it is Batch's to choose, and would differ in every plan.
"""

from collections.abc import Sequence
from typing import Any

from cdktf_cdktf_provider_aws.batch_compute_environment import (
    BatchComputeEnvironmentComputeResources,
    BatchComputeEnvironmentEksConfiguration,
    BatchComputeEnvironmentUpdatePolicy,
)
from cdktf_cdktf_provider_aws.data_aws_ssm_parameter import DataAwsSsmParameter
from cdktf_cdktf_provider_aws.placement_group import PlacementGroup

from modules.batch.agent_policy import agent_statements
from modules.batch.compute_environment import ComputeEnvironment
from modules.batch.settings.compute_environments import (
    Ec2ComputeEnvironment,
    EcsInstanceCapacity,
    InstanceCapacity,
    SpotMarket,
)
from modules.batch.settings.eks_compute_environments import EksCapacity
from modules.blocks import typed_block
from modules.ec2.instance_role import EKS_NODE, InstanceRole
from modules.ec2.launch_template import TemplateVersion, define_launch_template
from modules.ec2.machine_images import batch_image_type, ecs_image_parameter


class InstanceEnvironment(ComputeEnvironment):
    """Define an environment of EC2 instances, on demand or Spot, of ECS or in somebody's EKS cluster.

    ``tags`` go onto instances and volumes through the launch template, where a change is an update. As tags of the
    environment's own compute resources a change would replace the environment wherever it cannot be updated.
    """

    settings: InstanceCapacity

    def _define(self) -> None:
        settings = self.settings
        self._eks = settings if isinstance(settings, EksCapacity) else None
        self._ec2 = settings if isinstance(settings, Ec2ComputeEnvironment) else None
        self._nodes = self._ec2.multi_node if self._ec2 else None
        if self._nodes:
            self.network = self.network.for_nodes()
        self.instance_role = self._instance_role()
        policy = settings.emitted_update_policy(self.location)
        self._define_environment(
            type_="MANAGED",
            depends_on=[*self.instance_role.attachments, *self.network.connections_for(self)],
            compute_resources=self._compute_resources(),
            eks_configuration=self._eks
            and BatchComputeEnvironmentEksConfiguration(
                eks_cluster_arn=self._eks.eks_cluster_arn, kubernetes_namespace=self._eks.kubernetes_namespace
            ),
            update_policy=policy
            and BatchComputeEnvironmentUpdatePolicy(
                job_execution_timeout_minutes=policy.job_execution_timeout_minutes,
                terminate_jobs_on_update=policy.terminate_jobs_on_update,
            ),
        )

    def _instance_role(self) -> InstanceRole:
        role = InstanceRole(
            self,
            "instance-role",
            name=self.name,
            managed_policies=EKS_NODE if self._eks else None,
            ssm_access=self.settings.launch_template.opens_sessions,
            location=self.location,
            profile_arn=self.settings.instance_profile_arn,
        )
        if self._eks is None:
            role.allow_agent(agent_statements(self.location, self.name))
        role.allow_access(self.settings.access, self._resources, self.location)
        return role

    def _compute_resources(self) -> Any:
        settings, network = self.settings, self.network
        groups = list(dict.fromkeys([*network.all_group_ids, *(self._eks.security_group_ids if self._eks else ())]))
        # Batch takes groups either here or in the interfaces of the launch template. Without any here, the nodes of a
        # multi-node job get the VPC's default group.
        in_template = bool(self._nodes and self._nodes.efa_interfaces)
        template = self._launch_template(groups if in_template else [])
        spot = settings if isinstance(settings, SpotMarket) else None
        resources = {
            "type": settings.capacity_type,
            # On demand only this can be updated in place; with BEST_FIT every change is a new environment.
            "allocationStrategy": spot.allocation_strategy if spot else "BEST_FIT_PROGRESSIVE",
            "bidPercentage": spot.bid_percentage if spot else None,
            "instanceType": sorted(settings.instance_types),
            "minVcpus": settings.min_vcpus,
            "maxVcpus": settings.max_vcpus,
            "instanceRole": self.instance_role.instance_profile_arn,
            "ec2Configuration": [self._image()],
            "launchTemplate": {"launchTemplateId": template.launch_template_id, "version": template.version},
            "placementGroup": self._placement_group(),
            "subnets": settings.chosen_subnets(network.subnet_ids),
            "securityGroupIds": [] if in_template else groups,
        }
        return typed_block(BatchComputeEnvironmentComputeResources, resources)

    def _launch_template(self, groups: Sequence[str]) -> TemplateVersion:
        return define_launch_template(
            self,
            "launch-template",
            name=self.name,
            settings=self.settings.launch_template,
            security_group_ids=groups,
            efa_interfaces=self._nodes.efa_interfaces if self._nodes else 0,
            reserved_capacity=self._ec2.reserved_capacity if self._ec2 else None,
            # Pods are the second hop, which EKS's own node groups have, too.
            metadata_hops=2 if self._eks and self._eks.node_role_for_pods else 1,
            # Nodes of a multi-node job have networks of their own, from which the host's metadata can be kept.
            agent_config={"ECS_AWSVPC_BLOCK_IMDS": "true"} if self._nodes else None,
            tags=self._tags,
        )

    def _placement_group(self) -> str | None:
        if self._ec2 is None or not self._ec2.has_placement_group:
            return None
        return str(PlacementGroup(self, "placement-group", name=self.name, strategy="cluster").name)

    def _image(self) -> dict[str, Any]:
        settings = self.settings
        image_id, types = settings.image_id, settings.possible_types()
        if isinstance(settings, EcsInstanceCapacity) and settings.newest_image_at_deployment:
            # Not in the launch template: Batch takes another image from there only where it is told to look for the
            # latest, which the provider never tells it.
            newest = DataAwsSsmParameter(self, "newest-image", name=ecs_image_parameter(types))
            image_id = newest.insecure_value  # what the value is, but for its being hidden in plans
        return {
            # Always named: the provider takes Amazon Linux 2 otherwise, which Batch refuses.
            "imageType": batch_image_type(settings.orchestrator, types),
            "imageIdOverride": image_id,
            "imageKubernetesVersion": self._eks.kubernetes_version if self._eks else None,
        }
