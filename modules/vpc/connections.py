"""What connects a network: workloads in it reach nothing before these are there, or once they are gone."""

from cdktf import TerraformResource
from cdktf_cdktf_provider_aws.route import Route
from cdktf_cdktf_provider_aws.route_table_association import RouteTableAssociation
from cdktf_cdktf_provider_aws.vpc_endpoint import VpcEndpoint
from cdktf_cdktf_provider_aws.vpc_security_group_egress_rule import VpcSecurityGroupEgressRule
from cdktf_cdktf_provider_aws.vpc_security_group_ingress_rule import VpcSecurityGroupIngressRule
from constructs import Construct

CONNECTIONS = (Route, RouteTableAssociation, VpcEndpoint, VpcSecurityGroupEgressRule, VpcSecurityGroupIngressRule)


def connections_in(scope: Construct) -> tuple[TerraformResource, ...]:
    """Return the routes, endpoints and rules that are defined below ``scope``."""
    return tuple(item for item in scope.node.find_all() if isinstance(item, CONNECTIONS))
