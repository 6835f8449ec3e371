"""Queue, tasks and clock: messages come, tasks work, and the controller sees what the metrics show, minutes late."""

import random
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field

from benchmarks.worker_day.control import SCALE_IN_DATAPOINTS, SPARE_DATAPOINTS, Controller, Row
from modules.ecs import backlog_scaling

MINUTE = 60


@dataclass(frozen=True)
class Metrics:
    """The habits of CloudWatch: how late each service's metrics are, how many minutes of each never come.

    ``missing`` is a share; it is never two minutes in a row. ``reports_zero_tasks``: otherwise there is no number of
    tasks where none is wanted. ``approximation`` is by which share the number of visible messages may be wrong, and
    ``evaluated_second`` the second of each minute in which alarms look.
    """

    queue_delay_seconds: int = backlog_scaling.METRIC_DELAY_SECONDS
    task_delay_seconds: int = backlog_scaling.METRIC_DELAY_SECONDS + MINUTE
    missing: float = 0.02
    seed: int = 1
    reports_zero_tasks: bool = True
    approximation: float = 0.05
    evaluated_second: int = MINUTE // 2


@dataclass(frozen=True)
class Worker:
    """What the user says about a queue worker, and the habits of its metrics."""

    seconds_per_message: float
    acceptable_latency_seconds: int
    startup_seconds: int
    max_tasks: int
    messages_at_once: int = 1
    idle_minutes: int = 5
    metrics: Metrics = Metrics()

    @property
    def target(self) -> float:
        """The backlog per task that its scaling tracks."""
        return backlog_scaling.backlog_per_task(
            seconds_per_message=self.seconds_per_message,
            acceptable_latency_seconds=self.acceptable_latency_seconds,
            startup_seconds=self.startup_seconds,
            messages_at_once=self.messages_at_once,
        )


@dataclass(frozen=True)
class Minute:
    """How things stood at the end of a minute; ``latency`` is the worst of the messages done in it."""

    desired: int
    running: int
    backlog: int
    arrived: int
    latency: float


@dataclass
class _Task:
    ready: int
    stopping: bool = False


class _Losses:
    """Which minutes of which metric never come; never two in a row. The same on every machine."""

    def __init__(self, metrics: Metrics) -> None:
        self._share = metrics.missing
        self._chance = random.Random(metrics.seed)
        self._last = [False, False, False]

    def left_of(self, row: Row) -> Row:
        """Return ``row`` without what is lost of it."""
        self._last = [not last and self._chance.random() < self._share for last in self._last]
        visible, in_flight, tasks = (None if lost else value for lost, value in zip(self._last, row, strict=True))
        return visible, in_flight, tasks


@dataclass
class Simulation:
    """One worker and its queue. ``run`` takes the number of messages that arrive in each second."""

    worker: Worker
    minutes: list[Minute] = field(default_factory=list)
    latencies: list[float] = field(default_factory=list)
    # What comes of the metrics, for each minute, however late.
    rows: list[Row] = field(default_factory=list)
    _queue: deque[int] = field(default_factory=deque)
    _tasks: list[_Task] = field(default_factory=list)
    _starting: deque[_Task] = field(default_factory=deque)
    # A task, once for each message that it could take now.
    _free: deque[_Task] = field(default_factory=deque)
    # When a message is done, when it was sent and who works on it. All take as long: the first is done first.
    _work: deque[tuple[float, int, _Task]] = field(default_factory=deque)
    # The same on every machine: only random() is promised to stay as it is between versions of Python.
    _chance: random.Random = field(default_factory=lambda: random.Random(1))

    def run(self, arrivals: Sequence[int]) -> "Simulation":
        """Run as long as there are arrivals given; return self."""
        worker, losses = self.worker, _Losses(self.worker.metrics)
        controller = Controller(
            target=worker.target,
            messages_at_once=worker.messages_at_once,
            max_tasks=worker.max_tasks,
            idle_minutes=worker.idle_minutes,
            steps=backlog_scaling.steps_from_zero(worker.target, worker.max_tasks),
        )
        desired, arrived, worst = 0, 0, 0.0
        for now, messages in enumerate(arrivals):
            if messages:
                self._queue.extend([now] * messages)
                arrived += messages
            if self._work and self._work[0][0] <= now:
                worst = max(worst, self._finish(now))
            while self._starting and self._starting[0].ready <= now:
                self._free.extend([self._starting.popleft()] * worker.messages_at_once)
            if self._queue and self._free:
                self._start(now)
            if now % MINUTE == 0:
                self.rows.append(losses.left_of(self._sample(desired)))
                running = len(self._tasks) - len(self._starting)
                self.minutes.append(Minute(desired, running, len(self._queue) + len(self._work), arrived, worst))
                arrived, worst = 0, 0.0
            elif now % MINUTE == worker.metrics.evaluated_second:
                desired = controller.decide(now, desired, self.known(now))
                self._adjust(now, desired)
        return self

    def _finish(self, now: int) -> float:
        worst = 0.0
        while self._work and self._work[0][0] <= now:
            finished, sent, task = self._work.popleft()
            self._free.append(task)
            self.latencies.append(finished - sent)
            worst = max(worst, finished - sent)
        return worst

    def _start(self, now: int) -> None:
        finished = now + self.worker.seconds_per_message
        while self._queue and self._free:
            task = self._free.popleft()
            if not task.stopping:
                self._work.append((finished, self._queue.popleft(), task))

    def _adjust(self, now: int, desired: int) -> None:
        for _ in range(desired - len(self._tasks)):
            task = _Task(now + self.worker.startup_seconds)
            self._tasks.append(task)
            self._starting.append(task)
        if desired < len(self._tasks):
            # ECS does not know which task is busy; one that stops finishes its message and takes no other.
            order = sorted(self._tasks, key=lambda _: self._chance.random())
            for task in order[desired:]:
                task.stopping = True
            self._tasks = [task for task in self._tasks if not task.stopping]
            self._starting = deque(task for task in self._starting if not task.stopping)

    def _sample(self, desired: int) -> Row:
        # "Approximate" is part of these metrics' names.
        wrong = self.worker.metrics.approximation
        visible = len(self._queue) * (1 - wrong + 2 * wrong * self._chance.random())
        # SQS reports what is in flight only where something is.
        in_flight = len(self._work) or None
        return round(visible), in_flight, desired if desired or self.worker.metrics.reports_zero_tasks else None

    def known(self, now: int) -> Sequence[Row]:
        """Return the minutes of which CloudWatch has the queue's metrics by now, as many as an alarm looks at."""
        metrics = self.worker.metrics
        end = (now - metrics.queue_delay_seconds) // MINUTE + 1
        counted = (now - metrics.task_delay_seconds) // MINUTE + 1
        start = max(0, end - max(SCALE_IN_DATAPOINTS, self.worker.idle_minutes) - 2 * SPARE_DATAPOINTS)
        return [
            row if minute < counted else (row[0], row[1], None)
            for minute, row in enumerate(self.rows[start : max(0, end)], start)
        ]
