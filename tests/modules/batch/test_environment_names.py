"""What cannot be updated in place is part of a compute environment's name, so that a new one is made first.

Source: UpdateComputeEnvironment in the Batch API reference, Batch's answer to one that changes what Fargate refuses to
have changed, and the code of the provider 6.25.
"""

from itertools import combinations
from typing import Any

import pytest
from cdktf import TerraformStack

from modules.batch.settings.any_compute_environments import ComputeEnvironmentSettings, ServiceRoleChoice
from modules.batch.settings.compute_environments import (
    Ec2ComputeEnvironment,
    FargateComputeEnvironment,
    FargateSpotComputeEnvironment,
    InstanceCapacity,
    SpotComputeEnvironment,
    UnmanagedComputeEnvironment,
)
from modules.batch.settings.eks_compute_environments import EksComputeEnvironment, EksSpotComputeEnvironment
from modules.names import NAME_KINDS
from modules.naming import AwsLocation
from tests.modules.batch.environment_samples import EKS, made

IMAGE = "ami-01234567"
KINDS: dict[str, ComputeEnvironmentSettings] = {
    "fargate": FargateComputeEnvironment(max_vcpus=8),
    "fargate, dedicated": FargateComputeEnvironment(max_vcpus=8, dedicated_service_role=True),
    "fargate spot": FargateSpotComputeEnvironment(max_vcpus=8),
    "fargate spot, dedicated": FargateSpotComputeEnvironment(max_vcpus=8, dedicated_service_role=True),
    "ec2": Ec2ComputeEnvironment(max_vcpus=8),
    "ec2, image": Ec2ComputeEnvironment(max_vcpus=8, image_id=IMAGE),
    "ec2, dedicated": Ec2ComputeEnvironment(max_vcpus=8, dedicated_service_role=True),
    "spot": SpotComputeEnvironment(max_vcpus=8),
    "spot, bid": SpotComputeEnvironment(max_vcpus=8, bid_percentage=60),
    "spot, dedicated": SpotComputeEnvironment(max_vcpus=8, dedicated_service_role=True),
    "eks": EksComputeEnvironment(**EKS),
    "eks spot": EksSpotComputeEnvironment(**EKS),
    "unmanaged": UnmanagedComputeEnvironment(instance_types=("m6i.large",), instance_count=2),
}
# Batch itself changes one into the other.
IN_PLACE = {("ec2", "spot"), ("eks", "eks spot")}


def prefix(settings: ComputeEnvironmentSettings, network: str = "0" * 8) -> str:
    return settings.name_prefix("e", network)


def replaced_by_the_provider(one: ComputeEnvironmentSettings, other: ComputeEnvironmentSettings) -> bool:
    """Return whether the provider makes a new one: of another type, in EKS, or with an allocation strategy or not."""

    def told(settings: ComputeEnvironmentSettings) -> tuple[bool, ...]:
        unmanaged = isinstance(settings, UnmanagedComputeEnvironment)
        return unmanaged, settings.kind == "EKS", isinstance(settings, InstanceCapacity)

    return told(one) != told(other)


@pytest.mark.parametrize(("one", "other"), [*combinations(KINDS, 2)])
def test_one_kind_follows_another_under_a_name_of_its_own_unless_batch_changes_it_in_place(
    one: str, other: str
) -> None:
    made_anew = prefix(KINDS[one]) != prefix(KINDS[other]) or replaced_by_the_provider(KINDS[one], KINDS[other])
    assert made_anew == ((one, other) not in IN_PLACE)


@pytest.mark.parametrize(
    ("changes", "expected"),
    [({"max_vcpus": 16}, "e-"), ({"min_vcpus": 4}, "e-"), ({"instance_types": ["m6i"]}, "e-"), ({"tags": {}}, "e-")],
)
def test_what_batch_updates_in_place_is_not_in_the_name(changes: dict[str, Any], expected: str) -> None:
    assert prefix(Ec2ComputeEnvironment(**{"max_vcpus": 8} | changes)) == expected


@pytest.mark.parametrize("kind", [FargateComputeEnvironment, FargateSpotComputeEnvironment])
def test_subnets_are_in_the_name_where_batch_would_refuse_others(
    kind: type[FargateComputeEnvironment | FargateSpotComputeEnvironment],
) -> None:
    dedicated, linked = (kind(max_vcpus=8, dedicated_service_role=value) for value in (True, False))
    assert prefix(dedicated, "0" * 8) != prefix(dedicated, "1" * 8)
    assert prefix(linked, "0" * 8) == prefix(linked, "1" * 8)


def test_terraform_makes_the_digest_of_the_subnets(stack: TerraformStack) -> None:
    found = made(stack, KINDS["fargate, dedicated"]).one("aws_batch_compute_environment")["name_prefix"]
    places = 'jsonencode([["subnet-1", "subnet-2"], ["sg-1"]])'
    assert found == f"tb-test-gpu-dedicated-${{substr(sha1({places}), 0, 8)}}-"


@pytest.mark.parametrize("settings", KINDS.values(), ids=KINDS)
def test_the_whole_prefix_is_measured(settings: ComputeEnvironmentSettings) -> None:
    (found,) = [
        name.text
        for name in settings.names("e", AwsLocation("us-east-1", "111122223333"))
        if name.kind == "compute environment"
    ]
    assert found == prefix(settings)
    assert len(found) < NAME_KINDS["compute environment"].max_length
    assert isinstance(settings, ServiceRoleChoice) or "dedicated" not in found
