import math
from itertools import pairwise

import pytest

from modules.ecs import backlog_scaling
from modules.ecs.backlog_scaling import Step


def per_task(latency: int, *, seconds: float = 6, startup: int = 90, at_once: int = 1) -> float:
    return backlog_scaling.backlog_per_task(
        seconds_per_message=seconds,
        acceptable_latency_seconds=latency,
        startup_seconds=startup,
        messages_at_once=at_once,
    )


def test_a_task_may_have_the_backlog_that_it_works_off_in_the_time_that_seeing_and_starting_leave() -> None:
    assert backlog_scaling.DETECTION_SECONDS == 360
    assert per_task(900) == (900 - 360 - 90) / 6 == 75


@pytest.mark.parametrize(("latency", "messages"), [(456, 1), (461, 1), (462, 2), (899, 74), (900, 75)])
def test_a_part_of_a_message_takes_as_long_as_a_whole_one(latency: int, messages: int) -> None:
    assert per_task(latency) == messages
    assert per_task(latency, at_once=4) == 4 * messages


def test_no_message_is_lost_to_rounding() -> None:
    assert per_task(456, seconds=0.1) == 60
    assert per_task(459, seconds=0.3) == 30


def test_a_task_that_works_on_several_at_once_may_have_more() -> None:
    assert per_task(900, at_once=4) == 300


@pytest.mark.parametrize(("seconds", "startup"), [(0.25, 30), (6, 90), (600, 420)])
def test_at_the_shortest_latency_a_task_may_have_exactly_what_it_works_on(seconds: float, startup: int) -> None:
    shortest = backlog_scaling.shortest_latency_seconds(seconds_per_message=seconds, startup_seconds=startup)
    assert shortest == 360 + startup + math.ceil(seconds)
    assert per_task(shortest, seconds=seconds, startup=startup) >= 1
    assert per_task(shortest - 1, seconds=seconds, startup=startup) < 1


def test_from_zero_each_step_starts_enough_for_its_largest_backlog() -> None:
    assert backlog_scaling.steps_from_zero(75, 4) == (Step(1, 1), Step(76, 2), Step(151, 3), Step(226, 4))


@pytest.mark.parametrize("max_tasks", [1, 20, 21, 100, 5_000])
def test_from_zero_there_are_never_more_steps_than_a_policy_has(max_tasks: int) -> None:
    steps = backlog_scaling.steps_from_zero(7.5, max_tasks)
    assert len(steps) == min(max_tasks, len(steps)) <= backlog_scaling.MAX_STEPS
    assert (steps[0], steps[-1].tasks) == (Step(1, 1), max_tasks)
    for step, following in pairwise(steps):
        assert step.tasks * 7.5 >= following.backlog - 1
        assert following.tasks > step.tasks
        assert following.backlog > step.backlog


def test_steps_that_leave_numbers_out_start_at_most_twice_what_is_needed() -> None:
    for step in backlog_scaling.steps_from_zero(10, 5_000):
        assert step.tasks <= 2 * math.ceil(step.backlog / 10)


@pytest.mark.parametrize(
    ("longest", "most", "timeout"),
    [(1, 120, 6), (10, 120, 15), (115, 120, 120), (116, 120, 120), (3_600, 120, 120), (3_600, 86_400, 3_605)],
)
def test_a_task_gets_the_time_to_finish_its_message_as_far_as_aws_gives_it(
    longest: int, most: int, timeout: int
) -> None:
    assert backlog_scaling.stop_timeout_seconds(longest, most) == timeout
