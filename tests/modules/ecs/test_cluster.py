"""Clusters: what they measure, what they are made of, ECS Exec."""

from typing import Any

import pytest
from cdktf import TerraformStack

from modules.ecs.settings.capacity import CapacityShare
from modules.ecs.settings.clusters import ExecuteCommand
from modules.iam.services import TASKS
from modules.iam.workload_role import WorkloadRole
from modules.kms.settings import ExistingKmsKey
from tests.conftest import Synthesized
from tests.modules.ecs.references import addresses, attachments, one_address, references
from tests.modules.ecs.samples import (
    FARGATE,
    cluster,
    ec2_task,
    fargate_task,
)
from tests.policies import findings, statements


def test_a_cluster_measures_its_services_and_names_its_namespace(stack: TerraformStack) -> None:
    cluster(stack)
    synthesized = Synthesized(stack)
    namespace = synthesized.one("aws_service_discovery_private_dns_namespace")
    assert (namespace["name"], namespace["vpc"]) == ("test.internal", "vpc-01234567")
    made = synthesized.one("aws_ecs_cluster")
    assert made["name"] == "tb-test-main"
    assert made["setting"] == [{"name": "containerInsights", "value": "enabled"}]
    assert "service_connect_defaults" not in made  # the provider would keep a namespace that is gone


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
    cluster(stack, execute_command=ExecuteCommand(retention_days=365), capacity_providers={})
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
    cluster(stack, execute_command=ExecuteCommand(), capacity_providers={})
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
    settings = ExecuteCommand(kms_key=ExistingKmsKey(key_arn=key_arn))
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


@pytest.mark.parametrize("default", ["gpu", "managed"])
def test_the_cluster_has_all_its_capacity_and_by_default_what_it_says(stack: TerraformStack, default: str) -> None:
    cluster(stack, default_capacity=[CapacityShare(provider=default, base=2, weight=3)])
    synthesized = Synthesized(stack)
    names = {
        provider: f"${{{synthesized.address('aws_ecs_capacity_provider', f'tb-test-main-{provider}')}.name}}"
        for provider in ("gpu", "managed")
    }
    association = synthesized.one("aws_ecs_cluster_capacity_providers")
    # What is not named is taken out of the cluster, managed instances too.
    assert association["capacity_providers"] == ["FARGATE", "FARGATE_SPOT", names["gpu"], names["managed"]]
    assert association["default_capacity_provider_strategy"] == [
        {"capacity_provider": names[default], "base": 2, "weight": 3}
    ]
    # A capacity provider that is added later is not to be ignored.
    assert "lifecycle" not in association


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


def test_a_provider_that_is_removed_leaves_its_cluster_before_it_is_destroyed(stack: TerraformStack) -> None:
    """Terraform changes what referred to a resource before it destroys that resource only if it says so."""
    cluster(stack)
    synthesized = Synthesized(stack)
    providers = synthesized.all("aws_ecs_capacity_provider")
    assert sorted(item["name"] for item in providers) == ["tb-test-main-gpu", "tb-test-main-managed"]
    assert [item["lifecycle"] for item in providers] == [{"create_before_destroy": True}] * 2


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
