"""Clusters, with both kinds of capacity of their own, and ECS Exec."""

import base64
import json
import re
from typing import Any

import pytest
from cdktf import TerraformStack

from modules.ec2.settings import LaunchTemplateSettings
from modules.ecs.auto_scaling_group import agent_config
from modules.ecs.settings.capacity import CapacityShare
from modules.ecs.settings.capacity_providers import Amount, InstanceRefresh, WarmPool
from modules.ecs.settings.clusters import ExecuteCommandSettings
from modules.ecs.task_definition import TASKS
from modules.iam.workload_role import WorkloadRole
from modules.kms.settings import ExistingKmsKey
from tests.conftest import Synthesized
from tests.modules.ecs.samples import (
    FARGATE,
    cluster,
    ec2_task,
    fargate_task,
    group_provider,
    managed_provider,
)
from tests.policies import findings, statements

WARM = group_provider(
    instance_types=["m7i.large"], on_demand_percent=100, warm_pool=WarmPool(min_instances=2, max_prepared=3)
)
ROLE_ARN = {"aws_iam_role": "arn:aws:iam::111122223333:role/sample", "aws_kms_key": "arn:aws:kms:us-east-1:1:key/1"}


def test_a_cluster_measures_its_services_and_names_its_namespace(stack: TerraformStack) -> None:
    cluster(stack)
    synthesized = Synthesized(stack)
    namespace = synthesized.one("aws_service_discovery_private_dns_namespace")
    assert (namespace["name"], namespace["vpc"]) == ("test.internal", "vpc-01234567")
    made = synthesized.one("aws_ecs_cluster")
    assert made["name"] == "tb-test-main"
    assert made["setting"] == [{"name": "containerInsights", "value": "enabled"}]
    address = synthesized.address("aws_service_discovery_private_dns_namespace", "test.internal")
    assert made["service_connect_defaults"] == {"namespace": f"${{{address}.arn}}"}


@pytest.mark.parametrize("insights", ["enhanced", "disabled"])
def test_a_cluster_measures_as_much_as_it_is_told(stack: TerraformStack, insights: str) -> None:
    cluster(stack, container_insights=insights, namespace=None)
    synthesized = Synthesized(stack)
    assert synthesized.one("aws_ecs_cluster")["setting"] == [{"name": "containerInsights", "value": insights}]
    assert "aws_service_discovery_private_dns_namespace" not in synthesized.types()


def test_without_ecs_exec_there_is_no_key_and_no_right(stack: TerraformStack) -> None:
    role = WorkloadRole(stack, "role", name="task", services=[TASKS], account_id=None, description="")
    cluster(stack, capacity_providers={}).grant_execute_command(role)
    synthesized = Synthesized(stack)
    assert not {"aws_kms_key", "aws_cloudwatch_log_group", "aws_iam_role_policy"} & set(synthesized.types())


def test_ecs_exec_is_encrypted_and_logged(stack: TerraformStack) -> None:
    cluster(stack, execute_command=ExecuteCommandSettings(retention_days=365), capacity_providers={})
    synthesized = Synthesized(stack)
    key = f"${{{next(iter(references(synthesized, 'aws_kms_key')))}.arn}}"
    group = synthesized.one("aws_cloudwatch_log_group")
    assert group == {
        "name": "/aws/ecs/tb-test-main/exec",
        "retention_in_days": 365,
        "kms_key_id": key,
    }
    name = synthesized.address("aws_cloudwatch_log_group", "/aws/ecs/tb-test-main/exec")
    assert synthesized.one("aws_ecs_cluster")["configuration"]["execute_command_configuration"] == {
        "kms_key_id": key,
        "logging": "OVERRIDE",
        "log_configuration": {
            "cloud_watch_encryption_enabled": True,
            "cloud_watch_log_group_name": f"${{{name}.name}}",
        },
    }


def test_cloudwatch_may_encrypt_this_log_group_with_the_key_and_no_other(stack: TerraformStack) -> None:
    cluster(stack, execute_command=ExecuteCommandSettings(), capacity_providers={})
    document = Synthesized(stack).one("aws_kms_key")["policy"]
    assert statements(document)["EncryptLogGroup"] == {
        "Effect": "Allow",
        "Principal": {"Service": "logs.us-east-1.amazonaws.com"},
        "Action": [
            "kms:Decrypt",
            "kms:DescribeKey",
            "kms:Encrypt",
            "kms:GenerateDataKey",
            "kms:ReEncryptFrom",
            "kms:ReEncryptTo",
        ],
        "Resource": "*",
        "Condition": {
            "ArnEquals": {
                "kms:EncryptionContext:aws:logs:arn": (
                    "arn:aws:logs:us-east-1:111122223333:log-group:/aws/ecs/tb-test-main/exec"
                )
            }
        },
    }


def test_a_task_with_ecs_exec_opens_sessions_and_logs_them(stack: TerraformStack) -> None:
    key_arn = "arn:aws:kms:us-east-1:111122223333:key/11111111-2222-3333-4444-555555555555"
    role = WorkloadRole(stack, "role", name="task", services=[TASKS], account_id=None, description="")
    settings = ExecuteCommandSettings(kms_key=ExistingKmsKey(key_arn=key_arn))
    cluster(stack, execute_command=settings, capacity_providers={}).grant_execute_command(role)
    synthesized = Synthesized(stack)
    group = synthesized.address("aws_cloudwatch_log_group", "/aws/ecs/tb-test-main/exec")
    document = synthesized.one("aws_iam_role_policy")["policy"]
    assert findings(document) == set()
    assert statements(document) == {
        "OpenSessions": {
            "Effect": "Allow",
            "Action": [
                "ssmmessages:CreateControlChannel",
                "ssmmessages:CreateDataChannel",
                "ssmmessages:OpenControlChannel",
                "ssmmessages:OpenDataChannel",
            ],
            "Resource": "*",
        },
        "FindLogGroup": {"Effect": "Allow", "Action": "logs:DescribeLogGroups", "Resource": "*"},
        "LogSessions": {
            "Effect": "Allow",
            "Action": ["logs:CreateLogStream", "logs:DescribeLogStreams", "logs:PutLogEvents"],
            "Resource": f"${{{group}.arn}}:*",
        },
        "DecryptSessions": {"Effect": "Allow", "Action": "kms:Decrypt", "Resource": key_arn},
    }


def test_the_cluster_has_fargate_and_its_groups_by_default_where_it_says(stack: TerraformStack) -> None:
    cluster(stack, default_capacity=[CapacityShare(provider="gpu", base=2, weight=3)])
    synthesized = Synthesized(stack)
    gpu = f"${{{synthesized.address('aws_ecs_capacity_provider', 'tb-test-main-gpu')}.name}}"
    association = synthesized.one("aws_ecs_cluster_capacity_providers")
    # The managed instances are of their cluster from the start: naming them again fails.
    assert association["capacity_providers"] == ["FARGATE", "FARGATE_SPOT", gpu]
    assert association["default_capacity_provider_strategy"] == [{"capacity_provider": gpu, "base": 2, "weight": 3}]


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
    assert group["tag"] == [{"key": "AmazonECSManaged", "value": "true", "propagate_at_launch": True}]
    assert group["wait_for_capacity_timeout"] == "0"


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


def test_nothing_is_destroyed_while_something_else_needs_it(stack: TerraformStack) -> None:
    """Association before provider, provider before group, group before role and cluster: by reference or dependency."""
    cluster(stack)
    synthesized = Synthesized(stack)
    needs = {address: references(synthesized, *address.split(".", 1)) for address in addresses(synthesized)}
    association = one_address(synthesized, "aws_ecs_cluster_capacity_providers")
    provider = synthesized.address("aws_ecs_capacity_provider", "tb-test-main-gpu")
    group = synthesized.address("aws_autoscaling_group", "tb-test-main-gpu")
    template = synthesized.address("aws_launch_template", "tb-test-main-gpu")
    made = synthesized.address("aws_ecs_cluster", "tb-test-main")
    assert provider in needs[association]
    assert group in needs[provider]
    assert {template, *attachments(synthesized, "gpu")} <= needs[group]
    assert made in needs[template]
    assert made in needs[synthesized.address("aws_ecs_capacity_provider", "tb-test-main-managed")]
    # Instances that are protected from scale-in never go by themselves.
    assert synthesized.one("aws_autoscaling_group")["force_delete"] is True


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
    assert json.loads(role["assume_role_policy"])["Statement"][0]["Principal"] == {"Service": "ecs.amazonaws.com"}
    provider = synthesized.one("aws_ecs_capacity_provider")
    assert sorted(provider["depends_on"]) == sorted(attachments(synthesized, "managed"))
    assert sorted(
        item["policy_arn"].rpartition("/")[2] for item in synthesized.all("aws_iam_role_policy_attachment")
    ) == [
        "AmazonECSInfrastructureRolePolicyForManagedInstances",
        "AmazonECSInstanceRolePolicyForManagedInstances",
    ]


@pytest.mark.parametrize(
    ("task", "provider", "compatibility"),
    [
        (fargate_task(), "FARGATE", "FARGATE"),
        (ec2_task(), "gpu", "EC2"),
        (ec2_task(), "managed", "MANAGED_INSTANCES"),
    ],
)
def test_a_task_is_made_for_the_capacity_it_runs_on(
    stack: TerraformStack, task: Any, provider: str, compatibility: str
) -> None:
    made = cluster(stack)
    shares = [CapacityShare(provider=provider)]
    assert made.compatibility(task, shares) == compatibility
    assert made.shares(shares) == shares
    assert [share.provider for share in made.shares([])] == ["FARGATE_SPOT"]
    assert made.provider_name(FARGATE.provider) == "FARGATE"


def addresses(synthesized: Synthesized) -> list[str]:
    return [f"{type_}.{id_}" for type_, items in synthesized.document["resource"].items() for id_ in items]


def one_address(synthesized: Synthesized, type_: str) -> str:
    (address,) = [item for item in addresses(synthesized) if item.startswith(f"{type_}.")]
    return address


def attachments(synthesized: Synthesized, provider: str) -> list[str]:
    found = [item for item in addresses(synthesized) if item.startswith("aws_iam_role_policy_attachment.")]
    return [item for item in found if f"capacity-provider_{provider}_" in item]


def references(synthesized: Synthesized, type_: str, id_: str | None = None) -> set[str]:
    """Return what a resource refers to or depends on; without ``id_`` the addresses of the type."""
    items = synthesized.document["resource"][type_]
    if id_ is None:
        return {f"{type_}.{item}" for item in items}
    text = json.dumps(items[id_])
    return {other for other in addresses(synthesized) if re.search(rf"\b{re.escape(other)}\b", text)}
