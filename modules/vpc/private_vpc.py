"""A VPC whose workloads nobody reaches from outside: with NAT, with interface endpoints, or with both."""

from dataclasses import replace

from cdktf_cdktf_provider_aws.egress_only_internet_gateway import EgressOnlyInternetGateway
from cdktf_cdktf_provider_aws.internet_gateway import InternetGateway
from constructs import Construct

from modules.naming import AwsLocation
from modules.vpc.cidr import ZONES
from modules.vpc.interface_endpoints import InterfaceEndpoints
from modules.vpc.network import Network
from modules.vpc.settings import PrivateNetwork
from modules.vpc.subnet_ranges import SubnetKind
from modules.vpc.virtual_private_cloud import VirtualPrivateCloud
from modules.vpc.workload_security_group import Traffic
from modules.vpc.zonal_nat import ZonalNat
from modules.vpc.zonal_subnet import ZonalSubnet
from modules.vpc.zones import zone_ending, zone_position


class PrivateVpc(VirtualPrivateCloud):
    """Define a VPC with private subnets."""

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        name: str,
        settings: PrivateNetwork,
        location: AwsLocation,
        traffic: Traffic | None = None,
    ) -> None:
        super().__init__(
            scope,
            id_,
            name=name,
            settings=settings,
            location=location,
            public=False,
            leads_out=settings.nat_gateways > 0,
            traffic=traffic,
        )
        if settings.interface_endpoints:
            InterfaceEndpoints(
                self,
                "endpoints",
                name=f"{name}-endpoints",
                vpc_id=self.vpc_id,
                vpc_cidr_blocks=settings.cidr_blocks,
                subnet_ids={zone: subnet.subnet_id for zone, subnet in self.subnets.items()},
                services=settings.interface_endpoints,
                zones=settings.endpoint_zones,
                perimeter=self.perimeter,
                full_access=settings.full_access_endpoints,
            )
        self._load_balancer_subnets: tuple[str, ...] = ()
        self._nat_gateways: dict[str, str] = {}
        if settings.nat_gateways or settings.load_balancer_subnets:
            gateway = InternetGateway(self, "internet-gateway", vpc_id=self.vpc_id, tags={"Name": self._name})
            if settings.nat_gateways:
                self._add_nat(gateway, settings.nat_subnets)
            public = settings.public_subnets
            self._load_balancer_subnets = tuple(
                self._load_balancer_subnet(gateway, zone, public.cidr_block(zone)) for zone in sorted(public.zones)
            )

    @property
    def network(self) -> Network:
        """What workloads need to know of it."""
        return replace(
            super().network,
            public_subnet_ids=lambda: self._load_balancer_subnets,
            nat_gateway_ids=self._nat_gateways,
        )

    def _load_balancer_subnet(self, gateway: InternetGateway, zone: str, cidr_block: str) -> str:
        subnet = ZonalSubnet(
            self,
            f"load-balancer-subnet-{zone_ending(zone)}",
            name=f"{self._name}-load-balancers-{zone_ending(zone)}",
            vpc_id=self.vpc_with(cidr_block),
            availability_zone=zone,
            cidr_block=cidr_block,
            # Beside those of workloads, which have the first.
            ipv6_cidr_block=self.ipv6_range(ZONES + zone_position(zone)),
        )
        subnet.route_to_internet_gateway(gateway.id)
        return subnet.subnet_id

    def _add_nat(self, gateway: InternetGateway, subnets: SubnetKind) -> None:
        nats = {
            zone: ZonalNat(
                self,
                f"nat-{zone_ending(zone)}",
                name=f"{self._name}-nat-{zone_ending(zone)}",
                vpc_id=self.vpc_with(subnets.cidr_block(zone)),
                internet_gateway=gateway,
                availability_zone=zone,
                cidr_block=subnets.cidr_block(zone),
            )
            for zone in subnets.zones
        }
        self._nat_gateways = {zone: nat.nat_gateway_id for zone, nat in nats.items()}
        for zone, subnet in self.subnets.items():
            subnet.route_to_nat_gateway(nats.get(zone, nats[subnets.zones[0]]).nat_gateway_id)
        if self.ipv6_range(0):
            egress_only = EgressOnlyInternetGateway(
                self, "egress-only-internet-gateway", vpc_id=self.vpc_id, tags={"Name": self._name}
            )
            for subnet in self.subnets.values():
                subnet.route_to_egress_only_gateway(egress_only.id)
