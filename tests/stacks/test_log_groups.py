"""Log groups: with the key that an account wants on all of them, and kept as long as it is said, or indefinitely."""

from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from modules.batch.settings.job_queues import JobQueueSettings
from modules.ec2.settings import LaunchTemplateSettings
from stacks.environment import Environment
from stacks.loading import load_environments
from tests.problems import refused
from tests.shipped import EXAMPLES
from tests.stacks.environments import environment
from tests.stacks.rules.test_production import large
from tests.synthesized import synthesized

KEY = "arn:aws:kms:{}:111122223333:key/0a1b2c3d-4e5f-4a6b-8c7d-9e8f7a6b5c4d"
OWN = KEY.format("us-east-1")


def blocks(settings: Environment, type_: str) -> Iterator[dict[str, Any]]:
    yield from blocks_of(synthesized(settings), type_)


def blocks_of(stacks: Mapping[str, Any], type_: str) -> Iterator[dict[str, Any]]:
    for document in stacks.values():
        yield from document.get("resource", {}).get(type_, {}).values()


def test_a_log_group_with_a_key_of_its_own_keeps_it() -> None:
    (prod,) = load_environments(["model-serving"], EXAMPLES)
    own = {group["name"]: group.get("kms_key_id") for group in blocks(prod, "aws_cloudwatch_log_group")}
    key = KEY.format(prod.region)
    other = blocks(prod.model_copy(update={"log_kms_key_arn": key}), "aws_cloudwatch_log_group")
    assert {group["name"]: group["kms_key_id"] for group in other} == {name: kept or key for name, kept in own.items()}


def test_without_it_cloudwatch_uses_its_own() -> None:
    assert not any("kms_key_id" in group for group in blocks(environment(), "aws_cloudwatch_log_group"))


@pytest.mark.parametrize("setting", ["log_kms_key_arn", "root_volume_kms_key_arn"])
def test_a_key_is_of_the_region(setting: str) -> None:
    def build(arn: str) -> Environment:
        if setting == "log_kms_key_arn":
            return environment(log_kms_key_arn=arn)
        return environment(**large(launch_template=LaunchTemplateSettings(root_volume_kms_key_arn=arn)))

    assert build(OWN)
    (problem,) = refused(lambda: build(KEY.format("eu-west-1")))
    assert problem.partition(":")[0].endswith(setting)


def test_a_root_volume_is_encrypted_with_the_key() -> None:
    settings = environment(**large(launch_template=LaunchTemplateSettings(root_volume_kms_key_arn=OWN)))
    (template,) = blocks(settings, "aws_launch_template")
    (mapping,) = template["block_device_mappings"]
    assert (mapping["ebs"]["encrypted"], mapping["ebs"]["kms_key_id"]) == ("true", OWN)


@pytest.mark.parametrize(("days", "emitted"), [(7, 7), ("never", None)])
def test_what_is_logged_may_be_kept_indefinitely(days: Any, emitted: int | None) -> None:
    queue = JobQueueSettings(compute_environments=["light"], log_retention_days=days)
    groups = blocks(environment(job_queues={"light": queue}), "aws_cloudwatch_log_group")
    assert [group.get("retention_in_days") for group in groups if group["name"].endswith("-light")] == [emitted]


def test_how_long_is_one_of_what_cloudwatch_knows() -> None:
    for days in (8, "always", True):
        assert len(refused(JobQueueSettings, compute_environments=["light"], log_retention_days=days)) == 1
