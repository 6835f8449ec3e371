"""Variables of a task's containers: empty ones, and files of them in buckets; and which image a tag stands for."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest
from cdktf import TerraformStack

from modules.ecs.settings.containers import EnvironmentFile
from modules.resources import Resources
from modules.s3.bucket import Bucket
from modules.s3.settings import ExistingBucket
from tests.conftest import Synthesized
from tests.modules.ecs.samples import TASK_PLACEMENT, fargate_container, fargate_task
from tests.modules.ecs.task_samples import containers, define
from tests.policies import statements
from tests.problems import refused
from tests.stacks.rules.service_samples import run_task

FILES = [EnvironmentFile(bucket="settings", key="embed/prod.env"), EnvironmentFile(bucket="settings", key="all.env")]


def of_container(stack: TerraformStack, **changes: Any) -> Mapping[str, Any]:
    define(stack, fargate_task(containers={"worker": fargate_container(**changes)}))
    return containers(stack)["worker"]


def test_an_empty_value_is_said(stack: TerraformStack) -> None:
    found = of_container(stack, environment={"PREFIX": "", "MODEL": "minilm"})
    assert found["environment"] == [{"name": "MODEL", "value": "minilm"}, {"name": "PREFIX", "value": ""}]


def test_files_are_read_in_their_order_with_the_right_to_read_them(stack: TerraformStack) -> None:
    theirs = ExistingBucket(bucket_arn="arn:aws:s3:::theirs")
    buckets = {"settings": Bucket.from_bucket_arn(stack, "settings", settings=theirs)}
    placement = replace(TASK_PLACEMENT, resources=Resources(buckets=buckets))
    task = fargate_task(containers={"worker": fargate_container(environment_files=FILES)})
    define(stack, task, placement=placement)
    assert containers(stack)["worker"]["environmentFiles"] == [
        {"type": "s3", "value": "arn:aws:s3:::theirs/embed/prod.env"},
        {"type": "s3", "value": "arn:aws:s3:::theirs/all.env"},
    ]
    permissions = [
        statements(policy["policy"])
        for policy in Synthesized(stack).all("aws_iam_role_policy")
        if policy["name"].startswith("get-settings")
    ]
    assert sorted(found["ReadObject"]["Resource"] for found in permissions) == [
        "arn:aws:s3:::theirs/all.env",
        "arn:aws:s3:::theirs/embed/prod.env",
    ]
    assert {found["FindBucket"]["Resource"] for found in permissions} == {"arn:aws:s3:::theirs"}


def test_files_are_of_a_bucket_that_is_handed_in(stack: TerraformStack) -> None:
    task = fargate_task(containers={"worker": fargate_container(environment_files=FILES)})
    assert refused(lambda: define(stack, task)) == ["buckets: got 'settings'", "buckets: got 'settings'"]


@pytest.mark.parametrize(
    ("key", "fits"), [("a.env", True), ("a/b.env", True), ("a.txt", False), (".env", False), ("a*.env", False)]
)
def test_a_file_ends_as_ecs_wants_it(key: str, fits: bool) -> None:
    if fits:
        assert EnvironmentFile(bucket="settings", key=key)
    else:
        assert refused(EnvironmentFile, bucket="settings", key=key) == [f"key: got {key!r}"]


def test_a_container_has_at_most_ten_files() -> None:
    files = [EnvironmentFile(bucket="settings", key=f"{number}.env") for number in range(11)]
    assert fargate_container(environment_files=files[:10])
    assert refused(fargate_container, environment_files=files) == ["environment_files: 10, got 11"]


@pytest.mark.parametrize(("keeps", "said"), [(True, None), (False, "disabled")])
def test_each_task_may_pull_what_the_tag_stands_for_then(stack: TerraformStack, keeps: bool, said: str | None) -> None:
    assert of_container(stack, keeps_digest=keeps).get("versionConsistency") == said


def test_a_task_to_run_pulls_its_image_anew_in_any_case() -> None:
    def with_container(**changes: Any) -> object:
        return run_task(task=fargate_task(containers={"worker": fargate_container(**changes)}))

    assert with_container()
    assert refused(with_container, keeps_digest=False) == ["task.containers.worker.keeps_digest: got False"]
