"""A Fargate environment: subnets, security groups and how much, which is all that Batch accepts for Fargate."""

from cdktf_cdktf_provider_aws.batch_compute_environment import BatchComputeEnvironmentComputeResources

from modules.batch.compute_environment import ComputeEnvironment
from modules.batch.settings.compute_environments import FargateCapacity


class FargateEnvironment(ComputeEnvironment):
    """Define an environment of Fargate or Fargate Spot."""

    settings: FargateCapacity

    def _define(self) -> None:
        self._define_environment(
            type_="MANAGED",
            depends_on=self.network.connections_for(self),
            compute_resources=BatchComputeEnvironmentComputeResources(
                type=self.settings.capacity_type,
                max_vcpus=self.settings.max_vcpus,
                subnets=list(self.network.subnet_ids),
                security_group_ids=list(self.network.all_group_ids),
            ),
        )
