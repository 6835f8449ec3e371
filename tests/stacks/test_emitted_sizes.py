"""Sizes that only the emitted documents tell."""

import json
from pathlib import Path
from typing import Any

import pytest

from modules.iam.access_settings import Access, BucketAccess
from stacks.emitted_sizes import size_problems
from stacks.synthesis import synthesize
from tests.problems import in_short, refused
from tests.processes import files
from tests.stacks.environments import environment, fargate_job

METADATA = {"//": {"metadata": {"path": "dev-batch/job/embed/Resource"}}}


def stack(type_: str, **resource: Any) -> dict[str, Any]:
    return {"dev-batch": {"resource": {type_: {"it": {**resource, **METADATA}}}}}


def role(*sizes: int, reference: str = "") -> dict[str, Any]:
    made = stack("aws_iam_role", name="embed")
    made["dev-batch"]["resource"]["aws_iam_role_policy"] = {
        f"p{number}": {"role": "${aws_iam_role.it.name}", "policy": " " + "x" * size + reference}
        for number, size in enumerate(sizes)
    }
    made["dev-batch"]["resource"]["aws_sqs_queue"] = {"q": {"name": "jobs"}}
    return made


@pytest.mark.parametrize(
    ("stacks", "found"),
    [
        (role(5_000, 5_240), []),
        (role(5_000, 5_241), ["dev-batch/job/embed: 10,240, got 10,241"]),
        # arn:aws:sqs:us-east-1:111122223333:jobs
        (role(10_201, reference="${aws_sqs_queue.q.arn}"), []),
        (role(10_202, reference="${aws_sqs_queue.q.arn}"), ["dev-batch/job/embed: 10,240, got 10,241"]),
        (stack("aws_iam_policy", policy="x" * 6_144), []),
        (stack("aws_iam_policy", policy="x" * 6_145), ["dev-batch/job/embed: 6,144, got 6,145"]),
        (stack("aws_vpc_endpoint", policy="x" * 20_480), []),
        (stack("aws_vpc_endpoint", policy="x" * 20_481), ["dev-batch/job/embed: 20,480, got 20,481"]),
        (stack("aws_ecs_task_definition", container_definitions=json.dumps(["x" * 65_506])), []),
        (
            stack("aws_ecs_task_definition", container_definitions=json.dumps(["x" * 65_507])),
            ["dev-batch/job/embed: 65,536, got 65,537"],
        ),
        (stack("aws_batch_job_definition", name="x" * 24_565), []),
        (stack("aws_batch_job_definition", name="x" * 24_566), ["dev-batch/job/embed: 24,576, got 24,577"]),
    ],
)
def test_a_document_is_as_long_as_aws_takes_it(stacks: dict[str, Any], found: list[str]) -> None:
    assert in_short(size_problems(stacks)) == found


def test_an_environment_whose_roles_are_too_large_writes_nothing(tmp_path: Path) -> None:
    prefixes = [BucketAccess(bucket="data", prefix=f"part-{number}/") for number in range(60)]
    made = environment(job_definitions={"embed": fargate_job(access=Access(read=prefixes))})

    (problem,) = refused(lambda: synthesize([made], tmp_path, complete=True))

    assert problem.startswith("test-batch/job_definitions/embed/job-role: 10,240, got ")
    assert files(tmp_path) == {}
