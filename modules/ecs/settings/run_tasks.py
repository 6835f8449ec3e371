"""Tasks that are run rather than kept running: once, by hand or by a program, or on a schedule.

Source: RunTask in the ECS API reference; CreateSchedule in the EventBridge Scheduler API reference.
"""

from collections.abc import Iterator
from typing import Annotated, Literal

from pydantic import Field

from modules.ecs.names import schedule_name, scheduler_role_name
from modules.ecs.settings.capacity import MAX_SCHEDULED_SHARES, MAX_SHARES, CapacityShare, strategy_problems
from modules.ecs.settings.schedules import ScheduleExpression
from modules.ecs.settings.tasks import TaskSettings
from modules.markers import Late, RefersTo
from modules.names import PhysicalName
from modules.naming import AwsLocation, ShortName, Tags
from modules.problems import Problem, format_value
from modules.settings import Sequence, Settings, skip_if_invalid
from modules.time_zones import TimeZone


class TaskSchedule(Settings):
    """When a task is run by itself."""

    expression: Annotated[ScheduleExpression, Late()]
    """when [at most 256 characters; required]"""
    timezone: Annotated[TimeZone, Late()] = "UTC"
    """that the expression is meant in; summer time is kept [default 'UTC']"""
    state: Literal["ENABLED", "DISABLED"] = "ENABLED"
    """DISABLED: kept, but nothing is run [one of 'ENABLED', 'DISABLED'; default 'ENABLED']"""
    flexible_window_minutes: int | None = Field(default=None, ge=1, le=1_440)
    """run at some time within; None: on the minute [from 1 to 1,440; default None]"""
    task_count: Annotated[int, Late()] = Field(default=1, ge=1, le=10)
    """how many are run at a time [from 1 to 10; default 1]"""
    retry_attempts: Annotated[int, Late()] = Field(default=3, ge=0, le=185)
    """where ECS cannot start it; not where it fails [from 0 to 185; default 3]"""
    max_event_age_seconds: Annotated[int, Late()] = Field(default=3_600, ge=60, le=86_400)
    """later than this it is not tried any more [from 60 to 86,400; default 3,600]"""
    dead_letter_queue: Annotated[ShortName, RefersTo("queues")] | None = None
    """gets what could not be run; None: it is only counted [one of the environment's queues; default None]"""


class RunTaskDefinition(Settings):
    """A task that somebody runs: the output ``run_tasks`` has what to say to ECS for it."""

    cluster: Annotated[ShortName, RefersTo("clusters")]
    """one of clusters [one of the environment's clusters; required]"""
    task: TaskSettings
    """what it runs, a FargateTask or an Ec2Task [required]"""
    capacity: Sequence[CapacityShare] = Field(default=(), max_length=MAX_SHARES)
    """where it runs; empty: as the cluster's default_capacity says [at most 20 items; default empty]"""
    schedules: dict[ShortName, TaskSchedule] = Field(default_factory=dict)
    """empty: run by others only [default empty]"""
    tags: Tags = Field(default_factory=dict)
    """on its tasks [at most 46 entries; each name 1 to 128 characters; each value at most 256 characters; default
    empty]"""

    def names(self, name: str, location: AwsLocation) -> Iterator[PhysicalName]:
        """Yield the names of the task definition and its schedules."""
        yield from self.task.names(name, location)
        if self.schedules:
            yield PhysicalName("role", scheduler_role_name(name))
        for short_name in self.schedules:
            yield PhysicalName("schedule", schedule_name(name, short_name), path=f"schedules.{short_name}")

    def check_run_task_definition(self) -> Iterator[Problem]:
        """Check the strategy and the volumes."""
        yield from skip_if_invalid(strategy_problems("capacity", self.capacity))
        if self.task.has_ebs_volume:
            yield Problem("task", "mount no EBS volume", "an EbsVolumeMount", "only a ReplicaService has an ebs_volume")
        if self.schedules and len(self.capacity) > MAX_SCHEDULED_SHARES:
            rule = f"have at most {MAX_SCHEDULED_SHARES} items with schedules"
            yield Problem("capacity", rule, format_value(len(self.capacity)), "EventBridge Scheduler takes no more")
