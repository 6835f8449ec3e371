from ipaddress import IPv4Network
from itertools import combinations

import pytest

from modules.vpc.cidr import (
    load_balancer_range,
    nat_range,
    secondary_range_problems,
    vpc_range_problems,
    workload_range,
)
from modules.vpc.zones import ZONE_LETTERS
from tests.problems import in_short


def messages(vpc_range: str) -> list[str]:
    return in_short(vpc_range_problems("cidr_block", vpc_range))


def all_ranges(vpc_range: str) -> list[IPv4Network]:
    cuts = [workload_range, nat_range]
    if IPv4Network(vpc_range).prefixlen <= 20:
        cuts.append(load_balancer_range)
    return [IPv4Network(str(cut(vpc_range, f"us-east-1{letter}"))) for cut in cuts for letter in ZONE_LETTERS]


@pytest.mark.parametrize(
    ("zone", "workloads", "nat"),
    [
        ("us-east-1a", "10.0.0.0/19", "10.0.224.0/28"),
        ("us-east-1b", "10.0.32.0/19", "10.0.224.16/28"),
        ("ap-northeast-1d", "10.0.96.0/19", "10.0.224.48/28"),
        ("us-east-1g", "10.0.192.0/19", "10.0.224.96/28"),
        ("use1-az1", "10.0.0.0/19", "10.0.224.0/28"),
        ("apne1-az4", "10.0.96.0/19", "10.0.224.48/28"),
    ],
)
def test_a_zones_ranges_follow_from_its_letter_or_number_alone(zone: str, workloads: str, nat: str) -> None:
    assert workload_range("10.0.0.0/16", zone) == workloads
    assert nat_range("10.0.0.0/16", zone) == nat


@pytest.mark.parametrize(
    ("vpc_range", "zone", "load_balancers"),
    [
        ("10.0.0.0/16", "us-east-1a", "10.0.254.0/23"),
        ("10.0.0.0/16", "us-east-1g", "10.0.242.0/23"),
        ("10.0.0.0/20", "us-east-1a", "10.0.15.224/27"),
        ("10.0.0.0/22", "us-east-1b", "10.0.3.192/27"),
    ],
)
def test_load_balancers_have_the_end_of_what_nat_gateways_have_the_start_of(
    vpc_range: str, zone: str, load_balancers: str
) -> None:
    assert load_balancer_range(vpc_range, zone) == load_balancers


@pytest.mark.parametrize("prefix", range(16, 23))
def test_every_range_lies_in_the_vpc_and_overlaps_no_other(prefix: int) -> None:
    vpc = IPv4Network(f"10.64.0.0/{prefix}")
    ranges = all_ranges(str(vpc))
    assert all(part.subnet_of(vpc) for part in ranges)
    assert not any(one.overlaps(other) for one, other in combinations(ranges, 2))
    assert max(part.prefixlen for part in ranges) == 28


@pytest.mark.parametrize(
    "vpc_range",
    [
        "10.0.0.0/16",
        "10.255.252.0/22",
        "10.0.0.0/28",
        "172.16.0.0/16",
        "172.18.0.0/16",
        "172.31.0.0/16",
        "192.168.0.0/16",
        "100.64.0.0/16",
        "100.127.252.0/22",
    ],
)
def test_a_private_range_of_a_good_size_is_taken(vpc_range: str) -> None:
    assert messages(vpc_range) == []


def size(got: str) -> str:
    return f"cidr_block: got {got}"


def public(got: str) -> str:
    return f"cidr_block: got {got!r}"


def docker(got: str) -> str:
    return f"cidr_block: got {got!r}"


@pytest.mark.parametrize(
    ("vpc_range", "expected"),
    [
        ("10.0.0.0/15", [size("/15")]),
        ("10.0.0.0/29", [size("/29")]),
        ("172.15.0.0/16", [public("172.15.0.0/16")]),
        ("172.32.0.0/16", [public("172.32.0.0/16")]),
        ("192.169.0.0/16", [public("192.169.0.0/16")]),
        ("100.128.0.0/16", [public("100.128.0.0/16")]),
        ("8.8.8.0/29", [public("8.8.8.0/29"), size("/29")]),
        ("172.17.0.0/16", [docker("172.17.0.0/16")]),
        ("172.17.4.0/22", [docker("172.17.4.0/22")]),
        (
            "10.0.0.1/16",
            ["cidr_block: got '10.0.0.1/16'"],
        ),
        (
            "10.0.0.0/255.255.0.0",
            ["cidr_block: got '10.0.0.0/255.255.0.0'"],
        ),
        (
            "10.0.0.0",
            ["cidr_block: got '10.0.0.0'"],
        ),
        ("fd00::/16", ["cidr_block: got 'fd00::/16'"]),
        (
            "10.0.0.0/33",
            ["cidr_block: got '10.0.0.0/33'"],
        ),
    ],
)
def test_any_other_range_is_refused(vpc_range: str, expected: list[str]) -> None:
    assert messages(vpc_range) == expected


@pytest.mark.parametrize(("prefix", "is_cut"), [(16, True), (25, True), (26, False), (28, False)])
def test_a_range_is_cut_where_its_eighths_are_subnets(prefix: int, is_cut: bool) -> None:
    for cut in (workload_range, nat_range, load_balancer_range):
        assert (cut(f"10.0.0.0/{prefix}", "us-east-1a") is not None) == is_cut


@pytest.mark.parametrize(
    ("primary", "secondary", "is_taken"),
    [
        ("10.2.0.0/16", "10.0.0.0/16", True),
        ("10.0.0.0/16", "10.1.0.0/16", True),
        ("10.1.0.0/16", "10.0.4.0/24", False),
        ("10.0.0.0/16", "100.64.0.0/16", True),
        ("10.0.0.0/16", "172.16.0.0/16", False),
        ("10.0.0.0/16", "192.168.0.0/16", False),
        ("172.16.0.0/16", "172.30.0.0/16", True),
        ("172.16.0.0/16", "172.31.0.0/16", False),
        ("192.168.0.0/24", "192.168.1.0/24", True),
        ("100.64.0.0/16", "100.65.0.0/16", True),
        ("100.64.0.0/16", "10.0.0.0/16", False),
    ],
)
def test_a_range_is_added_to_one_of_its_kind(primary: str, secondary: str, is_taken: bool) -> None:
    found = in_short(secondary_range_problems("secondary_cidr_blocks[0]", secondary, primary))
    assert [message.rpartition("got ")[2] for message in found] == ([] if is_taken else [repr(secondary)])
