"""An unmanaged environment: Batch schedules onto ECS instances of an Auto Scaling group of ours.

Batch makes an ECS cluster for the environment; the instances join it by its name, which only its ARN tells.
"""

from collections.abc import Mapping, Sequence

from cdktf import Fn
from cdktf_cdktf_provider_aws.autoscaling_group import AutoscalingGroup
from constructs import Construct

from modules.batch.compute_environment import ComputeEnvironment
from modules.batch.service_role import ServiceRole
from modules.batch.settings.compute_environments import UnmanagedComputeEnvironment
from modules.ec2.group_instances import group_tags, one_type, several_types
from modules.ec2.instance_role import ECS_INSTANCE, InstanceRole
from modules.ec2.launch_template import ContainerHost, LaunchTemplate
from modules.ec2.machine_images import ecs_image
from modules.naming import AwsLocation
from modules.vpc.network import Network


class UnmanagedEnvironment(ComputeEnvironment):
    """Define the environment, its service role, and the instances with role and launch template.

    On the way down the instances go first, then the environment with its cluster, then the roles.
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        name: str,
        settings: UnmanagedComputeEnvironment,
        network: Network,
        location: AwsLocation,
        tags: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(scope, id_)
        # Batch makes no service-linked role for an unmanaged environment; it must be given one.
        service_role = ServiceRole(self, "service-role", name=name, location=location)
        environment = self._define(name=name, settings=settings, type_="UNMANAGED", service_role=service_role)
        role = InstanceRole(
            self,
            "instance-role",
            name=name,
            managed_policies=ECS_INSTANCE,
            ssm_access=settings.launch_template.ssm_access,
            location=location,
        )
        template = LaunchTemplate(
            self,
            "launch-template",
            name=name,
            settings=settings.launch_template,
            security_group_ids=network.security_group_ids,
            reserved_capacity=settings.reserved_capacity,
            host=ContainerHost(
                image_id=settings.image_id or ecs_image(settings.possible_types()),
                instance_profile_arn=role.instance_profile_arn,
                # arn:aws:ecs:us-east-1:111122223333:cluster/<name>
                agent_config={"ECS_CLUSTER": Fn.element(Fn.split("/", environment.ecs_cluster_arn), 1)},
                instance_type=settings.instance_types[0] if len(settings.instance_types) == 1 else None,
            ),
            tags=tags,
        )
        subnets = list(network.subnet_ids)
        AutoscalingGroup(
            self,
            "instances",
            name=name,
            min_size=settings.instance_count,
            max_size=settings.instance_count,
            vpc_zone_identifier=subnets if settings.subnet_index is None else [subnets[settings.subnet_index]],
            # Moving instances between zones would end the jobs on them.
            suspended_processes=["AZRebalance"],
            # AWS may have no such instance for hours; the group goes on asking without Terraform.
            wait_for_capacity_timeout="0",
            tag=group_tags(tags) or None,
            depends_on=role.attachments,
            **_start_from(template, settings.instance_types),
        )


def _start_from(template: LaunchTemplate, types: Sequence[str]) -> dict[str, object]:
    """Return the argument that says what to start: a mixture only where there is one, which Capacity Blocks refuse."""
    return one_type(template) if len(types) == 1 else several_types(template, types, on_demand_percent=100)
