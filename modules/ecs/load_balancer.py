"""How requests reach a service: target groups, a listener rule, and the load balancer where it is the service's own."""

from collections.abc import Mapping, Sequence
from typing import Literal

from cdktf import TerraformResourceLifecycle
from cdktf_cdktf_provider_aws.lb import Lb, LbAccessLogs
from cdktf_cdktf_provider_aws.lb_listener import (
    LbListener,
    LbListenerDefaultAction,
)
from cdktf_cdktf_provider_aws.lb_listener_rule import (
    LbListenerRule,
    LbListenerRuleAction,
    LbListenerRuleActionForward,
    LbListenerRuleActionForwardTargetGroup,
    LbListenerRuleCondition,
    LbListenerRuleConditionHostHeader,
    LbListenerRuleConditionPathPattern,
)
from cdktf_cdktf_provider_aws.lb_target_group import LbTargetGroup, LbTargetGroupHealthCheck
from cdktf_cdktf_provider_aws.vpc_security_group_ingress_rule import VpcSecurityGroupIngressRule
from constructs import Construct

from modules.ecs.settings.exposure import (
    ExistingListener,
    ExistingTargetGroup,
    LoadBalancing,
    MadeTargetGroup,
    OwnLoadBalancer,
)
from modules.names import require_name
from modules.s3.bucket import Bucket
from modules.s3.grantable_bucket import GrantableBucket
from modules.vpc.network import Network
from modules.vpc.security_group import empty_security_group, rule_between_groups
from modules.vpc.traffic_settings import HTTP, HTTPS, PortRange

# TLS 1.3 and 1.2 only.
TLS_POLICY = "ELBSecurityPolicy-TLS13-1-2-2021-06"


class ServiceLoadBalancer(Construct):
    """Define what stands between callers and the tasks of a service that listens on ``port``.

    Health checks ask ``health_port``, the same or another one. ``two_groups``: the deployment shifts traffic between
    two target groups. ECS then moves the weights of the rule, and Terraform leaves them alone. ``security_group_id``
    lets the load balancer reach the tasks, and nobody else. ``buckets`` has the one for its access log. The service
    must depend on ``rule``: ECS takes no target group that nothing leads to; it is None where the group is somebody
    else's. ``target_group_arns``, ``request_label``
    and ``dns_name`` are tokens.
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        name: str,
        settings: LoadBalancing,
        port: int,
        health_port: int,
        network: Network,
        two_groups: bool,
        deletion_protection: bool,
        buckets: Mapping[str, GrantableBucket] | None = None,
    ) -> None:
        super().__init__(scope, id_)
        self.dns_name: str | None = None
        self._name = name
        self._buckets = buckets or {}
        letters = ("a", "b") if two_groups else ("a",)
        # What the load balancer asks for, by what it asks it for.
        self._ports = {"tasks": port} | ({"health-checks": health_port} if health_port != port else {})
        if isinstance(settings, ExistingTargetGroup):
            self._use(settings, network)
            return
        if not isinstance(settings, MadeTargetGroup):
            raise TypeError(f"{type(settings).__name__} is no kind of load balancing")
        health_check = _health_check(settings, self._ports.get("health-checks"))
        groups = [self._target_group(letter, settings, health_check, network) for letter in letters]
        self.target_group_arns: list[str] = [group.arn for group in groups]
        self.security_group_id = self._task_security_group(network)
        match settings:
            case OwnLoadBalancer():
                balancer, source = self._load_balancer(settings, network, deletion_protection)
                listener_arn, label, priority = (
                    self._listener(settings, balancer, groups[0]).arn,
                    balancer.arn_suffix,
                    1,
                )
                self.dns_name = balancer.dns_name
                self._allow("egress", source, self.security_group_id)
            case ExistingListener():
                listener_arn, source, priority = settings.listener_arn, settings.security_group_id, settings.priority
                # arn:…:listener/app/<name>/<id>/<listener>
                label = "/".join(listener_arn.partition(":listener/")[2].split("/")[:3])
            case _:
                raise TypeError(f"{type(settings).__name__} is no kind of load balancing")
        self._allow("ingress", self.security_group_id, source)
        self.request_label: str | None = f"{label}/{groups[0].arn_suffix}"
        self.rule: LbListenerRule | None = self._rule(listener_arn, priority, _conditions(settings), two_groups)

    def _use(self, settings: ExistingTargetGroup, network: Network) -> None:
        """Let the load balancer of somebody else's target group reach the tasks; the rest is its owner's."""
        self.target_group_arns = [settings.target_group_arn]
        self.security_group_id = self._task_security_group(network)
        self._allow("ingress", self.security_group_id, settings.security_group_id)
        self.request_label = settings.request_label
        self.rule = None

    def _target_group(
        self, letter: str, settings: MadeTargetGroup, health_check: LbTargetGroupHealthCheck, network: Network
    ) -> LbTargetGroup:
        return LbTargetGroup(
            self,
            f"target-group-{letter}",
            # A group cannot go while a rule leads to it, so a replacement is made first, under a name of its own.
            name_prefix=f"{letter}-",
            # For targets that do not say; ECS gives each task's own. Another one would replace the group, and a rule
            # whose weights are ECS's would not follow.
            port=HTTP,
            protocol="HTTP",
            target_type="ip",
            vpc_id=network.vpc_id,
            deregistration_delay=str(settings.deregistration_seconds),
            health_check=health_check,
            tags={"Name": f"{self._name}-{letter}"},
            lifecycle=TerraformResourceLifecycle(create_before_destroy=True),
        )

    def _task_security_group(self, network: Network) -> str:
        group = empty_security_group(
            Construct(self, "task-security-group"),
            name=f"{self._name}-tasks",
            vpc_id=network.vpc_id,
            description=f"Requests to the tasks of {self._name}",
        )
        return str(group.id)

    def _load_balancer(self, settings: OwnLoadBalancer, network: Network, deletion_protection: bool) -> tuple[Lb, str]:
        """Return the load balancer and its security group."""
        require_name("load balancer", self._name)
        group = empty_security_group(
            Construct(self, "security-group"),
            name=f"{self._name}-load-balancer",
            vpc_id=network.vpc_id,
            description=f"Load balancer of {self._name}",
        )
        port = HTTPS if settings.certificate_arn else HTTP
        protected = deletion_protection if settings.deletion_protection is None else settings.deletion_protection
        for cidr_block in settings.allowed_cidr_blocks:
            VpcSecurityGroupIngressRule(
                self,
                f"ingress-{cidr_block.replace('/', '-')}",
                security_group_id=group.id,
                ip_protocol="tcp",
                from_port=port,
                to_port=port,
                cidr_ipv4=cidr_block,
                description="Callers",
            )
        for position, workloads in enumerate(network.own_group_ids if settings.internal else ()):
            # Whether it lets them in, allowed_cidr_blocks say.
            rule_between_groups(
                self,
                f"egress-workloads-{position}",
                "egress",
                group_id=workloads,
                other_group_id=group.id,
                ports=PortRange(from_port=port),
                description=f"To the load balancer of {self._name}",
            )
        logs = self._buckets[settings.access_log_bucket] if settings.access_log_bucket else None
        balancer = Lb(
            self,
            "Resource",
            name=self._name,
            load_balancer_type="application",
            internal=settings.internal,
            subnets=list(network.load_balancer_subnet_ids(internal=settings.internal)),
            security_groups=[group.id],
            idle_timeout=settings.idle_timeout_seconds,
            # What is not HTTP may be meant to confuse what stands behind.
            drop_invalid_header_fields=True,
            enable_deletion_protection=protected,
            access_logs=self._access_logs(logs),
            depends_on=[
                # It is tried whether the bucket can be written to, and whether the internet gateway is there.
                *([logs.allow_load_balancer_log(self._name)] if isinstance(logs, Bucket) else []),
                *([] if settings.internal else network.connections_for(self)),
            ]
            or None,
            # AWS would refuse in the middle of an apply; Terraform says so before it.
            lifecycle=TerraformResourceLifecycle(prevent_destroy=True) if protected else None,
        )
        return balancer, str(group.id)

    def _access_logs(self, bucket: GrantableBucket | None) -> LbAccessLogs:
        if bucket is None:
            # Said in any case: the provider keeps logs that are left out. The name is sent to nobody.
            return LbAccessLogs(bucket=f"{self._name}-has-none", enabled=False)
        return LbAccessLogs(bucket=bucket.bucket_name, prefix=self._name, enabled=True)

    def _listener(self, settings: OwnLoadBalancer, balancer: Lb, group: LbTargetGroup) -> LbListener:
        return LbListener(
            self,
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

    def _rule(
        self, listener_arn: str, priority: int, conditions: Sequence[LbListenerRuleCondition], two_groups: bool
    ) -> LbListenerRule:
        forward = LbListenerRuleActionForward(
            target_group=[
                LbListenerRuleActionForwardTargetGroup(arn=arn, weight=0 if index else 100)
                for index, arn in enumerate(self.target_group_arns)
            ]
        )
        return LbListenerRule(
            self,
            "rule",
            listener_arn=listener_arn,
            priority=priority,
            condition=list(conditions),
            action=[LbListenerRuleAction(type="forward", forward=forward)],
            lifecycle=TerraformResourceLifecycle(ignore_changes=["action"]) if two_groups else None,
        )

    def _allow(self, direction: Literal["ingress", "egress"], group_id: str, other_group_id: str) -> None:
        for what, port in self._ports.items():
            rule_between_groups(
                self,
                f"{direction}-{what}",
                direction,
                group_id=group_id,
                other_group_id=other_group_id,
                ports=PortRange(from_port=port),
                description="From the load balancer to the tasks",
            )


def _health_check(settings: MadeTargetGroup, port: int | None) -> LbTargetGroupHealthCheck:
    health = settings.health
    return LbTargetGroupHealthCheck(
        port=None if port is None else str(port),
        path=health.path,
        matcher=health.status_codes,
        interval=health.interval_seconds,
        timeout=health.timeout_seconds,
        healthy_threshold=health.healthy_count,
        unhealthy_threshold=health.unhealthy_count,
    )


def _conditions(settings: LoadBalancing) -> list[LbListenerRuleCondition]:
    paths = settings.path_patterns if isinstance(settings, ExistingListener) else ("/*",)
    hosts = settings.host_headers if isinstance(settings, ExistingListener) else ()
    conditions = []
    if paths:
        conditions.append(
            LbListenerRuleCondition(path_pattern=LbListenerRuleConditionPathPattern(values=sorted(paths)))
        )
    if hosts:
        conditions.append(LbListenerRuleCondition(host_header=LbListenerRuleConditionHostHeader(values=sorted(hosts))))
    return conditions
