"""The ranges of a network's subnets, given or cut, and whether all of them have room. Pure: no constructs."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from ipaddress import IPv4Network
from itertools import combinations
from typing import Annotated, NamedTuple

from modules.markers import Replaces
from modules.problems import Problem, format_value
from modules.vpc.cidr import LARGEST_VPC, SMALLEST_CUT_VPC, SMALLEST_SUBNET
from modules.vpc.traffic_settings import CidrBlock
from modules.vpc.zones import AvailabilityZone

# Of a network's subnets, by zone.
SubnetRanges = Annotated[dict[AvailabilityZone, CidrBlock], Replaces("subnet")]


class SubnetRange(NamedTuple):
    """The range of a subnet. ``cidr_block`` None: the VPC's is too small to cut."""

    setting: str
    zone: str
    cidr_block: str | None
    is_given: bool
    smallest: int

    @property
    def path(self) -> str:
        """Return where it is given by itself."""
        return f"{self.setting}.{self.zone}"


class SubnetKind(NamedTuple):
    """Subnets of one kind, one in each of ``zones``: their ranges are ``given`` in ``setting`` by zone, or else cut."""

    setting: str
    zones: Sequence[str]
    given: Mapping[str, str]
    cut: Callable[[str], str | None]
    smallest: int = SMALLEST_SUBNET

    @property
    def ranges(self) -> list[SubnetRange]:
        """Return the range of each zone's subnet."""
        return [
            SubnetRange(self.setting, zone, self.given.get(zone) or self.cut(zone), zone in self.given, self.smallest)
            for zone in self.zones
        ]

    def cidr_block(self, zone: str) -> str:
        """Return the range of a zone's subnet, which the settings have checked."""
        return self.given.get(zone) or self.cut(zone) or ""


def subnet_range_problems(ranges: Sequence[SubnetRange], vpc_ranges: Sequence[str]) -> Iterator[Problem]:
    """Yield ranges that are not there, of no possible size, outside of the VPC's, or not by themselves."""
    small = [item.path for item in ranges if item.cidr_block is None]
    if small:
        rule = f"have a prefix from /{LARGEST_VPC} to /{SMALLEST_CUT_VPC} where {small[0]} is not given"
        reason = f"AWS takes no subnet smaller than /{SMALLEST_SUBNET}, and each zone would get an eighth"
        yield Problem("cidr_block", rule, format_value(vpc_ranges[0]), reason)
    networks = {item: IPv4Network(item.cidr_block) for item in ranges if item.cidr_block is not None}
    for item, network in networks.items():
        if item.is_given and not LARGEST_VPC <= network.prefixlen <= item.smallest:
            rule = f"have a prefix from /{LARGEST_VPC} to /{item.smallest}"
            yield Problem(item.path, rule, format_value(item.cidr_block), "AWS does not accept this size")
        if item.is_given and not any(network.subnet_of(IPv4Network(vpc_range)) for vpc_range in vpc_ranges):
            rule, fix = f"lie within {' or '.join(vpc_ranges)}", "add its range to secondary_cidr_blocks"
            yield Problem(item.path, rule, format_value(item.cidr_block), "a subnet uses addresses of its VPC", fix)
    # Cut from the last eighth's ends, which may be too small.
    yield from (
        _no_room(item, vpc_ranges[0])
        for item, network in networks.items()
        if not item.is_given and not network.subnet_of(IPv4Network(vpc_ranges[0]))
    )
    for (one, its), (other, others) in combinations(networks.items(), 2):
        if its.overlaps(others):
            first, second = (one, other) if other.is_given or not one.is_given else (other, one)
            if not second.is_given:
                yield _no_room(second, vpc_ranges[0])
                return
            rule = f"not overlap {first.cidr_block}, the range of {first.path}"
            yield Problem(second.path, rule, format_value(second.cidr_block), "subnets cannot share addresses")


def _no_room(item: SubnetRange, vpc_range: str) -> Problem:
    reason = "subnets of NAT gateways and load balancers share its last eighth"
    fix = f"use a larger range, or give {item.setting}"
    return Problem("cidr_block", f"have room for {item.path}", format_value(vpc_range), reason, fix)
