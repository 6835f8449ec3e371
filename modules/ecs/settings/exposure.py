"""How others reach a service: through a load balancer, by DNS name, or through Service Connect.

Source: LoadBalancer, ServiceRegistry and ServiceConnectService in the ECS API reference; CreateTargetGroup and
CreateRule in the Elastic Load Balancing API reference.
"""

import re
from collections.abc import Iterator
from typing import Annotated, ClassVar, Literal

from pydantic import AfterValidator, Field, StringConstraints

from modules.arn_parts import arn_parts, arn_pattern
from modules.checks import less_than, only_with
from modules.limits import TerraformRule
from modules.markers import ArnOf, Late, RefersTo, Replaces, given_in_production
from modules.naming import ShortName
from modules.problems import Problem, format_value
from modules.settings import Distinct, Settings
from modules.vpc.traffic_settings import CidrBlock


def _status_codes(text: str) -> str:
    """Return codes and ranges as they are, or raise: an Application Load Balancer takes 200 to 499."""
    for part in text.split(","):
        first, _, last = part.partition("-")
        if not (re.fullmatch("[0-9]{3}(-[0-9]{3})?", part) and 200 <= int(first) <= int(last or first) <= 499):
            raise ValueError("be codes from 200 to 499, with commas or as ranges", "e.g. 200, 200,202 or 200-299")
    return text


CertificateArn = Annotated[
    str,
    StringConstraints(pattern=arn_pattern("acm", r"certificate/[0-9a-f-]+")),
    ArnOf("certificate", "a load balancer uses certificates of its own region only"),
]
_CODES = "[2-4][0-9]{2}(?:-[2-4][0-9]{2})?"
StatusCodes = Annotated[
    str,
    TerraformRule.matching(f"^{_CODES}(?:,{_CODES})*$", "be codes from 200 to 499, with commas or as ranges"),
    AfterValidator(_status_codes),
]
PathPattern = Annotated[
    str,
    StringConstraints(pattern=r"^[A-Za-z0-9_.$/~\"'@:+;&*?-]+$", max_length=128),
    Field(description="letters, digits and _ - . $ / ~ \" ' @ : + ; & and the wildcards * and ?, e.g. /embed/*"),
]
HostHeader = Annotated[
    str,
    StringConstraints(pattern=r"^[A-Za-z0-9.*?-]*\.[A-Za-z]+$", max_length=128),
    Field(description="a name with a dot and letters after the last, e.g. embed.example.com or *.example.com"),
]
# Of one rule of a listener. Source: "Quotas for your Application Load Balancers".
MOST_WILDCARDS = 6


class TargetChecks(Settings, abstract=True):
    """How the load balancer finds out which tasks work."""

    port: ShortName | None = None
    """the name of another port of the task's containers that is asked; None: the one that gets requests [default
    None]"""
    interval_seconds: int = Field(default=15, ge=5, le=300)
    """from one check to the next [from 5 to 300; default 15]"""
    timeout_seconds: int = Field(default=5, ge=2, le=120)
    """an answer that takes longer is none [from 2 to 120; default 5]"""
    healthy_count: Annotated[int, Late()] = Field(default=2, ge=2, le=10)
    """good answers in a row until it gets requests [from 2 to 10; default 2]"""
    unhealthy_count: Annotated[int, Late()] = Field(default=3, ge=2, le=10)
    """bad answers in a row until it is replaced [from 2 to 10; default 3]"""
    grace_seconds: Annotated[int, Late()] = Field(default=60, ge=0)
    """bad answers that early do not count: model load, say [at least 0; default 60]"""

    check_timeout: ClassVar = less_than(
        "timeout_seconds", "interval_seconds", "otherwise Elastic Load Balancing refuses the health check"
    )


class TargetHealth(TargetChecks):
    """A task works that answers a request over HTTP well."""

    path: str = Field(default="/", pattern=r"^/[^\s]*$", max_length=1_024)
    """asked with GET [at most 1,024 characters; default '/']"""
    status_codes: Annotated[StatusCodes, Late()] = "200"
    """answers that mean it works, e.g. 200-299 [default '200']"""


class LoadBalancing(Settings, abstract=True):
    """What all ways to stand behind a load balancer have."""

    port: ShortName
    """the name of a port of one of the task's containers [required]"""
    deregistration_seconds: int = Field(default=60, ge=0, le=3_600)
    """how long a task that goes may finish requests [from 0 to 3,600; default 60]"""

    @property
    def port_protocol(self) -> Literal["tcp", "udp"]:
        """Return that of the port."""
        return "tcp"

    @property
    def checked_port(self) -> tuple[str, str | None]:
        """Return the setting that names another port for health checks, and what it names."""
        raise NotImplementedError

    @property
    def grace(self) -> int:
        """Return for how many seconds bad answers do not count."""
        raise NotImplementedError


class MadeTargetGroup(LoadBalancing, abstract=True):
    """What all ways to stand behind a load balancer have that make the target group."""

    health: TargetChecks
    """which tasks get requests [required]"""

    @property
    def checked_port(self) -> tuple[str, str | None]:
        """Return that of its health checks."""
        return "health.port", self.health.port

    @property
    def grace(self) -> int:
        """Return that of its health checks."""
        return self.health.grace_seconds


class HttpTargetGroup(MadeTargetGroup, abstract=True):
    """What both ways to stand behind an Application Load Balancer have that make the target group."""

    health: TargetHealth = Field(default_factory=TargetHealth)
    """which tasks get requests [default TargetHealth()]"""


class MadeLoadBalancer(LoadBalancing, abstract=True):
    """What load balancers have that are made for a service."""

    internal: Annotated[bool, Replaces("load balancer", "its DNS name")] = True
    """False: reached from the internet, which needs public subnets [default True; a change replaces the load balancer,
    losing its DNS name]"""
    allowed_cidr_blocks: Distinct[CidrBlock] = Field(min_length=1)
    """addresses that may reach it [at least 1 item; required]"""
    deletion_protection: bool | None = None
    """None: on in production; before a protected one is removed or replaced, False must have been deployed [default
    None]"""


class OwnLoadBalancer(HttpTargetGroup, MadeLoadBalancer):
    """An Application Load Balancer made for this service, about 18 USD a month while idle."""

    certificate_arn: Annotated[CertificateArn | None, given_in_production("requests would go over HTTP")] = None
    """for HTTPS; None: HTTP [default None; must be given in production]"""
    access_log_bucket: Annotated[ShortName, RefersTo("buckets")] | None = None
    """who called it with what, one of buckets, below the service's name; an existing bucket must allow Elastic Load
    Balancing to write; None: not logged [one of the environment's buckets; default None]"""
    idle_timeout_seconds: Annotated[int, Late()] = Field(default=60, ge=1, le=4_000)
    """of a connection; a slow answer needs more [from 1 to 4,000; default 60]"""


class ExistingListener(HttpTargetGroup):
    """A rule on the listener of a load balancer that somebody else owns."""

    listener_arn: Annotated[str, ArnOf("listener", "a load balancer reaches tasks in its own network only")] = Field(
        pattern=arn_pattern("elasticloadbalancing", r"listener/app/[0-9A-Za-z-]+/[0-9a-f]{16}/[0-9a-f]{16}")
    )
    """of an Application Load Balancer [required]"""
    security_group_id: str = Field(pattern=r"^sg-[0-9a-f]{8,17}$")
    """the load balancer's; tasks let it in [required]"""
    priority: int = Field(ge=1, le=50_000)
    """of the rule; no two of a listener may have the same [from 1 to 50,000; required]"""
    path_patterns: Distinct[PathPattern] = Field(default=(), max_length=5)
    """e.g. "/embed/*", in quotes [at most 5 items; each at most 128 characters; default empty]"""
    host_headers: Distinct[HostHeader] = Field(default=(), max_length=5)
    """e.g. "embed.example.com", in quotes [at most 5 items; each at most 128 characters; default empty]"""

    def check_existing_listener(self) -> Iterator[Problem]:
        """Check that the rule has a condition, and no more than a rule can have."""
        count = len(self.path_patterns) + len(self.host_headers)
        if count == 0:
            yield self.problem(
                "path_patterns", "be given where host_headers are not", "a listener rule needs a condition"
            )
        if count > 5:
            rule = "have at most 5 items together with host_headers"
            yield Problem("path_patterns", rule, format_value(count), "a listener rule takes no more")
        wildcards = sum(len(re.findall("[*?]", text)) for text in (*self.path_patterns, *self.host_headers))
        if wildcards > MOST_WILDCARDS:
            rule = f"have at most {MOST_WILDCARDS} wildcards together with host_headers"
            yield Problem("path_patterns", rule, format_value(wildcards), "a listener rule takes no more")


class ExistingTargetGroup(LoadBalancing):
    """A target group that somebody else owns, of an Application or Network Load Balancer. Its target type is ip.

    Its owner says who gets requests and how they are checked; ECS adds and removes the tasks of one service.
    """

    target_group_arn: Annotated[
        str,
        ArnOf(
            "target group",
            "a load balancer reaches tasks in its own network only",
            "tasks are added to groups of their own account only",
        ),
    ] = Field(pattern=arn_pattern("elasticloadbalancing", r"targetgroup/[0-9A-Za-z-]{1,32}/[0-9a-f]{16}"))
    """e.g. arn:aws:elasticloadbalancing:us-east-1:111122223333:targetgroup/web/0123456789abcdef [required]"""
    security_group_id: str = Field(pattern=r"^sg-[0-9a-f]{8,17}$")
    """the load balancer's; tasks let it in [required]"""
    load_balancer_arn: Annotated[str | None, ArnOf("load balancer")] = Field(
        default=None,
        pattern=arn_pattern("elasticloadbalancing", r"loadbalancer/app/[0-9A-Za-z-]{1,32}/[0-9a-f]{16}"),
    )
    """of the Application Load Balancer, whose requests requests_per_task counts, e.g.
    arn:aws:elasticloadbalancing:us-east-1:111122223333:loadbalancer/app/web/0123456789abcdef [default None]"""
    deregistration_seconds: int = Field(default=300, ge=0, le=3_600)
    """as its owner set it, for how long Terraform waits [from 0 to 3,600; default 300]"""
    health_port: ShortName | None = None
    """the name of another port of the task's containers that its owner has checked; None: the one that gets requests
    [default None]"""
    grace_seconds: Annotated[int, Late()] = Field(default=60, ge=0)
    """bad answers that early do not count: model load, say [at least 0; default 60]"""

    @property
    def checked_port(self) -> tuple[str, str | None]:
        """Return that which its owner has checked."""
        return "health_port", self.health_port

    @property
    def grace(self) -> int:
        """Return what the service is told."""
        return self.grace_seconds

    @property
    def request_label(self) -> str | None:
        """Return what the requests of the group are called among metrics, as far as the load balancer is known."""
        if self.load_balancer_arn is None:
            return None
        balancer, group = (arn_parts(arn).resource for arn in (self.load_balancer_arn, self.target_group_arn))
        return f"{balancer.removeprefix('loadbalancer/')}/{group}"


class DiscoverySettings(Settings, abstract=True):
    """Base of the ways in which other services of the cluster's namespace find this one."""


class DnsDiscovery(DiscoverySettings):
    """A DNS name in the cluster's namespace that gives the addresses of the tasks, of two revisions while both run."""

    ttl_seconds: int = Field(default=15, ge=0)
    """how long clients may remember an address [at least 0; default 15]"""


class ServiceConnect(DiscoverySettings):
    """A proxy beside each task that finds, balances and measures calls between services of the namespace."""

    port: ShortName | None = None
    """the port that others call, by name; None: it only calls others [default None]"""
    client_port: int | None = Field(default=None, ge=1, le=65_535)
    """the port others use; None: the container's [from 1 to 65,535; default None]"""
    per_request_timeout_seconds: int | None = Field(default=None, ge=0)
    """None: 15 s, which inference may exceed; 0: none [at least 0; default None]"""

    check_port: ClassVar = only_with(
        ("client_port", "per_request_timeout_seconds"), "port", "without a port, no service can call it"
    )
