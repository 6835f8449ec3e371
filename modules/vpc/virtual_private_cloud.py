"""What every VPC of the platform has, whatever its subnets: names, no default way in or out, flow logs."""

from ipaddress import IPv4Network

from cdktf import Fn, Token
from cdktf_cdktf_provider_aws.default_security_group import DefaultSecurityGroup
from cdktf_cdktf_provider_aws.vpc import Vpc
from cdktf_cdktf_provider_aws.vpc_ipv4_cidr_block_association import VpcIpv4CidrBlockAssociation
from constructs import Construct

from modules.names import require_name
from modules.naming import AwsLocation
from modules.vpc.flow_logs import define_flow_logs
from modules.vpc.gateway_endpoint import GatewayEndpoint
from modules.vpc.network import Network, connections_in
from modules.vpc.network_settings import MadeNetwork
from modules.vpc.perimeter import Perimeter
from modules.vpc.settings import PrivateNetwork
from modules.vpc.workload_security_group import (
    Traffic,
    WorkloadRules,
    WorkloadSecurityGroup,
    define_named_groups,
    define_node_group,
)
from modules.vpc.zonal_subnet import ZonalSubnet
from modules.vpc.zones import zone_ending, zone_position

# From a VPC's /56 to a subnet's /64.
IPV6_SUBNET_BITS = 8


class VirtualPrivateCloud(Construct):
    """Base of the VPCs: the VPC, a subnet in each zone, gateway endpoints and the security group of workloads.

    ``traffic``: what workloads reach beside what ``settings`` say. ``vpc_id`` is a token.
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        name: str,
        settings: MadeNetwork,
        location: AwsLocation,
        traffic: Traffic | None = None,
    ) -> None:
        super().__init__(scope, id_)
        require_name("role", f"{name}-flow-logs")
        self.name, self.settings = name, settings
        self._traffic = (traffic or Traffic()).beside(settings)
        self._nodes: tuple[str, ...] = ()
        self._define_vpc()
        self.perimeter = Perimeter(
            location,
            trusted_accounts=settings.trusted_account_ids,
            accounts=self._traffic.accounts,
            bucket_arns=self._traffic.bucket_arns,
            public_buckets=settings.public_buckets if isinstance(settings, PrivateNetwork) else (),
            is_closed=not settings.leads_out,
        )
        if settings.flow_log_retention_days is not None:
            define_flow_logs(self, f"{name}-flow-logs", self.vpc_id, settings.flow_log_retention_days, location)
        self.subnets = {zone: self._subnet(zone) for zone in sorted(settings.availability_zones)}
        self.gateway_endpoints = {
            service: self._gateway_endpoint(service) for service in ("s3", *sorted(settings.gateway_endpoints))
        }
        self.security_group = WorkloadSecurityGroup(
            self,
            "workload-security-group",
            name=f"{name}-workloads",
            vpc_id=self.vpc_id,
            traffic=self._traffic,
        )
        self._let_out_to_gateways(self.security_group.rules)
        self._named_groups = define_named_groups(self, name=name, vpc_id=self.vpc_id, settings=settings)
        self._lead_out()

    def _define_vpc(self) -> None:
        """Define the VPC with all its ranges, which does not let anything in or out by itself."""
        settings = self.settings
        vpc = Vpc(
            self,
            "Resource",
            cidr_block=settings.cidr_block,
            assign_generated_ipv6_cidr_block=settings.ipv6 or None,
            # Both, or the private DNS of interface endpoints is refused and EFS has no name.
            enable_dns_support=True,
            enable_dns_hostnames=True,
            tags={"Name": self.name},
        )
        self.vpc_id: str = vpc.id
        self._ipv6_cidr_block: str | None = vpc.ipv6_cidr_block if settings.ipv6 else None
        self._secondary = {
            cidr_block: VpcIpv4CidrBlockAssociation(
                self, f"secondary-range-{cidr_block.replace('/', '-')}", vpc_id=vpc.id, cidr_block=cidr_block
            )
            for cidr_block in settings.secondary_cidr_blocks
        }
        # Every VPC is born with this group, which whatever names no other gets. Taken over without a rule, it lets
        # nothing in or out.
        self._default_group = DefaultSecurityGroup(
            self, "default-security-group", vpc_id=vpc.id, tags={"Name": f"{self.name}-default"}
        )

    def _lead_out(self) -> None:
        """Define what leads out of this kind of VPC, and into it."""
        raise NotImplementedError

    @property
    def network(self) -> Network:
        """What workloads need to know of it."""
        return Network(
            vpc_id=lambda: self.vpc_id,
            subnet_ids=tuple(subnet.subnet_id for subnet in self.subnets.values()),
            security_group_ids=(self.security_group.security_group_id,),
            assign_public_ip=self.settings.is_public,
            connections=connections_in(self),
            node_group_ids=lambda: self._nodes,
            has_own_group=True,
            subnet_names=tuple(self.subnets),
            named_groups=self._named_groups,
            has_ipv6=self.settings.ipv6,
        )

    def add_node_group(self) -> None:
        """Let nodes of multi-node jobs talk to each other."""
        self._nodes = (define_node_group(self, name=self.name, vpc_id=self.vpc_id),)

    def open_default_group(self) -> None:
        """Let what is in the default security group do what nodes of multi-node jobs may."""
        rules = WorkloadRules(
            self,
            "default-security-group-rules",
            security_group_id=self._default_group.id,
            traffic=self._traffic,
        )
        rules.allow_between_nodes()
        self._let_out_to_gateways(rules)

    def _let_out_to_gateways(self, rules: WorkloadRules) -> None:
        if not self.settings.leads_out:
            for service, endpoint in self.gateway_endpoints.items():
                rules.allow_to_gateway(service, endpoint.prefix_list_id)

    def vpc_with(self, cidr_block: str) -> str:
        """Return the VPC's id, which is known once it has the range that ``cidr_block`` is part of."""
        wanted = IPv4Network(cidr_block)
        of = [item.vpc_id for block, item in self._secondary.items() if wanted.subnet_of(IPv4Network(block))]
        return of[0] if of else self.vpc_id

    def ipv6_range(self, position: int) -> str | None:
        """Return one of the 256 ranges of /64 that the VPC's is cut into, None: it has none."""
        if self._ipv6_cidr_block is None:
            return None
        return Token.as_string(Fn.cidrsubnet(self._ipv6_cidr_block, IPV6_SUBNET_BITS, position))

    def _subnet(self, zone: str) -> ZonalSubnet:
        cidr_block = self.settings.workload_subnets.cidr_block(zone)
        return ZonalSubnet(
            self,
            f"subnet-{zone_ending(zone)}",
            name=f"{self.name}-{zone_ending(zone)}",
            vpc_id=self.vpc_with(cidr_block),
            availability_zone=zone,
            cidr_block=cidr_block,
            map_public_ip=self.settings.is_public,
            ipv6_cidr_block=self.ipv6_range(zone_position(zone)),
        )

    def _gateway_endpoint(self, service: str) -> GatewayEndpoint:
        return GatewayEndpoint(
            self,
            f"{service}-endpoint",
            name=f"{self.name}-{service}",
            service=service,
            vpc_id=self.vpc_id,
            route_table_ids=[subnet.route_table_id for subnet in self.subnets.values()],
            perimeter=self.perimeter,
        )
