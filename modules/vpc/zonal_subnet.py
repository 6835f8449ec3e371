"""A subnet of one availability zone with a route table of its own.

A table for each zone even where their routes are equal: giving each zone its own NAT gateway later changes a route in
place and moves no subnet to another table.
"""

from cdktf_cdktf_provider_aws.route import Route
from cdktf_cdktf_provider_aws.route_table import RouteTable
from cdktf_cdktf_provider_aws.route_table_association import RouteTableAssociation
from cdktf_cdktf_provider_aws.subnet import Subnet
from constructs import Construct

from modules.vpc.cidr import INTERNET, INTERNET_IPV6
from modules.vpc.zones import is_zone_id


class ZonalSubnet(Construct):
    """Define a subnet and its route table, which leads nowhere but into the VPC until a route is added.

    ``subnet_id`` and ``route_table_id`` are tokens. ``map_public_ip``: instances started in it get a public address.
    ``ipv6_cidr_block``: network interfaces get an address of it besides.
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        name: str,
        vpc_id: str,
        availability_zone: str,
        cidr_block: str,
        map_public_ip: bool = False,
        ipv6_cidr_block: str | None = None,
    ) -> None:
        super().__init__(scope, id_)
        self._has_ipv6 = ipv6_cidr_block is not None
        subnet = Subnet(
            self,
            "Resource",
            vpc_id=vpc_id,
            availability_zone=None if is_zone_id(availability_zone) else availability_zone,
            availability_zone_id=availability_zone if is_zone_id(availability_zone) else None,
            cidr_block=cidr_block,
            map_public_ip_on_launch=map_public_ip,
            ipv6_cidr_block=ipv6_cidr_block,
            assign_ipv6_address_on_creation=self._has_ipv6 or None,
            tags={"Name": name},
        )
        route_table = RouteTable(self, "route-table", vpc_id=vpc_id, tags={"Name": name})
        RouteTableAssociation(self, "association", subnet_id=subnet.id, route_table_id=route_table.id)
        self.subnet_id: str = subnet.id
        self.route_table_id: str = route_table.id

    # Routes of one protocol have one id: a subnet has one way out, and changing which is a change in place.

    def route_to_internet_gateway(self, gateway_id: str) -> None:
        """Make the subnet public: what has a public address in it reaches the internet, and may be reached."""
        self._route(gateway_id=gateway_id)
        if self._has_ipv6:
            self._route_ipv6(gateway_id=gateway_id)

    def route_to_egress_only_gateway(self, gateway_id: str) -> None:
        """Let the subnet reach the internet over IPv6, which needs no translation, without being reached."""
        self._route_ipv6(egress_only_gateway_id=gateway_id)

    def route_to_nat_gateway(self, gateway_id: str) -> None:
        """Let the subnet reach the internet without being reached."""
        self._route(nat_gateway_id=gateway_id)

    def _route(self, **target: str) -> None:
        table = self.route_table_id
        Route(self, "internet-route", route_table_id=table, destination_cidr_block=INTERNET, **target)

    def _route_ipv6(self, **target: str) -> None:
        table = self.route_table_id
        Route(self, "internet-route-ipv6", route_table_id=table, destination_ipv6_cidr_block=INTERNET_IPV6, **target)
