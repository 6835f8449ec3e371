"""Network Load Balancers: for callers that speak something else than HTTP, or keep their connections.

Source: CreateListener, CreateTargetGroup, TargetGroupAttribute and ListenerAttribute in the Elastic Load Balancing API
reference; "Target groups for your Network Load Balancers".
"""

from collections.abc import Iterator
from typing import Literal

from pydantic import Field

from modules.ecs.settings.exposure import CertificateArn, MadeLoadBalancer, MadeTargetGroup, TargetChecks
from modules.problems import Problem

DEFAULT_IDLE_SECONDS = 350


class ConnectionHealth(TargetChecks):
    """A task works that takes a connection over TCP."""


class OwnNetworkLoadBalancer(MadeTargetGroup, MadeLoadBalancer):
    """A Network Load Balancer made for this service, about 16 USD a month while idle.

    Deployments that shift traffic take 20 minutes longer with it.
    """

    protocol: Literal["TCP", "TLS", "UDP"] = "TCP"
    """between callers and load balancer; TLS: tasks get what is in it, over TCP; change listener_port with it, as one
    port has one listener [one of 'TCP', 'TLS', 'UDP'; default 'TCP']"""
    listener_port: int | None = Field(default=None, ge=1, le=65_535)
    """the port that callers use; None: the container's [from 1 to 65,535; default None]"""
    certificate_arn: CertificateArn | None = None
    """for TLS [default None]"""
    health: TargetChecks = Field(default_factory=ConnectionHealth)
    """which tasks get connections, a ConnectionHealth or, for an answer over HTTP, a TargetHealth [default
    ConnectionHealth()]"""
    cross_zone: bool = False
    """True: in each zone it sends to the tasks of all, which costs 0.01 USD a GB; False: to those of the zone [default
    False]"""
    preserve_client_ip: bool = False
    """True: tasks see the caller's address; with UDP they do in any case [default False]"""
    proxy_protocol: bool = False
    """True: each connection begins with a header of Proxy Protocol version 2, which tasks must read [default False]"""
    source_ip_stickiness: bool = False
    """True: connections from one address go to one task [default False]"""
    idle_timeout_seconds: int = Field(default=DEFAULT_IDLE_SECONDS, ge=60, le=6_000)
    """of a TCP connection [from 60 to 6,000; default 350]"""

    @property
    def port_protocol(self) -> Literal["tcp", "udp"]:
        """Return that of the port."""
        return "udp" if self.protocol == "UDP" else "tcp"

    def check_network_load_balancer(self) -> Iterator[Problem]:
        """Check what one protocol has and others do not."""
        protocol = f"protocol {self.protocol}"
        if self.protocol == "TLS" and self.certificate_arn is None:
            yield self.problem("certificate_arn", f"be given with {protocol}")
        if self.protocol != "TLS" and self.certificate_arn is not None:
            yield self.problem("certificate_arn", f"be left out with {protocol}", "only TLS has one")
        if self.protocol == "UDP" and self.health.port is None:
            reason = "health checks do not use UDP"
            yield self.problem("health.port", f"be given with {protocol}", reason, "name a TCP port")
        if self.protocol == "UDP" and self.preserve_client_ip:
            reason = "tasks always get the client IP address"
            yield self.problem("preserve_client_ip", f"be left out with {protocol}", reason)
        if self.protocol == "TLS" and self.source_ip_stickiness:
            yield self.problem("source_ip_stickiness", f"be False with {protocol}", "TLS listeners do not support it")
        if self.protocol != "TCP" and self.idle_timeout_seconds != DEFAULT_IDLE_SECONDS:
            reason = "only TCP listeners support it"
            yield self.problem("idle_timeout_seconds", f"be left out with {protocol}", reason)
