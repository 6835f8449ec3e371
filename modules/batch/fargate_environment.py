"""A Fargate environment: subnets, security groups and how much, which is all that Batch accepts for Fargate."""

from cdktf_cdktf_provider_aws.batch_compute_environment import BatchComputeEnvironmentComputeResources
from constructs import Construct

from modules.batch.compute_environment import ComputeEnvironment
from modules.batch.settings.compute_environments import FargateCapacity
from modules.naming import AwsLocation
from modules.vpc.network import Network


class FargateEnvironment(ComputeEnvironment):
    """Define an environment of Fargate or Fargate Spot."""

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        settings: FargateCapacity,
        network: Network,
        name: str | None = None,
        location: AwsLocation | None = None,
    ) -> None:
        super().__init__(scope, id_, settings=settings, network=network, name=name, location=location)
        self._define(
            type_="MANAGED",
            service_role=self._service_role(),
            depends_on=network.connections_for(self),
            compute_resources=BatchComputeEnvironmentComputeResources(
                type=settings.capacity_type,
                max_vcpus=settings.max_vcpus,
                subnets=list(network.subnet_ids),
                security_group_ids=list(network.all_group_ids),
            ),
        )
