"""What all networks have, and those that Terrabatch makes.

Source: CreateVpc and AssociateVpcCidrBlock in the EC2 API reference.
"""

from collections.abc import Iterator, Mapping
from ipaddress import IPv4Network
from itertools import combinations
from typing import Annotated

from pydantic import Field

from modules.cloudwatch.log_retention import KEPT_A_WEEK, RetentionDays
from modules.markers import Replaces
from modules.names import PhysicalName
from modules.naming import AccountId, AwsLocation, ShortName
from modules.problems import Problem, format_value, unknown_name
from modules.settings import Distinct, Sequence, Settings
from modules.vpc.cidr import secondary_range_problems, vpc_range_problems, workload_range
from modules.vpc.endpoint_services import GatewayService
from modules.vpc.placement_settings import NewSecurityGroup, SecurityGroupSettings
from modules.vpc.subnet_ranges import SubnetKind, SubnetRanges, subnet_range_problems
from modules.vpc.traffic_settings import HTTP, HTTPS, CidrBlock, Egress, PortRange
from modules.vpc.zones import AvailabilityZone, is_zone_id, zone_position

WEB = {"internet": Egress(from_port=HTTPS), "http": Egress(from_port=HTTP)}


class NetworkSettings(Settings, abstract=True):
    """Base of the kinds of network. Nobody reaches a workload unless a setting says so."""

    egress: dict[ShortName, Egress] = Field(default_factory=dict)
    """what workloads may connect to, in addition to HTTPS, file systems and what other settings name: HTTP too where
    there is a way to the internet or the subnets are somebody else's, and in these DNS [default empty]"""
    ports_between_workloads: dict[ShortName, PortRange] = Field(default_factory=dict)
    """where any workload may call any other; services with discovery need none, nor do the nodes of a job [default
    empty]"""

    security_groups: dict[ShortName, SecurityGroupSettings] = Field(default_factory=dict)
    """for some of what runs here, which names them: a NewSecurityGroup or an ExistingSecurityGroup each [default
    empty]"""

    @property
    def new_security_groups(self) -> Mapping[str, NewSecurityGroup]:
        """Those of ``security_groups`` that are made."""
        return {name: item for name, item in self.security_groups.items() if isinstance(item, NewSecurityGroup)}

    def names(self, name: str, location: AwsLocation) -> Iterator[PhysicalName]:
        """Yield the names of the security groups that are made."""
        yield from (PhysicalName("security group", f"{name}-{group}") for group in self.new_security_groups)

    @property
    def is_public(self) -> bool:
        """Return whether what runs in it has a public address."""
        return False

    @property
    def usual_egress(self) -> dict[str, Egress]:
        """What workloads reach in any case, by name."""
        return WEB


class MadeNetwork(NetworkSettings, abstract=True):
    """Base of the networks that Terrabatch makes: a VPC with a subnet in each zone."""

    cidr_block: Annotated[str, Replaces("VPC")] = "10.0.0.0/16"
    """private IPv4 range, /16 to /28; each zone's workloads get an eighth, unless subnet_cidr_blocks say otherwise
    [default '10.0.0.0/16'; a change replaces the VPC]"""
    secondary_cidr_blocks: Distinct[CidrBlock] = Field(default=(), max_length=4)
    """more ranges, for subnet_cidr_blocks: a VPC has five by AWS's quota [at most 4 items; default empty]"""
    ipv6: bool = False
    """True: dual stack, with a range of Amazon's that is the VPC's alone; what may go to 0.0.0.0/0 may go to ::/0, and
    nothing comes in besides; once True it stays so, as AWS takes no range back that subnets have parts of [default
    False]"""
    availability_zones: Sequence[AvailabilityZone] = Field(min_length=1)
    """by name or by id, written out, so that a zone that AWS adds moves no subnet; more zones have more Spot capacity
    [at least 1 item; required]"""
    subnet_cidr_blocks: SubnetRanges = Field(default_factory=dict)
    """of workloads, by zone, within cidr_block or secondary_cidr_blocks; five addresses of each are AWS's [default
    empty; a change replaces the subnet]"""
    flow_log_retention_days: Annotated[RetentionDays | None, KEPT_A_WEEK] = 30
    """VPC flow logs, in CloudWatch Logs, 0.50 USD a GB; None: not recorded, without charge [one of 1, 3, 5, 7, 14, 30,
    60, 90, 120, 150, 180, 365, 400, 545, 731, 1,096, 1,827, 2,192, 2,557, 2,922, 3,288, 3,653 or one of 'never';
    default 30; must be at least 7 days in production]"""

    gateway_endpoints: Distinct[GatewayService] = ()
    """services other than S3 that are reached without leaving the VPC, and without charge [each one of 'dynamodb',
    's3express'; default empty]"""
    trusted_account_ids: Distinct[AccountId] = Field(default=(), max_length=100)
    """other accounts of yours, whose queues, buckets and roles workloads use as they use this account's: what passes an
    endpoint is between this account, these, and what other settings name by its ARN [at most 100 items; default
    empty]"""

    def names(self, name: str, location: AwsLocation) -> Iterator[PhysicalName]:
        """Yield also those of its flow logs and of the group of all workloads."""
        yield from super().names(name, location)
        yield PhysicalName("security group", f"{name}-workloads")
        if self.flow_log_retention_days is not None:
            yield PhysicalName("role", f"{name}-flow-logs")
            yield PhysicalName("log group", f"{name}-flow-logs")

    @property
    def leads_out(self) -> bool:
        """Return whether workloads have a way to the internet."""
        return True

    @property
    def cidr_blocks(self) -> tuple[str, ...]:
        """All ranges of the VPC, the first first."""
        return (self.cidr_block, *self.secondary_cidr_blocks)

    @property
    def workload_subnets(self) -> SubnetKind:
        """The subnets of workloads."""
        return SubnetKind(
            "subnet_cidr_blocks",
            self.availability_zones,
            self.subnet_cidr_blocks,
            lambda zone: workload_range(self.cidr_block, zone),
        )

    def subnet_kinds(self) -> Iterator[SubnetKind]:
        """Yield each kind of subnet that the network has."""
        yield self.workload_subnets

    def check_made_network(self) -> Iterator[Problem]:
        """Check the VPC's ranges, and that each zone has a place of its own."""
        paths = ["cidr_block", *(f"secondary_cidr_blocks[{n}]" for n in range(len(self.secondary_cidr_blocks)))]
        blocks = dict(zip(paths, self.cidr_blocks, strict=True))
        bad = [problem for path, block in blocks.items() for problem in vpc_range_problems(path, block)]
        yield from bad
        if len({zone_position(zone) for zone in self.availability_zones}) < len(self.availability_zones):
            reason = "it decides which part of cidr_block the zone gets"
            yield self.problem("availability_zones", "have each zone letter or number once", reason)
        if len(set(map(is_zone_id, self.availability_zones))) > 1:
            yield self.problem("availability_zones", "be names or ids alone", "a name and an id may be the same zone")
        if bad:
            return
        for path, block in zip(paths[1:], self.secondary_cidr_blocks, strict=True):
            yield from secondary_range_problems(path, block, self.cidr_block)
        for (_, one), (path, other) in combinations(blocks.items(), 2):
            if IPv4Network(one).overlaps(IPv4Network(other)):
                yield Problem(path, f"not overlap {one}", format_value(other), "the VPC has that already")

    def check_subnet_ranges(self) -> Iterator[Problem]:
        """Check that subnets are given for zones that there are, and that all have room."""
        kinds = list(self.subnet_kinds())
        for kind in kinds:
            for zone in kind.given:
                if zone not in kind.zones:
                    yield unknown_name(f"{kind.setting}.{zone}", zone, kind.zones, "zones with such a subnet")
        if not any(problem for block in self.cidr_blocks for problem in vpc_range_problems("", block)):
            yield from subnet_range_problems([item for kind in kinds for item in kind.ranges], self.cidr_blocks)
