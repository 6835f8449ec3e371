"""The day that is simulated: quiet hours, bursts, steady hours, a single message at night."""

import random
from collections.abc import Sequence
from dataclasses import dataclass

from benchmarks.worker_day.simulation import Worker

HOUR = 3_600
DAY = 24 * HOUR

# Document embedding on Fargate: six seconds a document, done within a quarter of an hour.
WORKER = Worker(seconds_per_message=6, acceptable_latency_seconds=900, startup_seconds=90, max_tasks=80)


@dataclass(frozen=True)
class Steady:
    """Hours with the same number of messages a second, give or take chance."""

    start: float
    end: float
    per_second: float


@dataclass(frozen=True)
class Burst:
    """Messages that come within one minute."""

    hour: float
    messages: int


STEADY = (Steady(8, 12, 2.0), Steady(13, 14, 1.0), Steady(14, 15, 3.0), Steady(15, 16, 0.5))
BURSTS = (Burst(2, 1), Burst(6, 2_000), Burst(9.5, 1_500), Burst(9.6, 1_500), Burst(18, 4_000), Burst(20, 3))


def arrivals() -> Sequence[int]:
    """Return how many messages are sent in each second of the day; the same on every machine."""
    chance = random.Random(3)
    sent = [0] * DAY
    for phase in STEADY:
        for second in range(int(phase.start * HOUR), int(phase.end * HOUR)):
            sent[second] += int(phase.per_second + chance.random())
    for burst in BURSTS:
        for _ in range(burst.messages):
            sent[int(burst.hour * HOUR) + int(60 * chance.random())] += 1
    return sent
