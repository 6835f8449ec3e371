"""How many tasks a service has: a fixed number, or one that follows the load and the clock.

Source: RegisterScalableTarget, PutScalingPolicy and PutScheduledAction in the Application Auto Scaling API reference.
"""

from collections.abc import Iterator, Mapping
from typing import Annotated, ClassVar

from pydantic import Field

from modules.checks import at_most
from modules.markers import Late
from modules.names import PhysicalName
from modules.naming import AwsLocation, ShortName
from modules.problems import Problem
from modules.scheduler.expressions import ScheduleExpression
from modules.settings import Settings
from modules.time_zones import TimeZone

AUTO_SCALING_REFUSES = "otherwise Application Auto Scaling refuses it"


class ScheduledScaling(Settings):
    """At a certain time, other limits for the number of tasks, until the next schedule sets others."""

    schedule: ScheduleExpression
    """when [at most 256 characters; required]"""
    timezone: TimeZone = "UTC"
    """that the schedule is meant in; summer time is kept [default 'UTC']"""
    min_tasks: int | None = Field(default=None, ge=0, le=5_000)
    """None: as before [from 0 to 5,000; default None]"""
    max_tasks: int | None = Field(default=None, ge=0, le=5_000)
    """None: as before [from 0 to 5,000; default None]"""

    check_limits: ClassVar = at_most("min_tasks", "max_tasks", AUTO_SCALING_REFUSES)

    def check_scheduled_scaling(self) -> Iterator[Problem]:
        """Check that it sets something."""
        if self.min_tasks is None and self.max_tasks is None:
            yield self.problem("min_tasks", "be given where max_tasks is not", "otherwise the schedule changes nothing")


class TaskLimits(Settings, abstract=True):
    """Base of what has a number of tasks that changes by itself."""

    min_tasks: int
    """always there [required]"""
    max_tasks: int
    """never more, and so the most it costs [required]"""
    schedules: dict[ShortName, ScheduledScaling] = Field(default_factory=dict)
    """a limit that one of them sets is theirs alone from then on [default empty]"""

    def names(self, name: str, location: AwsLocation) -> Iterator[PhysicalName]:
        """Yield the names of the scheduled actions."""
        del location
        for short_name in self.schedules:
            yield PhysicalName("scheduled action", f"{name}-{short_name}", path=f"schedules.{short_name}")

    @property
    def least_tasks(self) -> int:
        """Return how many tasks there are when there are fewest."""
        scheduled = (item.min_tasks for item in self.schedules.values() if item.min_tasks is not None)
        return min([self.min_tasks, *scheduled])

    @property
    def most_tasks(self) -> dict[str, int]:
        """Return each number of tasks that there may be at most, by the path of what allows it."""
        schedules = sorted(self.schedules.items())
        scheduled = {f"schedules.{name}.max_tasks": item.max_tasks for name, item in schedules if item.max_tasks}
        return {"max_tasks": self.max_tasks} | scheduled

    def check_schedules(self) -> Iterator[Problem]:
        """Check each against the limits that it leaves as they are: AWS would refuse it when its time comes."""
        for name, item in self.schedules.items():
            if item.max_tasks is None and item.min_tasks is not None and item.min_tasks > self.max_tasks:
                rule = f"be at most max_tasks ({self.max_tasks:,}), which this schedule does not change"
                yield self.problem(f"schedules.{name}.min_tasks", rule, fix="give its max_tasks as well")
            if item.min_tasks is None and item.max_tasks is not None and item.max_tasks < self.min_tasks:
                rule = f"be at least min_tasks ({self.min_tasks:,}), which this schedule does not change"
                yield self.problem(f"schedules.{name}.max_tasks", rule, fix="give its min_tasks as well")


class TaskCount(Settings, abstract=True):
    """Base of the ways to say how many tasks a service has."""

    @property
    def least_tasks(self) -> int:
        """Return how many tasks there are when there are fewest."""
        raise NotImplementedError

    @property
    def most_tasks(self) -> dict[str, int]:
        """Return each number of tasks that there may be at most, by the path of what allows it."""
        raise NotImplementedError


class FixedTasks(TaskCount):
    """Always the same number. A change by hand is undone by the next apply."""

    count: int = Field(ge=0, le=5_000)
    """how many; 0: none, but everything is there [from 0 to 5,000; required]"""

    @property
    def least_tasks(self) -> int:
        """Return the number."""
        return self.count

    @property
    def most_tasks(self) -> dict[str, int]:
        """Return the number."""
        return {"count": self.count}


class ScaledTasks(TaskLimits, TaskCount):
    """As many as the load asks for. Where several measures are given, the one that asks for most decides."""

    min_tasks: int = Field(ge=0, le=5_000)
    """always there; 0 only with schedules, since nothing measures none [from 0 to 5,000; required]"""
    max_tasks: int = Field(ge=1, le=5_000)
    """never more, and so the most it costs [from 1 to 5,000; required]"""
    cpu_percent: int | None = Field(default=None, ge=1, le=100)
    """CPU use to keep, on average [from 1 to 100; default None]"""
    memory_percent: int | None = Field(default=None, ge=1, le=100)
    """memory use to keep, on average [from 1 to 100; default None]"""
    requests_per_task: int | None = Field(default=None, ge=1)
    """requests a minute to keep; needs a load balancer [at least 1; default None]"""
    scale_out_cooldown_seconds: Annotated[int, Late()] = Field(default=60, ge=0)
    """how long new tasks get to show an effect [at least 0; default 60]"""
    scale_in_cooldown_seconds: Annotated[int, Late()] = Field(default=300, ge=0)
    """from one step down to the next [at least 0; default 300]"""

    def names(self, name: str, location: AwsLocation) -> Iterator[PhysicalName]:
        """Yield also that of the policy of each measure."""
        yield from super().names(name, location)
        yield from (PhysicalName("scaling policy", f"{name}-{measure}") for measure in self.targets)

    @property
    def targets(self) -> Mapping[str, int]:
        """What is to be kept, by what is measured."""
        given = {"cpu": self.cpu_percent, "memory": self.memory_percent, "requests": self.requests_per_task}
        return {measure: target for measure, target in given.items() if target is not None}

    check_limits: ClassVar = at_most("min_tasks", "max_tasks", AUTO_SCALING_REFUSES)

    def check_scaled_tasks(self) -> Iterator[Problem]:
        """Check that there is something to scale by."""
        if not self.targets and not self.schedules:
            rule = "be given where there is no memory_percent, requests_per_task or schedule"
            yield self.problem("cpu_percent", rule, "otherwise nothing changes the number of tasks", "use FixedTasks")
        if self.min_tasks == 0 and not self.schedules:
            rule = "be at least 1 without schedules"
            yield self.problem("min_tasks", rule, "without a running task there is no metric, so no task would start")
