"""What compute environments have in common: all of them, and those that are made.

Source: CreateComputeEnvironment in the Batch API reference, read from botocore's model; which changes replace an
environment, from the code of the AWS provider 6.25.
"""

from collections.abc import Iterator
from typing import Annotated, ClassVar

from pydantic import Field

from modules.checks import never_with
from modules.ec2.instance_types import InstanceType
from modules.iam.role_settings import RoleArn
from modules.markers import Replaces
from modules.named_settings import NamedSettings
from modules.names import PhysicalName
from modules.naming import AwsLocation, Tags
from modules.settings import Settings
from modules.vpc.placement_settings import NetworkPlacement

# Hexadecimal digits of what tells one choice of subnets and security groups from another.
NETWORK_DIGEST_LENGTH = 8


class AnyComputeEnvironmentSettings(Settings, abstract=True):
    """Base of everything that may stand in an environment's ``compute_environments``."""

    @property
    def capacity_kind(self) -> str:
        """Return Fargate, EC2, EKS or unmanaged: those of different kinds cannot follow each other in a queue."""
        raise NotImplementedError

    @property
    def is_enabled(self) -> bool:
        """Return whether it takes jobs, as far as that is known."""
        return True

    def possible_types(self) -> tuple[InstanceType, ...]:
        """Return the instance types that may be started, from small to large; none on Fargate."""
        return ()


class ComputeEnvironmentSettings(NamedSettings, NetworkPlacement, AnyComputeEnvironmentSettings, abstract=True):
    """Base of compute environments that are made."""

    kind: ClassVar[str]

    enabled: bool = True
    """False: running jobs continue, no new ones start; a new compute environment must be enabled [default True]"""
    tags: Tags = Field(default_factory=dict)
    """on the environment itself, not on what it starts [at most 46 entries; each name 1 to 128 characters; each value
    at most 256 characters; default empty]"""

    @property
    def capacity_kind(self) -> str:
        """Return what its class is of."""
        return self.kind

    @property
    def is_enabled(self) -> bool:
        """Return whether it takes jobs."""
        return self.enabled

    def not_updatable(self, network: str) -> Iterator[str]:
        """Yield a word for each choice that Batch, or the provider, cannot take back in place; ``network`` is a digest.

        They are part of the name, so that another choice is another environment, made before the old one goes.
        """
        yield from ()

    def name_prefix(self, name: str, network: str = "0" * NETWORK_DIGEST_LENGTH) -> str:
        """Return what the name of the environment begins with; ``network`` tells its subnets and groups from others."""
        return "-".join([name, *self.not_updatable(network), ""])

    def names(self, name: str, location: AwsLocation) -> Iterator[PhysicalName]:
        """Yield what the name of the environment begins with."""
        yield PhysicalName("compute environment", self.name_prefix(name))
        yield from super().names(name, location)


class ManagedCapacity(ComputeEnvironmentSettings, abstract=True):
    """Capacity that Batch starts and ends as jobs come and go."""

    # The type of Batch's compute resources.
    capacity_type: ClassVar[str]

    max_vcpus: int = Field(ge=1)
    """the most that may run, and so cost; instances may exceed it by one instance [at least 1; required]"""


class OwnServiceRole(ComputeEnvironmentSettings, abstract=True):
    """A role that Batch manages the capacity with, in place of the account's service-linked one."""

    service_role_arn: Annotated[
        RoleArn | None,
        Replaces("compute environment", when="where it takes the place of the account's service-linked role"),
    ] = None
    """a role that exists, for Batch to manage it with; nothing is granted to it: the output role_policies says what it
    needs [at most 2,048 characters; default None; a change replaces the compute environment where it takes the place of
    the account's service-linked role]"""

    @property
    def has_own_service_role(self) -> bool:
        """Return whether it is managed with a role other than the account's service-linked role."""
        return True


class ServiceRoleChoice(OwnServiceRole, abstract=True):
    """Whose role Batch uses to manage the capacity."""

    dedicated_service_role: Annotated[bool, Replaces("compute environment")] = False
    """True: a role made for this environment instead of the account's service-linked one; most changes then make a new
    environment instead of updating it [default False; a change replaces the compute environment]"""

    check_service_role: ClassVar = never_with("dedicated_service_role", "service_role_arn", "Batch uses one role")

    def not_updatable(self, network: str) -> Iterator[str]:
        """Yield also whose role it is: Batch changes neither role into the other."""
        yield from super().not_updatable(network)
        if self.has_own_service_role:
            yield "dedicated"

    @property
    def has_own_service_role(self) -> bool:
        """Return whether one is asked for."""
        return self.dedicated_service_role or self.service_role_arn is not None

    def names(self, name: str, location: AwsLocation) -> Iterator[PhysicalName]:
        """Yield also the name of its service role."""
        yield from super().names(name, location)
        if self.dedicated_service_role:
            yield PhysicalName("role", service_role_name(name))


def service_role_name(name: str) -> str:
    """Return the name of a service role made for the environment ``name``."""
    return f"{name}-service"
