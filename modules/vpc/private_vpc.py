"""A VPC whose workloads nobody reaches from outside: with NAT, with interface endpoints, or with both."""

from collections.abc import Sequence

from cdktf_cdktf_provider_aws.internet_gateway import InternetGateway
from constructs import Construct

from modules.naming import AwsLocation
from modules.vpc.cidr import nat_range
from modules.vpc.interface_endpoints import InterfaceEndpoints
from modules.vpc.settings import PrivateNetwork
from modules.vpc.virtual_private_cloud import VirtualPrivateCloud
from modules.vpc.workload_security_group import Traffic
from modules.vpc.zonal_nat import ZonalNat


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
        if settings.nat_gateways:
            # As listed, not sorted: a zone added at the end moves no shared gateway.
            self._add_nat(settings.availability_zones[: settings.nat_gateways])

    def _add_nat(self, zones: Sequence[str]) -> None:
        internet_gateway = InternetGateway(self, "internet-gateway", vpc_id=self.vpc_id, tags={"Name": self._name})
        nats = {
            zone: ZonalNat(
                self,
                f"nat-{zone[-1]}",
                name=f"{self._name}-nat-{zone[-1]}",
                vpc_id=self.vpc_id,
                internet_gateway=internet_gateway,
                availability_zone=zone,
                cidr_block=nat_range(self._cidr_block, zone),
            )
            for zone in zones
        }
        for zone, subnet in self.subnets.items():
            subnet.route_to_nat_gateway(nats.get(zone, nats[zones[0]]).nat_gateway_id)
