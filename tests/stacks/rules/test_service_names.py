"""Names of what ECS has, each on both edges."""

from typing import Any

import pytest

from modules.batch.settings.compute_environments import Ec2ComputeEnvironment, FargateComputeEnvironment
from modules.ecs.settings.deployments import CanaryDeployment
from tests.modules.ecs.samples import (
    cluster_settings,
    group_provider,
    managed_provider,
    worker_settings,
)
from tests.problems import refused
from tests.stacks.rules.service_samples import (
    LOAD_BALANCER,
    replicas,
    run_task,
    with_cluster,
)

LONG = "a" * 40
SHIFTED: dict[str, Any] = {"deployment": CanaryDeployment(), "load_balancing": LOAD_BALANCER}
NAMES: dict[str, tuple[dict[str, Any], list[str]]] = {
    "a role of 64 characters": ({"services": {"a" * 41: worker_settings()}}, []),
    "a role of 65": (
        {"services": {"a" * 42: worker_settings()}},
        [f"services.{'a' * 42}: 64, got 65 ('tb-test-{'a' * 42}-task-execution')"],
    ),
    "a load balancer of 32": ({"services": {"a" * 24: replicas(load_balancing=LOAD_BALANCER)}}, []),
    "a load balancer of 33": (
        {"services": {"a" * 25: replicas(load_balancing=LOAD_BALANCER)}},
        [f"services.{'a' * 25}: 32, got 33 ('tb-test-{'a' * 25}')"],
    ),
    "a capacity provider of 65": (
        {"clusters": {"m": cluster_settings(capacity_providers={LONG: managed_provider()})}},
        [f"clusters.m.capacity_providers.{LONG}: 64, got 65 ('tb-test-m-{LONG}-infrastructure')"],
    ),
    "a capacity provider of 64": (
        {
            "clusters": {
                "m": cluster_settings(
                    capacity_providers={LONG[1:]: managed_provider(), LONG[5:] + "bbbb": group_provider()}
                )
            }
        },
        [],
    ),
    "a capacity provider called like a compute environment": (
        {"compute_environments": {"main-gpu": Ec2ComputeEnvironment(instance_types=["c6i.large"], max_vcpus=2)}},
        ["clusters.main.capacity_providers.gpu: got 'tb-test-main-gpu'"],
    ),
    "a capacity provider called like a compute environment without instances of its own": (
        {"compute_environments": {"main-gpu": FargateComputeEnvironment(max_vcpus=1)}},
        [],
    ),
    "two capacity providers of two clusters": (
        {
            "clusters": {
                "a": cluster_settings(namespace=None, capacity_providers={"b-c": group_provider()}),
                "a-b": cluster_settings(namespace=None, capacity_providers={"c": managed_provider()}),
            }
        },
        ["clusters.a-b.capacity_providers.c: got 'tb-test-a-b-c'"],
    ),
    "two capacity providers that are called otherwise": (
        {
            "clusters": {
                "a": cluster_settings(namespace=None, capacity_providers={"b-c": group_provider()}),
                "a-b": cluster_settings(namespace=None, capacity_providers={"d": managed_provider()}),
            }
        },
        [],
    ),
    "a service whose traffic is shifted, called like a provider": (
        {"services": {"main-managed": replicas(**SHIFTED)}},
        ["services.main-managed: got 'tb-test-main-managed-infrastructure'"],
    ),
    "a service whose traffic is not, called like a provider": (
        {"services": {"main-managed": replicas(load_balancing=LOAD_BALANCER)}},
        [],
    ),
    "a service called like a provider that has no such role": ({"services": {"main-gpu": replicas(**SHIFTED)}}, []),
    "a name that AWS keeps": (
        {"project": "ecs-x"},
        [f"clusters.main.capacity_providers.{name}: got 'ecs-x-test-main-{name}'" for name in ("gpu", "managed")],
    ),
    "a name that AWS keeps, and nothing that has it": (
        {"project": "aws", "clusters": {"main": cluster_settings(capacity_providers={})}},
        [],
    ),
    "a task called like a service": (
        {"services": {"embed": worker_settings()}, "task_definitions": {"embed": run_task()}},
        ["task_definitions.embed: got 'tb-test-embed'"],
    ),
}


@pytest.mark.parametrize(("changes", "found"), NAMES.values(), ids=list(NAMES))
def test_names_are_ones_that_aws_takes(changes: dict[str, Any], found: list[str]) -> None:
    if found:
        assert refused(lambda: with_cluster(**changes)) == found
    else:
        assert with_cluster(**changes).name == "test"


def test_a_canary_has_a_role_whose_name_fits() -> None:
    assert with_cluster(services={"a" * 24: replicas(**SHIFTED)}).name == "test"
