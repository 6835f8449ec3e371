"""How a VPC's range is cut into subnets. Pure: no constructs.

The range is cut into eighths. Each of the first seven belongs to one availability zone, by the zone's letter (a to g):
that is where workloads run. The last eighth holds a /28 for each zone's NAT gateway, in the same order from its start,
and a range for each zone's load balancers, from its end. A range follows from the VPC's range and the zone's own letter
alone, so adding or removing a zone, NAT or load balancers moves nobody else's.
"""

from collections.abc import Iterator
from ipaddress import IPv4Network

from modules.problems import Problem, format_value

INTERNET = "0.0.0.0/0"
ZONE_LETTERS = "abcdefg"
SMALLEST_SUBNET = 28  # AWS takes no smaller one, and keeps five of its sixteen addresses
SMALLEST_LOAD_BALANCER_SUBNET = 27  # of Application Load Balancers, each of which wants eight addresses free

# RFC 1918 and RFC 6598: ranges that nobody on the internet has.
PRIVATE_RANGES = ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10")
DOCKER_BRIDGE = "172.17.0.0/16"


def workload_range(vpc_range: str, availability_zone: str) -> str:
    """Return the range of the zone's workloads: an eighth of the VPC's."""
    return str(_eighths(vpc_range)[_slot(availability_zone)])


def nat_range(vpc_range: str, availability_zone: str) -> str:
    """Return the /28 of the zone's NAT gateway, within the last eighth."""
    last = _eighths(vpc_range)[len(ZONE_LETTERS)]
    start = int(last.network_address) + _slot(availability_zone) * 2 ** (32 - SMALLEST_SUBNET)
    return str(IPv4Network((start, SMALLEST_SUBNET)))


def load_balancer_range(vpc_range: str, availability_zone: str) -> str:
    """Return the range of the zone's load balancers, within the last eighth: of half of it an eighth, or else a /27."""
    last = _eighths(vpc_range)[len(ZONE_LETTERS)]
    prefix = min(last.prefixlen + 4, SMALLEST_LOAD_BALANCER_SUBNET)
    end = int(last.broadcast_address) + 1
    return str(IPv4Network((end - (_slot(availability_zone) + 1) * 2 ** (32 - prefix), prefix)))


def vpc_range_problems(path: str, vpc_range: str) -> Iterator[Problem]:
    """Yield what keeps ``vpc_range`` from being the range of a VPC that is cut this way."""
    try:
        network = IPv4Network(vpc_range, strict=False)
    except ValueError:
        network = None
    if network is None or "/" not in vpc_range:
        yield Problem(path, "be an IPv4 range such as 10.0.0.0/16", format_value(vpc_range), "the VPC's addresses")
        return
    if str(network) != vpc_range:
        yield Problem(
            path,
            f"be written as {str(network)!r}",
            format_value(vpc_range),
            "a range is written with its first address",
        )
        return
    if not any(network.subnet_of(IPv4Network(private)) for private in PRIVATE_RANGES):
        yield Problem(
            path,
            f"lie within {', '.join(PRIVATE_RANGES[:-1])} or {PRIVATE_RANGES[-1]}",
            format_value(vpc_range),
            "otherwise hosts on the internet with the same addresses cannot be reached",
        )
    if not 16 <= network.prefixlen <= 22:
        yield Problem(
            path,
            "have a prefix from /16 to /22",
            f"/{network.prefixlen}",
            "AWS allows no larger VPC, and a smaller one has no room for a NAT subnet of /28 in each zone",
        )
    if network.overlaps(IPv4Network(DOCKER_BRIDGE)):
        yield Problem(
            path,
            f"not overlap {DOCKER_BRIDGE}",
            format_value(vpc_range),
            "Docker's bridge on EC2 instances uses these addresses, so containers could not reach hosts that have them",
        )


def _eighths(vpc_range: str) -> list[IPv4Network]:
    return list(IPv4Network(vpc_range).subnets(prefixlen_diff=3))


def _slot(availability_zone: str) -> int:
    return ZONE_LETTERS.index(availability_zone[-1])
