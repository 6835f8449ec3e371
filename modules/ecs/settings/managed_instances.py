"""Capacity providers whose instances ECS chooses and manages itself.

Source: ManagedInstancesProvider and InstanceRequirementsRequest in the ECS API reference, whose defaults are those of
the EC2 API reference.
"""

from collections.abc import Iterator
from typing import Annotated, Any, ClassVar, Literal

from pydantic import Field, StringConstraints

from modules.checks import at_least
from modules.ec2.instance_types import InstanceType, known_types, nearest_names, types_matching, types_of_family
from modules.ec2.settings import instance_role_name
from modules.ecs.names import infrastructure_role_name
from modules.ecs.settings.capacity_providers import CapacityProviderSettings, ExistingProvider, InstanceProvider
from modules.iam.role_settings import InstanceProfileArn, RoleArn
from modules.names import PhysicalName
from modules.naming import AwsLocation
from modules.problems import Problem, format_value
from modules.settings import Sequence, Settings
from modules.vpc.placement_settings import NetworkPlacement

TypePattern = Annotated[str, StringConstraints(pattern=r"^[a-z0-9.*-]+$", max_length=30)]
ANY_TYPE = ("*",)
X86_64_MANUFACTURERS = ("amd", "intel")
# As EC2 describes types, and as ECS asks for them.
MANUFACTURERS = {"AMD": "amd", "AWS": "amazon-web-services", "Intel": "intel"}


class Amount(Settings):
    """From so much to so much."""

    min: int = Field(ge=1)
    """the fewest that an instance may have [at least 1; required]"""
    max: int | None = Field(default=None, ge=1)
    """the most that an instance may have; None: any more [at least 1; default None]"""

    check_amount: ClassVar = at_least("max", "min", "otherwise no instance type matches")

    def misses(self, amount: int) -> float:
        """Return how many times ``amount`` is too small or too large, 0 if it is neither."""
        if amount < self.min:
            return self.min / max(amount, 1)
        return amount / self.max if self.max is not None and amount > self.max else 0

    def __str__(self) -> str:
        """Return both as a message shows them."""
        return f"at least {self.min:,}" if self.max is None else f"{self.min:,} to {self.max:,}"


class ManagedInstances(InstanceProvider, abstract=True):
    """Base of capacity that ECS manages itself, by this environment's or another's capacity provider."""

    vcpus: Amount
    """of an instance [required]"""
    memory_mib: Amount
    """of an instance [required]"""
    gpus: Amount | None = None
    """of an instance, NVIDIA's; None: instances without any accelerator [default None]"""
    instance_types: Sequence[TypePattern] = Field(default=(), max_length=400)
    """types or families with a star, e.g. "g5.*"; empty: whatever fits, but none that is burstable or bare metal, which
    must be named [at most 400 items; each at most 30 characters; default empty]"""
    cpu_manufacturers: Sequence[Literal["intel", "amd", "amazon-web-services"]] = ()
    """amazon-web-services is ARM64; empty: any of x86_64 [each one of 'intel', 'amd', 'amazon-web-services'; default
    empty]"""

    def check_managed_instances(self) -> Iterator[Problem]:
        """Check that there is such an instance, and that all are of one architecture."""
        makers = set(self.cpu_manufacturers)
        if "amazon-web-services" in makers and len(makers) > 1:
            reason = "an image built for one does not start on the other"
            yield Problem("cpu_manufacturers", "have one CPU architecture", ", ".join(self.cpu_manufacturers), reason)
        unknown = list(self._unknown_type_problems())
        yield from unknown or self._missing_type_problems()

    @property
    def manufacturers(self) -> tuple[str, ...]:
        """Return whose CPUs its instances may have."""
        return tuple(sorted(self.cpu_manufacturers or X86_64_MANUFACTURERS))

    @property
    def architecture(self) -> str:
        """Return the CPU architecture of its instances, as tasks name it."""
        return "ARM64" if "amazon-web-services" in self.cpu_manufacturers else "X86_64"

    @property
    def allows_burstable(self) -> bool:
        """Return whether burstable types may start: where they are named, in a pattern that means nothing else."""
        return any(all(kind.burstable for kind in types_matching(name)) for name in self.instance_types)

    @property
    def allows_bare_metal(self) -> bool:
        """Return whether types without a hypervisor may start: where they are named, as with ``allows_burstable``."""
        return any(all(kind.bare_metal for kind in types_matching(name)) for name in self.instance_types)

    def possible_types(self) -> tuple[InstanceType, ...]:
        """Return the types from small to large that have what is asked for."""
        found = {kind for kind in self._named_types() if not self._lacks(kind)}
        return tuple(sorted(found, key=lambda kind: kind.size))

    def _named_types(self) -> Iterator[InstanceType]:
        for name in self.instance_types or ANY_TYPE:
            yield from types_matching(name)

    def _unknown_type_problems(self) -> Iterator[Problem]:
        for index, name in enumerate(self.instance_types):
            if not any(types_matching(name)):
                yield Problem(f"instance_types[{index}]", "match an instance type", repr(name), fix=_hint(name))

    def _missing_type_problems(self) -> Iterator[Problem]:
        if any(not self._lacks(kind) for kind in self._named_types()):
            return
        nearest = min(self._named_types(), key=self._distance)
        makers = " or ".join(self.manufacturers)
        gpus = "no accelerator" if self.gpus is None else f"{self.gpus} GPUs"
        yield Problem(
            "instance_types",
            f"match a type with {self.vcpus} vCPUs, {self.memory_mib} MiB, {gpus} and a CPU of {makers}",
            format_value(list(self.instance_types)) if self.instance_types else "any type",
            f"{nearest.name} comes closest, but {' and '.join(self._lacks(nearest))}, so tasks would wait indefinitely",
        )

    def _distance(self, kind: InstanceType) -> tuple[Any, ...]:
        """Return what orders types from near to far."""
        misses = self.vcpus.misses(kind.vcpus) + self.memory_mib.misses(kind.memory_mib)
        return len(self._lacks(kind)), misses, kind.size

    def _lacks(self, kind: InstanceType) -> list[str]:
        """Return what keeps ECS from starting instances of this type."""
        reasons = {
            f"has {kind.vcpus:,} vCPUs": self.vcpus.misses(kind.vcpus),
            f"has {kind.memory_mib:,} MiB": self.memory_mib.misses(kind.memory_mib),
            "has accelerators": self.gpus is None and kind.gpus + kind.neuron_devices,
            f"has {kind.gpus} GPUs": self.gpus is not None and self.gpus.misses(kind.gpus),
            f"has a CPU of {kind.cpu_manufacturer}": MANUFACTURERS.get(kind.cpu_manufacturer) not in self.manufacturers,
            "is burstable": kind.burstable and not self.allows_burstable,
            "is bare metal": kind.bare_metal and not self.allows_bare_metal,
        }
        return [reason for reason, is_so in reasons.items() if is_so]


class ManagedInstancesCapacityProvider(ManagedInstances, CapacityProviderSettings, NetworkPlacement):
    """Instances that ECS chooses, starts, patches and ends itself; on demand only, as far as the AWS provider goes.

    There is no group, no image and no agent to look after; ECS adds a fee to each instance's price.
    """

    storage_gib: int = Field(default=80, ge=30, le=16_384)
    """for images and what containers write [from 30 to 16,384; default 80]"""
    detailed_monitoring: bool = False
    """True: CloudWatch metrics each minute instead of each five [default False]"""
    scale_in_after_seconds: int | None = Field(default=None, ge=-1, le=3_600)
    """how long an idle instance is kept; None: ECS decides; -1: indefinitely [from -1 to 3,600; default None]"""

    infrastructure_role_arn: RoleArn | None = None
    """None: one is made for ECS; else a role that exists, to which nothing is granted: the output role_policies says
    what it needs [at most 2,048 characters; default None]"""
    instance_profile_arn: InstanceProfileArn | None = None
    """the same for the instances; with infrastructure_role_arn, which has to let ECS pass the role in it [at most 2,048
    characters; default None]"""

    def names(self, name: str, location: AwsLocation) -> Iterator[PhysicalName]:
        """Yield also the names of what ECS and its instances run as."""
        yield from super().names(name, location)
        if self.infrastructure_role_arn is None:
            yield PhysicalName("role", infrastructure_role_name(name))
        if self.instance_profile_arn is None:
            yield PhysicalName("role", instance_role_name(name))
            yield PhysicalName("instance profile", instance_role_name(name))

    def check_instance_profile(self) -> Iterator[Problem]:
        """Check that ECS may also pass the role of the profile, which the profile's ARN does not name."""
        if self.instance_profile_arn is not None and self.infrastructure_role_arn is None:
            reason = "the ARN of a profile does not name the role that ECS passes to the instances"
            yield self.problem("infrastructure_role_arn", "be given where instance_profile_arn is", reason)

    def check_gpus(self) -> Iterator[Problem]:
        """Check that the AWS provider sends what is meant."""
        if self.gpus is not None and self.gpus.max is None:
            yield self.problem(
                "gpus.max", "be given", "AWS provider 6.25.0 would send 0, which no instance type matches"
            )


class ExistingManagedInstances(ManagedInstances, ExistingProvider):
    """A capacity provider of managed instances that an existing cluster has, as its owner set it."""


def _hint(pattern: str) -> str:
    if types_of_family(pattern):
        return f"did you mean {pattern}.*?"
    near = [] if "*" in pattern else nearest_names(pattern, known_types())
    new = "run make instance-types to add new ones"
    return f"did you mean {near[0]}? {new}" if near else new
