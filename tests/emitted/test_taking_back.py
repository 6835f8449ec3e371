"""A setting that is taken back is back: the argument says so, or what has it is another resource."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from modules.batch.settings.compute_environments import Ec2ComputeEnvironment, SpotComputeEnvironment
from modules.ec2.settings import LaunchTemplateSettings
from modules.ecr.settings import RepositorySettings
from modules.ecs.settings.capacity import CapacityShare
from modules.ecs.settings.clusters import ClusterSettings, ExecuteCommand
from modules.efs.settings import AccessPointSettings, FileSystemSettings
from modules.kms.settings import ExistingKmsKey, KmsKeySettings, NewKmsKey
from modules.pipes.settings import PipeSettings
from modules.s3.settings import BucketSettings
from modules.sqs.settings import DeadLetterQueueSettings, MessageQueueSettings
from modules.targets.settings import QueueMessage
from stacks.environment import Environment
from tests.emitted.taking_back import STAYS, UPDATES, destroyed_keys, kept_arguments, settings_taken_back
from tests.stacks.environments import empty_environment, values
from tests.synthesized import synthesized

KEY = "arn:aws:kms:us-east-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab"
POINTS = {"models": AccessPointSettings(path="/models", uid=1_000, gid=1_000)}


def small(**entries: Any) -> Environment:
    return empty_environment(network=values()["network"], **entries)


def large(**changes: Any) -> Environment:
    return small(compute_environments={"more": Ec2ComputeEnvironment(max_vcpus=8, **changes)})


def spot(**changes: Any) -> Environment:
    return small(compute_environments={"more": SpotComputeEnvironment(max_vcpus=8, **changes)})


def files(kms_key: KmsKeySettings | None = None) -> Environment:
    return small(file_systems={"models": FileSystemSettings(access_points=POINTS, kms_key=kms_key)})


def bucket(kms_key: KmsKeySettings | None) -> Environment:
    return small(buckets={"data": BucketSettings(kms_key=kms_key)})


def queue(kms_key: KmsKeySettings | None) -> Environment:
    return small(queues={"more": MessageQueueSettings(visibility_timeout_seconds=60, kms_key=kms_key)})


def dead_letters(kms_key: KmsKeySettings | None) -> Environment:
    dead = DeadLetterQueueSettings(kms_key=kms_key)
    return small(queues={"more": MessageQueueSettings(visibility_timeout_seconds=60, dead_letter_queue=dead)})


def images(kms_key: KmsKeySettings | None) -> Environment:
    return small(repositories={"embed": RepositorySettings(kms_key=kms_key)})


def session_log(kms_key: KmsKeySettings | None) -> Environment:
    return cluster(execute_command=ExecuteCommand(kms_key=kms_key) if kms_key else None)


def pipe(kms_key: KmsKeySettings | None) -> Environment:
    queues = {name: MessageQueueSettings(visibility_timeout_seconds=60) for name in ("from", "to")}
    forwarded = PipeSettings(queue="from", target=QueueMessage(queue="to"), kms_key=kms_key)
    return small(queues=queues, pipes={"forward": forwarded})


def cluster(**changes: Any) -> Environment:
    share = CapacityShare(provider="FARGATE")
    return small(clusters={"main": ClusterSettings(default_capacity=[share], **changes)})


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


@pytest.mark.parametrize("other", [None, ExistingKmsKey(key_arn=KEY)], ids=["none", "another"])
@pytest.mark.parametrize("build", [bucket, queue, dead_letters, files, images, session_log, pipe])
def test_what_stays_encrypted_with_a_key_does_not_lose_it(
    build: Callable[[KmsKeySettings | None], Environment], other: KmsKeySettings | None
) -> None:
    before, after = synthesized(build(NewKmsKey())), synthesized(build(other))
    assert json.dumps(before).count('"aws_kms_key":') == 1
    assert '"aws_kms_key":' not in json.dumps(after)
    assert list(destroyed_keys(before, after)) == []


def test_what_would_stay_encrypted_with_a_key_that_is_destroyed_is_found() -> None:
    def stacks(key: str, **blocks: Any) -> dict[str, Any]:
        made: dict[str, Any] = {"aws_kms_key": {"k": {}}} if "aws_kms_key" in key else {}
        return {"a": {"resource": {**made, "aws_sqs_queue": {"q": {"name": "q", "kms_master_key_id": key}}}, **blocks}}

    before, after = stacks("${aws_kms_key.k.arn}"), stacks(KEY)
    assert list(destroyed_keys(before, after)) == ["aws_sqs_queue.q"]
    let_go = [{"from": "aws_kms_key.k", "lifecycle": {"destroy": False}}]
    assert list(destroyed_keys(before, stacks(KEY, removed=let_go))) == []


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
