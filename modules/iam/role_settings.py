"""Roles, and the instance profiles around them, that others make: named by ARN in place of those made here.

Source: CreateRole, CreateInstanceProfile and CreatePolicy in the IAM API reference.
"""

from collections.abc import Iterator
from typing import Annotated, ClassVar

from pydantic import Field, StringConstraints

from modules.markers import ArnOf
from modules.names import PhysicalName
from modules.naming import AwsLocation
from modules.settings import Settings

_NAME = r"(/[0-9A-Za-z_+=,.@-]+)+"  # with the path before it
RoleArn = Annotated[
    str,
    StringConstraints(pattern=rf"^arn:aws[a-z-]*:iam::[0-9]{{12}}:role{_NAME}$", max_length=2_048),
    Field(description="the ARN of a role, e.g. arn:aws:iam::111122223333:role/ml/embed"),
    ArnOf("role", account_reason="AWS services take on roles of their own account only"),
]
InstanceProfileArn = Annotated[
    str,
    StringConstraints(pattern=rf"^arn:aws[a-z-]*:iam::[0-9]{{12}}:instance-profile{_NAME}$", max_length=2_048),
    Field(description="the ARN of an instance profile, e.g. arn:aws:iam::111122223333:instance-profile/ml/gpu"),
    ArnOf("instance profile", account_reason="instances take on roles of their own account only"),
]
IamPath = Annotated[
    str,
    StringConstraints(pattern=r"^(/[0-9A-Za-z.,+@=_-]+)+/$", max_length=512),
    Field(description="a path between slashes, e.g. /teams/ml/"),
]


class RoleChoice(Settings, abstract=True):
    """Base of what starts something with a role."""

    # What the name of a role that is made for it ends with.
    role_ending: ClassVar[str]

    role_arn: RoleArn | None = None
    """None: one is made for it; else a role that exists, to which nothing is granted: the output role_policies says
    what it needs [at most 2,048 characters; default None]"""

    def role_name(self, name: str) -> str:
        """Return what the role of what is called ``name`` is called, where it is made."""
        return f"{name}-{self.role_ending}"

    def names(self, name: str, location: AwsLocation) -> Iterator[PhysicalName]:
        """Yield the name of its role."""
        if self.role_arn is None:
            yield PhysicalName("role", self.role_name(name))
        yield from super().names(name, location)
