"""A VPC whose workloads have public addresses: no standing cost, nothing let in, but one wrong rule away from it."""

from cdktf_cdktf_provider_aws.internet_gateway import InternetGateway
from constructs import Construct

from modules.naming import AwsLocation
from modules.vpc.settings import PublicNetwork
from modules.vpc.virtual_private_cloud import VirtualPrivateCloud
from modules.vpc.workload_security_group import Traffic


class PublicVpc(VirtualPrivateCloud):
    """Define a VPC whose subnets lead to the internet gateway. EC2 capacity gets its public address from the subnet."""

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        name: str,
        settings: PublicNetwork,
        location: AwsLocation,
        traffic: Traffic | None = None,
    ) -> None:
        super().__init__(
            scope,
            id_,
            name=name,
            settings=settings,
            location=location,
            public=True,
            leads_out=True,
            traffic=traffic,
        )
        gateway = InternetGateway(self, "internet-gateway", vpc_id=self.vpc_id, tags={"Name": name})
        for subnet in self.subnets.values():
            subnet.route_to_internet_gateway(gateway.id)
