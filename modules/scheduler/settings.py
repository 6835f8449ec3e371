"""Settings of schedules.

Source: CreateSchedule and CreateScheduleGroup in the EventBridge Scheduler API reference; "Schedule types", "Schedule
groups" and "Adding context attributes" in its user guide.
"""

import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Annotated

from pydantic import AfterValidator, Field, StringConstraints

from modules.kms.settings import KmsKeySettings
from modules.markers import Late, RefersTo
from modules.named_settings import NamedSettings
from modules.names import PhysicalName
from modules.naming import AwsLocation, ShortName, Tags
from modules.problems import Problem, format_value, nearest
from modules.scheduler.expressions import ScheduleExpression
from modules.scheduler.occurrences import first_occurrence
from modules.targets.settings import StarterSettings, TargetSettings
from modules.texts import texts_in
from modules.time_zones import TimeZone

# What stands for something that only EventBridge Scheduler knows.
CONTEXT = ("attempt-number", "execution-id", "schedule-arn", "scheduled-time")
FIRST, LAST = datetime(1970, 1, 1), datetime(2199, 12, 31, 23, 59)
# A local time is at most so far from the same time in UTC.
MOST_OFFSET = timedelta(hours=14)


def _that_exists(moment: str) -> str:
    try:
        utc_time(moment)
    except ValueError:
        raise ValueError("have a date and time that exist", "e.g. 2027-01-31T08:00:00Z") from None
    return moment


def utc_time(moment: str) -> datetime:
    """Return a time of settings, which is UTC, without saying so."""
    return datetime.fromisoformat(moment.removesuffix("Z"))


UtcTime = Annotated[
    str,
    StringConstraints(pattern=r"^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z$"),
    Field(description="a time in UTC, e.g. 2027-01-31T08:00:00Z"),
    AfterValidator(_that_exists),
]


class ScheduleGroup(NamedSettings):
    """A group of schedules, whose numbers CloudWatch has together."""

    thing = "schedule group"

    tags: Tags = Field(default_factory=dict)
    """on the group; schedules themselves have none [at most 46 entries; each name 1 to 128 characters; each value at
    most 256 characters; default empty]"""


class ScheduleSettings(StarterSettings):
    """When something is started by the clock."""

    thing = role_ending = "schedule"

    target: TargetSettings
    """what is started: a JobRequest, a TaskRun, a QueueMessage, …; in its texts stand <aws.scheduler.scheduled-time>,
    <aws.scheduler.execution-id>, <aws.scheduler.attempt-number> and <aws.scheduler.schedule-arn> for what they say
    [required]"""
    expression: ScheduleExpression
    """when: again and again by cron(…) or rate(…), once by at(…) [at most 256 characters; required]"""
    timezone: Annotated[TimeZone, Late()] = "UTC"
    """that the expression is meant in; summer time is kept, and the hour that it leaves out has no schedules [default
    'UTC']"""
    start: UtcTime | None = None
    """not before; a rate counts from here [default None]"""
    end: UtcTime | None = None
    """not after [default None]"""
    flexible_window_minutes: int | None = Field(default=None, ge=1, le=1_440)
    """started at some time within; None: on the minute [from 1 to 1,440; default None]"""
    retry_attempts: Annotated[int, Late()] = Field(default=3, ge=0, le=185)
    """where it cannot be started; not where it fails [from 0 to 185; default 3]"""
    max_event_age_seconds: Annotated[int, Late()] = Field(default=3_600, ge=60, le=86_400)
    """later than this it is not tried any more [from 60 to 86,400; default 3,600]"""
    kms_key: KmsKeySettings | None = None
    """encrypts what it says to its target; None: a key of AWS's own [default None]"""
    group: Annotated[ShortName, RefersTo("schedule_groups")] | None = None
    """None: the region's default group [one of the environment's schedule_groups; default None]"""

    def names(self, name: str, location: AwsLocation) -> Iterator[PhysicalName]:
        """Yield also the name of its key."""
        yield from super().names(name, location)
        if self.kms_key is not None:
            yield from self.kms_key.names(f"schedules/{name}", location)

    def check_bounds(self) -> Iterator[Problem]:
        """Check that it ends after its start, and that only what is repeated has either."""
        if self.expression.startswith("at("):
            for name in ("start", "end"):
                if getattr(self, name) is not None:
                    reason = "EventBridge Scheduler ignores start and end of a one-time schedule"
                    yield self.problem(name, "be left out with at(…)", reason)
        elif self.start is not None and self.end is not None and utc_time(self.end) <= utc_time(self.start):
            yield self.problem("end", f"come after start ({self.start})", "the schedule would never run")

    def check_next_time(self) -> Iterator[Problem]:
        """Check that there is a day that the cron expression stands for, between start and end."""
        if not self.expression.startswith("cron("):
            return
        earliest = utc_time(self.start) - MOST_OFFSET if self.start else FIRST
        latest = utc_time(self.end) + MOST_OFFSET if self.end else LAST
        if earliest <= latest and first_occurrence(self.expression, earliest, latest) is None:
            between = " between start and end" if self.start or self.end else ""
            yield self.problem("expression", f"stand for a time that comes{between}", "the schedule would never run")

    def check_context_attributes(self) -> Iterator[Problem]:
        """Check that what EventBridge Scheduler is to fill in is something it knows."""
        for path, text in texts_in(self.target, "target"):
            for name in re.findall(r"<aws\.scheduler\.([^>]*)>", text):
                if name not in CONTEXT:
                    near = nearest(name, CONTEXT)
                    fix = f"{f'did you mean {near}? ' if near else ''}known: {', '.join(CONTEXT)}"
                    yield Problem(path, "have known names in <aws.scheduler.…>", format_value(text), fix=fix)
