"""Settings of the network: made for the platform, or existing.

Source: CreateNatGateway, CreateVpcEndpoint in the EC2 API reference. Prices are those of us-east-1.
"""

from collections.abc import Iterator
from typing import Annotated, ClassVar

from pydantic import Field, StringConstraints

from modules.checks import never_with, only_with
from modules.markers import production
from modules.problems import Problem, format_value, unknown_name
from modules.settings import Distinct
from modules.vpc.cidr import (
    SMALLEST_LOAD_BALANCER_SUBNET,
    load_balancer_range,
    nat_range,
)
from modules.vpc.endpoint_services import EndpointService
from modules.vpc.network_settings import MadeNetwork, NetworkSettings
from modules.vpc.placement_settings import SecurityGroupId, SubnetId
from modules.vpc.subnet_ranges import SubnetKind, SubnetRanges
from modules.vpc.traffic_settings import DNS, HTTPS, Egress
from modules.vpc.zones import AnyZone, AvailabilityZone, is_local_zone

BucketName = Annotated[
    str,
    StringConstraints(pattern=r"^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$"),
    Field(description="a bucket's name, e.g. commoncrawl"),
]


class PrivateNetwork(MadeNetwork):
    """Private subnets: nothing from the internet reaches them; AWS is reached through endpoints or NAT."""

    nat_gateways: int = Field(default=0, ge=0)
    """0: no way to the internet, only to services with an endpoint; 1: in the first zone, and without that zone none
    has a way out; one for each zone: none depends on another; 37 USD a month each and 0.045 USD a GB [at least 0;
    default 0]"""
    load_balancer_subnets: bool = False
    """True: each zone has a public subnet for load balancers with internal=False, and nothing else; workloads stay in
    private ones [default False]"""
    load_balancer_subnet_cidr_blocks: SubnetRanges = Field(default_factory=dict)
    """of these, by zone, /27 or larger; empty: from the end of cidr_block [default empty; a change replaces the
    subnet]"""
    nat_subnet_cidr_blocks: SubnetRanges = Field(default_factory=dict)
    """of NAT gateways, by zone; empty: a /28 each, from the start of cidr_block's last eighth [default empty; a change
    replaces the subnet]"""
    interface_endpoints: Distinct[EndpointService] = (
        "batch",
        "ecr.api",
        "ecr.dkr",
        "ecs",
        "ecs-agent",
        "ecs-telemetry",
        "logs",
        "sqs",
    )
    """services reached without leaving the VPC, 7.30 USD a month each and zone; where there is NAT they save its 0.045
    USD a GB; S3 has an endpoint in any case, without charge [default 'batch', 'ecr.api', 'ecr.dkr', 'ecs', 'ecs-agent',
    'ecs-telemetry', 'logs', 'sqs']"""

    endpoint_zones: dict[EndpointService, Annotated[Distinct[AvailabilityZone], Field(min_length=1)]] = Field(
        default_factory=dict
    )
    """the only zones that a service's endpoint is in, where AWS does not offer the service in each of the network's;
    workloads of the other zones reach it there [each value at least 1 item; default empty]"""

    full_access_endpoints: Distinct[EndpointService] = ()
    """services whose endpoint lets everybody's requests pass, to everybody's resources: where AWS's region takes no
    policy for it, or programs use what belongs to nobody of yours [default empty]"""
    public_buckets: Distinct[BucketName] = Field(default=(), max_length=50)
    """buckets of other accounts that workloads read without NAT, by name: data sets, packages [at most 50 items;
    default empty]"""

    check_ipv6: ClassVar = only_with("ipv6", "nat_gateways", "nothing reaches the internet, over IPv6 either")
    check_public_buckets: ClassVar = never_with(
        "public_buckets", "nat_gateways", "with internet access, workloads can read every public bucket"
    )

    @property
    def leads_out(self) -> bool:
        """Return whether workloads have a way to the internet."""
        return self.nat_gateways > 0

    @property
    def usual_egress(self) -> dict[str, Egress]:
        """What workloads reach in any case, by name: without NAT, HTTPS inside the VPC."""
        if self.leads_out:
            return super().usual_egress
        # Each by itself: a range that is added renames no other's rule.
        names = ["vpc", *(f"vpc-{block.replace('/', '-')}" for block in self.secondary_cidr_blocks)]
        return {
            name: Egress(from_port=HTTPS, cidr_blocks=(block,))
            for name, block in zip(names, self.cidr_blocks, strict=True)
        }

    def check_endpoint_zones(self) -> Iterator[Problem]:
        """Check that the endpoints and zones are the network's."""
        for service, zones in sorted(self.endpoint_zones.items()):
            if service not in self.interface_endpoints:
                known = self.interface_endpoints
                yield unknown_name(f"endpoint_zones.{service}", service, known, "interface_endpoints")
            for index, zone in enumerate(zones):
                if zone not in self.availability_zones:
                    path = f"endpoint_zones.{service}[{index}]"
                    yield unknown_name(path, zone, self.availability_zones, "availability_zones")

    def check_endpoint_policies(self) -> Iterator[Problem]:
        """Check that endpoints are opened that are there."""
        for index, service in enumerate(self.full_access_endpoints):
            if service not in self.interface_endpoints:
                known = self.interface_endpoints
                yield unknown_name(f"full_access_endpoints[{index}]", service, known, "interface_endpoints")

    @property
    def nat_subnets(self) -> SubnetKind:
        """The subnets of NAT gateways. As listed, not sorted: a zone added at the end moves no shared gateway."""
        return SubnetKind(
            "nat_subnet_cidr_blocks",
            self.availability_zones[: self.nat_gateways],
            self.nat_subnet_cidr_blocks,
            lambda zone: nat_range(self.cidr_block, zone),
        )

    @property
    def public_subnets(self) -> SubnetKind:
        """The subnets of load balancers that the internet reaches."""
        return SubnetKind(
            "load_balancer_subnet_cidr_blocks",
            self.availability_zones if self.load_balancer_subnets else (),
            self.load_balancer_subnet_cidr_blocks,
            lambda zone: load_balancer_range(self.cidr_block, zone),
            SMALLEST_LOAD_BALANCER_SUBNET,
        )

    def subnet_kinds(self) -> Iterator[SubnetKind]:
        """As for all made networks, and those of what leads out and in."""
        yield from super().subnet_kinds()
        yield self.nat_subnets
        yield self.public_subnets

    def check_private_network(self) -> Iterator[Problem]:
        """Check that NAT is shared by all zones or by none."""
        zones = len(self.availability_zones)
        if self.nat_gateways not in {0, 1, zones}:
            numbers = "0 or 1" if zones == 1 else f"0, 1 or {zones}"
            rule = f"be {numbers} (none, one for all, one for each availability zone)"
            reason = "any other number costs more, and a zone still depends on another"
            yield self.problem("nat_gateways", rule, reason)


class PublicNetwork(MadeNetwork):
    """Public subnets and addresses, nothing let in: costs nothing while idle. Production refuses it.

    Each running task or instance pays 0.005 USD an hour for its public address. There is no NAT, and no endpoint but
    the one of S3, which is without charge.
    """

    @property
    def is_public(self) -> bool:
        """Return whether what runs in it has a public address."""
        return True

    def production_problems(self) -> Iterator[Problem]:
        """Refuse it as a whole."""
        rule, reason = "be a PrivateNetwork or ExistingNetwork in production", "anyone could reach its addresses"
        yield Problem("", rule, format_value(self), f"{reason} as soon as one rule is wrong")
        yield from super().production_problems()


class ExistingNetwork(NetworkSettings):
    """Subnets that somebody else owns, and what lets workloads in them reach AWS."""

    vpc_id: str = Field(pattern=r"^vpc-[0-9a-f]{8,17}$")
    """the VPC of the subnets [required]"""
    subnet_ids: Distinct[SubnetId] = Field(min_length=1, max_length=16)
    """Batch on Fargate and ECS take at most 16 [1 to 16 items; required]"""
    load_balancer_subnet_ids: Distinct[SubnetId] = ()
    """the public subnets of load balancers with internal=False, each in another zone; empty: load balancers are in
    subnet_ids [default empty]"""
    availability_zones: dict[SubnetId, AnyZone] = Field(default_factory=dict)
    """of each subnet, by its id: a file system and a load balancer take one subnet of a zone, here the first, and none
    of a Local Zone unless load_balancer_subnet_ids names it; empty: each is in another zone [default empty]"""
    security_group_ids: Distinct[SecurityGroupId] = Field(default=(), max_length=5)
    """none: one is made that lets nothing in, and out what egress says; a network interface takes at most 5 [at most 5
    items; default empty]"""
    assign_public_ip: Annotated[bool, production(False, "use private subnets")] = False
    """True in public subnets without NAT, where a task reaches nothing without an address [default False; must be False
    in production]"""

    @property
    def usual_egress(self) -> dict[str, Egress]:
        """What workloads reach in any case, by name. The VPC may have name servers of its own."""
        return super().usual_egress | {
            f"dns-{protocol}": Egress(protocol=protocol, from_port=DNS) for protocol in ("tcp", "udp")
        }

    @property
    def zonal_subnet_ids(self) -> tuple[str, ...]:
        """The first of ``subnet_ids`` in each zone, Local Zones left out."""
        firsts = {self.availability_zones.get(subnet, subnet): subnet for subnet in reversed(self.subnet_ids)}
        regional = {subnet for zone, subnet in firsts.items() if not is_local_zone(zone)}
        return tuple(subnet for subnet in self.subnet_ids if subnet in regional)

    check_traffic: ClassVar = never_with(
        ("egress", "ports_between_workloads"), "security_group_ids", "existing security groups keep their rules"
    )

    @property
    def is_public(self) -> bool:
        """Return whether what runs in it has a public address."""
        return self.assign_public_ip

    def check_existing_network(self) -> Iterator[Problem]:
        """Check that the zone of each subnet is told, or of none, and that load balancers have one subnet a zone."""
        if not self.availability_zones:
            return
        subnets = [*self.subnet_ids, *self.load_balancer_subnet_ids]
        for subnet in dict.fromkeys(subnets):
            if subnet not in self.availability_zones:
                got, reason = format_value(sorted(self.availability_zones)), "it gives the zones of other subnets only"
                yield Problem("availability_zones", f"have the zone of {subnet}", got, reason)
        for subnet in self.availability_zones:
            if subnet not in subnets:
                yield unknown_name(f"availability_zones.{subnet}", subnet, subnets, "subnets of the network")
        first_of: dict[str, str] = {}
        for index, subnet in enumerate(self.load_balancer_subnet_ids):
            zone = self.availability_zones.get(subnet, subnet)
            if first_of.setdefault(zone, subnet) != subnet:
                rule, reason = f"differ from the zone of {first_of[zone]}", "a load balancer takes one subnet of a zone"
                yield Problem(f"load_balancer_subnet_ids[{index}]", rule, repr(zone), reason)
