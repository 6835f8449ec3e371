"""Every rule of EC2's settings, on both edges and one step outside, with its whole message."""

from typing import Any

import pytest

from modules.ec2.instance_types import possible_types
from modules.ec2.settings import (
    USER_DATA_BYTES,
    CapacityBlock,
    CapacityReservation,
    CapacityReservationGroup,
    LaunchTemplateSettings,
    ReservedCapacity,
    instance_role_name,
    instance_store_problems,
    instance_type_problems,
    reserved_capacity_problems,
)
from tests.problems import in_short, refused

RESERVATION = CapacityReservation(reservation_id="cr-0123456789abcdef0")
BLOCK = CapacityBlock(reservation_id="cr-0123456789abcdef0")
GROUP = CapacityReservationGroup(resource_group_arn="arn:aws:resource-groups:us-east-1:111122223333:group/gpus")


@pytest.mark.parametrize(
    ("setting", "edges"),
    [
        ("root_volume_gib", [30, 65_536]),
        ("root_volume_iops", [3_000, 50_000]),
        ("root_volume_throughput_mib_per_second", [125, 750]),
    ],
)
def test_the_edges_of_a_range_are_accepted(setting: str, edges: list[int]) -> None:
    for value in edges:
        settings: dict[str, Any] = {setting: value}
        assert getattr(LaunchTemplateSettings(**settings), setting) == value


def test_the_largest_volume_may_have_the_most_of_everything() -> None:
    settings = LaunchTemplateSettings(
        root_volume_gib=160, root_volume_iops=80_000, root_volume_throughput_mib_per_second=2_000
    )
    assert settings.root_volume_iops == 80_000


@pytest.mark.parametrize(
    ("settings", "messages"),
    [
        (
            {"root_volume_gib": 29},
            ["root_volume_gib: 30, 65,536, got 29"],
        ),
        (
            {"root_volume_gib": 65_537},
            ["root_volume_gib: 30, 65,536, got 65,537"],
        ),
        (
            {"root_volume_iops": 2_999},
            ["root_volume_iops: 3,000, 80,000, got 2,999"],
        ),
        (
            {"root_volume_iops": 80_001},
            ["root_volume_iops: 3,000, 80,000, got 80,001"],
        ),
        (
            {"root_volume_throughput_mib_per_second": 124},
            ["root_volume_throughput_mib_per_second: 125, 2,000, got 124"],
        ),
        (
            {"root_volume_throughput_mib_per_second": 2_001},
            ["root_volume_throughput_mib_per_second: 125, 2,000, got 2,001"],
        ),
        (
            {"root_volume_gib": 30, "root_volume_iops": 15_001},
            ["root_volume_iops: 500, 30, got 15,001"],
        ),
        (
            {"root_volume_throughput_mib_per_second": 751},
            ["root_volume_throughput_mib_per_second: 3,000, got 751"],
        ),
        (
            {"root_volume_iops": 4_000, "root_volume_throughput_mib_per_second": 1_001},
            ["root_volume_throughput_mib_per_second: 4,000, got 1,001"],
        ),
        (
            {"user_data": "echo"},
            ["user_data: got 'echo'"],
        ),
    ],
)
def test_one_step_outside_is_refused(settings: dict[str, Any], messages: list[str]) -> None:
    assert refused(lambda: LaunchTemplateSettings(**settings)) == messages


def test_iops_and_throughput_may_be_as_high_as_the_volume_allows() -> None:
    assert LaunchTemplateSettings(root_volume_gib=30, root_volume_iops=15_000).root_volume_iops == 15_000
    settings = LaunchTemplateSettings(root_volume_iops=4_000, root_volume_throughput_mib_per_second=1_000)
    assert settings.root_volume_throughput_mib_per_second == 1_000


def test_user_data_may_be_as_long_as_ec2_takes_counted_in_bytes() -> None:
    script = "#!/bin/sh\n# "
    longest = script + "é" * ((USER_DATA_BYTES - len(script)) // 2)
    assert LaunchTemplateSettings(user_data=longest).user_data == longest
    assert refused(lambda: LaunchTemplateSettings(user_data=longest + "é")) == ["user_data: 12,288, got 12,290"]


@pytest.mark.parametrize("kind", [CapacityReservation, CapacityBlock])
def test_a_reservation_is_named_by_its_id(kind: type[CapacityReservation | CapacityBlock]) -> None:
    assert kind(reservation_id="cr-12345678").reservation_id == "cr-12345678"
    assert refused(lambda: kind(reservation_id="reservation")) == ["reservation_id: got 'reservation'"]


def test_a_group_of_reservations_is_named_by_its_arn() -> None:
    assert refused(lambda: CapacityReservationGroup(resource_group_arn="gpus")) == ["resource_group_arn: got 'gpus'"]


@pytest.mark.parametrize("names", [("m6i.large",), ("g5", "g6.xlarge"), ("optimal",), ("default_arm64", "c8g")])
def test_types_families_and_batch_s_words_are_accepted(names: tuple[str, ...]) -> None:
    assert list(instance_type_problems("instance_types", names)) == []


@pytest.mark.parametrize(
    ("names", "message"),
    [
        (
            ("g5.xlarge", "g5.xlage"),
            "instance_types[1]: got 'g5.xlage'",
        ),
        (
            ("gpu",),
            "instance_types[0]: got 'gpu'",
        ),
        (("g5", "g5"), "instance_types[1]: got 'g5'"),
        (
            ("m6i", "m6g.large"),
            "instance_types: got arm64 and x86_64",
        ),
    ],
)
def test_what_is_no_set_of_types_is_refused(names: tuple[str, ...], message: str) -> None:
    assert in_short(instance_type_problems("instance_types", names)) == [message]


@pytest.mark.parametrize(
    ("raid", "names", "messages"),
    [
        (True, ("g5",), []),
        (False, ("m6i.large",), []),
        (
            True,
            ("g5.xlarge", "m6i.large"),
            ["launch_template.instance_store_raid: got True, and m6i.large without"],
        ),
        (
            True,
            ("inf2",),
            [
                "launch_template.instance_store_raid: got True, and inf2.xlarge, inf2.8xlarge, inf2.24xlarge "
                "and 1 more without"
            ],
        ),
    ],
)
def test_a_volume_needs_disks_in_every_type(raid: bool, names: tuple[str, ...], messages: list[str]) -> None:
    settings = LaunchTemplateSettings(instance_store_raid=raid)
    found = instance_store_problems("launch_template", settings, possible_types(names))
    assert in_short(found) == messages


@pytest.mark.parametrize(
    ("capacity", "names", "messages"),
    [
        (None, ("g5", "g6"), []),
        (RESERVATION, ("g5.xlarge",), []),
        (BLOCK, ("p5.48xlarge",), []),
        (GROUP, ("g5", "g6"), []),
        (
            RESERVATION,
            ("g5",),
            ["instance_types: got ['g5']"],
        ),
        (
            BLOCK,
            ("p5.48xlarge", "p5e.48xlarge"),
            ["instance_types: got ['p5.48xlarge', 'p5e.48xlarge']"],
        ),
        (
            BLOCK,
            ("g5.xlarge",),
            ["instance_types: got 'g5.xlarge'"],
        ),
    ],
)
def test_reserved_capacity_is_of_one_type(
    capacity: ReservedCapacity | None, names: tuple[str, ...], messages: list[str]
) -> None:
    found = reserved_capacity_problems("instance_types", capacity, names, possible_types(names))
    assert in_short(found) == messages


def test_the_role_of_instances_has_their_name() -> None:
    assert instance_role_name("tb-dev-gpu") == "tb-dev-gpu-instance"
