"""What workloads may reach, and where they may be reached, beyond what follows from the other settings.

Source: AuthorizeSecurityGroupEgress and IpPermission in the EC2 API reference.
"""

from collections.abc import Iterator
from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from modules.limits import TerraformRule
from modules.problems import Problem
from modules.settings import Distinct, Settings
from modules.vpc.cidr import INTERNET, ipv4_range

HTTP, HTTPS, DNS = 80, 443, 53


CidrBlock = Annotated[
    str,
    TerraformRule(
        "can(cidrnetmask(VALUE)) && try(cidrsubnet(VALUE, 0, 0), null) == VALUE",
        "be an IPv4 range that is written with its first address, such as 10.0.0.0/16",
    ),
    AfterValidator(ipv4_range),
]


class PortRange(Settings):
    """Ports of one protocol."""

    protocol: Literal["tcp", "udp"] = "tcp"
    """of the connections [one of 'tcp', 'udp'; default 'tcp']"""
    from_port: int = Field(ge=0, le=65_535)
    """the port, or the first of several [from 0 to 65,535; required]"""
    to_port: int | None = Field(default=None, ge=0, le=65_535)
    """the last of several; None: one port [from 0 to 65,535; default None]"""

    @property
    def last_port(self) -> int:
        """The last port of the range."""
        return self.from_port if self.to_port is None else self.to_port

    def check_port_range(self) -> Iterator[Problem]:
        """Check that the last port does not come before the first."""
        if self.last_port < self.from_port:
            rule = f"be at least from_port ({self.from_port})"
            yield self.problem("to_port", rule, "EC2 refuses a range that ends before it begins")


class Egress(PortRange):
    """Connections that workloads may open: to a database, a license server, a registry on a port of its own."""

    cidr_blocks: Distinct[CidrBlock] = Field(default=(INTERNET,), min_length=1)
    """where to; whether a route leads there is up to the network [at least 1 item; default '0.0.0.0/0']"""
