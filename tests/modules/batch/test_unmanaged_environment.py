"""An environment of instances that Batch does not start: they join its cluster by themselves."""

import base64
import re
from typing import Any

import pytest
from cdktf import TerraformStack

from modules.batch.settings.compute_environments import UnmanagedComputeEnvironment
from modules.ec2.settings import LaunchTemplateSettings
from modules.naming import AwsLocation
from tests.modules.batch.environment_samples import NAME, made
from tests.problems import refused

LOCATION = AwsLocation(region="us-east-1", account_id="111122223333")


def test_an_unmanaged_environment_has_no_compute_resources(stack: TerraformStack) -> None:
    synthesized = made(stack, UnmanagedComputeEnvironment(instance_types=("m6i.large",), instance_count=2))
    environment = synthesized.one("aws_batch_compute_environment")
    role = synthesized.address("aws_iam_role", "tb-test-gpu-service")
    assert {key: value for key, value in environment.items() if key != "depends_on"} == {
        "name_prefix": "tb-test-gpu-",
        "type": "UNMANAGED",
        "state": "ENABLED",
        "service_role": f"${{{role}.arn}}",
        "lifecycle": {"create_before_destroy": True},
    }


def test_unmanaged_instances_join_the_cluster_of_their_environment(stack: TerraformStack) -> None:
    synthesized = made(stack, UnmanagedComputeEnvironment(instance_types=("g5.xlarge",), instance_count=2))
    template = synthesized.one("aws_launch_template")
    (environment,) = synthesized.document["resource"]["aws_batch_compute_environment"]
    cluster_arn = f"aws_batch_compute_environment.{environment}.ecs_cluster_arn"
    matched = re.fullmatch(
        rf'\$\{{base64encode\(replace\(base64decode\("([^"]+)"\), "@ECS_CLUSTER@", '
        rf'element\(split\("/", {re.escape(cluster_arn)}\), 1\)\)\)\}}',
        template["user_data"],
    )
    assert matched is not None
    assert b"ECS_CLUSTER=@ECS_CLUSTER@\n" in base64.b64decode(matched.group(1))
    assert template["image_id"].startswith("resolve:ssm:/aws/service/ecs/optimized-ami/amazon-linux-2023/gpu/")
    assert template["vpc_security_group_ids"] == ["sg-1"]


def test_one_type_is_started_as_it_is(stack: TerraformStack) -> None:
    settings = UnmanagedComputeEnvironment(instance_types=("m6i.large",), instance_count=2, subnet_index=1)
    synthesized = made(stack, settings)
    template = synthesized.address("aws_launch_template", NAME)
    group = synthesized.one("aws_autoscaling_group")
    assert synthesized.one("aws_launch_template")["instance_type"] == "m6i.large"
    assert {key: value for key, value in group.items() if key != "depends_on"} == {
        "name": NAME,
        "min_size": 2,
        "max_size": 2,
        "vpc_zone_identifier": ["subnet-2"],
        "suspended_processes": ["AZRebalance"],
        "wait_for_capacity_timeout": "0",
        "launch_template": {"id": f"${{{template}.id}}", "version": f"${{{template}.latest_version}}"},
    }


def test_several_types_are_mixed_in_the_order_given(stack: TerraformStack) -> None:
    settings = UnmanagedComputeEnvironment(
        instance_types=("m6i.xlarge", "m5.xlarge"), instance_count=2, image_id="ami-01234567"
    )
    synthesized = made(stack, settings)
    template = synthesized.address("aws_launch_template", NAME)
    group = synthesized.one("aws_autoscaling_group")
    assert synthesized.one("aws_launch_template")["image_id"] == "ami-01234567"
    assert "instance_type" not in synthesized.one("aws_launch_template")
    assert group["vpc_zone_identifier"] == ["subnet-1", "subnet-2"]
    assert group["mixed_instances_policy"] == {
        "instances_distribution": {
            "on_demand_allocation_strategy": "prioritized",
            "on_demand_percentage_above_base_capacity": 100,
        },
        "launch_template": {
            "launch_template_specification": {
                "launch_template_id": f"${{{template}.id}}",
                "version": f"${{{template}.latest_version}}",
            },
            "override": [{"instance_type": "m6i.xlarge"}, {"instance_type": "m5.xlarge"}],
        },
    }


LARGE = LaunchTemplateSettings(root_volume_gib=200)
OF_OTHERS = UnmanagedComputeEnvironment(instance_types=("g5",), instance_count=None)


def test_instances_of_others_join_an_environment_that_starts_none(stack: TerraformStack) -> None:
    synthesized = made(stack, OF_OTHERS)
    assert synthesized.types() == [
        "aws_batch_compute_environment",
        "aws_iam_role",
        "aws_iam_role_policy_attachment",
    ]
    given = {name.kind for name in OF_OTHERS.names(NAME, LOCATION)}
    assert given == {"compute environment", "role"}


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"image_id": "ami-0123456789abcdef0"}, "image_id: got 'ami-0123456789abcdef0'"),
        ({"subnet_index": 0}, "subnet_index: got 0"),
        (
            {"launch_template": LaunchTemplateSettings(root_volume_gib=200)},
            "launch_template: got a LaunchTemplateSettings",
        ),
    ],
)
def test_nothing_is_said_of_how_others_start_their_instances(changes: dict[str, Any], problem: str) -> None:
    values: dict[str, Any] = {"instance_types": ("g5.xlarge",), **changes}
    assert UnmanagedComputeEnvironment(instance_count=0, **values)
    assert refused(lambda: UnmanagedComputeEnvironment(instance_count=None, **values)) == [problem]
