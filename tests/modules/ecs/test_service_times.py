"""How long Terraform waits for services: each setting that takes time counts."""

from typing import Any

import pytest
from cdktf import TerraformStack

from modules.ecs.service_times import deployment_minutes, removal_minutes
from modules.ecs.settings.deployments import (
    BlueGreenDeployment,
    CanaryDeployment,
    DeploymentSettings,
    LinearDeployment,
    RollingDeployment,
)
from tests.modules.ecs import replicas as emitted
from tests.modules.ecs.samples import worker_settings
from tests.modules.ecs.settings.service_samples import OWN, replicas


@pytest.mark.parametrize(
    ("deployment", "minutes"),
    [
        (RollingDeployment(), 0),
        (BlueGreenDeployment(bake_minutes=0), 0),
        (BlueGreenDeployment(bake_minutes=1_440), 1_440),
        (CanaryDeployment(bake_minutes=10, canary_bake_minutes=15), 25),
        (LinearDeployment(bake_minutes=10, step_percent=10, step_bake_minutes=6), 70),
        (LinearDeployment(bake_minutes=0, step_percent=30, step_bake_minutes=5), 20),
        (LinearDeployment(bake_minutes=0, step_percent=100, step_bake_minutes=5), 5),
    ],
)
def test_shifts_of_traffic_take_their_bake_times(deployment: DeploymentSettings, minutes: int) -> None:
    assert deployment.shift_minutes == minutes
    settings = replicas(deployment=deployment, load_balancing=OWN)
    assert deployment_minutes(settings) == 20 + minutes


@pytest.mark.parametrize(("seconds", "minutes"), [(0, 20), (300, 20), (301, 21), (3_600, 75)])
def test_tasks_that_go_finish_their_requests(seconds: int, minutes: int) -> None:
    settings = replicas(load_balancing=OWN.model_copy(update={"deregistration_seconds": seconds}))
    assert (deployment_minutes(settings), removal_minutes(settings)) == (minutes, minutes)


def test_other_services_take_the_usual_time() -> None:
    assert deployment_minutes(worker_settings()) == removal_minutes(worker_settings()) == 20


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, None),
        ({"deployment": BlueGreenDeployment(bake_minutes=30)}, None),
        (
            {"deployment": BlueGreenDeployment(bake_minutes=30), "wait_for_steady_state": True},
            {"create": "50m", "update": "50m", "delete": "20m"},
        ),
        ({"wait_for_steady_state": True}, None),
    ],
)
def test_terraform_waits_longer_than_usual_where_it_has_to(
    stack: TerraformStack, changes: dict[str, Any], expected: dict[str, str] | None
) -> None:
    made = emitted.service(emitted.replicas(stack, load_balancing=emitted.OWN, **changes))
    assert made.get("timeouts") == expected


def test_terraform_waits_for_the_last_task_in_any_case(stack: TerraformStack) -> None:
    own = emitted.OWN.model_copy(update={"deregistration_seconds": 3_600})
    made = emitted.service(emitted.replicas(stack, load_balancing=own))
    assert made["timeouts"] == {"create": "20m", "update": "20m", "delete": "75m"}
