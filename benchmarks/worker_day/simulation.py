"""Queue, tasks and clock: messages come, tasks work, and the controller sees what the metrics show, minutes late."""

import heapq
import itertools
import random
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from benchmarks.worker_day.control import Controller, Sample
from modules.ecs import backlog_scaling

MINUTE = 60


@dataclass(frozen=True)
class Worker:
    """What the user says about a queue worker, and the habits of its metrics."""

    seconds_per_message: float
    acceptable_latency_seconds: int
    startup_seconds: int
    max_tasks: int
    messages_at_once: int = 1
    idle_minutes: int = 5
    metric_delay_seconds: int = backlog_scaling.METRIC_DELAY_SECONDS
    reports_zero_tasks: bool = True

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
    free_slots: int
    stopping: bool = False


@dataclass
class Simulation:
    """One worker and its queue. ``run`` takes the number of messages that arrive in each second."""

    worker: Worker
    minutes: list[Minute] = field(default_factory=list)
    latencies: list[float] = field(default_factory=list)
    _queue: deque[int] = field(default_factory=deque)
    _tasks: list[_Task] = field(default_factory=list)
    _work: list[tuple[float, int, int, _Task]] = field(default_factory=list)
    _samples: list[Sample] = field(default_factory=list)
    _numbers: Iterator[int] = field(default_factory=itertools.count)
    # The same on every machine: only random() is promised to stay as it is between versions of Python.
    _chance: random.Random = field(default_factory=lambda: random.Random(1))

    def run(self, arrivals: Sequence[int]) -> "Simulation":
        """Run as long as there are arrivals given; return self."""
        controller = Controller(
            target=self.worker.target,
            messages_at_once=self.worker.messages_at_once,
            max_tasks=self.worker.max_tasks,
            idle_minutes=self.worker.idle_minutes,
            steps=backlog_scaling.steps_from_zero(self.worker.target, self.worker.max_tasks),
        )
        desired, arrived, worst = 0, 0, 0.0
        for now, messages in enumerate(arrivals):
            self._queue.extend([now] * messages)
            arrived += messages
            worst = max(worst, self._finish(now))
            self._start(now)
            if now % MINUTE == 0:
                self._sample(now, desired)
                backlog = len(self._queue) + len(self._work)
                self.minutes.append(Minute(desired, self._running(now), backlog, arrived, worst))
                arrived, worst = 0, 0.0
            if now % MINUTE == MINUTE // 2:
                latest = now - self.worker.metric_delay_seconds
                desired = controller.decide(
                    now, desired, [item for item in self._samples[-30:] if item.second <= latest]
                )
                self._adjust(now, desired)
        return self

    def _finish(self, now: int) -> float:
        worst = 0.0
        while self._work and self._work[0][0] <= now:
            finished, _, sent, task = heapq.heappop(self._work)
            task.free_slots += 1
            self.latencies.append(finished - sent)
            worst = max(worst, finished - sent)
        return worst

    def _start(self, now: int) -> None:
        if not self._queue:
            return
        finished = now + self.worker.seconds_per_message
        for task in self._tasks:
            while self._queue and task.free_slots and not task.stopping and task.ready <= now:
                task.free_slots -= 1
                heapq.heappush(self._work, (finished, next(self._numbers), self._queue.popleft(), task))

    def _adjust(self, now: int, desired: int) -> None:
        wanted = [task for task in self._tasks if not task.stopping]
        for _ in range(desired - len(wanted)):
            self._tasks.append(_Task(now + self.worker.startup_seconds, self.worker.messages_at_once))
        # ECS does not know which task is busy; one that stops finishes its message and takes no other.
        order = sorted(wanted, key=lambda _: self._chance.random())
        for task in order[: max(0, len(wanted) - desired)]:
            task.stopping = True
        slots = self.worker.messages_at_once
        self._tasks = [task for task in self._tasks if not task.stopping or task.free_slots < slots]

    def _sample(self, now: int, desired: int) -> None:
        # "Approximate" is part of these metrics' names.
        visible = len(self._queue) * (0.95 + 0.1 * self._chance.random())
        tasks = None if desired == 0 and not self.worker.reports_zero_tasks else float(desired)
        self._samples.append(Sample(now, round(visible), len(self._work), tasks))

    def _running(self, now: int) -> int:
        return sum(task.ready <= now and not task.stopping for task in self._tasks)
