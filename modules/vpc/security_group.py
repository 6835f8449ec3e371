"""Security groups, each rule a resource of its own, so that adding one never touches another."""

from typing import Literal, TypeAlias

from cdktf import TerraformResourceLifecycle
from cdktf_cdktf_provider_aws.security_group import SecurityGroup
from cdktf_cdktf_provider_aws.vpc_security_group_egress_rule import VpcSecurityGroupEgressRule
from cdktf_cdktf_provider_aws.vpc_security_group_ingress_rule import VpcSecurityGroupIngressRule
from constructs import Construct

from modules.vpc.traffic_settings import PortRange

ALL_PROTOCOLS = "-1"
GroupRule: TypeAlias = VpcSecurityGroupEgressRule | VpcSecurityGroupIngressRule


def empty_security_group(scope: Construct, *, name: str, vpc_id: str, description: str) -> SecurityGroup:
    """Define a security group as the main child of ``scope``: it lets nothing in and, unlike AWS's own, nothing out."""
    return SecurityGroup(
        scope,
        "Resource",
        # A group cannot go while a network interface has it, so a replacement is made first, under a name of its own.
        name_prefix=f"{name}-",
        description=description,
        vpc_id=vpc_id,
        tags={"Name": name},
        lifecycle=TerraformResourceLifecycle(create_before_destroy=True),
    )


def rule_between_groups(
    scope: Construct,
    id_: str,
    direction: Literal["ingress", "egress"],
    *,
    group_id: str,
    other_group_id: str,
    ports: PortRange | None,
    description: str,
) -> GroupRule:
    """Define a rule of a group whose other side is a group, maybe the same; ``ports`` None: all, of every protocol."""
    kind: type[GroupRule] = VpcSecurityGroupIngressRule if direction == "ingress" else VpcSecurityGroupEgressRule
    return kind(
        scope,
        id_,
        security_group_id=group_id,
        ip_protocol=ports.protocol if ports else ALL_PROTOCOLS,
        from_port=ports.from_port if ports else None,
        to_port=ports.last_port if ports else None,
        referenced_security_group_id=other_group_id,
        description=description,
    )
