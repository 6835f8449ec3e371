"""The platforms that Terrabatch began with: each is short, and has all that its text names."""

import re
from pathlib import Path
from typing import Any

import pytest

from tests.shipped import SEEDS, shipped_resources, shipped_stacks

# How many lines each takes, as the formatter writes it; no line is longer than 120 characters.
LINES = {"ec2_batch": 21, "inbox": 26, "fargate_spot": 49, "batch_tour": 79, "own_instances": 48}

# What each is made of that its text names.
NAMED = {
    "ec2-batch": {
        *("aws_batch_compute_environment", "aws_batch_job_queue", "aws_batch_scheduling_policy", "aws_iam_role"),
    },
    "inbox": {"aws_lambda_event_source_mapping", "aws_sqs_queue"},
    "fargate-spot": {
        *("aws_batch_compute_environment", "aws_batch_job_definition", "aws_batch_job_queue", "aws_ecs_cluster"),
        *("aws_ecs_service", "aws_ecs_task_definition", "aws_s3_bucket"),
    },
    "batch-tour": {
        *("aws_batch_compute_environment", "aws_batch_job_definition", "aws_batch_job_queue"),
        *("aws_batch_scheduling_policy", "aws_iam_policy"),
    },
    "own-instances": {
        *("aws_batch_compute_environment", "aws_batch_job_queue", "aws_ecs_capacity_provider", "aws_ecs_cluster"),
        *("aws_ecs_cluster_capacity_providers", "aws_ecs_task_definition"),
    },
}


def resources(seed: str, type_: str) -> list[dict[str, Any]]:
    return [item for address, item in shipped_resources(type_, package=SEEDS) if address.startswith(f"{seed}-")]


def outputs(stack: str) -> dict[str, Any]:
    return {name: output["value"] for name, output in shipped_stacks(SEEDS)[stack]["output"].items()}


def test_each_takes_so_many_lines_and_no_more() -> None:
    folder = Path("examples/seeds")
    counted = {file.stem: len(file.read_text("utf-8").splitlines()) for file in folder.glob("[a-z]*.py")}
    assert counted == LINES


@pytest.mark.parametrize(("seed", "types"), NAMED.items())
def test_each_has_what_its_text_names(seed: str, types: set[str]) -> None:
    assert {type_ for type_ in types if not resources(seed, type_)} == set()


def test_batch_manages_the_instances_with_a_role_of_their_own() -> None:
    (environment,) = resources("ec2-batch", "aws_batch_compute_environment")
    assert environment["compute_resources"]["type"] == "EC2"
    assert re.fullmatch(r"\$\{aws_iam_role\.[\w-]+\.arn\}", environment["service_role"])
    (queue,) = resources("ec2-batch", "aws_batch_job_queue")
    assert queue["scheduling_policy_arn"].startswith("${aws_batch_scheduling_policy.")


def test_the_inbox_keeps_14_days_answers_at_once_and_hides_30_seconds() -> None:
    queue, _dead_letters = resources("inbox", "aws_sqs_queue")
    assert queue["message_retention_seconds"] == 14 * 86_400
    assert (queue["receive_wait_time_seconds"], queue["visibility_timeout_seconds"]) == (0, 30)


def test_jobs_on_fargate_spot_read_and_write_the_bucket() -> None:
    (environment,) = resources("fargate-spot", "aws_batch_compute_environment")
    assert environment["compute_resources"]["type"] == "FARGATE_SPOT"
    policies = {item["name"] for item in resources("fargate-spot", "aws_iam_role_policy")}
    assert {"read-data", "write-data"} <= policies


def test_all_arns_of_the_own_instances_are_put_out() -> None:
    services, batch = outputs("own-instances-services"), outputs("own-instances-batch")
    arns = [
        services["clusters"]["main"]["arn"],
        services["run_tasks"]["embed"]["arn"],
        batch["compute_environments"]["fargate"]["arn"],
        batch["job_queues"]["jobs"]["arn"],
    ]
    types = ("aws_ecs_cluster", "aws_ecs_task_definition", "aws_batch_compute_environment", "aws_batch_job_queue")
    for arn, type_ in zip(arns, types, strict=True):
        assert re.fullmatch(rf"\$\{{{type_}\.[\w-]+\.arn\}}", arn)


def test_the_own_instances_are_of_a_group_that_nothing_here_makes() -> None:
    (provider,) = resources("own-instances", "aws_ecs_capacity_provider")
    assert provider["auto_scaling_group_provider"]["auto_scaling_group_arn"].endswith(":autoScalingGroupName/gpus")
    assert resources("own-instances", "aws_autoscaling_group") == []
