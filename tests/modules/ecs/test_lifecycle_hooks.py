"""Functions that look at a deployment on its way: what ECS is told, and the role that it calls them with."""

from dataclasses import replace
from typing import Any

import pytest
from cdktf import TerraformStack

from modules.ecs.replica_service import Replicas
from modules.ecs.settings.deployments import BlueGreenDeployment, LifecycleHook
from modules.ecs.settings.scaling import FixedTasks
from modules.ecs.settings.services import ReplicaService
from modules.lambda_functions.settings import ExistingFunction
from tests.conftest import Synthesized
from tests.modules.ecs.replicas import OWN
from tests.modules.ecs.samples import NETWORK, placement, web_task
from tests.policies import statements
from tests.problems import refused

FUNCTION = "arn:aws:lambda:us-east-1:111122223333:function:try:live"
ROLE = "arn:aws:iam::111122223333:role/platform/hooks"
HOOK = LifecycleHook(function="try", stages=["POST_TEST_TRAFFIC_SHIFT"], details='{"path":"/health"}')


def hooked(stack: TerraformStack, functions: Any = None, **changes: Any) -> Synthesized:
    placed = placement(stack, network=NETWORK, shares=(), buckets={}, execute_command=None)
    known = {"try": ExistingFunction(function_arn=FUNCTION)} if functions is None else functions
    Replicas(
        stack,
        "api",
        name="tb-test-api",
        settings=ReplicaService(
            cluster="main",
            task=web_task(),
            tasks=FixedTasks(count=2),
            load_balancing=OWN,
            deployment=BlueGreenDeployment(**{"lifecycle_hooks": {"try": HOOK}} | changes),
        ),
        placement=replace(placed, functions=known),
    )
    return Synthesized(stack)


def test_ecs_calls_them_with_a_role_that_may_and_is_there_before(stack: TerraformStack) -> None:
    synthesized = hooked(stack)
    service = synthesized.one("aws_ecs_service")
    role = synthesized.address("aws_iam_role", "tb-test-api-hooks")
    assert service["deployment_configuration"]["lifecycle_hook"] == [
        {
            "hook_target_arn": FUNCTION,
            "lifecycle_stages": ["POST_TEST_TRAFFIC_SHIFT"],
            "role_arn": f"${{{role}.arn}}",
            "hook_details": '{"path":"/health"}',
        }
    ]
    (permission,) = [
        (id_, item)
        for id_, item in synthesized.document["resource"]["aws_iam_role_policy"].items()
        if item["role"] == f"${{{role}.name}}"
    ]
    assert statements(permission[1]["policy"]) == {
        "CallHooks": {"Effect": "Allow", "Action": "lambda:InvokeFunction", "Resource": FUNCTION}
    }
    assert f"aws_iam_role_policy.{permission[0]}" in service["depends_on"]


def test_a_role_that_exists_is_used(stack: TerraformStack) -> None:
    synthesized = hooked(stack, hook_role_arn=ROLE)
    (hook,) = synthesized.one("aws_ecs_service")["deployment_configuration"]["lifecycle_hook"]
    assert hook["role_arn"] == ROLE
    assert not [item for item in synthesized.all("aws_iam_role") if item["name"].endswith("-hooks")]


def test_without_hooks_there_is_neither_role_nor_hook(stack: TerraformStack) -> None:
    synthesized = hooked(stack, lifecycle_hooks={})
    assert "lifecycle_hook" not in synthesized.one("aws_ecs_service")["deployment_configuration"]
    assert not [item for item in synthesized.all("aws_iam_role") if item["name"].endswith("-hooks")]


def test_what_is_called_is_handed_in(stack: TerraformStack) -> None:
    assert refused(lambda: hooked(stack, functions={})) == ["functions: got 'try'"]


@pytest.mark.parametrize(
    ("changes", "problem"),
    [({"details": "{"}, "details: got '{'"), ({"stages": []}, "stages: 1, got 0"), ({"stages": ["LATER"]}, None)],
)
def test_a_hook_says_when_and_with_what(changes: dict[str, Any], problem: str | None) -> None:
    values: dict[str, Any] = {"function": "try", "stages": ["PRE_SCALE_UP"]}
    assert LifecycleHook(**values)
    found = refused(LifecycleHook, **values | changes)
    assert found == [problem] if problem else len(found) == 1


def test_a_role_is_named_for_something() -> None:
    assert BlueGreenDeployment(lifecycle_hooks={"try": HOOK}, hook_role_arn=ROLE)
    assert refused(BlueGreenDeployment, hook_role_arn=ROLE) == [f"hook_role_arn: got {ROLE!r}"]
