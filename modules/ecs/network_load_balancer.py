"""The listener of a Network Load Balancer, and what is said of target groups behind it."""

from collections.abc import Mapping
from typing import Any

from cdktf import TerraformResourceLifecycle
from cdktf_cdktf_provider_aws.lb import Lb
from cdktf_cdktf_provider_aws.lb_listener import LbListener, LbListenerDefaultAction
from cdktf_cdktf_provider_aws.lb_target_group import LbTargetGroup, LbTargetGroupStickiness
from constructs import Construct

from modules.ecs.own_load_balancer import TLS_POLICY
from modules.ecs.settings.exposure import TargetHealth
from modules.ecs.settings.network_load_balancers import OwnNetworkLoadBalancer


def target_group_arguments(settings: OwnNetworkLoadBalancer) -> Mapping[str, Any]:
    """Return what a target group has more. All of it is said: the provider would keep what is left out."""
    return {
        "protocol": settings.port_protocol.upper(),
        # It cannot be changed for UDP.
        "preserve_client_ip": None if settings.protocol == "UDP" else str(settings.preserve_client_ip).lower(),
        "proxy_protocol_v2": settings.proxy_protocol,
        "stickiness": LbTargetGroupStickiness(type="source_ip", enabled=settings.source_ip_stickiness),
    }


def health_check_arguments(settings: OwnNetworkLoadBalancer) -> Mapping[str, Any]:
    """Return what is asked, and over which protocol."""
    if isinstance(settings.health, TargetHealth):
        return {"protocol": "HTTP", "path": settings.health.path, "matcher": settings.health.status_codes}
    return {"protocol": "TCP"}


def define_network_listener(
    scope: Construct,
    settings: OwnNetworkLoadBalancer,
    balancer: Lb,
    port: int,
    group: LbTargetGroup,
    *,
    two_groups: bool,
) -> LbListener:
    """Define the listener. ``two_groups``: ECS shifts its traffic between them, and Terraform leaves that alone."""
    secure = settings.protocol == "TLS"
    return LbListener(
        scope,
        # Two things: the provider would keep the policy of a listener that no longer has a certificate.
        "tls-listener" if secure else "listener",
        load_balancer_arn=balancer.arn,
        port=port,
        protocol=settings.protocol,
        certificate_arn=settings.certificate_arn,
        ssl_policy=TLS_POLICY if secure else None,
        tcp_idle_timeout_seconds=settings.idle_timeout_seconds if settings.protocol == "TCP" else None,
        default_action=[LbListenerDefaultAction(type="forward", target_group_arn=group.arn)],
        lifecycle=TerraformResourceLifecycle(ignore_changes=["default_action"]) if two_groups else None,
    )
