import time

import pytest

from modules.ec2 import instance_types
from modules.ec2.instance_types import (
    COLUMNS,
    TABLE,
    architectures,
    find_type,
    is_known,
    known_names,
    known_types,
    possible_types,
    smallest_type,
    types_matching,
    types_of_family,
)
from modules.ec2.refresh_instance_types import moto_types, row_of, table_lines


def names(*wanted: str) -> list[str]:
    return [kind.name for kind in possible_types(wanted)]


def test_the_table_has_what_its_source_has() -> None:
    heading, columns, *lines = TABLE.read_text(encoding="utf-8").splitlines()
    assert heading.startswith("# EC2 DescribeInstanceTypes as moto ")
    assert columns == ",".join(COLUMNS)
    assert set(table_lines(map(row_of, moto_types().values()))) <= set(lines)
    assert lines == sorted(lines)
    assert all(line.count(",") == columns.count(",") for line in lines)


def test_a_type_is_found_with_all_that_it_has() -> None:
    kind = find_type("g5.12xlarge")
    assert kind is not None
    assert kind._asdict() == {
        "name": "g5.12xlarge",
        "vcpus": 48,
        "memory_mib": 196_608,
        "gpus": 4,
        "gpu_name": "A10G",
        "gpu_memory_mib": 22_888,
        "neuron_devices": 0,
        "architecture": "x86_64",
        "cpu_manufacturer": "AMD",
        "nvme_gb": 3_800,
        "efa_interfaces": 1,
        "network_cards": 1,
        "spot": True,
        "capacity_block": False,
        "current_generation": False,
        "bare_metal": False,
        "burstable": False,
        "hypervisor": "nitro",
        "max_interfaces": 15,
        "max_pods": 737,
    }


@pytest.mark.parametrize(
    ("name", "column", "value"),
    [
        ("g6f.large", "gpus", 1),  # an eighth of one
        ("inf2.24xlarge", "neuron_devices", 6),
        ("m1.small", "architecture", "x86_64"),  # i386, too
        ("m7g.large", "cpu_manufacturer", "AWS"),
        ("mac2.metal", "cpu_manufacturer", "Apple"),
        ("m1.small", "nvme_gb", 0),  # a disk, but not NVMe
        ("m1.small", "hypervisor", "xen"),
        ("c6g.metal", "hypervisor", ""),
        ("c6g.metal", "bare_metal", True),
        ("p5.48xlarge", "capacity_block", True),
        ("p5.48xlarge", "efa_interfaces", 32),
        ("p6-b300.48xlarge", "efa_interfaces", 0),  # none on its first network card
        ("mac1.metal", "spot", False),
        ("t3.micro", "burstable", True),
        ("t3.micro", "max_interfaces", 2),
        ("m5.large", "max_interfaces", 3),
        ("p4d.24xlarge", "max_interfaces", 60),  # of four network cards
        # As in the list that comes with the images of EKS.
        ("t3.micro", "max_pods", 4),
        ("m5.large", "max_pods", 29),
        ("p5.48xlarge", "max_pods", 100),  # 32 network cards, of which one carries pods
        ("r3.large", "current_generation", False),
    ],
)
def test_what_is_special_about_a_type_is_known(name: str, column: str, value: object) -> None:
    assert getattr(find_type(name), column) == value


def test_what_is_not_in_the_table_is_not_found() -> None:
    assert find_type("c6i.huge") is None
    assert find_type("c6i") is None
    assert types_of_family("c99") == ()
    assert names("c99", "c6i.huge") == []


def test_a_family_goes_from_small_to_large() -> None:
    sizes = [kind.vcpus for kind in types_of_family("g5")]
    assert [kind.name for kind in types_of_family("g5")][:2] == ["g5.xlarge", "g5.2xlarge"]
    assert types_of_family("g5")[-1].gpus == 8
    assert min(sizes) == 4


def test_a_family_is_not_another_that_starts_alike() -> None:
    assert {kind.family for kind in types_of_family("c7i")} == {"c7i"}
    assert {kind.family for kind in types_of_family("c7i-flex")} == {"c7i-flex"}


@pytest.mark.parametrize(
    ("word", "families"),
    [
        ("default_x86_64", {"c6i", "c7i", "m6i", "r6i"}),
        ("optimal", {"c6i", "c7i", "m6i", "r6i"}),
        ("default_arm64", {"c6g", "c7g", "m6g", "r6g"}),
    ],
)
def test_batch_s_words_stand_for_families(word: str, families: set[str]) -> None:
    assert {kind.family for kind in possible_types([word])} == families


def test_each_possible_type_is_there_once() -> None:
    assert names("g5.xlarge", "g5", "g5.xlarge") == names("g5")


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        (("m6i.large", "g5.xlarge"), ("x86_64",)),
        (("m6i.large", "m6g.large"), ("arm64", "x86_64")),
        ((), ()),
    ],
)
def test_architectures_are_told_once_each(wanted: tuple[str, ...], found: tuple[str, ...]) -> None:
    assert architectures(possible_types(wanted)) == found


@pytest.mark.parametrize(
    ("wanted", "smallest"),
    [
        (("g5.xlarge", "m6i.32xlarge"), "m6i.32xlarge"),  # a GPU makes a type larger than any number of vCPUs
        (("c6i.2xlarge", "m6i.2xlarge"), "c6i.2xlarge"),
        (("c6id.large", "c6i.large"), "c6i.large"),
        ((), None),
    ],
)
def test_the_smallest_type_has_few_gpus_then_few_vcpus_little_memory_and_no_disks(
    wanted: tuple[str, ...], smallest: str | None
) -> None:
    kind = smallest_type(possible_types(wanted))
    assert (kind.name if kind else None) == smallest


def test_everything_known_is_told() -> None:
    assert {"g5", "g5.xlarge", "default_arm64", "default_x86_64", "optimal"} <= set(known_names())
    assert all(map(is_known, known_names()))
    assert not is_known("g5.huge")


def test_looking_up_takes_milliseconds() -> None:
    for cached in (instance_types._lines, instance_types._families, instance_types._parsed):
        cached.cache_clear()
    start = time.perf_counter()
    possible_types(["default_x86_64", "g5", "p5.48xlarge"])
    assert time.perf_counter() - start < 0.05


@pytest.mark.parametrize(
    ("pattern", "found"),
    [
        ("m5.large", ["m5.large"]),
        ("m5.*xlarge", [f"m5.{size}xlarge" for size in ("", 2, 4, 8, 12, 16, 24)]),
        ("*5.12xlarge", ["c5.12xlarge", "g5.12xlarge", "m5.12xlarge", "r5.12xlarge"]),
        ("m5", []),
        ("zz9.*", []),
    ],
)
def test_a_star_stands_for_any_characters(pattern: str, found: list[str]) -> None:
    assert sorted(kind.name for kind in types_matching(pattern)) == sorted(found)


def test_a_cpu_is_of_the_architecture_that_its_manufacturer_makes() -> None:
    made = {(kind.cpu_manufacturer, kind.architecture.removesuffix("_mac")) for kind in types_matching("*")}
    assert made == {("AMD", "x86_64"), ("AWS", "arm64"), ("Apple", "arm64"), ("Intel", "x86_64")}


def test_all_types_have_a_name() -> None:
    assert {"m5.large", "g5.xlarge"} <= set(known_types())
    assert len(known_types()) == len(list(types_matching("*")))
