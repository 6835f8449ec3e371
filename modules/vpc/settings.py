"""Settings of the network: made for the platform, or existing.

Source: CreateVpc, CreateNatGateway, CreateVpcEndpoint in the EC2 API reference. Prices are those of us-east-1.
"""

from collections.abc import Iterator
from ipaddress import IPv4Network
from itertools import pairwise
from typing import Annotated

from pydantic import Field, StringConstraints

from modules.cloudwatch.log_retention import KEPT_A_WEEK, RetentionDays
from modules.markers import Replaces, production
from modules.names import PhysicalName
from modules.naming import AccountId, AwsLocation, ShortName
from modules.problems import Problem, format_value, unknown_name
from modules.settings import Distinct, Sequence, Settings
from modules.vpc.cidr import load_balancer_range, nat_range, vpc_range_problems
from modules.vpc.endpoint_services import EndpointService
from modules.vpc.traffic_settings import DNS, HTTP, HTTPS, Egress, PortRange

AvailabilityZone = Annotated[
    str,
    StringConstraints(pattern=r"^[a-z]{2}(-[a-z]+)+-[0-9][a-g]$"),
    Field(description="an availability zone by its name, e.g. us-east-1a; no local zone, no zone id"),
]
SubnetId = Annotated[
    str,
    StringConstraints(pattern=r"^subnet-[0-9a-f]{8,17}$"),
    Field(description="a subnet's id, e.g. subnet-0123456789abcdef0"),
]
BucketName = Annotated[
    str,
    StringConstraints(pattern=r"^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$"),
    Field(description="a bucket's name, e.g. commoncrawl"),
]
SecurityGroupId = Annotated[
    str,
    StringConstraints(pattern=r"^sg-[0-9a-f]{8,17}$"),
    Field(description="a security group's id, e.g. sg-0123456789abcdef0"),
]


WEB = {"internet": Egress(from_port=HTTPS), "http": Egress(from_port=HTTP)}


class NetworkSettings(Settings, abstract=True):
    """Base of the kinds of network. Nobody reaches a workload unless a setting says so."""

    egress: dict[ShortName, Egress] = Field(default_factory=dict)
    """what workloads may connect to beside HTTPS, file systems and what other settings name: HTTP too where there is a
    way to the internet or the subnets are somebody else's, and in these DNS [default empty]"""
    ports_between_workloads: dict[ShortName, PortRange] = Field(default_factory=dict)
    """where any workload may call any other; services with discovery need none, nor do the nodes of a job [default
    empty]"""

    @property
    def usual_egress(self) -> dict[str, Egress]:
        """What workloads reach in any case, by name."""
        return WEB


class MadeNetwork(NetworkSettings, abstract=True):
    """Base of the networks that Terrabatch makes: a VPC with a subnet in each zone."""

    cidr_block: Annotated[str, Replaces("VPC")] = "10.0.0.0/16"
    """private IPv4 range, /16 to /22; each zone's workloads get an eighth [default '10.0.0.0/16'; a change replaces the
    VPC]"""
    availability_zones: Sequence[AvailabilityZone] = Field(min_length=1)
    """written out, so that a zone that AWS adds moves no subnet; more zones have more Spot capacity [at least 1 item;
    required]"""
    flow_log_retention_days: Annotated[RetentionDays | None, KEPT_A_WEEK] = 30
    """who talked to whom, in CloudWatch Logs, 0.50 USD a GB; None: not recorded, without charge [one of 1, 3, 5, 7, 14,
    30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1,096, 1,827, 2,192, 2,557, 2,922, 3,288, 3,653 or one of 'never';
    default 30; must be at least 7 days in production]"""

    trusted_account_ids: Distinct[AccountId] = Field(default=(), max_length=100)
    """other accounts of yours, whose queues, buckets and roles workloads use as they use this account's: what passes an
    endpoint is between this account, these, and what other settings name by its ARN [at most 100 items; default
    empty]"""

    def names(self, name: str, location: AwsLocation) -> Iterator[PhysicalName]:
        """Yield the names of its flow logs and security groups."""
        del location
        yield PhysicalName("security group", f"{name}-workloads")
        if self.flow_log_retention_days is not None:
            yield PhysicalName("role", f"{name}-flow-logs")
            yield PhysicalName("log group", f"{name}-flow-logs")

    def check_made_network(self) -> Iterator[Problem]:
        """Check that the range can be cut, and that each zone has a part of its own."""
        yield from vpc_range_problems("cidr_block", self.cidr_block)
        letters = [zone[-1] for zone in self.availability_zones]
        if len(set(letters)) < len(letters):
            yield Problem(
                "availability_zones",
                "have each zone letter once",
                format_value(self.availability_zones),
                "the letter decides which part of cidr_block a zone gets",
            )


class PrivateNetwork(MadeNetwork):
    """Private subnets: nothing from the internet reaches them; AWS is reached through endpoints or NAT."""

    nat_gateways: int = Field(default=0, ge=0)
    """0: no way to the internet, only to services with an endpoint; 1: in the first zone, and without that zone none
    has a way out; one for each zone: none depends on another; 37 USD a month each and 0.045 USD a GB [at least 0;
    default 0]"""
    load_balancer_subnets: bool = False
    """True: each zone has a public subnet for load balancers with internal=False, and nothing else; workloads stay in
    private ones [default False]"""
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
    USD a GB; S3 has an endpoint in any case, without charge [each one of 'autoscaling', 'batch', 'bedrock-runtime',
    'ec2', 'ec2messages', 'ecr.api', 'ecr.dkr', 'ecs', 'ecs-agent', 'ecs-telemetry', 'elasticfilesystem', 'events',
    'kms', 'lambda', 'logs', 'monitoring', 'sagemaker.runtime', 'secretsmanager', 'sns', 'sqs', 'ssm', 'ssmmessages',
    'states', 'sts'; default 'batch', 'ecr.api', 'ecr.dkr', 'ecs', 'ecs-agent', 'ecs-telemetry', 'logs', 'sqs']"""

    endpoint_zones: dict[EndpointService, Annotated[Distinct[AvailabilityZone], Field(min_length=1)]] = Field(
        default_factory=dict
    )
    """the only zones that a service's endpoint is in, where AWS does not offer the service in each of the network's;
    workloads of the other zones reach it there [each name one of 'autoscaling', 'batch', 'bedrock-runtime', 'ec2',
    'ec2messages', 'ecr.api', 'ecr.dkr', 'ecs', 'ecs-agent', 'ecs-telemetry', 'elasticfilesystem', 'events', 'kms',
    'lambda', 'logs', 'monitoring', 'sagemaker.runtime', 'secretsmanager', 'sns', 'sqs', 'ssm', 'ssmmessages', 'states',
    'sts'; each value at least 1 item; default empty]"""

    full_access_endpoints: Distinct[EndpointService] = ()
    """services whose endpoint lets everybody's requests pass, to everybody's resources: where AWS's region takes no
    policy for it, or programs use what belongs to nobody of yours [each one of 'autoscaling', 'batch',
    'bedrock-runtime', 'ec2', 'ec2messages', 'ecr.api', 'ecr.dkr', 'ecs', 'ecs-agent', 'ecs-telemetry',
    'elasticfilesystem', 'events', 'kms', 'lambda', 'logs', 'monitoring', 'sagemaker.runtime', 'secretsmanager', 'sns',
    'sqs', 'ssm', 'ssmmessages', 'states', 'sts'; default empty]"""
    public_buckets: Distinct[BucketName] = Field(default=(), max_length=50)
    """buckets of others that workloads read without NAT, by name: data sets, packages [at most 50 items; default
    empty]"""

    @property
    def usual_egress(self) -> dict[str, Egress]:
        """What workloads reach in any case, by name: without NAT, HTTPS inside the VPC."""
        if self.nat_gateways:
            return super().usual_egress
        return {"vpc": Egress(from_port=HTTPS, cidr_blocks=(self.cidr_block,))}

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
        """Check that endpoints are opened that are there, and buckets where they would be closed."""
        for index, service in enumerate(self.full_access_endpoints):
            if service not in self.interface_endpoints:
                known = self.interface_endpoints
                yield unknown_name(f"full_access_endpoints[{index}]", service, known, "interface_endpoints")
        if self.public_buckets and self.nat_gateways:
            yield Problem(
                "public_buckets",
                "be left out with nat_gateways",
                format_value(self.public_buckets),
                "where there is a way to the internet, any bucket can be read that lets you",
            )

    def check_load_balancer_subnets(self) -> Iterator[Problem]:
        """Check that the subnets of load balancers and those of NAT gateways have room beside each other."""
        if not self.load_balancer_subnets or any(vpc_range_problems("cidr_block", self.cidr_block)):
            return
        ranges = [nat_range(self.cidr_block, zone) for zone in self.availability_zones[: self.nat_gateways]]
        ranges += [load_balancer_range(self.cidr_block, zone) for zone in self.availability_zones]
        networks = sorted(map(IPv4Network, ranges))
        if any(one.overlaps(other) for one, other in pairwise(networks)):
            yield Problem(
                "cidr_block",
                "be large enough for a subnet of load balancers in each zone beside those of NAT gateways",
                format_value(self.cidr_block),
                "all of them share its last eighth",
                "use a range of /20 or larger",
            )

    def check_private_network(self) -> Iterator[Problem]:
        """Check that NAT is shared by all zones or by none."""
        zones = len(self.availability_zones)
        if self.nat_gateways not in {0, 1, zones}:
            numbers = "0 or 1" if zones == 1 else f"0, 1 or {zones}"
            yield Problem(
                "nat_gateways",
                f"be {numbers} (none, one for all, one for each availability zone)",
                format_value(self.nat_gateways),
                "any other number costs more and still leaves a zone that depends on another",
            )


class PublicNetwork(MadeNetwork):
    """Public subnets and addresses, nothing let in: costs nothing while idle. Production refuses it.

    Each running task or instance pays 0.005 USD an hour for its public address. There is no NAT, and no endpoint but
    the one of S3, which is without charge.
    """

    def production_problems(self) -> Iterator[Problem]:
        """Refuse it as a whole."""
        rule, reason = "be a PrivateNetwork or ExistingNetwork in production", "anybody could try its addresses"
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
    availability_zones: dict[SubnetId, AvailabilityZone] = Field(default_factory=dict)
    """of each subnet, by its id: a file system and a load balancer take one subnet of a zone, here the first; empty:
    each is in another zone [default empty]"""
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
        """The first of ``subnet_ids`` in each zone."""
        firsts = {self.availability_zones.get(subnet, subnet): subnet for subnet in reversed(self.subnet_ids)}
        return tuple(subnet for subnet in self.subnet_ids if subnet in firsts.values())

    def check_traffic(self) -> Iterator[Problem]:
        """Check that rules are asked for where there is a group to put them into."""
        for name, rules in (("egress", self.egress), ("ports_between_workloads", self.ports_between_workloads)):
            if self.security_group_ids and rules:
                yield Problem(
                    name,
                    "be left out with security_group_ids",
                    format_value(sorted(rules)),
                    "the rules of groups that exist are their owner's",
                )

    def check_existing_network(self) -> Iterator[Problem]:
        """Check that the zone of each subnet is told, or of none, and that load balancers have one subnet a zone."""
        if not self.availability_zones:
            return
        subnets = [*self.subnet_ids, *self.load_balancer_subnet_ids]
        for subnet in dict.fromkeys(subnets):
            if subnet not in self.availability_zones:
                yield Problem(
                    "availability_zones",
                    f"have the zone of {subnet}",
                    format_value(sorted(self.availability_zones)),
                    "it tells the zone of other subnets",
                )
        for subnet in self.availability_zones:
            if subnet not in subnets:
                yield unknown_name(f"availability_zones.{subnet}", subnet, subnets, "subnets of the network")
        first_of: dict[str, str] = {}
        for index, subnet in enumerate(self.load_balancer_subnet_ids):
            zone = self.availability_zones.get(subnet, subnet)
            if first_of.setdefault(zone, subnet) != subnet:
                yield Problem(
                    f"load_balancer_subnet_ids[{index}]",
                    f"be in another zone than {first_of[zone]}",
                    repr(zone),
                    "a load balancer takes one subnet of a zone",
                )
