"""CloudWatch alarms and Application Auto Scaling as far as queue workers use them: what they see and what they decide.

Source: "How target tracking scaling works" and "How step scaling works" in the Application Auto Scaling user guide;
"Configuring how CloudWatch alarms treat missing data" in the CloudWatch user guide.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache

from benchmarks.worker_day.metric_math import evaluate
from modules.cloudwatch.metrics import Expression
from modules.ecs import backlog_metrics, backlog_scaling
from modules.ecs.backlog_metrics import IN_FLIGHT, TASKS, VISIBLE

SCALE_IN_DATAPOINTS = 15
SCALE_IN_SHARE = 0.9  # scaling in starts below this share of the target
# An alarm looks at so many minutes more than it needs; where some are missing, older ones take their place.
SPARE_DATAPOINTS = 2

# What is known of one minute: visible, in flight, tasks; None where nothing is.
Row = tuple[float | None, float | None, float | None]


@dataclass
class Cooldown:
    """What scaling out takes into account for a while after it has scaled out: the number of tasks before.

    "The capacity that has been added by the scale-out that initiated the cooldown is calculated as part of the desired
    capacity for the next": a larger demand adds the difference only.
    """

    until: int = 0
    before: int = 0

    def scaled_out(self, now: int, desired: int, wanted: int) -> int:
        """Return the new number of tasks, at least ``desired``."""
        if wanted <= desired:
            return desired
        self.until = now + backlog_scaling.COOLDOWN_SECONDS
        return wanted

    def base(self, now: int, desired: int) -> int:
        """Return the number of tasks that a demand multiplies or adds to."""
        if now >= self.until:
            self.before = desired
        return self.before


@dataclass
class Controller:
    """The scaling of one service. ``decide`` is called once a minute with the minutes that are known by then."""

    target: float
    messages_at_once: int
    max_tasks: int
    idle_minutes: int
    steps: tuple[backlog_scaling.Step, ...]
    _tracking: Cooldown = field(default_factory=Cooldown)
    _starting: Cooldown = field(default_factory=Cooldown)
    _scale_in_until: int = 0

    def decide(self, now: int, desired: int, rows: Sequence[Row]) -> int:
        """Return the number of tasks wanted from now on: where several policies want something, the most."""
        tracked = self._track(now, desired, rows)
        started = self._start(now, desired, rows)
        if max(tracked, started) > desired:
            return min(self.max_tasks, max(tracked, started))
        return 0 if self._is_idle(rows) else tracked

    def _start(self, now: int, desired: int, rows: Sequence[Row]) -> int:
        waiting = _newest(backlog_metrics.WAITING, rows, 1)
        if not waiting or waiting[0] < 1:
            return desired
        step = max(step.tasks for step in self.steps if step.backlog <= waiting[0])
        return self._starting.scaled_out(now, desired, self._starting.base(now, desired) + step)

    def _track(self, now: int, desired: int, rows: Sequence[Row]) -> int:
        base = self._tracking.base(now, desired)
        expressions = backlog_metrics.backlog_per_task(self.target, self.messages_at_once)
        high = _newest(expressions, rows, backlog_scaling.SCALE_OUT_DATAPOINTS)
        if high and min(high) > self.target:
            return self._tracking.scaled_out(now, desired, math.ceil(base * high[-1] / self.target))
        if now < max(self._scale_in_until, self._tracking.until) or (
            high and max(high) >= SCALE_IN_SHARE * self.target
        ):
            return desired
        low = _newest(expressions, rows, SCALE_IN_DATAPOINTS)
        if low and max(low) < SCALE_IN_SHARE * self.target:
            self._scale_in_until = now + backlog_scaling.COOLDOWN_SECONDS
            return min(desired, math.ceil(desired * low[-1] / self.target))
        return desired

    def _is_idle(self, rows: Sequence[Row]) -> bool:
        idle = _newest(backlog_metrics.IDLE, rows, self.idle_minutes)
        return bool(idle) and min(idle) == 1


def _newest(expressions: tuple[Expression, ...], rows: Sequence[Row], count: int) -> list[float]:
    """Return the ``count`` newest values that there are, oldest first; none where the alarm sees fewer."""
    found: list[float] = []
    for end in range(len(rows), max(0, len(rows) - count - SPARE_DATAPOINTS), -1):
        value = _value(expressions, tuple(rows[max(0, end - 1 - SPARE_DATAPOINTS) : end]))
        if value is not None:
            found.append(value)
        if len(found) == count:
            return found[::-1]
    return []


@cache  # most minutes are like others, at night all of them
def _value(expressions: tuple[Expression, ...], rows: tuple[Row, ...]) -> float | None:
    """Return the value of the last of ``rows``; those before it are there to be repeated."""
    visible, in_flight, tasks = zip(*rows, strict=True)
    return evaluate(expressions, {VISIBLE: visible, IN_FLIGHT: in_flight, TASKS: tasks})[-1]
