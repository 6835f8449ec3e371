"""How requests reach a service: target groups, what leads there, and the load balancer where it is made here."""

from collections.abc import Mapping
from typing import Any, Literal

from cdktf import TerraformResourceLifecycle
from cdktf_cdktf_provider_aws.lb import Lb, LbAccessLogs
from cdktf_cdktf_provider_aws.lb_listener import LbListener
from cdktf_cdktf_provider_aws.lb_listener_rule import LbListenerRule
from cdktf_cdktf_provider_aws.lb_target_group import LbTargetGroup, LbTargetGroupHealthCheck
from constructs import Construct

from modules.ecs.application_load_balancer import define_listener, define_rule
from modules.ecs.network_load_balancer import (
    define_network_listener,
    health_check_arguments,
    target_group_arguments,
)
from modules.ecs.own_load_balancer import define_load_balancer
from modules.ecs.settings.exposure import (
    ExistingListener,
    ExistingTargetGroup,
    HttpTargetGroup,
    LoadBalancing,
    MadeLoadBalancer,
    MadeTargetGroup,
    OwnLoadBalancer,
)
from modules.ecs.settings.network_load_balancers import OwnNetworkLoadBalancer
from modules.s3.bucket import Bucket
from modules.s3.grantable_bucket import GrantableBucket
from modules.vpc.network import Network
from modules.vpc.security_group import empty_security_group, rule_between_groups
from modules.vpc.traffic_settings import HTTP, HTTPS, PortRange


class ServiceLoadBalancer(Construct):
    """Define what stands between callers and the tasks of a service that listens on ``port``.

    Health checks ask ``health_port``, the same or another one. ``two_groups``: the deployment shifts traffic between
    two target groups. ECS then moves the weights of the rule, and Terraform leaves them alone. ``security_group_id``
    lets the load balancer reach the tasks, and nobody else. ``buckets`` has the one for its access log. The service
    must depend on ``rule``, of a Network Load Balancer its listener, as ECS takes no target group that nothing leads
    to; None where the group is somebody else's. ``target_group_arns``, ``request_label`` and ``dns_name`` are tokens.
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        name: str,
        settings: LoadBalancing,
        port: PortRange,
        health_port: PortRange,
        network: Network,
        two_groups: bool,
        deletion_protection: bool,
        buckets: Mapping[str, GrantableBucket] | None = None,
    ) -> None:
        super().__init__(scope, id_)
        self._name, self._network, self._buckets = name, network, buckets or {}
        self._two_groups, self._deletion_protection = two_groups, deletion_protection
        self.dns_name: str | None = None
        self.request_label: str | None = None
        self.rule: LbListenerRule | LbListener | None = None
        self.target_group_arns: list[str] = []
        # What the load balancer asks for, by what it asks it for.
        self._ports = {"tasks": port} | ({"health-checks": health_port} if health_port != port else {})
        group = empty_security_group(
            Construct(self, "task-security-group"),
            name=f"{name}-tasks",
            vpc_id=network.vpc_id(),
            description=f"Requests to the tasks of {name}",
        )
        self.security_group_id = str(group.id)
        match settings:
            case ExistingTargetGroup():
                self.target_group_arns = [settings.target_group_arn]
                self.request_label = settings.request_label
                self._let_in(settings.security_group_id)
            case OwnNetworkLoadBalancer():
                self._define_network(settings)
            case HttpTargetGroup():
                self._define_application(settings)
            case _:
                raise TypeError(f"{type(settings).__name__} is no kind of load balancing")

    def _define_application(self, settings: HttpTargetGroup) -> None:
        check = {"path": settings.health.path, "matcher": settings.health.status_codes}
        group = self._target_groups(settings, check, protocol="HTTP")
        match settings:
            case OwnLoadBalancer():
                balancer = self._application_load_balancer(settings)
                listener_arn = define_listener(self, settings, balancer, group).arn
                label, priority = balancer.arn_suffix, 1
            case ExistingListener():
                listener_arn, priority = settings.listener_arn, settings.priority
                # arn:…:listener/app/<name>/<id>/<listener>
                label = "/".join(listener_arn.partition(":listener/")[2].split("/")[:3])
                self._let_in(settings.security_group_id)
            case _:
                raise TypeError(f"{type(settings).__name__} is no kind of load balancing")
        self.request_label = f"{label}/{group.arn_suffix}"
        self.rule = define_rule(self, settings, listener_arn, priority=priority, group_arns=self.target_group_arns)

    def _define_network(self, settings: OwnNetworkLoadBalancer) -> None:
        group = self._target_groups(settings, health_check_arguments(settings), **target_group_arguments(settings))
        port = settings.listener_port or self._ports["tasks"].from_port
        balancer = self._load_balancer(
            settings,
            PortRange(protocol=settings.port_protocol, from_port=port),
            load_balancer_type="network",
            enable_cross_zone_load_balancing=settings.cross_zone,
        )
        self.rule = define_network_listener(self, settings, balancer, port, group, two_groups=self._two_groups)

    def _target_groups(self, settings: MadeTargetGroup, check: Mapping[str, Any], **arguments: Any) -> LbTargetGroup:
        """Define one group, or the two that traffic is shifted between, and return the first."""
        health, port = settings.health, self._ports.get("health-checks")
        health_check = LbTargetGroupHealthCheck(
            port=None if port is None else str(port.from_port),
            interval=health.interval_seconds,
            timeout=health.timeout_seconds,
            healthy_threshold=health.healthy_count,
            unhealthy_threshold=health.unhealthy_count,
            **check,
        )
        groups = [
            LbTargetGroup(
                self,
                f"target-group-{letter}",
                # A group cannot go while a rule leads to it, so a replacement is made first, under a name of its own.
                name_prefix=f"{letter}-",
                # For targets that do not say; ECS gives each task's own. Another one would replace the group, and a
                # rule whose weights are ECS's would not follow.
                port=HTTP,
                target_type="ip",
                vpc_id=self._network.vpc_id(),
                deregistration_delay=str(settings.deregistration_seconds),
                health_check=health_check,
                tags={"Name": f"{self._name}-{letter}"},
                lifecycle=TerraformResourceLifecycle(create_before_destroy=True),
                **arguments,
            )
            for letter in ("ab" if self._two_groups else "a")
        ]
        self.target_group_arns = [group.arn for group in groups]
        return groups[0]

    def _application_load_balancer(self, settings: OwnLoadBalancer) -> Lb:
        logs = self._buckets[settings.access_log_bucket] if settings.access_log_bucket else None
        return self._load_balancer(
            settings,
            PortRange(from_port=HTTPS if settings.certificate_arn else HTTP),
            # It is tried whether the bucket can be written to.
            depends_on=[logs.allow_load_balancer_log(self._name)] if isinstance(logs, Bucket) else [],
            load_balancer_type="application",
            idle_timeout=settings.idle_timeout_seconds,
            # What is not HTTP may be meant to confuse what stands behind.
            drop_invalid_header_fields=True,
            access_logs=LbAccessLogs(bucket=logs.bucket_name, prefix=self._name, enabled=True)
            if logs
            # Said in any case: the provider keeps logs that are left out. The name is sent to nobody.
            else LbAccessLogs(bucket=f"{self._name}-has-none", enabled=False),
        )

    def _load_balancer(self, settings: MadeLoadBalancer, port: PortRange, **arguments: Any) -> Lb:
        """Define the load balancer, and let it reach the tasks."""
        balancer, group_id = define_load_balancer(
            self,
            name=self._name,
            settings=settings,
            port=port,
            network=self._network,
            deletion_protection=self._deletion_protection,
            **arguments,
        )
        self.dns_name = balancer.dns_name
        self._allow("egress", group_id, self.security_group_id)
        self._let_in(group_id)
        return balancer

    def _let_in(self, group_id: str) -> None:
        self._allow("ingress", self.security_group_id, group_id)

    def _allow(self, direction: Literal["ingress", "egress"], group_id: str, other_group_id: str) -> None:
        for what, port in self._ports.items():
            rule_between_groups(
                self,
                f"{direction}-{what}",
                direction,
                group_id=group_id,
                other_group_id=other_group_id,
                ports=port,
                description="From the load balancer to the tasks",
            )
