"""How many tasks a queue worker needs: arithmetic without AWS, which the construct and a simulation both use.

The promise is a latency: a message is done ``acceptable_latency_seconds`` after it was sent. Until a burst is answered
by running tasks, time passes that no scaling can win back: CloudWatch has to see it, tasks have to start. What is left
is the time in which the tasks work the backlog off, and that makes the backlog that one task may have.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

# What CloudWatch and Application Auto Scaling take. Source: "How target tracking scaling works" in the Application Auto
# Scaling user guide. The queue's metrics arrive within two minutes of the minute they are about; the number of tasks
# may come later, since until it does the one before is repeated.
METRIC_PERIOD_SECONDS = 60
METRIC_DELAY_SECONDS = 120
SCALE_OUT_DATAPOINTS = 3
# A burst just after a sample is seen a period later, in three samples, which arrive late, by an alarm that is evaluated
# once a period.
DETECTION_SECONDS = METRIC_PERIOD_SECONDS * (SCALE_OUT_DATAPOINTS + 1) + METRIC_DELAY_SECONDS

# After a change of the number of tasks the metrics tell of the number before it for this long. Application Auto Scaling
# counts from the number before the change as long as the cooldown lasts, so both speak of the same.
COOLDOWN_SECONDS = 300

# A scaling policy has at most this many steps.
MAX_STEPS = 20

# From SIGTERM to SIGKILL: the least that Fargate takes, and what a message gets on top.
MIN_STOP_TIMEOUT_SECONDS = 2
STOP_MARGIN_SECONDS = 5


@dataclass(frozen=True)
class Step:
    """Start ``tasks`` tasks where the backlog is at least ``backlog`` messages."""

    backlog: int
    tasks: int


def shortest_latency_seconds(*, seconds_per_message: float, startup_seconds: int) -> int:
    """Return the shortest latency that can be promised: seeing the message, starting a task, working on it."""
    return math.ceil(DETECTION_SECONDS + startup_seconds + seconds_per_message)


def backlog_per_task(
    *, seconds_per_message: float, acceptable_latency_seconds: int, startup_seconds: int, messages_at_once: int = 1
) -> float:
    """Return how many messages, those in work included, one task may have: the target of target tracking.

    As many as it gets done one after the other in the time that is left: a part of a message would take as long as a
    whole one. Never less than ``messages_at_once`` where the latency is at least ``shortest_latency_seconds``.
    """
    left = acceptable_latency_seconds - DETECTION_SECONDS - startup_seconds
    return float(math.floor(round(left / seconds_per_message, 6)) * messages_at_once)


def steps_from_zero(per_task: float, max_tasks: int) -> tuple[Step, ...]:
    """Return how many tasks to start for which backlog where none runs, smallest first.

    Every number of tasks up to ``max_tasks``, or, where that takes more steps than a policy has, numbers that grow by
    the same factor. Each step starts enough for the largest backlog it is for.
    """
    starts, backlog = [], 1
    for tasks in _task_numbers(max_tasks):
        starts.append(Step(backlog, tasks))
        backlog = math.floor(tasks * per_task) + 1
    return tuple(starts)


def _task_numbers(max_tasks: int) -> Sequence[int]:
    if max_tasks <= MAX_STEPS:
        return range(1, max_tasks + 1)
    growth = max_tasks ** (1 / (MAX_STEPS - 1))
    return sorted({math.ceil(round(growth**step, 6)) for step in range(MAX_STEPS)})


def stop_timeout_seconds(longest_message_seconds: int, most_seconds: int) -> int:
    """Return how long a task that is told to stop gets to finish its message: what it needs, at most what AWS gives."""
    return min(most_seconds, max(MIN_STOP_TIMEOUT_SECONDS, longest_message_seconds + STOP_MARGIN_SECONDS))
