"""Tasks against the managed instances they are to run on, each rule with its whole message."""

from typing import Any

import pytest

from modules.ecs.settings.capacity import CapacityShare
from modules.ecs.settings.managed_instances import Amount
from modules.ecs.settings.placement import SPREAD_OVER_ZONES, PlacementStrategy
from tests.modules.ecs.samples import cluster_settings, ec2_container, ec2_task, group_provider, managed_provider
from tests.problems import refused
from tests.stacks.rules.service_samples import GPU, replicas, with_cluster

MANAGED = [CapacityShare(provider="managed")]
WITHOUT_GPU = {"worker": ec2_container()}


def managed(provider: dict[str, Any], task: dict[str, Any], **service: Any) -> dict[str, Any]:
    providers = {"gpu": group_provider(), "managed": managed_provider(**provider)}
    return {
        "services": {"api": replicas(**{"capacity": MANAGED, "task": ec2_task(**task)} | service)},
        "clusters": {"main": cluster_settings(capacity_providers=providers)},
    }


M5 = {"instance_types": ["m5.large", "m5.xlarge"]}
# Of 16,384 MiB the kernel and ECS's agent leave this.
ROOM = 15_532


@pytest.mark.parametrize(
    ("provider", "task"),
    [
        (M5, {"vcpus": 4, "memory_mib": ROOM, "containers": WITHOUT_GPU}),
        # On the larger of the two.
        (M5, {"vcpus": 2.5, "memory_mib": 1_024, "containers": WITHOUT_GPU}),
        ({}, {"vcpus": 8, "memory_mib": 100_000, "containers": WITHOUT_GPU}),
        ({"gpus": Amount(min=1, max=1)}, {"vcpus": 8}),
    ],
)
def test_a_task_that_fits_on_one_of_the_types_is_accepted(provider: dict[str, Any], task: dict[str, Any]) -> None:
    assert with_cluster(**managed(provider, task)).name == "test"


@pytest.mark.parametrize(
    ("provider", "task", "got"),
    [
        (
            M5,
            {"vcpus": 4.5, "memory_mib": 1_024, "containers": WITHOUT_GPU},
            "4.5 vCPUs, 1,024 MiB and 0 GPUs",
        ),
        (
            M5,
            {"vcpus": 4, "memory_mib": ROOM + 1, "containers": WITHOUT_GPU},
            "4 vCPUs, 15,533 MiB and 0 GPUs",
        ),
        (
            {"gpus": Amount(min=1, max=4), "instance_types": ["g5.xlarge"]},
            {"containers": {"worker": ec2_container(gpus=2)}},
            "4 vCPUs, 12,000 MiB and 2 GPUs",
        ),
    ],
)
def test_a_task_that_fits_on_no_type_is_refused(provider: dict[str, Any], task: dict[str, Any], got: str) -> None:
    assert refused(lambda: with_cluster(**managed(provider, task))) == [f"services.api.task: got {got}"]


def test_what_the_bounds_refuse_is_refused_once() -> None:
    assert refused(lambda: with_cluster(**managed(M5, {"vcpus": 9, "containers": WITHOUT_GPU}))) == [
        "clusters.main.capacity_providers.managed.vcpus: 9, got 8"
    ]


PLACEMENT = [SPREAD_OVER_ZONES, PlacementStrategy(type="random")]
PLACED_BY_ECS = "services.api.placement: got spread, random"


@pytest.mark.parametrize("by_default", [False, True])
def test_ecs_takes_no_placement_on_instances_that_it_manages(by_default: bool) -> None:
    changes = managed({}, {"containers": WITHOUT_GPU}, placement=PLACEMENT, capacity=[] if by_default else MANAGED)
    if by_default:
        settings = changes["clusters"]["main"].model_copy(update={"default_capacity": tuple(MANAGED)})
        changes["clusters"] = {"main": settings}
    assert refused(lambda: with_cluster(**changes)) == [PLACED_BY_ECS]


def test_on_instances_of_a_group_a_placement_is_taken() -> None:
    assert with_cluster(**managed({}, {}, placement=PLACEMENT, capacity=GPU)).name == "test"


def test_constraints_are_taken_on_instances_that_ecs_manages() -> None:
    task = {"containers": WITHOUT_GPU, "placement_constraints": ["attribute:ecs.instance-type =~ m5.*"]}
    assert with_cluster(**managed({}, task, distinct_instances=True)).name == "test"
