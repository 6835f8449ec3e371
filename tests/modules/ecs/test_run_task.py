"""Tasks to run: the request for them."""

import json
import shlex
import subprocess
from dataclasses import replace
from typing import Any

import pytest
from cdktf import TerraformStack

from modules.ecs.run_task import RunTask
from modules.ecs.settings.capacity import CapacityShare
from modules.ecs.settings.run_tasks import RunTaskDefinition
from tests.modules.batch.api import request_problems
from tests.modules.ecs.samples import NETWORK, ec2_task, fargate_task, placement


def run_task(stack: TerraformStack, *, public: bool = False, **changes: Any) -> RunTask:
    values: dict[str, Any] = {"cluster": "main", "task": fargate_task()}
    return RunTask(
        stack,
        "index",
        name="tb-test-index",
        settings=RunTaskDefinition(**(values | changes)),
        placement=placement(
            stack,
            network=replace(NETWORK, assign_public_ip=public),
            shares=changes.get("capacity", ()),
        ),
    )


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
    task = run_task(stack).runnable
    words = shlex.split(task.command.splitlines()[0].removeprefix("task=$(").removesuffix(")"))
    assert words[:6] == ["aws", "ecs", "run-task", "--region", "us-east-1", "--cli-input-json"]
    assert json.loads(words[6]) == task.request


@pytest.mark.parametrize(
    ("answer", "status"),
    [("arn:aws:ecs:us-east-1:111122223333:task/main/1", 0), ("RESOURCE:MEMORY", 1), ("None", 1)],
)
def test_a_task_that_ecs_does_not_start_is_a_failure(stack: TerraformStack, answer: str, status: int) -> None:
    script = f"aws() {{ echo {answer}; }}\n{run_task(stack).runnable.command}"
    done = subprocess.run(["sh", "-eu", "-c", script], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout or done.stderr) == (status, f"{answer}\n")
    assert bool(done.stdout) is (status == 0)


def test_a_task_in_the_network_of_its_instance_has_none_of_its_own(stack: TerraformStack) -> None:
    task = run_task(stack, task=ec2_task(network_mode="host"), capacity=[CapacityShare(provider="gpu")])
    assert "networkConfiguration" not in task.runnable.request


def test_a_task_with_an_address_on_an_instance_has_no_public_one(stack: TerraformStack) -> None:
    task = run_task(stack, public=True, task=ec2_task(), capacity=[CapacityShare(provider="gpu")])
    configuration = task.runnable.request["networkConfiguration"]["awsvpcConfiguration"]
    assert configuration["assignPublicIp"] == "DISABLED"
