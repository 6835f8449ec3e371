"""Interface endpoints: AWS services under addresses of the VPC, and the security group they share."""

from collections.abc import Sequence

from cdktf_cdktf_provider_aws.vpc_endpoint import VpcEndpoint
from cdktf_cdktf_provider_aws.vpc_security_group_ingress_rule import VpcSecurityGroupIngressRule
from constructs import Construct

from modules.naming import AwsLocation
from modules.vpc.endpoint_services import endpoint_service_name
from modules.vpc.security_group import empty_security_group
from modules.vpc.workload_security_group import HTTPS


class InterfaceEndpoints(Construct):
    """Define an endpoint for each of ``services`` in each of the subnets.

    Their private DNS makes a service's usual name lead to the endpoint, so that programs need not know of it.
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        name: str,
        vpc_id: str,
        vpc_cidr_block: str,
        subnet_ids: Sequence[str],
        services: Sequence[str],
        location: AwsLocation,
    ) -> None:
        super().__init__(scope, id_)
        group = empty_security_group(self, name=name, vpc_id=vpc_id, description="Interface endpoints")
        VpcSecurityGroupIngressRule(
            self,
            "ingress-vpc",
            security_group_id=group.id,
            ip_protocol="tcp",
            from_port=HTTPS,
            to_port=HTTPS,
            cidr_ipv4=vpc_cidr_block,
            description="HTTPS from inside the VPC",
        )
        for service in sorted(services):
            VpcEndpoint(
                self,
                service.replace(".", "-"),
                vpc_id=vpc_id,
                vpc_endpoint_type="Interface",
                service_name=endpoint_service_name(location.region, service),
                private_dns_enabled=True,
                subnet_ids=list(subnet_ids),
                security_group_ids=[group.id],
                tags={"Name": f"{name}-{service.replace('.', '-')}"},
            )
