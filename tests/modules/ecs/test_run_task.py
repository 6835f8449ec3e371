"""Tasks to run: the request for them, and their schedules."""

import json
import shlex
from dataclasses import replace
from typing import Any

import pytest
from cdktf import TerraformStack

from modules.ecs.run_task import RunTask
from modules.ecs.settings.capacity import CapacityShare
from modules.ecs.settings.run_tasks import RunTaskDefinition, TaskSchedule
from modules.sqs.message_queue import MessageQueue
from modules.sqs.settings import ExistingQueue
from tests.conftest import Synthesized
from tests.modules.batch.api import request_problems
from tests.modules.ecs.samples import NETWORK, ec2_task, fargate_task, placement
from tests.policies import findings, statements

FAILED = ExistingQueue(queue_arn="arn:aws:sqs:us-east-1:111122223333:failed", visibility_timeout_seconds=30)
NIGHTLY = TaskSchedule(expression="cron(0 2 * * ? *)", timezone="Europe/Berlin")


def run_task(stack: TerraformStack, *, public: bool = False, **changes: Any) -> RunTask:
    values: dict[str, Any] = {"cluster": "main", "task": fargate_task()}
    queues = {"failed": MessageQueue.from_queue_arn(stack, "failed", settings=FAILED)}
    return RunTask(
        stack,
        "index",
        name="tb-test-index",
        settings=RunTaskDefinition(**(values | changes)),
        placement=placement(
            stack,
            network=replace(NETWORK, assign_public_ip=public),
            shares=changes.get("capacity", ()),
            queues=queues,
        ),
    )


def test_without_a_schedule_nothing_runs_it(stack: TerraformStack) -> None:
    run_task(stack)
    assert not {"aws_scheduler_schedule"} & set(Synthesized(stack).types())


def test_the_request_is_ready_for_ecs(stack: TerraformStack) -> None:
    request = run_task(stack, public=True, capacity=[CapacityShare(provider="FARGATE", base=1)]).runnable.request
    assert request == {
        "cluster": "tb-test-main",
        "taskDefinition": "tb-test-index",
        "capacityProviderStrategy": [{"capacityProvider": "FARGATE", "weight": 1, "base": 1}],
        "enableECSManagedTags": True,
        "propagateTags": "TASK_DEFINITION",
        "platformVersion": "LATEST",
        "networkConfiguration": {
            "awsvpcConfiguration": {
                "subnets": ["subnet-0a", "subnet-0b"],
                "securityGroups": ["sg-0a"],
                "assignPublicIp": "ENABLED",
            }
        },
    }
    assert request_problems("ecs", "RunTask", request) == []


def test_a_task_run_by_hand_has_the_tags_that_a_scheduled_one_has(stack: TerraformStack) -> None:
    request = run_task(stack, tags={"team": "search"}).runnable.request
    assert request["tags"] == [{"key": "team", "value": "search"}]
    assert request_problems("ecs", "RunTask", request) == []


def test_the_command_is_the_same_request(stack: TerraformStack) -> None:
    task = run_task(stack)
    words = shlex.split(task.runnable.command)
    assert words[:4] == ["aws", "ecs", "run-task", "--cli-input-json"]
    assert json.loads(words[4]) == task.runnable.request
    assert words[5:] == ["--query", "tasks[0].taskArn", "--output", "text"]


def test_a_task_in_the_network_of_its_instance_has_none_of_its_own(stack: TerraformStack) -> None:
    task = run_task(stack, task=ec2_task(network_mode="host"), capacity=[CapacityShare(provider="gpu")])
    assert "networkConfiguration" not in task.runnable.request


def test_a_task_with_an_address_on_an_instance_has_no_public_one(stack: TerraformStack) -> None:
    task = run_task(stack, public=True, task=ec2_task(), capacity=[CapacityShare(provider="gpu")])
    configuration = task.runnable.request["networkConfiguration"]["awsvpcConfiguration"]
    assert configuration["assignPublicIp"] == "DISABLED"


def test_a_schedule_runs_it_with_the_revision_that_was_applied(stack: TerraformStack) -> None:
    run_task(stack, public=True, schedules={"nightly": NIGHTLY}, tags={"team": "search"})
    synthesized = Synthesized(stack)
    schedule = synthesized.one("aws_scheduler_schedule")
    assert schedule["name"] == "tb-test-index-nightly"
    assert (schedule["schedule_expression"], schedule["schedule_expression_timezone"], schedule["state"]) == (
        "cron(0 2 * * ? *)",
        "Europe/Berlin",
        "ENABLED",
    )
    assert schedule["flexible_time_window"] == {"mode": "OFF"}
    target = schedule["target"]
    assert target["arn"] == f"${{{synthesized.address('aws_ecs_cluster', 'tb-test-main')}.arn}}"
    (definition,) = synthesized.document["resource"]["aws_ecs_task_definition"]
    assert target["ecs_parameters"] == {
        "task_definition_arn": f"${{aws_ecs_task_definition.{definition}.arn}}",
        "task_count": 1,
        "capacity_provider_strategy": [{"capacity_provider": "FARGATE_SPOT", "weight": 1}],
        "network_configuration": {
            "subnets": ["subnet-0a", "subnet-0b"],
            "security_groups": ["sg-0a"],
            "assign_public_ip": True,
        },
        "platform_version": "LATEST",
        "enable_ecs_managed_tags": True,
        "propagate_tags": "TASK_DEFINITION",
        "tags": {"team": "search"},
    }
    assert target["retry_policy"] == {"maximum_retry_attempts": 3, "maximum_event_age_in_seconds": 3_600}
    assert "dead_letter_config" not in target
    (association,) = synthesized.document["resource"]["aws_ecs_cluster_capacity_providers"]
    # Nor could anything be run before the roles may do what they have to.
    permissions = sorted(
        f"aws_iam_role_policy.{id_}" for id_ in synthesized.document["resource"]["aws_iam_role_policy"]
    )
    assert schedule["depends_on"] == [f"aws_ecs_cluster_capacity_providers.{association}", *permissions]


def test_a_schedule_is_as_patient_as_it_is_told(stack: TerraformStack) -> None:
    patient = TaskSchedule(
        expression="rate(1 day)",
        state="DISABLED",
        flexible_window_minutes=30,
        task_count=10,
        retry_attempts=0,
        max_event_age_seconds=60,
        dead_letter_queue="failed",
    )
    run_task(stack, schedules={"daily": patient})
    schedule = Synthesized(stack).one("aws_scheduler_schedule")
    assert schedule["state"] == "DISABLED"
    assert schedule["flexible_time_window"] == {"mode": "FLEXIBLE", "maximum_window_in_minutes": 30}
    assert schedule["target"]["ecs_parameters"]["task_count"] == 10
    assert schedule["target"]["retry_policy"] == {"maximum_retry_attempts": 0, "maximum_event_age_in_seconds": 60}
    assert schedule["target"]["dead_letter_config"] == {"arn": FAILED.queue_arn}


@pytest.mark.parametrize("with_queue", [True, False])
def test_scheduler_may_run_this_task_and_tell_of_failures(stack: TerraformStack, with_queue: bool) -> None:
    schedule = NIGHTLY.model_copy(update={"dead_letter_queue": "failed"} if with_queue else {})
    run_task(stack, schedules={"nightly": schedule})
    synthesized = Synthesized(stack)
    role = synthesized.address("aws_iam_role", "tb-test-index-scheduler")
    allowed: dict[str, Any] = {}
    for item in synthesized.all("aws_iam_role_policy"):
        if item["role"] == f"${{{role}.name}}":
            assert findings(item["policy"], {"aws_iam_role": "arn:aws:iam::111122223333:role/sample"}) == set()
            allowed |= statements(item["policy"])
    assert set(allowed) == {"RunTask", "PassRoles", "TagTask", *({"SendMessages"} if with_queue else ())}
    trust = json.loads(synthesized.named("aws_iam_role", "tb-test-index-scheduler")["assume_role_policy"])
    assert trust["Statement"][0]["Principal"] == {"Service": "scheduler.amazonaws.com"}
