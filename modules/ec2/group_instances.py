"""What Auto Scaling groups have in common: what they start from a launch template, and their tags."""

from collections.abc import Mapping, Sequence

from cdktf_cdktf_provider_aws.autoscaling_group import (
    AutoscalingGroupLaunchTemplate,
    AutoscalingGroupMixedInstancesPolicy,
    AutoscalingGroupMixedInstancesPolicyInstancesDistribution,
    AutoscalingGroupMixedInstancesPolicyLaunchTemplate,
    AutoscalingGroupMixedInstancesPolicyLaunchTemplateLaunchTemplateSpecification,
    AutoscalingGroupMixedInstancesPolicyLaunchTemplateOverride,
    AutoscalingGroupTag,
)

from modules.ec2.launch_template import LaunchTemplate


def one_type(template: LaunchTemplate) -> dict[str, object]:
    """Return the argument of a group that starts what the template says; warm pools and Capacity Blocks ask for it."""
    return {
        "launch_template": AutoscalingGroupLaunchTemplate(
            id=template.launch_template_id, version=template.latest_version
        )
    }


def several_types(
    template: LaunchTemplate, types: Sequence[str], *, on_demand_percent: int, on_demand_base: int | None = None
) -> dict[str, object]:
    """Return the argument of a group that starts the first of ``types`` to be had, or, of Spot, the cheapest."""
    return {
        "mixed_instances_policy": AutoscalingGroupMixedInstancesPolicy(
            instances_distribution=AutoscalingGroupMixedInstancesPolicyInstancesDistribution(
                on_demand_allocation_strategy="prioritized",
                on_demand_base_capacity=on_demand_base,
                on_demand_percentage_above_base_capacity=on_demand_percent,
                spot_allocation_strategy="price-capacity-optimized" if on_demand_percent < 100 else None,
            ),
            launch_template=AutoscalingGroupMixedInstancesPolicyLaunchTemplate(
                launch_template_specification=AutoscalingGroupMixedInstancesPolicyLaunchTemplateLaunchTemplateSpecification(
                    launch_template_id=template.launch_template_id, version=template.latest_version
                ),
                override=[
                    AutoscalingGroupMixedInstancesPolicyLaunchTemplateOverride(instance_type=type_) for type_ in types
                ],
            ),
        )
    }


def group_tags(tags: Mapping[str, str] | None) -> list[AutoscalingGroupTag]:
    """Return the tags of a group itself: default tags do not reach it, and its instances have the template's."""
    return [
        AutoscalingGroupTag(key=key, value=value, propagate_at_launch=False)
        for key, value in sorted((tags or {}).items())
    ]
