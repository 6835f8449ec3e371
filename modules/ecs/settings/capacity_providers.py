"""Capacity providers: instances for a cluster's tasks, as many as there are tasks for. Here of Auto Scaling groups.

Source: CreateCapacityProvider in the ECS API reference; CreateAutoScalingGroup, PutWarmPool and StartInstanceRefresh in
the EC2 Auto Scaling API reference. Fargate's two providers exist without being made.
"""

from collections.abc import Iterator
from typing import Annotated, ClassVar, Literal

from pydantic import Field

from modules.checks import at_least, at_most
from modules.ec2.instance_choice import GroupInstanceChoice
from modules.ec2.instance_types import InstanceType
from modules.markers import Late, production
from modules.names import PhysicalName
from modules.naming import AwsLocation, Tags
from modules.problems import Problem, format_value
from modules.settings import Sequence, Settings
from modules.vpc.placement_settings import NetworkPlacement

GROUP_REFUSED = "otherwise EC2 Auto Scaling refuses the group"


class WarmPool(Settings):
    """Instances that have started once and wait, stopped, to start again in a fraction of the time."""

    min_instances: int = Field(ge=0)
    """how many wait at least; stopped ones cost their volumes only [at least 0; required]"""
    max_prepared: int | None = Field(default=None, ge=0)
    """the most of running and waiting ones together; None: max_instances [at least 0; default None]"""
    state: Literal["Stopped", "Running"] = "Stopped"
    """Running costs as if they worked [one of 'Stopped', 'Running'; default 'Stopped']"""
    reuse: bool = True
    """True: instances go back to wait; False: they are ended [default True]"""

    check_prepared: ClassVar = at_least("max_prepared", "min_instances", "the pool keeps that many at least")


class InstanceRefresh(Settings):
    """What a changed launch template does to running instances: they are replaced, some at a time."""

    min_healthy_percent: int = Field(default=90, ge=0, le=100)
    """of the instances wanted, at any time [from 0 to 100; default 90]"""
    max_healthy_percent: int = Field(default=110, ge=100, le=200)
    """of the instances wanted, old and new together [from 100 to 200; default 110]"""

    def check_instance_refresh(self) -> Iterator[Problem]:
        """Check the distance of the two."""
        if self.max_healthy_percent - self.min_healthy_percent > 100:
            rule = f"be at most min_healthy_percent + 100 ({self.min_healthy_percent + 100})"
            yield self.problem("max_healthy_percent", rule, GROUP_REFUSED)
        if self.min_healthy_percent == self.max_healthy_percent == 100:
            yield self.problem(
                "max_healthy_percent", "exceed min_healthy_percent (100)", "otherwise no instance can be replaced"
            )


class InstanceProvider(Settings, abstract=True):
    """Base of what a cluster's instances come from."""

    def possible_types(self) -> tuple[InstanceType, ...]:
        """Return the instance types that it may start, as far as they are known."""
        return ()


class ExistingProvider(InstanceProvider, abstract=True):
    """Base of capacity providers that a cluster has which somebody else owns."""

    capacity_provider_name: str = Field(pattern=r"^[A-Za-z0-9_-]{1,255}$")
    """as its owner called it, e.g. shared-gpus [required]"""


class CapacityProviderSettings(InstanceProvider, abstract=True):
    """Base of what may stand in the ``capacity_providers`` of a cluster that is made."""

    tags: Tags = Field(default_factory=dict)
    """on the capacity provider and its instances [at most 46 entries; each name 1 to 128 characters; each value at most
    256 characters; default empty]"""

    def names(self, name: str, location: AwsLocation) -> Iterator[PhysicalName]:
        """Yield the name of the capacity provider."""
        yield from super().names(name, location)
        yield PhysicalName("capacity provider", name)


class GroupCapacity(InstanceProvider, abstract=True):
    """Base of capacity of an Auto Scaling group, this environment's or another's."""

    instance_types: Sequence[str] = Field(min_length=1, max_length=40)
    """of the group [1 to 40 items; required]"""
    max_instances: int = Field(ge=1, le=10_000)
    """of the group [from 1 to 10,000; required]"""

    def check_gpu_types(self) -> Iterator[Problem]:
        """Check that the types are alike for tasks."""
        with_gpu = {bool(kind.gpus) for kind in self.possible_types()}
        if len(with_gpu) > 1:
            reason = "ECS cannot place a task with GPUs on an instance without"
            yield self.problem("instance_types", "all have GPUs, or none of them", reason)


class GroupCapacityProvider(GroupCapacity, CapacityProviderSettings, abstract=True):
    """Base of capacity providers of Auto Scaling groups: ECS scales the group, this environment's or another's."""

    target_capacity_percent: Annotated[int, Late()] = Field(default=100, ge=1, le=100)
    """how full instances are kept; less leaves room in which tasks start at once [from 1 to 100; default 100]"""
    min_scaling_step: int = Field(default=1, ge=1, le=10_000)
    """the fewest instances started at a time [from 1 to 10,000; default 1]"""
    max_scaling_step: int = Field(default=10_000, ge=1, le=10_000)
    """the most instances started at a time [from 1 to 10,000; default 10,000]"""
    instance_warmup_seconds: Annotated[int, Late()] = Field(default=300, ge=0, le=10_000)
    """until a new instance counts; too short starts too many [from 0 to 10,000; default 300]"""
    termination_protection: Annotated[bool, production(True, "scaling in would end instances at work")] = True
    """False: scaling in may end an instance with tasks on it [default True; must be True in production]"""
    managed_draining: Annotated[bool, production(True, "an instance that goes would take its tasks with it")] = True
    """False: tasks of an instance that goes are killed [default True; must be True in production]"""

    check_scaling_steps: ClassVar = at_most("min_scaling_step", "max_scaling_step", GROUP_REFUSED)


class AutoScalingGroupCapacityProvider(GroupInstanceChoice, GroupCapacityProvider, NetworkPlacement):
    """An Auto Scaling group that ECS scales: instances come when tasks wait and go when they are empty."""

    instance_types: Sequence[str] = Field(min_length=1, max_length=40)
    """On-Demand: the first with capacity; Spot: the cheapest with capacity; more types improve availability [1 to 40
    items; required]"""
    max_instances: int = Field(ge=1, le=10_000)
    """never more, and so the most it costs [from 1 to 10,000; required]"""
    min_instances: int = Field(default=0, ge=0, le=10_000)
    """kept running, and paid, even with nothing to do [from 0 to 10,000; default 0]"""
    on_demand_base: int = Field(default=0, ge=0, le=10_000)
    """so many are on demand before the share counts [from 0 to 10,000; default 0]"""
    on_demand_percent: int = Field(ge=0, le=100)
    """of the rest; what is left is Spot: cheaper, and reclaimed at two minutes' notice [from 0 to 100; required]"""
    warm_pool: WarmPool | None = None
    """None: every instance starts from nothing [default None]"""
    instance_refresh: InstanceRefresh | None = Field(default_factory=InstanceRefresh)
    """None: running instances stay as they are until they go by themselves [default InstanceRefresh()]"""
    max_instance_lifetime_days: int | None = Field(default=None, ge=1, le=365)
    """older ones are replaced, for the newest image; None: they may stay [from 1 to 365; default None]"""

    check_min_instances: ClassVar = at_most("min_instances", "max_instances", GROUP_REFUSED)
    check_on_demand_base: ClassVar = at_most("on_demand_base", "max_instances", "the group never launches more")

    @property
    def uses_spot(self) -> bool:
        """Return whether any of its instances may be Spot."""
        return self.on_demand_percent < 100

    def check_spot_types(self) -> Iterator[Problem]:
        """Check that the types are sold on the Spot market where any may be bought there."""
        if self.uses_spot:
            rule = "be offered as Spot where on_demand_percent is below 100"
            yield from self.type_problems(rule, lambda kind: None if kind.spot else "EC2 offers it On-Demand only")

    def check_warm_pool(self) -> Iterator[Problem]:
        """Check that a warm pool can be had with the rest."""
        pool = self.warm_pool
        if pool is None:
            return
        if self.uses_spot:
            reason = "a warm pool holds no Spot Instances"
            yield self.problem("on_demand_percent", "be 100 with a warm_pool", reason, "define two capacity providers")
        if len(self.group_types) > 1:
            rule, reason = "have one item with a warm_pool", "a warm pool does not support multiple instance types"
            yield Problem("instance_types", rule, format_value(len(self.group_types)), reason)
