"""How a VPC's range is cut into subnets. Pure: no constructs.

The range is cut into eighths. Each of the first seven belongs to one availability zone, by the zone's letter (a to g)
or number (1 to 7): that is where workloads run. The last eighth holds a /28 for each zone's NAT gateway, in the same
order from its start, and a range for each zone's load balancers, from its end. A range follows from the VPC's range and
the zone alone, so adding or removing a zone, NAT or load balancers moves nobody else's.
"""

from collections.abc import Iterator
from ipaddress import IPv4Network

from modules.problems import Problem, format_value
from modules.vpc.zones import zone_position

INTERNET, INTERNET_IPV6 = "0.0.0.0/0", "::/0"
ZONES = 7
LARGEST_VPC = 16
SMALLEST_SUBNET = 28  # AWS takes no smaller one, and keeps five of its sixteen addresses
SMALLEST_LOAD_BALANCER_SUBNET = 27  # of Application Load Balancers, each of which wants eight addresses free
# Whose eighths are subnets.
SMALLEST_CUT_VPC = SMALLEST_SUBNET - 3

# RFC 1918 and RFC 6598: ranges that nobody on the internet has.
PRIVATE_RANGES = ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10")
SHARED_RANGE = PRIVATE_RANGES[-1]
DOCKER_BRIDGE = "172.17.0.0/16"


def workload_range(vpc_range: str, zone: str) -> str | None:
    """Return the range of the zone's workloads: an eighth of the VPC's; None: that is too small."""
    eighths = _eighths(vpc_range)
    return str(eighths[zone_position(zone)]) if eighths else None


def nat_range(vpc_range: str, zone: str) -> str | None:
    """Return the /28 of the zone's NAT gateway, counted from the start of the last eighth."""
    eighths = _eighths(vpc_range)
    if not eighths:
        return None
    start = int(eighths[ZONES].network_address) + zone_position(zone) * 2 ** (32 - SMALLEST_SUBNET)
    return str(IPv4Network((start, SMALLEST_SUBNET)))


def load_balancer_range(vpc_range: str, zone: str) -> str | None:
    """Return the range of the zone's load balancers, from the VPC's end: of half an eighth an eighth, or a /27."""
    eighths = _eighths(vpc_range)
    if not eighths:
        return None
    prefix = min(eighths[ZONES].prefixlen + 4, SMALLEST_LOAD_BALANCER_SUBNET)
    end = int(eighths[ZONES].broadcast_address) + 1
    return str(IPv4Network((end - (zone_position(zone) + 1) * 2 ** (32 - prefix), prefix)))


def ipv4_range(cidr_block: str) -> str:
    """Return a range of IPv4 as it is, or raise where it is none or is written another way."""
    try:
        network = IPv4Network(cidr_block, strict=False)
    except ValueError:
        network = None
    if network is None or "/" not in cidr_block:
        raise ValueError("be an IPv4 range such as 10.0.0.0/16")
    if str(network) != cidr_block:
        raise ValueError(f"be written as {str(network)!r}", "a range begins with its first address")
    return cidr_block


def vpc_range_problems(path: str, vpc_range: str) -> Iterator[Problem]:
    """Yield what keeps ``vpc_range`` from being a range of a VPC."""
    got = format_value(vpc_range)
    try:
        ipv4_range(vpc_range)
    except ValueError as error:
        yield Problem(path, error.args[0], got, *error.args[1:])
        return
    network = IPv4Network(vpc_range)
    if _family(network) is None:
        rule = f"lie within {', '.join(PRIVATE_RANGES[:-1])} or {PRIVATE_RANGES[-1]}"
        yield Problem(path, rule, got, "otherwise hosts on the internet with the same addresses cannot be reached")
    if not LARGEST_VPC <= network.prefixlen <= SMALLEST_SUBNET:
        rule = f"have a prefix from /{LARGEST_VPC} to /{SMALLEST_SUBNET}"
        yield Problem(path, rule, f"/{network.prefixlen}", "a VPC has no larger and no smaller ranges")
    if network.overlaps(IPv4Network(DOCKER_BRIDGE)):
        reason = "Docker's bridge on EC2 instances has these addresses: containers could not reach hosts that do, too"
        yield Problem(path, f"not overlap {DOCKER_BRIDGE}", got, reason)


def secondary_range_problems(path: str, secondary: str, primary: str) -> Iterator[Problem]:
    """Yield what keeps ``secondary`` out of a VPC whose first range is ``primary``.

    Source: "IPv4 CIDR block association restrictions" in the VPC user guide.
    """
    first, second, got = IPv4Network(primary), IPv4Network(secondary), format_value(secondary)
    family = _family(first)
    if str(_family(second)) not in {str(family), SHARED_RANGE}:
        rule = f"lie within {family}" + (f" or {SHARED_RANGE}" if str(family) != SHARED_RANGE else "")
        yield Problem(path, rule, got, f"AWS does not add ranges outside it to a VPC that has {primary}")
    elif str(family) == "172.16.0.0/12" and second.subnet_of(IPv4Network("172.31.0.0/16")):
        yield Problem(path, "lie outside 172.31.0.0/16", got, "AWS reserves it for default VPCs")
    elif first.subnet_of(IPv4Network("10.0.0.0/15")) and second.subnet_of(IPv4Network("10.0.0.0/16")):
        yield Problem(
            path, "lie outside 10.0.0.0/16", got, f"AWS does not add ranges of it to a VPC that has {primary}"
        )


def _family(network: IPv4Network) -> IPv4Network | None:
    return next((private for private in map(IPv4Network, PRIVATE_RANGES) if network.subnet_of(private)), None)


def _eighths(vpc_range: str) -> list[IPv4Network]:
    network = IPv4Network(vpc_range)
    return list(network.subnets(prefixlen_diff=3)) if network.prefixlen <= SMALLEST_CUT_VPC else []
