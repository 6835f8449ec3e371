"""The load balancer that is made for a service: where it stands, who reaches it, what keeps it from being deleted."""

from collections.abc import Sequence
from typing import Any

from cdktf import ITerraformDependable, TerraformResourceLifecycle
from cdktf_cdktf_provider_aws.lb import Lb
from cdktf_cdktf_provider_aws.vpc_security_group_ingress_rule import VpcSecurityGroupIngressRule
from constructs import Construct

from modules.ecs.settings.exposure import MadeLoadBalancer
from modules.names import require_name
from modules.vpc.cidr import INTERNET, INTERNET_IPV6
from modules.vpc.network import Network
from modules.vpc.security_group import empty_security_group, rule_between_groups
from modules.vpc.traffic_settings import PortRange

# TLS 1.3 and 1.2 only.
TLS_POLICY = "ELBSecurityPolicy-TLS13-1-2-2021-06"


def define_load_balancer(
    scope: Construct,
    *,
    name: str,
    settings: MadeLoadBalancer,
    port: PortRange,
    network: Network,
    deletion_protection: bool,
    depends_on: Sequence[ITerraformDependable] = (),
    **arguments: Any,
) -> tuple[Lb, str]:
    """Return the load balancer, which callers reach on ``port``, and its security group, which lets nothing out yet."""
    require_name("load balancer", name)
    group = empty_security_group(
        Construct(scope, "security-group"),
        name=f"{name}-load-balancer",
        vpc_id=network.vpc_id(),
        description=f"Load balancer of {name}",
    )
    # Those inside are reached over IPv4; UDP is not taken over IPv6.
    is_dual = network.has_ipv6 and not settings.internal and port.protocol == "tcp"
    protected = deletion_protection if settings.deletion_protection is None else settings.deletion_protection
    callers: dict[str, dict[str, str]] = {
        f"ingress-{block.replace('/', '-')}": {"cidr_ipv4": block} for block in settings.allowed_cidr_blocks
    }
    if is_dual and INTERNET in settings.allowed_cidr_blocks:
        callers["ingress-ipv6"] = {"cidr_ipv6": INTERNET_IPV6}
    for id_, addresses in callers.items():
        VpcSecurityGroupIngressRule(
            scope,
            id_,
            security_group_id=group.id,
            ip_protocol=port.protocol,
            from_port=port.from_port,
            to_port=port.last_port,
            description="Callers",
            **addresses,
        )
    for position, workloads in enumerate(network.own_group_ids if settings.internal else ()):
        # Whether it lets them in, allowed_cidr_blocks say.
        rule_between_groups(
            scope,
            f"egress-workloads-{position}",
            "egress",
            group_id=workloads,
            other_group_id=group.id,
            ports=port,
            description=f"To the load balancer of {name}",
        )
    # One that the internet reaches is refused before the internet gateway is there.
    ways = [] if settings.internal else network.connections_for(scope)
    balancer = Lb(
        scope,
        "Resource",
        name=name,
        internal=settings.internal,
        subnets=list(network.load_balancer_subnet_ids(internal=settings.internal)),
        security_groups=[group.id],
        # Never taken back: a network keeps its IPv6.
        ip_address_type="dualstack" if is_dual else None,
        enable_deletion_protection=protected,
        depends_on=[*depends_on, *ways] or None,
        # AWS would refuse in the middle of an apply; Terraform says so before it.
        lifecycle=TerraformResourceLifecycle(prevent_destroy=True) if protected else None,
        **arguments,
    )
    return balancer, str(group.id)
