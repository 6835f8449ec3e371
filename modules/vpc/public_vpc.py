"""A VPC whose workloads have public addresses: no standing cost, nothing let in, but one wrong rule away from it."""

from cdktf_cdktf_provider_aws.internet_gateway import InternetGateway

from modules.vpc.virtual_private_cloud import VirtualPrivateCloud


class PublicVpc(VirtualPrivateCloud):
    """Define a VPC whose subnets lead to the internet gateway. EC2 capacity gets its public address from the subnet."""

    def _lead_out(self) -> None:
        gateway = InternetGateway(self, "internet-gateway", vpc_id=self.vpc_id, tags={"Name": self.name})
        for subnet in self.subnets.values():
            subnet.route_to_internet_gateway(gateway.id)
