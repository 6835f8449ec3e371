"""CloudWatch alarms and Application Auto Scaling as far as queue workers use them: what they see and what they decide.

Source: "How target tracking scaling works" and "How step scaling works" in the Application Auto Scaling user guide.
"""

import math
from dataclasses import dataclass, field
from functools import cache

from benchmarks.worker_day.metric_math import Series, evaluate
from modules.ecs import backlog_metrics, backlog_scaling
from modules.ecs.backlog_metrics import IN_FLIGHT, TASKS, VISIBLE, Expression

SCALE_IN_DATAPOINTS = 15
SCALE_IN_SHARE = 0.9  # scaling in starts below this share of the target


@dataclass(frozen=True)
class Sample:
    """What the metrics say about one minute."""

    second: int
    visible: float
    in_flight: float
    tasks: float | None


@dataclass
class Cooldown:
    """What scaling out reckons with for a while after it has scaled out: the number of tasks before.

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
    """The scaling of one service. ``decide`` is called once a minute with the samples that have arrived."""

    target: float
    messages_at_once: int
    max_tasks: int
    idle_minutes: int
    steps: tuple[backlog_scaling.Step, ...]
    _tracked: dict[int, float] = field(default_factory=dict)
    _tracking: Cooldown = field(default_factory=Cooldown)
    _starting: Cooldown = field(default_factory=Cooldown)
    _scale_in_until: int = 0

    def decide(self, now: int, desired: int, samples: list[Sample]) -> int:
        """Return the number of tasks wanted from now on: where several policies want something, the most."""
        if not samples:
            return desired
        tracked = self._track(now, desired, samples)
        started = self._start(now, desired, samples)
        if max(tracked, started) > desired:
            return min(self.max_tasks, max(tracked, started))
        return 0 if self._idle(samples) else tracked

    def _start(self, now: int, desired: int, samples: list[Sample]) -> int:
        waiting = _evaluated(backlog_metrics.WAITING, samples[-3:])[-1]
        if waiting is None or waiting < 1:
            return desired
        step = max(step.tasks for step in self.steps if step.backlog <= waiting)
        return self._starting.scaled_out(now, desired, self._starting.base(now, desired) + step)

    def _track(self, now: int, desired: int, samples: list[Sample]) -> int:
        base = self._tracking.base(now, desired)
        recent = [self._backlog_per_task(samples, index) for index in range(len(samples))][-SCALE_IN_DATAPOINTS:]
        high = recent[-backlog_scaling.SCALE_OUT_DATAPOINTS :]
        if len(high) == backlog_scaling.SCALE_OUT_DATAPOINTS and all(item > self.target for item in high):
            return self._tracking.scaled_out(now, desired, math.ceil(base * high[-1] / self.target))
        quiet = len(recent) == SCALE_IN_DATAPOINTS and all(item < SCALE_IN_SHARE * self.target for item in recent)
        if quiet and now >= max(self._scale_in_until, self._tracking.until):
            self._scale_in_until = now + backlog_scaling.COOLDOWN_SECONDS
            return min(desired, math.ceil(desired * recent[-1] / self.target))
        return desired

    def _backlog_per_task(self, samples: list[Sample], index: int) -> float:
        second = samples[index].second
        if second not in self._tracked:
            expressions = backlog_metrics.backlog_per_task(self.target, self.messages_at_once)
            value = _evaluated(expressions, samples[max(0, index - 3) : index + 1])[-1]
            self._tracked[second] = self.target if value is None else value
        return self._tracked[second]

    def _idle(self, samples: list[Sample]) -> bool:
        idle = _evaluated(backlog_metrics.IDLE, samples[-self.idle_minutes :])
        return len(idle) == self.idle_minutes and all(item == 1 for item in idle)


def _evaluated(expressions: tuple[Expression, ...], samples: list[Sample]) -> Series:
    # SQS reports what is in flight only where something is.
    return _of_rows(expressions, tuple((sample.visible, sample.in_flight or None, sample.tasks) for sample in samples))


@cache  # most minutes are like others, at night all of them
def _of_rows(expressions: tuple[Expression, ...], rows: tuple[tuple[float | None, ...], ...]) -> Series:
    visible, in_flight, tasks = zip(*rows, strict=True)
    return evaluate(expressions, {VISIBLE: visible, IN_FLIGHT: in_flight, TASKS: tasks})
