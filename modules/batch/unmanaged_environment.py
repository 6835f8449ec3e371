"""An unmanaged environment: Batch schedules onto ECS instances of an Auto Scaling group of ours.

Batch makes an ECS cluster for the environment; the instances join it by its name, which only its ARN tells.
"""

from cdktf import Fn
from cdktf_cdktf_provider_aws.autoscaling_group import AutoscalingGroup
from cdktf_cdktf_provider_aws.batch_compute_environment import BatchComputeEnvironment

from modules.batch.agent_policy import agent_statements
from modules.batch.compute_environment import ComputeEnvironment
from modules.batch.settings.compute_environments import UnmanagedComputeEnvironment
from modules.ec2.group_instances import GroupInstances, group_tags


class UnmanagedEnvironment(ComputeEnvironment):
    """Define the environment, its service role, and the instances with role and launch template.

    On the way down the instances go first, then the environment with its cluster, then the roles.
    """

    settings: UnmanagedComputeEnvironment

    def _define(self) -> None:
        environment = self._define_environment(type_="UNMANAGED")
        if self.settings.instance_count is not None:
            self._start_instances(self.settings.instance_count, environment)

    def _start_instances(self, count: int, environment: BatchComputeEnvironment) -> None:
        settings, network = self.settings, self.network
        instances = GroupInstances(
            self,
            name=self.name,
            settings=settings,
            # arn:aws:ecs:us-east-1:111122223333:cluster/<name>
            agent_config={"ECS_CLUSTER": Fn.element(Fn.split("/", environment.ecs_cluster_arn), 1)},
            network=network,
            location=self.location,
            tags=self._tags,
            # A mixture only where there is one: Capacity Blocks refuse it.
            one_type=len(settings.group_types) == 1,
            reserved_capacity=settings.reserved_capacity,
            agent_statements=agent_statements(self.location, self.name),
            resources=self._resources,
        )
        AutoscalingGroup(
            self,
            "instances",
            name=self.name,
            min_size=count,
            max_size=count,
            vpc_zone_identifier=settings.chosen_subnets(network.subnet_ids),
            # Moving instances between zones would end the jobs on them.
            suspended_processes=["AZRebalance"],
            # AWS may have no such instance for hours; the group goes on asking without Terraform.
            wait_for_capacity_timeout="0",
            tag=group_tags(self._tags) or None,
            depends_on=[*instances.attachments, *network.connections_for(self)] or None,
            **instances.start_arguments(on_demand_percent=100),
        )
