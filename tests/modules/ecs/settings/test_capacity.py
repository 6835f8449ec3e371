"""Clusters, capacity providers and shares of them, each rule with its whole message."""

import re
from typing import Any

import pytest

from modules.ec2.settings import LaunchTemplateSettings
from modules.ecs.settings.capacity import CapacityShare
from modules.ecs.settings.capacity_providers import InstanceRefresh, WarmPool
from modules.ecs.settings.clusters import ClusterSettings
from modules.settings import Settings
from tests.modules.ecs.samples import FARGATE, FARGATE_SPOT, cluster_settings, group_provider, managed_provider
from tests.problems import refused


def share(provider: str, **changes: Any) -> CapacityShare:
    return CapacityShare(provider=provider, **changes)


@pytest.mark.parametrize(
    ("build", "field", "lowest", "highest"),
    [
        (lambda **values: share("FARGATE", **values), "weight", 0, 1_000),
        (lambda **values: share("FARGATE", **values), "base", 0, 100_000),
        (group_provider, "target_capacity_percent", 1, 100),
        (group_provider, "max_scaling_step", 1, 10_000),
        (group_provider, "instance_warmup_seconds", 0, 10_000),
        (group_provider, "max_instances", 1, 10_000),
        (group_provider, "on_demand_percent", 0, 100),
        (group_provider, "max_instance_lifetime_days", 1, 365),
        (managed_provider, "storage_gib", 30, 16_384),
        (managed_provider, "scale_in_after_seconds", -1, 3_600),
        (InstanceRefresh, "min_healthy_percent", 10, 100),
    ],
)
def test_limits_hold_on_both_edges(build: Any, field: str, lowest: int, highest: int) -> None:
    for value in (lowest, highest):
        assert getattr(build(**{field: value}), field) == value
    outside = [highest + 1]
    if build is not InstanceRefresh:  # what is below the lowest is a rule, tested on its own
        outside.append(lowest - 1)
    for value in outside:
        assert re.fullmatch(rf"{field}: -?\d+, {highest:,}, got {value:,}", refused(build, **{field: value})[0])


def test_min_scaling_step_is_from_1_to_the_largest() -> None:
    assert group_provider(min_scaling_step=10_000).min_scaling_step == 10_000
    assert refused(lambda: group_provider(min_scaling_step=3, max_scaling_step=2)) == ["min_scaling_step: 2, got 3"]


def test_a_share_names_a_provider() -> None:
    assert refused(CapacityShare, provider="fargate_spot") == ["provider: got 'fargate_spot'"]


@pytest.mark.parametrize(
    ("shares", "found"),
    [
        ([FARGATE], []),
        ([share("FARGATE", base=1), share("FARGATE_SPOT", weight=1_000)], []),
        ([share("gpu"), share("warm", weight=0, base=1)], []),
        ([share("FARGATE", weight=0)], ["default_capacity: 0, got [0]"]),
        (
            [share("FARGATE", base=1), share("FARGATE_SPOT", base=1)],
            ["default_capacity: got FARGATE, FARGATE_SPOT"],
        ),
        (
            [share("FARGATE"), share("gpu")],
            ["default_capacity: got FARGATE, gpu"],
        ),
        (
            [share("FARGATE"), share("FARGATE")],
            ["default_capacity[1].provider: got 'FARGATE'"],
        ),
        ([share("managed")], []),
        (
            [share("managed"), share("others")],
            ["default_capacity: got managed, others"],
        ),
        (
            [share("managed"), share("gpu")],
            ["default_capacity: got managed, gpu"],
        ),
        (
            [share("cpu")],
            ["default_capacity[0].provider: got 'cpu'"],
        ),
    ],
)
def test_a_strategy_is_one_that_ecs_takes(shares: list[CapacityShare], found: list[str]) -> None:
    providers = {
        "gpu": group_provider(),
        "warm": group_provider(),
        "managed": managed_provider(),
        "others": managed_provider(),
    }
    if found:
        assert refused(lambda: cluster_settings(default_capacity=shares, capacity_providers=providers)) == found
    else:
        settings = cluster_settings(default_capacity=shares, capacity_providers=providers)
        assert settings.default_capacity == tuple(shares)


def test_a_cluster_has_at_most_20_capacity_providers_and_two_of_them_are_fargates() -> None:
    providers = {f"p{index}": group_provider() for index in range(19)}
    eighteen = dict(list(providers.items())[:18])
    assert len(cluster_settings(capacity_providers=eighteen).capacity_providers) == 18
    assert refused(lambda: cluster_settings(capacity_providers=providers)) == ["capacity_providers: 18, got 19"]


def test_a_strategy_has_from_one_to_20_shares() -> None:
    shares = [share("FARGATE")] * 21
    assert "default_capacity: 20, got 21" in refused(lambda: cluster_settings(default_capacity=shares))
    assert refused(lambda: cluster_settings(default_capacity=[])) == ["default_capacity: 1, got 0"]


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"min_instances": 8}, None),
        ({"min_instances": 9}, "min_instances: 8, got 9"),
        ({"on_demand_base": 8}, None),
        (
            {"on_demand_base": 9},
            "on_demand_base: 8, got 9",
        ),
        ({"instance_types": ["g5.xlarge"]}, None),
        (
            {"instance_types": ["optimal"]},
            "instance_types[0]: got 'optimal'",
        ),
        (
            {"instance_types": ["g5g.xlarge"]},
            "instance_types[0]: 2023, got 'g5g.xlarge'",
        ),
        ({"instance_types": ["g5g.xlarge"], "image_id": "ami-01234567"}, None),
        (
            {"instance_types": ["m7i.large", "m7g.large"]},
            "instance_types: got arm64 and x86_64",
        ),
        (
            {"instance_types": ["m7i.large", "g5.xlarge"]},
            "instance_types: got ['m7i.large', 'g5.xlarge']",
        ),
        (
            {"launch_template": LaunchTemplateSettings(instance_store_raid=True), "instance_types": ["m7i.large"]},
            "launch_template.instance_store_raid: got True, and m7i.large without",
        ),
    ],
)
def test_a_group_is_one_that_can_be_started(changes: dict[str, Any], problem: str | None) -> None:
    if problem is None:
        assert group_provider(**changes).max_instances == 8
    else:
        assert refused(lambda: group_provider(**changes)) == [problem]


def test_a_type_without_spot_is_for_on_demand_only() -> None:
    assert group_provider(instance_types=["p5.48xlarge"], on_demand_percent=100).uses_spot is False
    found = refused(lambda: group_provider(instance_types=["u-3tb1.56xlarge"], on_demand_percent=99))
    assert found[0] == "instance_types[0]: 100, got 'u-3tb1.56xlarge'"


WARM = {
    "warm_pool": WarmPool(min_instances=2, max_prepared=2),
    "instance_types": ["m7i.large"],
    "on_demand_percent": 100,
}


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({}, None),
        (
            {"on_demand_percent": 99},
            "on_demand_percent: 100, got 99",
        ),
        (
            {"instance_types": ["m7i.large", "m6i.large"]},
            "instance_types: got 2",
        ),
    ],
)
def test_a_warm_pool_is_of_one_type_on_demand(changes: dict[str, Any], problem: str | None) -> None:
    if problem is None:
        assert group_provider(**(WARM | changes)).warm_pool == WARM["warm_pool"]
    else:
        assert refused(lambda: group_provider(**(WARM | changes))) == [problem]


def test_a_warm_pool_prepares_as_many_as_it_keeps() -> None:
    assert refused(WarmPool, min_instances=2, max_prepared=1) == ["max_prepared: 2, got 1"]


def test_an_instance_refresh_leaves_room_to_replace() -> None:
    assert InstanceRefresh(min_healthy_percent=100, max_healthy_percent=101).max_healthy_percent == 101
    assert InstanceRefresh(min_healthy_percent=0, max_healthy_percent=100).min_healthy_percent == 0
    assert refused(InstanceRefresh, min_healthy_percent=100, max_healthy_percent=100) == [
        "max_healthy_percent: 100, got 100"
    ]
    assert refused(InstanceRefresh, min_healthy_percent=0, max_healthy_percent=101) == [
        "max_healthy_percent: 100, 100, got 101"
    ]


@pytest.mark.parametrize("namespace", ["internal", "dev.internal", "a-1.b"])
def test_a_namespace_is_a_domain(namespace: str) -> None:
    assert cluster_settings(namespace=namespace).namespace == namespace


@pytest.mark.parametrize("namespace", ["", ".internal", "Dev.internal", "a..b", "-a"])
def test_a_namespace_that_is_none_is_refused(namespace: str) -> None:
    (problem,) = refused(lambda: cluster_settings(namespace=namespace))
    assert problem == f"namespace: got {namespace!r}"


@pytest.mark.parametrize("base", [ClusterSettings])
def test_a_cluster_says_where_things_run(base: type[Settings]) -> None:
    assert refused(base) == ["default_capacity"]


def test_fargate_is_in_every_cluster() -> None:
    assert cluster_settings(default_capacity=[FARGATE_SPOT], capacity_providers={}).capacity_providers == {}


THREE_FAMILIES = ["c7i", "m7i", "r7i"]  # of eleven types each
SEVEN_TYPES = [f"m6i.{size}" for size in ("large", "xlarge", "2xlarge", "4xlarge", "8xlarge", "12xlarge", "16xlarge")]


def test_families_mean_their_types_of_which_a_group_takes_forty() -> None:
    assert len(group_provider(instance_types=[*THREE_FAMILIES, *SEVEN_TYPES]).group_types) == 40
    too_many = [*THREE_FAMILIES, *SEVEN_TYPES, "m6i.24xlarge"]
    assert refused(group_provider, instance_types=too_many) == ["instance_types: 40, got 41"]


def test_types_that_are_named_come_before_those_of_their_family() -> None:
    assert group_provider(instance_types=["g6.4xlarge", "g6"]).group_types[:3] == [
        "g6.4xlarge",
        "g6.xlarge",
        "g6.2xlarge",
    ]


@pytest.mark.parametrize("image", [None, "ami-0123456789abcdef0"])
def test_the_root_device_is_that_of_the_image(image: str | None) -> None:
    def with_device(device: str) -> object:
        return group_provider(image_id=image, launch_template=LaunchTemplateSettings(root_device=device))

    assert with_device("/dev/xvda")
    if image:
        assert with_device("/dev/sda1")
    else:
        (problem,) = refused(with_device, device="/dev/sda1")
        assert problem.startswith("launch_template.root_device: ")
        assert problem.endswith("got '/dev/sda1'")
