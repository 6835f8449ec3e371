"""Compute environments: one settings class for each kind of capacity that Batch runs jobs on. EKS has its own file.

Source: CreateComputeEnvironment in the Batch API reference.
"""

from collections.abc import Iterator
from typing import Annotated, ClassVar, Literal

from pydantic import Field

from modules.batch.settings.any_compute_environments import (
    ComputeEnvironmentSettings,
    ManagedCapacity,
    OwnServiceRole,
    ServiceRoleChoice,
    service_role_name,
)
from modules.checks import never_with, only_with
from modules.ec2.instance_choice import GroupInstanceChoice, InstanceChoice, ReservableCapacity, SubnetChoice
from modules.ec2.machine_images import is_neuron
from modules.ec2.settings import CapacityBlock, names_in_short
from modules.markers import Late, Replaces, production
from modules.names import PhysicalName
from modules.naming import AwsLocation
from modules.problems import Problem
from modules.settings import Sequence, Settings

# The API of these regions has no policy: what Terraform sends besides is refused as an update of nothing.
GOVCLOUD = "aws-us-gov"


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
    """how long running jobs may continue before their instances are replaced; provider 6.25.0 waits 20 minutes and then
    returns an error: the update continues, and the next apply finds it complete [from 1 to 360; default 30]"""
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
            rule = "be left out where it has a service role of its own"
            reason = "Batch updates instances only with its service-linked role; others make a new environment"
            yield self.problem("update_policy", rule, reason)

    def emitted_update_policy(self, location: AwsLocation) -> UpdatePolicy | None:
        """Return what Batch is told; None where it takes no policy: its defaults hold."""
        return None if self._has_dedicated_role or location.partition == GOVCLOUD else self.update_policy

    def check_min_vcpus(self) -> Iterator[Problem]:
        """Check that the least is not above the most."""
        if self.min_vcpus > self.max_vcpus:
            rule = f"be at most max_vcpus ({self.max_vcpus:,})"
            yield self.problem("min_vcpus", rule, "otherwise Batch refuses the compute environment")

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

    check_newest_image: ClassVar = never_with(
        "image_id", "newest_image_at_deployment", "instances start from one image"
    )

    @property
    def _names_image(self) -> bool:
        return super()._names_image or self.newest_image_at_deployment


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
            "be sold on the Spot market", lambda kind: None if kind.spot else "use an On-Demand compute environment"
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
        path, wanted = "multi_node.efa_interfaces", self.multi_node.efa_interfaces if self.multi_node else 0
        if wanted and self.has_existing_template:
            reason = "the launch template defines the network interfaces"
            yield self.problem(path, "be 0 with an ExistingLaunchTemplate", reason)
        if fewer := [kind.name for kind in self.possible_types() if kind.efa_interfaces < wanted]:
            got = f"{wanted}, and {names_in_short(fewer)} with fewer"
            reason = "EC2 launches no instance with more network interfaces than its type supports"
            yield Problem(path, "be at most the number that every instance type supports", got, reason)


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
    """how many run, and are billed, with or without jobs; None: another team starts them, for the cluster that the
    output names [from 0 to 1,000; required]"""

    check_instances_of_others: ClassVar = only_with(
        ("image_id", "instance_profile_arn", "reserved_capacity", "subnet_index", "access", "launch_template"),
        "instance_count",
        "the team that starts the instances decides it",
    )

    def names(self, name: str, location: AwsLocation) -> Iterator[PhysicalName]:
        """Yield also the name of its service role, which Batch wants for such an environment."""
        made = super().names(name, location)
        yield from made if self.instance_count is not None else ComputeEnvironmentSettings.names(self, name, location)
        if self.service_role_arn is None:
            yield PhysicalName("role", service_role_name(name))

    def check_own_template(self) -> Iterator[Problem]:
        """Check that its instances can know the cluster they belong to."""
        if self.has_existing_template:
            reason = "instances join a cluster that Batch creates, whose name is not known in advance"
            yield self.problem("launch_template", "be a LaunchTemplateSettings", reason)

    def check_instance_drivers(self) -> Iterator[Problem]:
        """Check that one image fits all types."""
        types = self.possible_types()
        if any(kind.gpus for kind in types) and any(is_neuron(kind) for kind in types) and self.image_id is None:
            yield self.problem("instance_types", "not mix GPU and Neuron types", "no AMI has the drivers of both")
