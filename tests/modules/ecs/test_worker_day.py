"""A bursty day through the scaling that is emitted: its very expressions, its steps, its cooldown."""

from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from itertools import pairwise

import pytest

from benchmarks.worker_day.__main__ import PICTURE
from benchmarks.worker_day.control import Controller, Row
from benchmarks.worker_day.day import BURSTS, STEADY, WORKER, arrivals
from benchmarks.worker_day.metric_math import Series, evaluate
from benchmarks.worker_day.picture import picture
from benchmarks.worker_day.simulation import Metrics, Minute, Simulation, Worker
from modules.cloudwatch.metrics import Expression
from modules.ecs import backlog_metrics, backlog_scaling
from modules.ecs.backlog_metrics import IN_FLIGHT, TASKS, VISIBLE

PUNCTUAL = Metrics(queue_delay_seconds=60, task_delay_seconds=60, missing=0)
WORKERS = {
    "the one in the picture": WORKER,
    "metrics that say nothing where no task is wanted": replace(WORKER, metrics=Metrics(reports_zero_tasks=False)),
    "metrics that come soon, and all": replace(WORKER, metrics=PUNCTUAL),
    "metrics a tenth of which never come": replace(WORKER, metrics=Metrics(missing=0.1)),
    "tasks that start slowly": replace(WORKER, startup_seconds=240),
    "several messages at once": replace(WORKER, messages_at_once=4),
    "long messages": replace(WORKER, seconds_per_message=30, max_tasks=400),
    "an hour's time": replace(WORKER, acceptable_latency_seconds=3_600),
    "hardly more time than can be promised": replace(WORKER, acceptable_latency_seconds=500, max_tasks=600),
}
SENT = arrivals()


@cache
def simulated(worker: Worker) -> Simulation:
    return Simulation(worker).run(SENT)


@pytest.fixture(params=WORKERS.values(), ids=list(WORKERS))
def day(request: pytest.FixtureRequest) -> Simulation:
    return simulated(request.param)


def desired(minutes: Sequence[Minute]) -> list[int]:
    return [minute.desired for minute in minutes]


def turns(numbers: Sequence[int]) -> int:
    """Return how often a number that rose falls or one that fell rises."""
    rises = [after > before for before, after in pairwise(numbers) if after != before]
    return sum(before != after for before, after in pairwise(rises))


def steady_stretches(minutes: Sequence[Minute]) -> list[Sequence[Minute]]:
    """Return the minutes of the steady phases, cut where a burst comes."""
    stretches = []
    for phase in STEADY:
        cuts = [phase.start, *(burst.hour for burst in BURSTS if phase.start < burst.hour < phase.end), phase.end]
        stretches += [minutes[int(start * 60) : int(end * 60)] for start, end in pairwise(cuts)]
    return stretches


def test_every_message_is_done_within_the_goal(day: Simulation) -> None:
    assert len(day.latencies) == sum(SENT)
    assert max(day.latencies) <= day.worker.acceptable_latency_seconds


def test_the_number_of_tasks_does_not_oscillate(day: Simulation) -> None:
    for stretch in steady_stretches(day.minutes):
        assert turns(desired(stretch)) <= 1


def test_there_is_no_task_while_there_is_nothing_to_do(day: Simulation) -> None:
    assert desired(day.minutes[:60]) == [0] * 60  # before anything came
    for hour in (4, 17, 23):  # an hour after the last message was done, and later
        assert desired(day.minutes[hour * 60 : hour * 60 + 59]) == [0] * 59


def test_a_single_message_starts_a_single_task(day: Simulation) -> None:
    assert max(desired(day.minutes[2 * 60 : 3 * 60])) == 1


def test_the_textbook_backlog_misses_the_goal(monkeypatch: pytest.MonkeyPatch) -> None:
    """Latency divided by time a message, as AWS and Copilot do, ignores that seeing and starting take time."""
    textbook = WORKER.acceptable_latency_seconds / WORKER.seconds_per_message
    monkeypatch.setattr(Worker, "target", textbook)
    assert max(Simulation(WORKER).run(SENT).latencies) > WORKER.acceptable_latency_seconds


# Alarms look just before the next sample comes, so each sample is as old as it gets when they see it.
WORST = Metrics(missing=0, approximation=0, evaluated_second=59)
LEAST_TIME = backlog_scaling.DETECTION_SECONDS + WORKER.startup_seconds
TIGHT_WORKERS = {
    "a second a message": replace(
        WORKER, seconds_per_message=1, acceptable_latency_seconds=LEAST_TIME + 30, max_tasks=900
    ),
    "time for one message": replace(WORKER, acceptable_latency_seconds=LEAST_TIME + 6, max_tasks=9_000),
    "time for eight and a half": replace(WORKER, acceptable_latency_seconds=LEAST_TIME + 51, max_tasks=900),
    "four at once": replace(WORKER, acceptable_latency_seconds=LEAST_TIME + 51, max_tasks=900, messages_at_once=4),
}


def longest_latency(worker: Worker, *, seconds_after_a_sample: int) -> float:
    """Return the longest latency where a task runs and then 4,000 messages come in one second."""
    sent = [int(second % 12 == 0 and second < 15 * 60) for second in range(25 * 60)]
    sent[15 * 60 + seconds_after_a_sample] += 4_000
    simulation = Simulation(worker).run(sent)
    assert len(simulation.latencies) == sum(sent)
    return max(simulation.latencies)


@pytest.mark.parametrize("worker", TIGHT_WORKERS.values(), ids=list(TIGHT_WORKERS))
def test_a_burst_just_after_a_sample_is_done_within_the_goal(worker: Worker) -> None:
    latency = longest_latency(replace(worker, metrics=WORST), seconds_after_a_sample=1)
    assert worker.acceptable_latency_seconds - 15 <= latency <= worker.acceptable_latency_seconds


@pytest.mark.parametrize("evaluated_second", [1, 30, 59])
@pytest.mark.parametrize("seconds_after_a_sample", [1, 30, 60])
def test_so_is_a_burst_at_any_other_time(evaluated_second: int, seconds_after_a_sample: int) -> None:
    worker = replace(TIGHT_WORKERS["a second a message"], metrics=replace(WORST, evaluated_second=evaluated_second))
    latency = longest_latency(worker, seconds_after_a_sample=seconds_after_a_sample)
    assert latency <= worker.acceptable_latency_seconds


@pytest.mark.parametrize("detection_seconds", [240, 300, 355])
def test_less_time_to_see_a_burst_misses_the_goal(detection_seconds: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(backlog_scaling, "DETECTION_SECONDS", detection_seconds)
    worker = replace(TIGHT_WORKERS["a second a message"], metrics=WORST)
    assert longest_latency(worker, seconds_after_a_sample=1) > worker.acceptable_latency_seconds


def test_without_counting_busy_tasks_it_oscillates(monkeypatch: pytest.MonkeyPatch) -> None:
    def plain(target: float, messages_at_once: int) -> tuple[Expression, ...]:
        del messages_at_once
        per_task = Expression("backlog_per_task", f"IF(counted > 0, backlog / IF(counted > 0, counted, 1), {target:g})")
        return (backlog_metrics.BACKLOG, *backlog_metrics.COUNTED, per_task)

    monkeypatch.setattr(backlog_metrics, "backlog_per_task", plain)
    stretches = steady_stretches(Simulation(WORKER).run(SENT).minutes)
    assert max(turns(desired(stretch)) for stretch in stretches) > 3


def test_the_picture_is_up_to_date() -> None:
    """Otherwise: ``python -m benchmarks.worker_day``."""
    assert PICTURE.read_text(encoding="utf-8") == picture(simulated(WORKER).minutes, WORKER)


@pytest.mark.parametrize(
    ("visible", "in_flight", "tasks", "per_task"),
    [
        (300, 4, 4, 76),  # above the target: more tasks
        (0, 4, 4, 75),  # all busy, no queue: as many
        (0, 2, 4, 37.5),  # half of them busy: half as many
        (0, 40, 4, 75),  # messages that crashed tasks hold make no task busier than busy
        (0, None, 4, 0),  # SQS reports nothing in flight by reporting nothing
        (500, None, 0, 75),  # no tasks: nothing divided by zero, nothing asked for
        (500, None, None, 75),  # the same where ECS reports nothing
        (None, 3, 4, None),  # not there yet: unknown, not zero
    ],
)
def test_the_backlog_per_task(
    visible: float | None, in_flight: float | None, tasks: float | None, per_task: float | None
) -> None:
    metrics: dict[str, Series] = {VISIBLE: [visible], IN_FLIGHT: [in_flight], TASKS: [tasks]}
    assert evaluate(backlog_metrics.backlog_per_task(75, 1), metrics) == [per_task]


@pytest.mark.parametrize(
    ("tasks", "waiting", "idle"),
    [
        ([0, 0], 7, 0),
        ([None, None], 7, 0),  # never reported: none
        ([2, 2], 0, 0),
        ([2, None], 0, 0),  # late: as before
        ([2, 0], 7, 0),
    ],
)
def test_messages_wait_where_no_task_is_wanted(tasks: list[float | None], waiting: float, idle: float) -> None:
    metrics: dict[str, Series] = {VISIBLE: [7.0, 7.0], IN_FLIGHT: [None, None], TASKS: tasks}
    assert evaluate(backlog_metrics.WAITING, metrics)[-1] == waiting
    assert evaluate(backlog_metrics.IDLE, metrics)[-1] == idle


@pytest.mark.parametrize(("in_flight", "tasks", "idle"), [(None, 2, 1), (1, 2, 0), (None, 0, 0), (None, None, 0)])
def test_tasks_are_idle_without_messages_even_in_flight(
    in_flight: float | None, tasks: float | None, idle: float
) -> None:
    metrics: dict[str, Series] = {VISIBLE: [0.0], IN_FLIGHT: [in_flight], TASKS: [tasks]}
    assert evaluate(backlog_metrics.IDLE, metrics) == [idle]


@pytest.mark.parametrize(("visible", "in_flight", "per_task"), [(400, 2, 50.25), (0, 8, 75), (0, 4, 37.5)])
def test_a_worker_counts_its_share_of_the_messages(visible: float, in_flight: float, per_task: float) -> None:
    metrics: dict[str, Series] = {VISIBLE: [visible], IN_FLIGHT: [in_flight], TASKS: [2]}
    assert evaluate(backlog_metrics.backlog_per_task(75, 1, 25), metrics) == [per_task]


def test_a_minute_that_never_came_does_not_look_as_if_all_tasks_had_stopped_working() -> None:
    """Otherwise they would be stopped, and started again when the queue has grown."""
    metrics: dict[str, Series] = {VISIBLE: [0, 0], IN_FLIGHT: [4, None], TASKS: [4, 4]}
    assert evaluate(backlog_metrics.backlog_per_task(75, 1), metrics) == [75, 75]


def test_no_sample_is_seen_before_it_is_there() -> None:
    """Late as computed, the number of tasks a minute later; alarms that are evaluated at half past."""
    habits = Metrics(missing=0)
    assert (habits.queue_delay_seconds, habits.task_delay_seconds) == (backlog_scaling.METRIC_DELAY_SECONDS, 180)
    simulation = Simulation(replace(WORKER, metrics=habits)).run([1] * 601)
    known = simulation.known(570)
    assert (len(simulation.rows), len(known)) == (11, 8)  # the last is of 420 s, which came at 540 s
    assert [tasks is None for _, _, tasks in known] == [False] * 7 + [True]


def test_samples_are_lost_one_at_a_time_and_the_same_on_every_machine() -> None:
    rows = simulated(WORKERS["metrics a tenth of which never come"]).rows
    for series in list(zip(*rows, strict=True))[::2]:  # what is in flight is left out where nothing is
        lost = [value is None for value in series]
        assert 0.07 * len(lost) < sum(lost) < 0.12 * len(lost)
        assert not any(first and second for first, second in pairwise(lost))
    assert rows == Simulation(WORKERS["metrics a tenth of which never come"]).run(SENT).rows


@pytest.mark.parametrize(
    ("rows", "desired"),
    [
        ([(0, None, 0), (150, None, 0)], 2),
        ([(0, None, 0), (150, None, 0), (None, None, 0)], 2),  # the alarm goes by the newest that there is
        ([(150, None, 0), (None, None, 0), (None, None, 0), (None, None, 0)], 0),  # and looks three minutes back
        ([(150, None, 4), (150, None, None)], 0),  # late: as before
        ([(150, None, 4), (150, None, None), (150, None, None), (150, None, None)], 2),  # none, then
        ([], 0),
    ],
)
def test_an_alarm_sees_what_there_is(rows: list[Row], desired: int) -> None:
    controller = Controller(75, 1, 80, 5, backlog_scaling.steps_from_zero(75, 80))
    assert controller.decide(0, 0, rows) == desired
