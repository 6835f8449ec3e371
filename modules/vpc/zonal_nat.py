"""NAT of one availability zone: a small public subnet, an Elastic IP address and the gateway that has both."""

from cdktf_cdktf_provider_aws.eip import Eip
from cdktf_cdktf_provider_aws.internet_gateway import InternetGateway
from cdktf_cdktf_provider_aws.nat_gateway import NatGateway
from constructs import Construct

from modules.vpc.zonal_subnet import ZonalSubnet


class ZonalNat(Construct):
    """Define a NAT gateway in a public subnet of its own, where nothing else runs.

    ``nat_gateway_id`` is a token. The address stays the same for as long as the gateway is there, so that others can
    let it in.
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        name: str,
        vpc_id: str,
        internet_gateway: InternetGateway,
        availability_zone: str,
        cidr_block: str,
    ) -> None:
        super().__init__(scope, id_)
        subnet = ZonalSubnet(
            self, "subnet", name=name, vpc_id=vpc_id, availability_zone=availability_zone, cidr_block=cidr_block
        )
        subnet.route_to_internet_gateway(internet_gateway.id)
        # AWS hands out no working address before the VPC has its internet gateway, and does not let the internet
        # gateway go before the address; Terraform sees neither in what these resources refer to.
        address = Eip(self, "address", domain="vpc", tags={"Name": name}, depends_on=[internet_gateway])
        gateway = NatGateway(
            self,
            "Resource",
            subnet_id=subnet.subnet_id,
            allocation_id=address.allocation_id,
            tags={"Name": name},
            depends_on=[internet_gateway],
        )
        self.nat_gateway_id: str = gateway.id
