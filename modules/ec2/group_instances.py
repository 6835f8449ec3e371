"""The container instances of an Auto Scaling group: role, launch template, and what the group is told of them."""

from collections.abc import Mapping, Sequence
from typing import Any

from cdktf import ITerraformDependable
from cdktf_cdktf_provider_aws.autoscaling_group import (
    AutoscalingGroupLaunchTemplate,
    AutoscalingGroupMixedInstancesPolicy,
    AutoscalingGroupMixedInstancesPolicyInstancesDistribution,
    AutoscalingGroupMixedInstancesPolicyLaunchTemplate,
    AutoscalingGroupMixedInstancesPolicyLaunchTemplateLaunchTemplateSpecification,
    AutoscalingGroupMixedInstancesPolicyLaunchTemplateOverride,
    AutoscalingGroupTag,
)
from constructs import Construct

from modules.ec2.instance_choice import GroupInstanceChoice
from modules.ec2.instance_role import ECS_INSTANCE, InstanceRole
from modules.ec2.launch_template import ContainerHost, define_launch_template
from modules.ec2.machine_images import ecs_image
from modules.ec2.settings import ReservedCapacity
from modules.iam.policy import Statement
from modules.naming import AwsLocation
from modules.resources import Resources
from modules.vpc.network import Network


class GroupInstances:
    """Define role and launch template below ``scope``; the group must depend on ``attachments``.

    ``agent_config`` is the ECS agent's, see ``ContainerHost``. ``one_type``: the first of the types is started and no
    other, as warm pools and Capacity Blocks ask for. ``agent_statements`` are instead of AWS's. ``resources`` has what
    ``settings.access`` names.
    """

    def __init__(
        self,
        scope: Construct,
        *,
        name: str,
        settings: GroupInstanceChoice,
        agent_config: Mapping[str, str],
        network: Network,
        location: AwsLocation,
        tags: Mapping[str, str],
        one_type: bool,
        reserved_capacity: ReservedCapacity | None = None,
        agent_statements: Sequence[Statement] = (),
        resources: Resources | None = None,
    ) -> None:
        role = InstanceRole(
            scope,
            "instance-role",
            name=name,
            managed_policies=None if agent_statements else ECS_INSTANCE,
            ssm_access=settings.launch_template.opens_sessions,
            location=location,
            profile_arn=settings.instance_profile_arn,
        )
        if agent_statements:
            role.allow_agent(agent_statements)
        role.allow_access(settings.access, resources or Resources(), location)
        template = define_launch_template(
            scope,
            "launch-template",
            name=name,
            settings=settings.launch_template,
            security_group_ids=network.all_group_ids,
            reserved_capacity=reserved_capacity,
            host=ContainerHost(
                image_id=settings.image_id or ecs_image(settings.possible_types()),
                instance_profile_arn=role.instance_profile_arn,
                agent_config=agent_config,
                instance_type=settings.group_types[0] if one_type else None,
            ),
            tags=tags,
        )
        self.attachments: Sequence[ITerraformDependable] = role.attachments
        self._template = template
        self._one_type = one_type
        self._types = settings.group_types

    def start_arguments(self, *, on_demand_percent: int, on_demand_base: int | None = None) -> dict[str, Any]:
        """Return what a group starts: a mixture of the first types to be had and, of Spot, of the cheapest, if any."""
        id_, version = self._template
        if self._one_type:
            return {"launch_template": AutoscalingGroupLaunchTemplate(id=id_, version=version)}
        specification = AutoscalingGroupMixedInstancesPolicyLaunchTemplateLaunchTemplateSpecification
        override = AutoscalingGroupMixedInstancesPolicyLaunchTemplateOverride
        return {
            "mixed_instances_policy": AutoscalingGroupMixedInstancesPolicy(
                instances_distribution=AutoscalingGroupMixedInstancesPolicyInstancesDistribution(
                    on_demand_allocation_strategy="prioritized",
                    on_demand_base_capacity=on_demand_base,
                    on_demand_percentage_above_base_capacity=on_demand_percent,
                    spot_allocation_strategy="price-capacity-optimized" if on_demand_percent < 100 else None,
                ),
                launch_template=AutoscalingGroupMixedInstancesPolicyLaunchTemplate(
                    launch_template_specification=specification(launch_template_id=id_, version=version),
                    override=[override(instance_type=type_) for type_ in self._types],
                ),
            )
        }


def group_tags(tags: Mapping[str, str]) -> list[AutoscalingGroupTag]:
    """Return the tags of a group itself: default tags do not reach it, and its instances have the template's."""
    return [AutoscalingGroupTag(key=key, value=value, propagate_at_launch=False) for key, value in sorted(tags.items())]
