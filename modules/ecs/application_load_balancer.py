"""The listener of an Application Load Balancer, and the rule that leads from a listener to a service."""

from collections.abc import Iterator, Sequence

from cdktf import TerraformResourceLifecycle
from cdktf_cdktf_provider_aws.lb import Lb
from cdktf_cdktf_provider_aws.lb_listener import LbListener, LbListenerDefaultAction
from cdktf_cdktf_provider_aws.lb_listener_rule import (
    LbListenerRule,
    LbListenerRuleAction,
    LbListenerRuleActionForward,
    LbListenerRuleActionForwardTargetGroup,
    LbListenerRuleCondition,
    LbListenerRuleConditionHostHeader,
    LbListenerRuleConditionPathPattern,
)
from cdktf_cdktf_provider_aws.lb_target_group import LbTargetGroup
from constructs import Construct

from modules.ecs.own_load_balancer import TLS_POLICY
from modules.ecs.settings.exposure import ExistingListener, HttpTargetGroup, OwnLoadBalancer
from modules.vpc.traffic_settings import HTTP, HTTPS


def define_listener(scope: Construct, settings: OwnLoadBalancer, balancer: Lb, group: LbTargetGroup) -> LbListener:
    """Define the listener of a load balancer that is made for one service."""
    return LbListener(
        scope,
        # Two things: the provider would keep the policy of a listener that no longer has a certificate.
        "listener" if settings.certificate_arn else "http-listener",
        load_balancer_arn=balancer.arn,
        port=HTTPS if settings.certificate_arn else HTTP,
        protocol="HTTPS" if settings.certificate_arn else "HTTP",
        certificate_arn=settings.certificate_arn,
        ssl_policy=TLS_POLICY if settings.certificate_arn else None,
        # Never taken: the rule, which deployments that shift traffic need, is for every path. It forwards as well,
        # because such deployments may fail where actions of a listener do not; ECS moves the rule's weights only.
        default_action=[LbListenerDefaultAction(type="forward", target_group_arn=group.arn)],
    )


def define_rule(
    scope: Construct, settings: HttpTargetGroup, listener_arn: str, *, priority: int, group_arns: Sequence[str]
) -> LbListenerRule:
    """Define the rule. Where it has two groups, ECS moves its weights, and Terraform leaves them alone."""
    forward = LbListenerRuleActionForward(
        target_group=[
            LbListenerRuleActionForwardTargetGroup(arn=arn, weight=0 if index else 100)
            for index, arn in enumerate(group_arns)
        ]
    )
    return LbListenerRule(
        scope,
        "rule",
        listener_arn=listener_arn,
        priority=priority,
        condition=list(_conditions(settings)),
        action=[LbListenerRuleAction(type="forward", forward=forward)],
        lifecycle=TerraformResourceLifecycle(ignore_changes=["action"]) if len(group_arns) > 1 else None,
    )


def _conditions(settings: HttpTargetGroup) -> Iterator[LbListenerRuleCondition]:
    existing = settings if isinstance(settings, ExistingListener) else None
    if paths := sorted(existing.path_patterns) if existing else ["/*"]:
        yield LbListenerRuleCondition(path_pattern=LbListenerRuleConditionPathPattern(values=paths))
    if hosts := sorted(existing.host_headers) if existing else []:
        yield LbListenerRuleCondition(host_header=LbListenerRuleConditionHostHeader(values=hosts))
