"""Capacity of an Auto Scaling group: shares, scaling, protection, refresh, warm pool, the instances themselves."""

import base64
import re
from typing import Any

import pytest
from cdktf import TerraformStack

from modules.ec2.settings import LaunchTemplateSettings
from modules.ecs.auto_scaling_group import agent_config
from modules.ecs.settings.capacity_providers import InstanceRefresh, WarmPool
from tests.conftest import Synthesized
from tests.modules.ecs.samples import GROUP_ARN, cluster, existing_provider, group_provider

WARM = group_provider(
    instance_types=["m7i.large"], on_demand_percent=100, warm_pool=WarmPool(min_instances=2, max_prepared=3)
)


def test_a_group_has_spot_and_on_demand_in_the_shares_that_are_asked_for(stack: TerraformStack) -> None:
    cluster(stack)
    synthesized = Synthesized(stack)
    group = synthesized.one("aws_autoscaling_group")
    template = synthesized.address("aws_launch_template", "tb-test-main-gpu")
    assert group["mixed_instances_policy"] == {
        "instances_distribution": {
            "on_demand_allocation_strategy": "prioritized",
            "on_demand_base_capacity": 1,
            "on_demand_percentage_above_base_capacity": 25,
            "spot_allocation_strategy": "price-capacity-optimized",
        },
        "launch_template": {
            "launch_template_specification": {
                "launch_template_id": f"${{{template}.id}}",
                # Not $Latest: what changes in the template would reach no instance.
                "version": f"${{{template}.latest_version}}",
            },
            "override": [{"instance_type": "g5.xlarge"}, {"instance_type": "g6.xlarge"}],
        },
    }
    assert (group["min_size"], group["max_size"]) == (0, 8)
    assert group["vpc_zone_identifier"] == ["subnet-0a", "subnet-0b"]


def test_the_size_of_a_group_is_for_ecs_to_choose(stack: TerraformStack) -> None:
    cluster(stack)
    group = Synthesized(stack).one("aws_autoscaling_group")
    assert "desired_capacity" not in group
    assert group["wait_for_capacity_timeout"] == "0"


def test_a_group_has_the_mark_of_ecs_for_its_instances_and_tags_for_itself(stack: TerraformStack) -> None:
    cluster(stack, capacity_providers={"gpu": group_provider(tags={"team": "search"})})
    assert Synthesized(stack).one("aws_autoscaling_group")["tag"] == [
        {"key": "AmazonECSManaged", "value": "true", "propagate_at_launch": True},
        {"key": "project", "value": "tb", "propagate_at_launch": False},
        {"key": "team", "value": "search", "propagate_at_launch": False},
    ]


def test_a_group_is_scaled_by_ecs_and_protected_while_tasks_run(stack: TerraformStack) -> None:
    settings = group_provider(
        target_capacity_percent=80, min_scaling_step=2, max_scaling_step=4, instance_warmup_seconds=240
    )
    cluster(stack, capacity_providers={"gpu": settings})
    synthesized = Synthesized(stack)
    provider = synthesized.one("aws_ecs_capacity_provider")["auto_scaling_group_provider"]
    assert provider == {
        "auto_scaling_group_arn": f"${{{synthesized.address('aws_autoscaling_group', 'tb-test-main-gpu')}.arn}}",
        "managed_draining": "ENABLED",
        "managed_termination_protection": "ENABLED",
        "managed_scaling": {
            "status": "ENABLED",
            "target_capacity": 80,
            "minimum_scaling_step_size": 2,
            "maximum_scaling_step_size": 4,
            "instance_warmup_period": 240,
        },
    }
    group = synthesized.one("aws_autoscaling_group")
    assert group["protect_from_scale_in"] is True
    assert group["default_instance_warmup"] == 240


def test_protection_and_draining_can_be_left_out(stack: TerraformStack) -> None:
    cluster(stack, capacity_providers={"gpu": group_provider(termination_protection=False, managed_draining=False)})
    synthesized = Synthesized(stack)
    provider = synthesized.one("aws_ecs_capacity_provider")["auto_scaling_group_provider"]
    assert (provider["managed_termination_protection"], provider["managed_draining"]) == ("DISABLED", "DISABLED")
    assert synthesized.one("aws_autoscaling_group")["protect_from_scale_in"] is False


def test_a_changed_template_replaces_instances_though_they_are_protected(stack: TerraformStack) -> None:
    refresh = InstanceRefresh(min_healthy_percent=50, max_healthy_percent=150)
    cluster(stack, capacity_providers={"gpu": group_provider(instance_refresh=refresh, max_instance_lifetime_days=30)})
    group = Synthesized(stack).one("aws_autoscaling_group")
    assert group["instance_refresh"] == {
        "strategy": "Rolling",
        "preferences": {
            "min_healthy_percentage": 50,
            "max_healthy_percentage": 150,
            "scale_in_protected_instances": "Refresh",
            "skip_matching": True,
        },
    }
    assert group["max_instance_lifetime"] == 30 * 86_400


def test_without_a_refresh_instances_stay_as_they_are(stack: TerraformStack) -> None:
    cluster(stack, capacity_providers={"gpu": group_provider(instance_refresh=None)})
    group = Synthesized(stack).one("aws_autoscaling_group")
    assert not {"instance_refresh", "max_instance_lifetime", "warm_pool"} & set(group)


def test_a_warm_pool_has_one_type_and_needs_no_mixture(stack: TerraformStack) -> None:
    cluster(stack, capacity_providers={"warm": WARM})
    synthesized = Synthesized(stack)
    group = synthesized.one("aws_autoscaling_group")
    assert group["warm_pool"] == {
        "min_size": 2,
        "max_group_prepared_capacity": 3,
        "pool_state": "Stopped",
        "instance_reuse_policy": {"reuse_on_scale_in": True},
    }
    assert "mixed_instances_policy" not in group
    assert group["launch_template"]["version"].endswith(".latest_version}")
    assert group["force_delete_warm_pool"] is True
    assert synthesized.one("aws_launch_template")["instance_type"] == "m7i.large"


def test_instances_start_as_batchs_do(stack: TerraformStack) -> None:
    template = LaunchTemplateSettings(root_volume_gib=200)
    cluster(stack, capacity_providers={"gpu": group_provider(launch_template=template)})
    made = Synthesized(stack).one("aws_launch_template")
    assert made["image_id"] == ("resolve:ssm:/aws/service/ecs/optimized-ami/amazon-linux-2023/gpu/recommended/image_id")
    ebs = made["block_device_mappings"][0]["ebs"]
    assert (ebs["volume_type"], ebs["volume_size"], ebs["encrypted"]) == ("gp3", 200, "true")
    assert made["metadata_options"]["http_tokens"] == "required"
    assert made["vpc_security_group_ids"] == ["sg-0a"]
    instances = next(item for item in made["tag_specifications"] if item["resource_type"] == "instance")
    assert instances["tags"]["project"] == "tb"


def test_a_task_behind_dockers_bridge_cannot_take_the_role_of_its_instance(stack: TerraformStack) -> None:
    cluster(stack)
    synthesized = Synthesized(stack)
    assert synthesized.one("aws_launch_template")["metadata_options"] == {
        "http_endpoint": "enabled",
        "http_tokens": "required",
        "http_put_response_hop_limit": 1,
    }
    # Nor one with a network interface of its own, which is no hop away.
    assert agent_config(group_provider(), "main")["ECS_AWSVPC_BLOCK_IMDS"] == "true"


def test_an_image_of_ones_own_is_used(stack: TerraformStack) -> None:
    cluster(stack, capacity_providers={"gpu": group_provider(image_id="ami-01234567")})
    assert Synthesized(stack).one("aws_launch_template")["image_id"] == "ami-01234567"


def test_the_agent_joins_the_cluster_which_therefore_goes_last(stack: TerraformStack) -> None:
    cluster(stack)
    synthesized = Synthesized(stack)
    user_data = synthesized.one("aws_launch_template")["user_data"]
    # Terraform puts the name in, so that the template, the group and the instances refer to the cluster.
    assert f"{synthesized.address('aws_ecs_cluster', 'tb-test-main')}.name" in user_data
    script = base64.b64decode(re.findall(r'"([A-Za-z0-9+/=]{200,})"', user_data)[0]).decode()
    assert "ECS_CLUSTER=@ECS_CLUSTER@" in script
    assert "ECS_ENABLE_SPOT_INSTANCE_DRAINING=true" in script


@pytest.mark.parametrize(
    ("settings", "config"),
    [
        (
            group_provider(),
            {"ECS_ENABLE_SPOT_INSTANCE_DRAINING": "true", "ECS_ENABLE_GPU_SUPPORT": "true"},
        ),
        (group_provider(on_demand_percent=100), {"ECS_ENABLE_GPU_SUPPORT": "true"}),
        (group_provider(instance_types=["m7i.large"], on_demand_percent=100), {}),
        (WARM, {"ECS_WARM_POOLS_CHECK": "true"}),
    ],
)
def test_the_agent_is_told_what_its_instance_is(settings: Any, config: dict[str, str]) -> None:
    always = {"ECS_CLUSTER": "main", "ECS_AWSVPC_BLOCK_IMDS": "true"}
    assert agent_config(settings, "main") == always | config


def test_an_existing_group_gets_the_capacity_provider_of_a_made_one_and_nothing_else(stack: TerraformStack) -> None:
    scaling: dict[str, Any] = {
        "target_capacity_percent": 80,
        "min_scaling_step": 2,
        "max_scaling_step": 4,
        "instance_warmup_seconds": 240,
        "termination_protection": False,
        "managed_draining": False,
        "tags": {"team": "search"},
    }
    providers = {"made": group_provider(**scaling), "theirs": existing_provider(**scaling)}
    cluster(stack, capacity_providers=providers)
    synthesized = Synthesized(stack)
    made = synthesized.named("aws_ecs_capacity_provider", "tb-test-main-made")
    theirs = synthesized.named("aws_ecs_capacity_provider", "tb-test-main-theirs-1234abcd")
    group = synthesized.address("aws_autoscaling_group", "tb-test-main-made")
    assert made["auto_scaling_group_provider"]["auto_scaling_group_arn"] == f"${{{group}.arn}}"
    made["auto_scaling_group_provider"]["auto_scaling_group_arn"] = GROUP_ARN
    assert theirs == made | {"name": "tb-test-main-theirs-1234abcd"}
    assert len(synthesized.all("aws_autoscaling_group")) == 1
    assert len(synthesized.all("aws_launch_template")) == 1


def test_a_cluster_knows_the_provider_of_an_existing_group(stack: TerraformStack) -> None:
    made = cluster(stack, capacity_providers={"theirs": existing_provider()})
    synthesized = Synthesized(stack)
    address = synthesized.address("aws_ecs_capacity_provider", "tb-test-main-theirs-1234abcd")
    association = synthesized.one("aws_ecs_cluster_capacity_providers")
    assert association["capacity_providers"] == ["FARGATE", "FARGATE_SPOT", f"${{{address}.name}}"]
    assert made.provider_name("theirs") == made.providers["theirs"].provider_name
