"""A setting that is taken back is back: the argument says so, or what has it is another resource."""

from collections.abc import Callable
from typing import Any

import pytest

from modules.batch.settings.compute_environments import Ec2ComputeEnvironment, SpotComputeEnvironment
from modules.ec2.settings import LaunchTemplateSettings
from modules.ecs.settings.capacity import CapacityShare
from modules.ecs.settings.clusters import ClusterSettings
from modules.efs.settings import AccessPointSettings, FileSystemSettings
from modules.kms.settings import NewKmsKey
from stacks.environment import Environment
from tests.emitted.taking_back import STAYS, UPDATES, kept_arguments, settings_taken_back
from tests.stacks.environments import environment
from tests.synthesized import synthesized

POINTS = {"models": AccessPointSettings(path="/models", uid=1_000, gid=1_000)}


def large(**changes: Any) -> Environment:
    return environment(compute_environments={"more": Ec2ComputeEnvironment(max_vcpus=8, **changes)})


def spot(**changes: Any) -> Environment:
    return environment(compute_environments={"more": SpotComputeEnvironment(max_vcpus=8, **changes)})


def files(**changes: Any) -> Environment:
    return environment(file_systems={"models": FileSystemSettings(access_points=POINTS, **changes)})


def cluster(**changes: Any) -> Environment:
    share = CapacityShare(provider="FARGATE")
    return environment(clusters={"main": ClusterSettings(default_capacity=[share], **changes)})


@pytest.mark.parametrize(
    ("build", "changes"),
    [
        (large, {"image_id": "ami-01234567"}),
        (large, {"newest_image_at_deployment": True}),
        (large, {"dedicated_service_role": True}),
        (large, {"launch_template": LaunchTemplateSettings(root_volume_iops=4_000)}),
        (spot, {"bid_percentage": 60}),
        (files, {"kms_key": NewKmsKey()}),
        (cluster, {"namespace": "test.internal"}),
    ],
)
def test_what_was_given_is_not_kept(build: Callable[..., Environment], changes: dict[str, Any]) -> None:
    before, after = synthesized(build(**changes)), synthesized(build())
    assert before != after
    assert list(kept_arguments(before, after)) == []


def test_what_would_be_kept_is_found() -> None:
    def stacks(name: str = "tb-", **arguments: Any) -> dict[str, Any]:
        capacity = {"name_prefix": name, **arguments}
        return {"a": {"resource": {"aws_batch_compute_environment": {"e": capacity}}}}

    role: dict[str, Any] = {"service_role": "arn"}
    assert list(kept_arguments(stacks(**role), stacks())) == ["aws_batch_compute_environment.e service_role"]
    assert list(kept_arguments(stacks(**role), stacks(name="tb-other-"))) == []
    assert list(kept_arguments(stacks(tags={"a": "b"}), stacks())) == []
    image: dict[str, Any] = {
        "compute_resources": {"ec2_configuration": [{"image_type": "ECS_AL2023", "image_id_override": "ami-0"}]}
    }
    plain: dict[str, Any] = {"compute_resources": {"ec2_configuration": [{"image_type": "ECS_AL2023"}]}}
    assert list(kept_arguments(stacks(**image), stacks(**plain))) == [
        "aws_batch_compute_environment.e compute_resources.ec2_configuration.image_id_override"
    ]


def test_every_reason_is_about_an_argument_that_is_kept() -> None:
    assert [key for key in STAYS if key[1] not in UPDATES[key[0]]["kept"]] == []


def test_settings_of_all_kinds_are_taken_back() -> None:
    settings = {item.setting for item, _ in zip(settings_taken_back(()), range(200), strict=False)}
    assert len(settings) > 20
