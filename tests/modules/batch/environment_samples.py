"""One of each kind of compute environment, emitted, and what it is built with."""

from typing import Any

from cdktf import TerraformStack

from modules.batch.compute_environment import ComputeEnvironment
from modules.batch.compute_environments import compute_environment_class
from modules.batch.settings.any_compute_environments import ComputeEnvironmentSettings
from modules.batch.settings.compute_environments import (
    Ec2ComputeEnvironment,
    FargateComputeEnvironment,
    FargateSpotComputeEnvironment,
    MultiNodeCapacity,
    SpotComputeEnvironment,
    UnmanagedComputeEnvironment,
)
from modules.batch.settings.eks_compute_environments import EksComputeEnvironment, EksSpotComputeEnvironment
from modules.naming import AwsLocation
from modules.vpc.network import Network
from tests.conftest import Synthesized

NAME = "tb-test-gpu"
NETWORK = Network(
    vpc_id=lambda: "vpc-1", subnet_ids=("subnet-1", "subnet-2"), security_group_ids=("sg-1",), assign_public_ip=False
)
CLUSTER = "arn:aws:eks:us-east-1:111122223333:cluster/ml"
EKS: dict[str, Any] = {
    "max_vcpus": 8,
    "eks_cluster_arn": CLUSTER,
    "kubernetes_namespace": "batch",
    "security_group_ids": ("sg-01234567",),
}
EVERYTHING: list[ComputeEnvironmentSettings] = [
    FargateComputeEnvironment(max_vcpus=8),
    FargateSpotComputeEnvironment(max_vcpus=8, dedicated_service_role=True, tags={"team": "search"}),
    Ec2ComputeEnvironment(max_vcpus=8),
    Ec2ComputeEnvironment(max_vcpus=8, instance_types=("g5",), image_id="ami-01234567", dedicated_service_role=True),
    Ec2ComputeEnvironment(
        max_vcpus=8, instance_types=("p5.48xlarge",), multi_node=MultiNodeCapacity(efa_interfaces=32), subnet_index=1
    ),
    SpotComputeEnvironment(max_vcpus=8, min_vcpus=2, bid_percentage=60, enabled=False),
    EksComputeEnvironment(**EKS, kubernetes_version="1.33"),
    EksSpotComputeEnvironment(**EKS),
    UnmanagedComputeEnvironment(instance_types=("m6i.large",), instance_count=2),
    SpotComputeEnvironment(max_vcpus=8, newest_image_at_deployment=True),
]


def define(stack: TerraformStack, settings: ComputeEnvironmentSettings, **changes: Any) -> ComputeEnvironment:
    arguments: dict[str, Any] = {
        "name": NAME,
        "network": NETWORK,
        "location": AwsLocation(region="us-east-1", account_id="111122223333"),
    } | changes
    return compute_environment_class(settings)(stack, "environment", settings=settings, **arguments)


def made(stack: TerraformStack, settings: ComputeEnvironmentSettings, **changes: Any) -> Synthesized:
    define(stack, settings, **changes)
    return Synthesized(stack)
