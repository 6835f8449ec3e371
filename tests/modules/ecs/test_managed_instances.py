"""Capacity of instances that ECS manages."""

import json
from typing import Any

import pytest
from cdktf import TerraformStack

from modules.ecs.settings.managed_instances import Amount
from tests.conftest import Synthesized
from tests.modules.ecs.references import attachments
from tests.modules.ecs.samples import (
    cluster,
    managed_provider,
)
from tests.policies import findings, statements

ROLE_ARN = {"aws_iam_role": "arn:aws:iam::111122223333:role/sample", "aws_kms_key": "arn:aws:kms:us-east-1:1:key/1"}


def test_managed_instances_are_what_is_asked_for(stack: TerraformStack) -> None:
    settings = managed_provider(
        gpus=Amount(min=1, max=4), instance_types=["g6.*", "g5.*"], detailed_monitoring=True, scale_in_after_seconds=60
    )
    cluster(stack, capacity_providers={"managed": settings})
    synthesized = Synthesized(stack)
    provider = synthesized.one("aws_ecs_capacity_provider")
    assert provider["cluster"] == f"${{{synthesized.address('aws_ecs_cluster', 'tb-test-main')}.name}}"
    managed = provider["managed_instances_provider"]
    template = managed["instance_launch_template"]
    assert template["instance_requirements"] == {
        "vcpu_count": {"min": 2, "max": 8},
        "memory_mib": {"min": 4_096},
        "cpu_manufacturers": ["amd", "intel"],
        "allowed_instance_types": ["g5.*", "g6.*"],
        "accelerator_count": {"min": 1, "max": 4},
        "accelerator_types": ["gpu"],
        "accelerator_manufacturers": ["nvidia"],
    }
    assert template["network_configuration"] == {"subnets": ["subnet-0a", "subnet-0b"], "security_groups": ["sg-0a"]}
    assert template["storage_configuration"] == {"storage_size_gib": 80}
    assert template["monitoring"] == "DETAILED"
    assert managed["infrastructure_optimization"] == {"scale_in_after": 60}
    assert managed["propagate_tags"] == "CAPACITY_PROVIDER"


def requirements(stack: TerraformStack, **changes: Any) -> dict[str, Any]:
    cluster(stack, capacity_providers={"managed": managed_provider(**changes)})
    managed = Synthesized(stack).one("aws_ecs_capacity_provider")["managed_instances_provider"]
    found = managed["instance_launch_template"]["instance_requirements"]
    assert isinstance(found, dict)
    return found


def test_without_gpus_no_instance_with_an_accelerator_starts(stack: TerraformStack) -> None:
    assert requirements(stack) == {
        "vcpu_count": {"min": 2, "max": 8},
        "memory_mib": {"min": 4_096},
        "cpu_manufacturers": ["amd", "intel"],
        "accelerator_count": {"min": 0, "max": 0},
    }


@pytest.mark.parametrize(
    ("name", "included"), [("t3.*", "burstable_performance"), ("c5n.metal", "bare_metal"), ("m5.large", None)]
)
def test_what_is_excluded_unless_it_is_named_is_included(
    stack: TerraformStack, name: str, included: str | None
) -> None:
    found = requirements(stack, instance_types=[name], vcpus=Amount(min=2))
    asked = {key: found[key] for key in ("burstable_performance", "bare_metal") if key in found}
    assert asked == ({included: "included"} if included else {})


def test_ecs_may_pass_the_role_of_managed_instances_to_them_only(stack: TerraformStack) -> None:
    cluster(stack, capacity_providers={"managed": managed_provider()})
    synthesized = Synthesized(stack)
    document = synthesized.one("aws_iam_role_policy")["policy"]
    assert findings(document, ROLE_ARN) == set()
    assert statements(document) == {
        "PassInstanceRole": {
            "Effect": "Allow",
            "Action": "iam:PassRole",
            "Resource": f"${{{synthesized.address('aws_iam_role', 'tb-test-main-managed-instance')}.arn}}",
            "Condition": {"StringEquals": {"iam:PassedToService": "ec2.amazonaws.com"}},
        }
    }
    role = synthesized.named("aws_iam_role", "tb-test-main-managed-infrastructure")
    assert json.loads(role["assume_role_policy"])["Statement"] == [
        # No condition: nothing tells that ECS names the account that it works for.
        {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"Service": "ecs.amazonaws.com"}}
    ]
    provider = synthesized.one("aws_ecs_capacity_provider")
    permission = synthesized.address("aws_iam_role_policy", "pass-instance-role")
    assert sorted(provider["depends_on"]) == sorted([*attachments(synthesized, "managed"), permission])
    assert sorted(
        item["policy_arn"].rpartition("/")[2] for item in synthesized.all("aws_iam_role_policy_attachment")
    ) == [
        "AmazonECSInfrastructureRolePolicyForManagedInstances",
        "AmazonECSInstanceRolePolicyForManagedInstances",
    ]
