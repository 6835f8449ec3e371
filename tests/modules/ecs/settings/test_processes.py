"""What processes may do and when they are started again: what is refused, and what ECS is told."""

import json
from typing import Any, get_args

import pytest
from botocore.session import get_session
from cdktf import TerraformStack

from modules.ecs.settings.containers import Ec2Container, FargateContainer
from modules.ecs.settings.processes import Capability, RestartPolicy
from tests.modules.ecs.replicas import replicas
from tests.modules.ecs.samples import fargate_container, fargate_task
from tests.problems import refused

IMAGE = {"image": "public.ecr.aws/x/y:1", "user": "root"}


@pytest.mark.parametrize("period", [60, 1_800])
def test_a_container_runs_a_while_before_it_is_started_again(period: int) -> None:
    assert RestartPolicy(attempt_period_seconds=period).attempt_period_seconds == period


@pytest.mark.parametrize(
    ("changes", "found"),
    [
        ({"attempt_period_seconds": 59}, "attempt_period_seconds: 60, 1,800, got 59"),
        ({"attempt_period_seconds": 1_801}, "attempt_period_seconds: 60, 1,800, got 1,801"),
        ({"ignored_exit_codes": list(range(51))}, "ignored_exit_codes: 50, got 51"),
        ({"ignored_exit_codes": [256]}, "ignored_exit_codes[0]: 0, 255, got 256"),
    ],
)
def test_a_policy_is_what_ecs_takes_as_one(changes: dict[str, Any], found: str) -> None:
    assert refused(RestartPolicy, **changes) == [found]
    assert len(RestartPolicy(ignored_exit_codes=list(range(50))).ignored_exit_codes) == 50


def test_every_capability_of_ecs_is_known() -> None:
    shape = get_session().get_service_model("ecs").shape_for("KernelCapabilities")
    said = shape.members["drop"].documentation
    assert [name for name in get_args(Capability) if f'"{name}"' not in said] == []


@pytest.mark.parametrize(
    ("kind", "changes", "found"),
    [
        (FargateContainer, {"drop_capabilities": ["ALL"], "add_capabilities": ["SYS_PTRACE"]}, []),
        (FargateContainer, {"add_capabilities": ["NET_ADMIN"]}, ["add_capabilities[0]: got 'NET_ADMIN'"]),
        (Ec2Container, {"add_capabilities": ["NET_ADMIN"]}, []),
        (Ec2Container, {"add_capabilities": ["KILL"], "drop_capabilities": ["KILL"]}, ["add_capabilities: got 'KILL'"]),
        (Ec2Container, {"privileged": True}, []),
        (Ec2Container, {"privileged": True, "drop_capabilities": ["ALL"]}, ["drop_capabilities: got ALL"]),
        (Ec2Container, {"privileged": True, "add_capabilities": ["KILL"]}, ["add_capabilities: got KILL"]),
    ],
)
def test_capabilities_are_those_that_can_be_had(kind: type[Any], changes: dict[str, Any], found: list[str]) -> None:
    if found:
        assert refused(kind, **IMAGE, **changes) == found
    else:
        assert kind(**IMAGE, **changes).image == IMAGE["image"]


def test_ecs_is_told_all_of_it(stack: TerraformStack) -> None:
    container = fargate_container(
        restart=RestartPolicy(ignored_exit_codes=[3, 1]),
        drop_capabilities=["ALL"],
        add_capabilities=["SYS_PTRACE"],
        docker_labels={"role": "api"},
    )
    synthesized = replicas(stack, task=fargate_task(containers={"web": container}))
    (told,) = json.loads(synthesized.one("aws_ecs_task_definition")["container_definitions"])
    assert told["restartPolicy"] == {"enabled": True, "restartAttemptPeriod": 300, "ignoredExitCodes": [1, 3]}
    assert told["linuxParameters"] == {
        "capabilities": {"add": ["SYS_PTRACE"], "drop": ["ALL"]},
        "initProcessEnabled": True,
    }
    assert told["dockerLabels"] == {"role": "api"}


def test_nothing_is_said_of_what_is_left_out(stack: TerraformStack) -> None:
    synthesized = replicas(stack)
    (told,) = json.loads(synthesized.one("aws_ecs_task_definition")["container_definitions"])
    assert {"restartPolicy", "dockerLabels"} & told.keys() == set()
    assert told["linuxParameters"] == {"initProcessEnabled": True}
