"""A VPC whose workloads nobody reaches from outside: with NAT, with interface endpoints, or with both."""

from collections.abc import Mapping
from dataclasses import replace

from cdktf_cdktf_provider_aws.egress_only_internet_gateway import EgressOnlyInternetGateway
from cdktf_cdktf_provider_aws.eip import Eip
from cdktf_cdktf_provider_aws.internet_gateway import InternetGateway
from cdktf_cdktf_provider_aws.nat_gateway import NatGateway
from constructs import Construct

from modules.vpc.cidr import ZONES
from modules.vpc.interface_endpoints import InterfaceEndpoints
from modules.vpc.network import Network
from modules.vpc.settings import PrivateNetwork
from modules.vpc.virtual_private_cloud import VirtualPrivateCloud
from modules.vpc.zonal_subnet import ZonalSubnet
from modules.vpc.zones import zone_ending, zone_position


class PrivateVpc(VirtualPrivateCloud):
    """Define a VPC with private subnets."""

    settings: PrivateNetwork
    _nat_gateways: Mapping[str, str] = {}
    _load_balancer_subnets: tuple[str, ...] = ()

    def _lead_out(self) -> None:
        settings = self.settings
        if settings.interface_endpoints:
            InterfaceEndpoints(
                self,
                "endpoints",
                name=f"{self.name}-endpoints",
                vpc_id=self.vpc_id,
                settings=settings,
                subnet_ids={zone: subnet.subnet_id for zone, subnet in self.subnets.items()},
                perimeter=self.perimeter,
            )
        if settings.nat_gateways or settings.load_balancer_subnets:
            gateway = InternetGateway(self, "internet-gateway", vpc_id=self.vpc_id, tags={"Name": self.name})
            self._nat_gateways = {zone: self._nat(zone, gateway) for zone in settings.nat_subnets.zones}
            self._route_to_nat()
            self._load_balancer_subnets = tuple(
                self._load_balancer_subnet(zone, gateway) for zone in sorted(settings.public_subnets.zones)
            )

    @property
    def network(self) -> Network:
        """What workloads need to know of it."""
        return replace(
            super().network,
            public_subnet_ids=lambda: self._load_balancer_subnets,
            nat_gateway_ids=self._nat_gateways,
        )

    def _load_balancer_subnet(self, zone: str, gateway: InternetGateway) -> str:
        cidr_block = self.settings.public_subnets.cidr_block(zone)
        subnet = ZonalSubnet(
            self,
            f"load-balancer-subnet-{zone_ending(zone)}",
            name=f"{self.name}-load-balancers-{zone_ending(zone)}",
            vpc_id=self.vpc_with(cidr_block),
            availability_zone=zone,
            cidr_block=cidr_block,
            # Beside those of workloads, which have the first.
            ipv6_cidr_block=self.ipv6_range(ZONES + zone_position(zone)),
        )
        subnet.route_to_internet_gateway(gateway.id)
        return subnet.subnet_id

    def _nat(self, zone: str, internet_gateway: InternetGateway) -> str:
        """Return the NAT gateway of a zone, in a public subnet of its own, where nothing else runs.

        The address stays the same for as long as the gateway is there, so that others can let it in.
        """
        scope, name = Construct(self, f"nat-{zone_ending(zone)}"), f"{self.name}-nat-{zone_ending(zone)}"
        cidr_block, tags = self.settings.nat_subnets.cidr_block(zone), {"Name": name}
        subnet = ZonalSubnet(
            scope,
            "subnet",
            name=name,
            vpc_id=self.vpc_with(cidr_block),
            availability_zone=zone,
            cidr_block=cidr_block,
        )
        subnet.route_to_internet_gateway(internet_gateway.id)
        # AWS hands out no working address before the VPC has its internet gateway, and does not let the internet
        # gateway go before the address; Terraform sees neither in what these resources refer to.
        first = [internet_gateway]
        address = Eip(scope, "address", domain="vpc", tags=tags, depends_on=first)
        gateway = NatGateway(
            scope,
            "Resource",
            subnet_id=subnet.subnet_id,
            allocation_id=address.allocation_id,
            tags=tags,
            depends_on=first,
        )
        return str(gateway.id)

    def _route_to_nat(self) -> None:
        if not self._nat_gateways:
            return
        shared = next(iter(self._nat_gateways.values()))
        for zone, subnet in self.subnets.items():
            subnet.route_to_nat_gateway(self._nat_gateways.get(zone, shared))
        if self.settings.ipv6:
            egress_only = EgressOnlyInternetGateway(
                self, "egress-only-internet-gateway", vpc_id=self.vpc_id, tags={"Name": self.name}
            )
            for subnet in self.subnets.values():
                subnet.route_to_egress_only_gateway(egress_only.id)
