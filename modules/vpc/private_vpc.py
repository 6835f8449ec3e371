"""A VPC whose workloads nobody reaches from outside: with NAT, with interface endpoints, or with both."""

from collections.abc import Sequence
from dataclasses import replace

from cdktf_cdktf_provider_aws.internet_gateway import InternetGateway
from constructs import Construct

from modules.naming import AwsLocation
from modules.vpc.cidr import load_balancer_range, nat_range
from modules.vpc.interface_endpoints import InterfaceEndpoints
from modules.vpc.network import Network
from modules.vpc.settings import PrivateNetwork
from modules.vpc.virtual_private_cloud import VirtualPrivateCloud
from modules.vpc.workload_security_group import Traffic
from modules.vpc.zonal_nat import ZonalNat
from modules.vpc.zonal_subnet import ZonalSubnet


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
                vpc_cidr_block=settings.cidr_block,
                subnet_ids={zone: subnet.subnet_id for zone, subnet in self.subnets.items()},
                services=settings.interface_endpoints,
                zones=settings.endpoint_zones,
                perimeter=self.perimeter,
                full_access=settings.full_access_endpoints,
            )
        self._load_balancer_subnets: tuple[str, ...] = ()
        if settings.nat_gateways or settings.load_balancer_subnets:
            gateway = InternetGateway(self, "internet-gateway", vpc_id=self.vpc_id, tags={"Name": self._name})
            if settings.nat_gateways:
                # As listed, not sorted: a zone added at the end moves no shared gateway.
                self._add_nat(gateway, settings.availability_zones[: settings.nat_gateways])
            if settings.load_balancer_subnets:
                self._load_balancer_subnets = tuple(
                    self._load_balancer_subnet(gateway, zone) for zone in sorted(settings.availability_zones)
                )

    @property
    def network(self) -> Network:
        """What workloads need to know of it."""
        return replace(super().network, public_subnet_ids=lambda: self._load_balancer_subnets)

    def _load_balancer_subnet(self, gateway: InternetGateway, zone: str) -> str:
        subnet = ZonalSubnet(
            self,
            f"load-balancer-subnet-{zone[-1]}",
            name=f"{self._name}-load-balancers-{zone[-1]}",
            vpc_id=self.vpc_id,
            availability_zone=zone,
            cidr_block=load_balancer_range(self._cidr_block, zone),
        )
        subnet.route_to_internet_gateway(gateway.id)
        return subnet.subnet_id

    def _add_nat(self, gateway: InternetGateway, zones: Sequence[str]) -> None:
        nats = {
            zone: ZonalNat(
                self,
                f"nat-{zone[-1]}",
                name=f"{self._name}-nat-{zone[-1]}",
                vpc_id=self.vpc_id,
                internet_gateway=gateway,
                availability_zone=zone,
                cidr_block=nat_range(self._cidr_block, zone),
            )
            for zone in zones
        }
        for zone, subnet in self.subnets.items():
            subnet.route_to_nat_gateway(nats.get(zone, nats[zones[0]]).nat_gateway_id)
