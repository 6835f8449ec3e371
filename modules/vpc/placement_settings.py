"""Where in the network something runs, and which security groups it has more than all that runs there. Pure.

Source: AwsVpcConfiguration in the ECS API reference, ComputeResource in the Batch API reference.
"""

from typing import Annotated

from pydantic import Field, StringConstraints

from modules.naming import EgressName, ShortName
from modules.settings import Distinct, Settings
from modules.vpc.traffic_settings import Egress

SubnetId = Annotated[
    str,
    StringConstraints(pattern=r"^subnet-[0-9a-f]{8,17}$"),
    Field(description="a subnet's id, e.g. subnet-0123456789abcdef0"),
]
SecurityGroupId = Annotated[
    str,
    StringConstraints(pattern=r"^sg-[0-9a-f]{8,17}$"),
    Field(description="a security group's id, e.g. sg-0123456789abcdef0"),
]


class SecurityGroupSettings(Settings, abstract=True):
    """Base of security groups that some of what runs in a network has beside those of all."""


class NewSecurityGroup(SecurityGroupSettings):
    """A group that lets nothing in: others let its members in, such as a database. The output network has its id."""

    egress: dict[EgressName, Egress] = Field(default_factory=dict)
    """what its members may connect to, in addition to what all may [each name at most 248 characters; default empty]"""


class ExistingSecurityGroup(SecurityGroupSettings):
    """A group of the network's VPC that somebody else owns."""

    security_group_id: SecurityGroupId
    """e.g. sg-0123456789abcdef0 [required]"""


class NetworkPlacement(Settings, abstract=True):
    """Base of what may be kept to some of the network's subnets."""

    subnets: Distinct[str] = ()
    """the only ones of the network's that it starts in: by id in an ExistingNetwork, by zone in a network that is made;
    empty: all [default empty]"""
    security_groups: Distinct[ShortName] = Field(default=(), max_length=4)
    """names of the network's security_groups, which it has beside those of all [at most 4 items; default empty]"""
