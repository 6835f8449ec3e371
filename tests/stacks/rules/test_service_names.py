"""Names of what ECS has, each on both edges."""

from typing import Any

import pytest

from modules.batch.settings.compute_environments import FargateComputeEnvironment
from modules.ecs.settings.deployments import CanaryDeployment
from modules.ecs.settings.run_tasks import TaskSchedule
from tests.modules.ecs.samples import (
    cluster_settings,
    group_provider,
    worker_settings,
)
from tests.problems import problems
from tests.stacks.rules.service_samples import (
    LOAD_BALANCER,
    environment,
    replicas,
    run_task,
)

LONG = "a" * 40
NAMES: dict[str, tuple[dict[str, Any], list[str]]] = {
    "a role of 64 characters": ({"services": {"a" * 41: worker_settings()}}, []),
    "a role of 65": (
        {"services": {"a" * 42: worker_settings()}},
        [
            f"services.{'a' * 42} must give a physical name of at most 64 characters, "
            f"got 65 ('tb-test-{'a' * 42}-task-execution'); shorten the name"
        ],
    ),
    "a load balancer of 32": ({"services": {"a" * 24: replicas(load_balancing=LOAD_BALANCER)}}, []),
    "a load balancer of 33": (
        {"services": {"a" * 25: replicas(load_balancing=LOAD_BALANCER)}},
        [
            f"services.{'a' * 25} must give a physical name of at most 32 characters, "
            f"got 33 ('tb-test-{'a' * 25}'); shorten the name"
        ],
    ),
    "a capacity provider of 65": (
        {"clusters": {"m": cluster_settings(capacity_providers={LONG: group_provider()})}},
        [
            f"clusters.m.capacity_providers.{LONG} must give a physical name of at most 64 characters, "
            f"got 65 ('tb-test-m-{LONG}-infrastructure'); shorten the name"
        ],
    ),
    "a capacity provider of 64": (
        {"clusters": {"m": cluster_settings(capacity_providers={LONG[1:]: group_provider()})}},
        [],
    ),
    "a capacity provider called like a compute environment": (
        {"compute_environments": {"main-gpu": FargateComputeEnvironment(max_vcpus=1)}},
        [
            "clusters.main.capacity_providers.gpu must not be called like compute_environments.main-gpu, "
            "got 'tb-test-main-gpu'; their roles are the same"
        ],
    ),
    "a schedule of 64": (
        {"task_definitions": {"i": run_task(schedules={"n" * 54: TaskSchedule(expression="rate(1 day)")})}},
        [],
    ),
    "a schedule of 65": (
        {"task_definitions": {"i": run_task(schedules={"n" * 55: TaskSchedule(expression="rate(1 day)")})}},
        [
            f"task_definitions.i.schedules.{'n' * 55} must give a physical name of at most 64 characters, "
            f"got 65 ('tb-test-i-{'n' * 55}'); shorten the name"
        ],
    ),
    "a name that AWS keeps": (
        {"project": "ecs-x"},
        [
            "project must not begin with aws, ecs, fargate where there are capacity_providers, got 'ecs-x'; "
            f"it begins their names (ecs-x-test-main-{name}), and AWS keeps those for its own"
            for name in ("gpu", "managed")
        ],
    ),
    "a name that AWS keeps, and nothing that has it": (
        {"project": "aws", "clusters": {"main": cluster_settings(capacity_providers={})}},
        [],
    ),
    "a task called like a service": (
        {"services": {"embed": worker_settings()}, "task_definitions": {"embed": run_task()}},
        [
            "task_definitions.embed must not be called like services.embed, got 'embed'; "
            "both have a task definition of that name"
        ],
    ),
}


@pytest.mark.parametrize(("changes", "found"), NAMES.values(), ids=list(NAMES))
def test_names_are_ones_that_aws_takes(changes: dict[str, Any], found: list[str]) -> None:
    if found:
        assert problems(lambda: environment(**changes)) == found
    else:
        assert environment(**changes).name == "test"


def test_a_canary_has_a_role_whose_name_fits() -> None:
    changes = {"deployment": CanaryDeployment(), "load_balancing": LOAD_BALANCER}
    assert environment(services={"a" * 24: replicas(**changes)}).name == "test"
