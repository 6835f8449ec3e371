"""Environments on Fargate: only what Batch takes there."""

import pytest
from cdktf import TerraformStack

from modules.batch.settings.compute_environments import FargateComputeEnvironment, FargateSpotComputeEnvironment
from tests.modules.batch.environment_samples import made


@pytest.mark.parametrize(
    ("kind", "type_", "prefix"),
    [
        (FargateComputeEnvironment, "FARGATE", "tb-test-gpu-"),
        (FargateSpotComputeEnvironment, "FARGATE_SPOT", "tb-test-gpu-spot-"),
    ],
)
def test_fargate_gets_only_what_batch_takes_there(
    stack: TerraformStack,
    kind: type[FargateComputeEnvironment | FargateSpotComputeEnvironment],
    type_: str,
    prefix: str,
) -> None:
    synthesized = made(stack, kind(max_vcpus=8))
    assert synthesized.types() == ["aws_batch_compute_environment"]
    assert synthesized.one("aws_batch_compute_environment") == {
        "name_prefix": prefix,
        "type": "MANAGED",
        "state": "ENABLED",
        "compute_resources": {
            "type": type_,
            "max_vcpus": 8,
            "subnets": ["subnet-1", "subnet-2"],
            "security_group_ids": ["sg-1"],
        },
        "lifecycle": {"create_before_destroy": True},
    }
