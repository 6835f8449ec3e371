"""Interface endpoints: AWS services under addresses of the VPC, and the security group they share."""

from collections.abc import Collection, Mapping

from cdktf_cdktf_provider_aws.vpc_endpoint import VpcEndpoint
from cdktf_cdktf_provider_aws.vpc_security_group_ingress_rule import VpcSecurityGroupIngressRule
from constructs import Construct

from modules.iam.policy import allow, policy_document
from modules.vpc.endpoint_services import EndpointService, endpoint_service_name
from modules.vpc.perimeter import ANYBODY, WITHOUT_POLICY, Perimeter
from modules.vpc.security_group import empty_security_group
from modules.vpc.settings import PrivateNetwork
from modules.vpc.traffic_settings import HTTPS


class InterfaceEndpoints(Construct):
    """Define the endpoints that ``settings`` name, each in the subnets of its zones or else in all.

    ``subnet_ids`` has the subnet of each zone. Private DNS makes a service's usual name lead to its endpoint, so that
    programs need not know of it. ``perimeter`` says what passes, but for services with full access.
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        name: str,
        vpc_id: str,
        settings: PrivateNetwork,
        subnet_ids: Mapping[str, str],
        perimeter: Perimeter,
    ) -> None:
        super().__init__(scope, id_)
        group = empty_security_group(self, name=name, vpc_id=vpc_id, description="Interface endpoints")
        for position, cidr_block in enumerate(settings.cidr_blocks):
            VpcSecurityGroupIngressRule(
                self,
                f"ingress-vpc-{cidr_block.replace('/', '-')}" if position else "ingress-vpc",
                security_group_id=group.id,
                ip_protocol="tcp",
                from_port=HTTPS,
                to_port=HTTPS,
                cidr_ipv4=cidr_block,
                description="HTTPS from inside the VPC",
            )
        for service in sorted(settings.interface_endpoints):
            zones = settings.endpoint_zones.get(service, subnet_ids)
            VpcEndpoint(
                self,
                service.replace(".", "-"),
                vpc_id=vpc_id,
                vpc_endpoint_type="Interface",
                service_name=endpoint_service_name(perimeter.location.region, service),
                private_dns_enabled=True,
                subnet_ids=[subnet for zone, subnet in subnet_ids.items() if zone in zones],
                security_group_ids=[group.id],
                policy=_policy(service, perimeter, settings.full_access_endpoints),
                tags={"Name": f"{name}-{service.replace('.', '-')}"},
            )


def _policy(service: EndpointService, perimeter: Perimeter, full_access: Collection[EndpointService]) -> str | None:
    if service in WITHOUT_POLICY:
        return None
    if service in full_access:
        # AWS's own, written down: the provider would keep another one that is left out.
        return policy_document([allow("Everything", ["*"], "*", principal=ANYBODY)])
    return policy_document(perimeter.endpoint_statements(service))
