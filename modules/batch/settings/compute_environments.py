"""Compute environments: one settings class for each kind of capacity that Batch runs jobs on. EKS has its own file.

Source: CreateComputeEnvironment in the Batch API reference, read from botocore's model; which changes replace an
environment, from the code of the AWS provider 6.25.
"""

from collections.abc import Iterator
from typing import Annotated, ClassVar, Literal

from pydantic import Field

from modules.ec2.instance_choice import GroupInstanceChoice, InstanceChoice, ReservableCapacity, SubnetChoice
from modules.ec2.instance_types import InstanceType
from modules.ec2.machine_images import is_neuron
from modules.ec2.settings import (
    CapacityBlock,
    LaunchTemplateSettings,
    names_in_short,
)
from modules.iam.access_settings import Access
from modules.iam.role_settings import RoleArn
from modules.markers import Late, Replaces, production
from modules.named_settings import NamedSettings
from modules.names import PhysicalName
from modules.naming import AwsLocation, Tags
from modules.problems import Problem, format_value
from modules.settings import Sequence, Settings
from modules.vpc.placement_settings import NetworkPlacement

# The API of these regions has no policy: what Terraform sends besides is refused as an update of nothing.
GOVCLOUD = "aws-us-gov"
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
    """False: what runs goes on, nothing new starts; not for a new one, which Batch wants enabled [default True]"""
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
        del network
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
        """Return whether it is managed with another role than the account's service-linked one."""
        return True


class ServiceRoleChoice(OwnServiceRole, abstract=True):
    """Whose role Batch uses to manage the capacity."""

    dedicated_service_role: Annotated[bool, Replaces("compute environment")] = False
    """True: a role made for this environment instead of the account's service-linked one; most changes then make a new
    environment instead of updating it [default False; a change replaces the compute environment]"""

    def not_updatable(self, network: str) -> Iterator[str]:
        """Yield also whose role it is: Batch changes neither role into the other."""
        yield from super().not_updatable(network)
        if self.has_own_service_role:
            yield "dedicated"

    @property
    def has_own_service_role(self) -> bool:
        """Return whether one is asked for."""
        return self.dedicated_service_role or self.service_role_arn is not None

    def check_service_role(self) -> Iterator[Problem]:
        """Check that there is one role."""
        if self.dedicated_service_role and self.service_role_arn is not None:
            rule, reason = "be left out where service_role_arn is given", "Batch uses one role"
            yield Problem("dedicated_service_role", rule, "True", reason)

    def names(self, name: str, location: AwsLocation) -> Iterator[PhysicalName]:
        """Yield also the name of its service role."""
        yield from super().names(name, location)
        if self.dedicated_service_role:
            yield PhysicalName("role", service_role_name(name))


class FargateCapacity(ManagedCapacity, ServiceRoleChoice, abstract=True):
    """Serverless containers: nothing to choose but how many."""

    kind = "Fargate"

    def not_updatable(self, network: str) -> Iterator[str]:
        """Yield also what Batch updates on Fargate never, and what with the service-linked role only."""
        yield from super().not_updatable(network)
        if self.capacity_type == "FARGATE_SPOT":
            yield "spot"
        if self.has_own_service_role:
            yield network


class FargateComputeEnvironment(FargateCapacity):
    """Fargate on demand."""

    capacity_type = "FARGATE"


class FargateSpotComputeEnvironment(FargateCapacity):
    """Fargate Spot: about 70 % off, and any task may be stopped with two minutes' notice."""

    capacity_type = "FARGATE_SPOT"


class UpdatePolicy(Settings):
    """What happens to running jobs when a change needs new instances."""

    job_execution_timeout_minutes: Annotated[int, Late()] = Field(default=30, ge=1, le=360)
    """how long running jobs may go on before their instances are replaced; provider 6.25.0 waits 20 minutes and then
    ends in an error: the update goes on, and the next apply finds it done [from 1 to 360; default 30]"""
    terminate_jobs_on_update: Annotated[
        bool, production(False, "each new launch template would end all running jobs")
    ] = False
    """True: running jobs end at once, to be tried again as they may [default False; must be False in production]"""


class InstanceCapacity(InstanceChoice, SubnetChoice, ManagedCapacity, abstract=True):
    """EC2 instances that Batch manages."""

    orchestrator: ClassVar[Literal["ECS", "EKS"]]

    instance_types: Sequence[str] = Field(default=("default_x86_64",), min_length=1)
    """types (g5.xlarge), families (g5), or default_x86_64 or default_arm64, what AWS finds best; the more of them, the
    more often capacity is found [at least 1 item; default 'default_x86_64']"""
    min_vcpus: int = Field(default=0, ge=0)
    """kept running, and paid, even with nothing to do; 0 costs nothing idle [at least 0; default 0]"""
    update_policy: UpdatePolicy = Field(default_factory=UpdatePolicy)
    """what a change does to running jobs, if it needs new instances [default UpdatePolicy()]"""

    def not_updatable(self, network: str) -> Iterator[str]:
        """Yield also what the provider keeps once it was given, and what needs the service-linked role to change."""
        yield from super().not_updatable(network)
        if self._names_image:
            yield "image"
        if self._has_dedicated_role:
            yield self.capacity_type.lower()

    @property
    def _names_image(self) -> bool:
        return self.image_id is not None

    @property
    def _has_dedicated_role(self) -> bool:
        return isinstance(self, OwnServiceRole) and self.has_own_service_role

    def check_update_policy(self) -> Iterator[Problem]:
        """Check that there are updates for which the policy holds."""
        if self._has_dedicated_role and self.update_policy != UpdatePolicy():
            yield Problem(
                "update_policy",
                "be left out where it has a service role of its own",
                "an UpdatePolicy",
                "Batch updates instances with its service-linked role only; what needs new instances makes a new "
                "environment here",
            )

    def emitted_update_policy(self, location: AwsLocation) -> UpdatePolicy | None:
        """Return what Batch is told; None where it takes no policy: its defaults hold."""
        return None if self._has_dedicated_role or location.partition == GOVCLOUD else self.update_policy

    def check_min_vcpus(self) -> Iterator[Problem]:
        """Check that the least is not above the most."""
        if self.min_vcpus > self.max_vcpus:
            yield Problem(
                "min_vcpus",
                f"be at most max_vcpus ({self.max_vcpus:,})",
                format_value(self.min_vcpus),
                "otherwise Batch refuses the compute environment",
            )

    def check_burstable_types(self) -> Iterator[Problem]:
        """Check that Batch can start every instance type."""
        yield from self.type_problems(
            "not be burstable",
            lambda kind: "otherwise Batch refuses the compute environment" if kind.burstable else None,
        )


class EcsInstanceCapacity(InstanceCapacity, ServiceRoleChoice, abstract=True):
    """Instances of ECS. Nodes of EKS cannot be told an image: see EksCapacity."""

    kind = "EC2"
    orchestrator = "ECS"

    newest_image_at_deployment: Annotated[
        bool, Replaces("compute environment", when="where there is no image_id, before or after")
    ] = False
    """True: each deployment asks which of Amazon's ECS images is the newest, and where it is a new one has Batch
    replace the instances as update_policy says, with a service role of its own the environment; False: instances keep
    the image of the day the environment was made, and its patches are for you to install [default False; a change
    replaces the compute environment where there is no image_id, before or after]"""

    @property
    def _names_image(self) -> bool:
        return super()._names_image or self.newest_image_at_deployment

    def check_newest_image(self) -> Iterator[Problem]:
        """Check that there is one image."""
        if self.newest_image_at_deployment and self.image_id is not None:
            rule, reason = "be left out where newest_image_at_deployment is True", "instances start from one image"
            yield Problem("image_id", rule, format_value(self.image_id), reason)


class SpotMarket(InstanceCapacity, abstract=True):
    """How Spot instances are chosen. On demand there is one way that lets Batch update in place: the cheapest first."""

    allocation_strategy: Literal["SPOT_PRICE_CAPACITY_OPTIMIZED", "SPOT_CAPACITY_OPTIMIZED"] = (
        "SPOT_PRICE_CAPACITY_OPTIMIZED"
    )
    """the cheapest of what is rarely reclaimed, or SPOT_CAPACITY_OPTIMIZED: what is reclaimed least [one of
    'SPOT_PRICE_CAPACITY_OPTIMIZED', 'SPOT_CAPACITY_OPTIMIZED'; default 'SPOT_PRICE_CAPACITY_OPTIMIZED']"""
    bid_percentage: Annotated[int | None, Replaces("compute environment", when="where it is given or taken back")] = (
        Field(default=None, ge=1, le=100)
    )
    """the most to pay, in percent of the on-demand price; None: 100, and reclaimed least often [from 1 to 100; default
    None; a change replaces the compute environment where it is given or taken back]"""

    def not_updatable(self, network: str) -> Iterator[str]:
        """Yield also that there is a bid: the provider would take it back with 0, which is none."""
        yield from super().not_updatable(network)
        if self.bid_percentage is not None:
            yield "bid"

    def check_spot_types(self) -> Iterator[Problem]:
        """Check that the types are sold on the Spot market."""
        yield from self.type_problems(
            "be sold on the Spot market", lambda kind: None if kind.spot else "use an environment on demand"
        )


class MultiNodeCapacity(Settings):
    """For jobs of several nodes: a cluster placement group, so that the instances stand close together.

    The nodes have a security group of their own in which every port is open. Where the network's groups exist, one of
    these has to let its members talk; with Elastic Fabric Adapters Batch gives the nodes' own addresses the VPC's
    default group instead, which then has to do so, too: in a network that is made, it does.
    """

    efa_interfaces: int = Field(default=0, ge=0, le=32)
    """Elastic Fabric Adapters of each instance, for MPI and NCCL past the kernel; 0: ordinary network [from 0 to 32;
    default 0]"""


class Ec2ComputeEnvironment(EcsInstanceCapacity, ReservableCapacity):
    """EC2 instances on demand."""

    capacity_type = "EC2"

    multi_node: Annotated[MultiNodeCapacity | None, Replaces("compute environment")] = None
    """given: made for jobs of several nodes [default None; a change replaces the compute environment]"""

    def names(self, name: str, location: AwsLocation) -> Iterator[PhysicalName]:
        """Yield also the name of its placement group."""
        yield from super().names(name, location)
        if self.has_placement_group:
            yield PhysicalName("placement group", name)

    @property
    def has_placement_group(self) -> bool:
        """Return whether nodes start close together; those of a Capacity Block do as it is, and in no group."""
        return self.multi_node is not None and not isinstance(self.reserved_capacity, CapacityBlock)

    def check_efa_interfaces(self) -> Iterator[Problem]:
        """Check that every instance type has so many adapters, and that they can be asked for."""
        wanted = self.multi_node.efa_interfaces if self.multi_node else 0
        if wanted and self.has_existing_template:
            reason = "the template says which network interfaces instances have"
            rule = "be 0 with an ExistingLaunchTemplate"
            yield Problem("multi_node.efa_interfaces", rule, format_value(wanted), reason)
        fewer = [kind.name for kind in self.possible_types() if kind.efa_interfaces < wanted]
        if fewer:
            yield Problem(
                "multi_node.efa_interfaces",
                "be at most the number that every instance type supports",
                f"{wanted}, and {names_in_short(fewer)} with fewer",
                "EC2 launches no instance with more network interfaces than its type supports",
            )


class SpotComputeEnvironment(SpotMarket, EcsInstanceCapacity):
    """EC2 Spot instances: up to 90 % off, and any may be reclaimed with two minutes' notice."""

    capacity_type = "SPOT"


class UnmanagedComputeEnvironment(GroupInstanceChoice, ReservableCapacity, SubnetChoice, OwnServiceRole):
    """A fixed number of ECS instances that Batch neither starts nor ends: jobs wait until one of them has room.

    Batch asks for a service role of its own here. A change of ``launch_template`` reaches new instances only.
    """

    kind = "unmanaged"

    instance_types: Sequence[str] = Field(min_length=1, max_length=40)
    """types or families, 40 types together; earlier ones are preferred [1 to 40 items; required]"""
    instance_count: int | None = Field(ge=0, le=1_000)
    """how many run, and are paid, whether there are jobs or not; None: somebody else starts them, for the cluster that
    the output names [from 0 to 1,000; required]"""

    def names(self, name: str, location: AwsLocation) -> Iterator[PhysicalName]:
        """Yield also the name of its service role, which Batch wants for such an environment."""
        made = super().names(name, location)
        yield from made if self.instance_count is not None else ComputeEnvironmentSettings.names(self, name, location)
        if self.service_role_arn is None:
            yield PhysicalName("role", service_role_name(name))

    def check_instances_of_others(self) -> Iterator[Problem]:
        """Check that nothing is said of instances that somebody else starts."""
        if self.instance_count is not None:
            return
        for name in ("image_id", "instance_profile_arn", "reserved_capacity", "subnet_index"):
            if (value := getattr(self, name)) is not None:
                reason = "whoever starts the instances says so"
                yield Problem(name, "be left out where instance_count is None", format_value(value), reason)
        if self.access != Access():
            reason = "whoever starts the instances says so"
            yield Problem("access", "be left out where instance_count is None", "an Access", reason)
        if self.launch_template != LaunchTemplateSettings():
            got, reason = format_value(self.launch_template), "whoever starts the instances says how"
            yield Problem("launch_template", "be left out where instance_count is None", got, reason)

    def check_own_template(self) -> Iterator[Problem]:
        """Check that its instances can know the cluster they belong to."""
        if self.has_existing_template:
            yield Problem(
                "launch_template",
                "be a LaunchTemplateSettings",
                format_value(self.launch_template),
                "instances join the cluster that Batch makes with the environment, whose name nobody knows before",
            )

    def check_instance_drivers(self) -> Iterator[Problem]:
        """Check that one image fits all types."""
        types = self.possible_types()
        if any(kind.gpus for kind in types) and any(is_neuron(kind) for kind in types) and self.image_id is None:
            yield Problem(
                "instance_types",
                "not mix GPU and Neuron types",
                format_value(list(self.instance_types)),
                "no AMI has the drivers of both",
            )


def service_role_name(name: str) -> str:
    """Return the name of a service role made for the environment ``name``."""
    return f"{name}-service"
