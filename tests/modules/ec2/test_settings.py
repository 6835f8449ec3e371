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
from tests.problems import problems

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
            [
                "root_volume_gib must be from 30 to 65,536 GiB, got 29; holds container images and what jobs write "
                "outside of volumes; full = failed"
            ],
        ),
        (
            {"root_volume_gib": 65_537},
            [
                "root_volume_gib must be from 30 to 65,536 GiB, got 65,537; holds container images and what jobs write "
                "outside of volumes; full = failed"
            ],
        ),
        (
            {"root_volume_iops": 2_999},
            [
                "root_volume_iops must be from 3,000 to 80,000, got 2,999; None: 3,000, which are part of the volume's "
                "price"
            ],
        ),
        (
            {"root_volume_iops": 80_001},
            [
                "root_volume_iops must be from 3,000 to 80,000, got 80,001; None: 3,000, which are part of the "
                "volume's price"
            ],
        ),
        (
            {"root_volume_throughput_mib_per_second": 124},
            [
                "root_volume_throughput_mib_per_second must be from 125 to 2,000, got 124; None: 125, part of the "
                "volume's price; large images are pulled as fast as this"
            ],
        ),
        (
            {"root_volume_throughput_mib_per_second": 2_001},
            [
                "root_volume_throughput_mib_per_second must be from 125 to 2,000, got 2,001; None: 125, part of the "
                "volume's price; large images are pulled as fast as this"
            ],
        ),
        (
            {"root_volume_gib": 30, "root_volume_iops": 15_001},
            [
                "root_volume_iops must be at most 500 for each GiB of root_volume_gib (30), got 15,001; EC2 refuses "
                "the volume"
            ],
        ),
        (
            {"root_volume_throughput_mib_per_second": 751},
            [
                "root_volume_throughput_mib_per_second must be at most a quarter of root_volume_iops (3,000), got 751; "
                "EC2 refuses the volume"
            ],
        ),
        (
            {"root_volume_iops": 4_000, "root_volume_throughput_mib_per_second": 1_001},
            [
                "root_volume_throughput_mib_per_second must be at most a quarter of root_volume_iops (4,000), got "
                "1,001; EC2 refuses the volume"
            ],
        ),
        (
            {"user_data": "echo"},
            ["user_data must begin with #!, got 'echo'; cloud-init cannot run it otherwise"],
        ),
    ],
)
def test_one_step_outside_is_refused(settings: dict[str, Any], messages: list[str]) -> None:
    assert problems(lambda: LaunchTemplateSettings(**settings)) == messages


def test_iops_and_throughput_may_be_as_high_as_the_volume_allows() -> None:
    assert LaunchTemplateSettings(root_volume_gib=30, root_volume_iops=15_000).root_volume_iops == 15_000
    settings = LaunchTemplateSettings(root_volume_iops=4_000, root_volume_throughput_mib_per_second=1_000)
    assert settings.root_volume_throughput_mib_per_second == 1_000


def test_user_data_may_be_as_long_as_ec2_takes_counted_in_bytes() -> None:
    script = "#!/bin/sh\n# "
    longest = script + "é" * ((USER_DATA_BYTES - len(script)) // 2)
    assert LaunchTemplateSettings(user_data=longest).user_data == longest
    assert problems(lambda: LaunchTemplateSettings(user_data=longest + "é")) == [
        "user_data must have at most 12,288 bytes, got 12,290; keep the rest in S3 and fetch it from there"
    ]


@pytest.mark.parametrize("kind", [CapacityReservation, CapacityBlock])
def test_a_reservation_is_named_by_its_id(kind: type[CapacityReservation | CapacityBlock]) -> None:
    assert kind(reservation_id="cr-12345678").reservation_id == "cr-12345678"
    assert problems(lambda: kind(reservation_id="reservation")) == [
        "reservation_id must match ^cr-[0-9a-f]{8,17}$, got 'reservation'; instances start in it and nowhere else"
    ]


def test_a_group_of_reservations_is_named_by_its_arn() -> None:
    assert problems(lambda: CapacityReservationGroup(resource_group_arn="gpus")) == [
        "resource_group_arn must match "
        r"^arn:aws[a-z-]*:resource-groups:[a-z0-9-]+:[0-9]{12}:group/[0-9A-Za-z_.-]+(/[a-z0-9]+)?$, "
        "got 'gpus'; the group's ARN"
    ]


@pytest.mark.parametrize("names", [("m6i.large",), ("g5", "g6.xlarge"), ("optimal",), ("default_arm64", "c8g")])
def test_types_families_and_batch_s_words_are_accepted(names: tuple[str, ...]) -> None:
    assert list(instance_type_problems("instance_types", names)) == []


@pytest.mark.parametrize(
    ("names", "message"),
    [
        (
            ("g5.xlarge", "g5.xlage"),
            "instance_types[1] must name an instance type, a family or one of default_arm64, default_x86_64, optimal, "
            "got 'g5.xlage'; did you mean g5.xlarge?",
        ),
        (
            ("gpu",),
            "instance_types[0] must name an instance type, a family or one of default_arm64, default_x86_64, optimal, "
            "got 'gpu'; make instance-types adds new types",
        ),
        (("g5", "g5"), "instance_types[1] must be named once, got 'g5'"),
        (
            ("m6i", "m6g.large"),
            "instance_types must have one CPU architecture, got arm64 and x86_64; an image built for one does not "
            "start on the other",
        ),
    ],
)
def test_what_is_no_set_of_types_is_refused(names: tuple[str, ...], message: str) -> None:
    assert [str(problem) for problem in instance_type_problems("instance_types", names)] == [message]


@pytest.mark.parametrize(
    ("raid", "names", "messages"),
    [
        (True, ("g5",), []),
        (False, ("m6i.large",), []),
        (
            True,
            ("g5.xlarge", "m6i.large"),
            [
                "launch_template.instance_store_raid must be False where an instance type has no NVMe instance store, "
                "got True, and m6i.large without; jobs would fill the root volume instead"
            ],
        ),
        (
            True,
            ("inf2",),
            [
                "launch_template.instance_store_raid must be False where an instance type has no NVMe instance store, "
                "got True, and inf2.xlarge, inf2.8xlarge, inf2.24xlarge and 1 more without; jobs would fill the root "
                "volume instead"
            ],
        ),
    ],
)
def test_a_volume_needs_disks_in_every_type(raid: bool, names: tuple[str, ...], messages: list[str]) -> None:
    settings = LaunchTemplateSettings(instance_store_raid=raid)
    found = instance_store_problems("launch_template", settings, possible_types(names))
    assert [str(problem) for problem in found] == messages


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
            [
                "instance_types must name one instance type where reserved_capacity is a CapacityReservation, got "
                "['g5']; it is of one type, and an instance of another does not start"
            ],
        ),
        (
            BLOCK,
            ("p5.48xlarge", "p5e.48xlarge"),
            [
                "instance_types must name one instance type where reserved_capacity is a CapacityBlock, got "
                "['p5.48xlarge', 'p5e.48xlarge']; it is of one type, and an instance of another does not start"
            ],
        ),
        (
            BLOCK,
            ("g5.xlarge",),
            ["instance_types must name a type that has Capacity Blocks, got 'g5.xlarge'; use a CapacityReservation"],
        ),
    ],
)
def test_reserved_capacity_is_of_one_type(
    capacity: ReservedCapacity | None, names: tuple[str, ...], messages: list[str]
) -> None:
    found = reserved_capacity_problems("instance_types", capacity, names, possible_types(names))
    assert [str(problem) for problem in found] == messages


def test_the_role_of_instances_has_their_name() -> None:
    assert instance_role_name("tb-dev-gpu") == "tb-dev-gpu-instance"
