"""What every kind of compute environment has, as Terraform and the Batch API see it."""

import json
import re

import pytest
from cdktf import TerraformStack

from modules.batch.settings.any_compute_environments import ComputeEnvironmentSettings
from modules.batch.settings.compute_environments import (
    Ec2ComputeEnvironment,
    FargateComputeEnvironment,
    SpotComputeEnvironment,
)
from modules.ec2.settings import LaunchTemplateSettings
from modules.problems import SettingsError
from tests.modules.batch.api import api_problems
from tests.modules.batch.environment_samples import EVERYTHING, define, made


@pytest.mark.parametrize("settings", EVERYTHING)
def test_the_api_accepts_every_kind(stack: TerraformStack, settings: ComputeEnvironmentSettings) -> None:
    environment = made(stack, settings).one("aws_batch_compute_environment")
    assert api_problems("CreateComputeEnvironment", environment, {"name_prefix": "computeEnvironmentName"}) == []


@pytest.mark.parametrize("settings", EVERYTHING)
def test_a_replacement_is_there_before_the_old_one_goes(
    stack: TerraformStack, settings: ComputeEnvironmentSettings
) -> None:
    environment = made(stack, settings).one("aws_batch_compute_environment")
    assert environment["name_prefix"].startswith("tb-test-gpu-")
    assert "name" not in environment
    assert environment["lifecycle"] == {"create_before_destroy": True}


@pytest.mark.parametrize("settings", EVERYTHING)
def test_every_role_keeps_its_permissions_until_the_environment_is_gone(
    stack: TerraformStack, settings: ComputeEnvironmentSettings
) -> None:
    synthesized = made(stack, settings)
    users = [
        synthesized.one("aws_batch_compute_environment"),
        *synthesized.all("aws_autoscaling_group"),
    ]
    kept = {address for user in users for address in user.get("depends_on", [])}
    permissions = ("aws_iam_role_policy", "aws_iam_role_policy_attachment")
    made_here = {type_: synthesized.document["resource"].get(type_, {}) for type_ in permissions}
    assert kept == {f"{type_}.{id_}" for type_, ids in made_here.items() for id_ in ids}


@pytest.mark.parametrize("settings", EVERYTHING)
def test_batch_s_own_choice_of_size_is_never_written_down(
    stack: TerraformStack, settings: ComputeEnvironmentSettings
) -> None:
    assert "desired_vcpus" not in json.dumps(made(stack, settings).document)


@pytest.mark.parametrize("settings", EVERYTHING)
def test_its_arn_is_known_to_queues(stack: TerraformStack, settings: ComputeEnvironmentSettings) -> None:
    environment = define(stack, settings)
    assert re.fullmatch(r"\$\{TfToken\[TOKEN\.\d+\]\}", environment.compute_environment_arn)


def test_a_name_that_leaves_no_room_for_a_replacement_is_an_error(stack: TerraformStack) -> None:
    with pytest.raises(SettingsError, match="at most 102 characters, got 103"):
        define(stack, FargateComputeEnvironment(max_vcpus=8), name="x" * 102)


def test_a_name_may_be_as_long_as_batch_takes(stack: TerraformStack) -> None:
    environment = made(stack, FargateComputeEnvironment(max_vcpus=8), name="x" * 101)
    assert len(environment.one("aws_batch_compute_environment")["name_prefix"]) == 102


@pytest.mark.parametrize(("enabled", "state"), [(True, "ENABLED"), (False, "DISABLED")])
def test_an_environment_can_be_switched_off(stack: TerraformStack, enabled: bool, state: str) -> None:
    synthesized = made(stack, FargateComputeEnvironment(max_vcpus=8, enabled=enabled))
    assert synthesized.one("aws_batch_compute_environment")["state"] == state


@pytest.mark.parametrize(
    "settings",
    [
        FargateComputeEnvironment(max_vcpus=8, dedicated_service_role=True),
        Ec2ComputeEnvironment(max_vcpus=8, dedicated_service_role=True),
        SpotComputeEnvironment(max_vcpus=8, dedicated_service_role=True),
    ],
)
def test_a_service_role_is_made_where_it_is_wanted(stack: TerraformStack, settings: ComputeEnvironmentSettings) -> None:
    synthesized = made(stack, settings)
    address = synthesized.address("aws_iam_role", "tb-test-gpu-service")
    assert synthesized.one("aws_batch_compute_environment")["service_role"] == f"${{{address}.arn}}"
    role = synthesized.named("aws_iam_role", "tb-test-gpu-service")
    assert json.loads(role["assume_role_policy"])["Statement"] == [
        {
            "Action": "sts:AssumeRole",
            "Condition": {"StringEquals": {"aws:SourceAccount": "111122223333"}},
            "Effect": "Allow",
            "Principal": {"Service": "batch.amazonaws.com"},
        }
    ]
    policies = {item["policy_arn"] for item in synthesized.all("aws_iam_role_policy_attachment")}
    assert "arn:aws:iam::aws:policy/service-role/AWSBatchServiceRole" in policies


@pytest.mark.parametrize("settings", [EVERYTHING[0], EVERYTHING[2], EVERYTHING[5], EVERYTHING[6]])
def test_else_the_account_s_service_linked_role_is_used(
    stack: TerraformStack, settings: ComputeEnvironmentSettings
) -> None:
    assert "service_role" not in made(stack, settings).one("aws_batch_compute_environment")


def test_another_kind_of_settings_is_an_error(stack: TerraformStack) -> None:
    with pytest.raises(TypeError, match="LaunchTemplateSettings is no kind of compute environment"):
        define(stack, LaunchTemplateSettings())  # type: ignore[arg-type]
