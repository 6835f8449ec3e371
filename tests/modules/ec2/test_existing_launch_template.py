"""Launch templates of others: instances of Batch and of ECS start from them, and none is made."""

from typing import Any

import pytest
from cdktf import TerraformStack

from modules.batch.settings.compute_environments import (
    Ec2ComputeEnvironment,
    MultiNodeCapacity,
    SpotComputeEnvironment,
    UnmanagedComputeEnvironment,
)
from modules.batch.settings.eks_compute_environments import EksComputeEnvironment
from modules.ec2.instance_choice import InstanceChoice
from modules.ec2.settings import CapacityReservation, ExistingLaunchTemplate
from modules.naming import AwsLocation
from tests.conftest import Synthesized
from tests.modules.batch.environment_samples import EKS, made
from tests.modules.ecs.samples import cluster, group_provider
from tests.problems import refused

THEIRS = ExistingLaunchTemplate(launch_template_id="lt-0123456789abcdef0")
PROFILE = "arn:aws:iam::111122223333:instance-profile/ml/gpu"
LOCATION = AwsLocation(region="us-east-1", account_id="111122223333")


def group(**changes: Any) -> InstanceChoice:
    return group_provider(**{"launch_template": THEIRS, "instance_profile_arn": PROFILE} | changes)


@pytest.mark.parametrize(
    "settings",
    [
        Ec2ComputeEnvironment(max_vcpus=8, launch_template=THEIRS),
        SpotComputeEnvironment(max_vcpus=8, launch_template=THEIRS),
        EksComputeEnvironment(**EKS, launch_template=THEIRS),
    ],
    ids=lambda settings: type(settings).__name__,
)
def test_batch_starts_instances_from_it_with_all_else_as_ever(stack: TerraformStack, settings: Any) -> None:
    synthesized = made(stack, settings)
    found = synthesized.one("aws_batch_compute_environment")["compute_resources"]
    assert found["launch_template"] == {"launch_template_id": "lt-0123456789abcdef0", "version": "$Default"}
    assert {"ec2_configuration", "instance_role", "security_group_ids", "subnets"} <= found.keys()
    assert "aws_launch_template" not in synthesized.types()
    assert not [name for name in settings.names("gpu", LOCATION) if name.kind == "launch template"]


def test_a_group_starts_instances_from_the_version_that_is_named(stack: TerraformStack) -> None:
    cluster(stack, capacity_providers={"gpu": group(launch_template=THEIRS.model_copy(update={"version": "7"}))})
    synthesized = Synthesized(stack)
    policy = synthesized.one("aws_autoscaling_group")["mixed_instances_policy"]["launch_template"]
    assert policy["launch_template_specification"] == {"launch_template_id": "lt-0123456789abcdef0", "version": "7"}
    assert "aws_launch_template" not in synthesized.types()
    assert "aws_iam_instance_profile" not in {
        type_ for type_, items in synthesized.document["resource"].items() for id_ in items if "_gpu_" in id_
    }


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"image_id": "ami-0123456789abcdef0"}, "image_id: got 'ami-0123456789abcdef0'"),
        ({"instance_profile_arn": None}, "instance_profile_arn: got None"),
    ],
)
def test_what_a_template_of_others_says_of_a_group_is_said_there_alone(changes: dict[str, Any], problem: str) -> None:
    assert refused(lambda: group(**changes)) == [problem]


def test_a_template_of_others_may_have_an_image_for_types_without_one_of_amazons() -> None:
    names = {"instance_types": ["g5g.xlarge"], "on_demand_percent": 100}
    assert group(**names)
    assert refused(lambda: group_provider(**names)) == ["instance_types[0]: 2023, got 'g5g.xlarge'"]


def test_adapters_and_reservations_are_for_the_template_to_name() -> None:
    def nodes(adapters: int) -> Ec2ComputeEnvironment:
        capacity = MultiNodeCapacity(efa_interfaces=adapters)
        return Ec2ComputeEnvironment(
            instance_types=["p4d.24xlarge"], max_vcpus=192, multi_node=capacity, launch_template=THEIRS
        )

    assert nodes(0)
    assert refused(nodes, adapters=1) == ["multi_node.efa_interfaces: 0, got 1"]
    reserved = CapacityReservation(reservation_id="cr-0123456789abcdef0")
    assert refused(
        lambda: Ec2ComputeEnvironment(
            instance_types=["g5.xlarge"], max_vcpus=8, reserved_capacity=reserved, launch_template=THEIRS
        )
    ) == ["reserved_capacity: got a CapacityReservation"]


def test_instances_of_an_unmanaged_environment_have_a_template_that_knows_its_cluster() -> None:
    assert refused(
        lambda: UnmanagedComputeEnvironment(
            instance_types=["g5.xlarge"], instance_count=1, launch_template=THEIRS, instance_profile_arn=PROFILE
        )
    ) == ["launch_template: got an ExistingLaunchTemplate"]


@pytest.mark.parametrize("version", ["$Default", "$Latest", "1", "12"])
def test_a_version_is_a_number_or_a_word_of_ec2(version: str) -> None:
    assert THEIRS.model_copy(update={"version": version})
    assert ExistingLaunchTemplate(launch_template_id="lt-01234567", version=version)


@pytest.mark.parametrize("version", ["0", "latest", "$latest", "", "1.0"])
def test_another_version_is_refused(version: str) -> None:
    assert len(refused(lambda: ExistingLaunchTemplate(launch_template_id="lt-01234567", version=version))) == 1
