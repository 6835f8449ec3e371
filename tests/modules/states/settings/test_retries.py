import pytest

from modules.states.settings.retries import CapacityStep, StageRetry
from tests.problems import refused


@pytest.mark.parametrize(
    ("values", "problem"),
    [
        ({"attempts": 1}, "attempts: 2, 100, got 1"),
        ({"first_wait_seconds": 0}, "first_wait_seconds: 1, 31,536,000, got 0"),
        ({"backoff_rate": 0.9}, "backoff_rate: 1.0, 100.0, got 0.9"),
        ({"first_wait_seconds": 60, "most_wait_seconds": 60}, "most_wait_seconds: 60, got 60"),
    ],
)
def test_retries_stay_within_what_step_functions_takes(values: dict[str, float], problem: str) -> None:
    assert refused(StageRetry, **values) == [problem]


def test_waits_grow_until_they_are_as_long_as_they_may_be() -> None:
    assert StageRetry(attempts=4, first_wait_seconds=10).wait_seconds == 10 + 20 + 40
    assert StageRetry(attempts=4, first_wait_seconds=10, most_wait_seconds=15).wait_seconds == 10 + 15 + 15
    assert StageRetry(attempts=3, first_wait_seconds=10, backoff_rate=1.0, most_wait_seconds=11).wait_seconds == 20


def test_a_step_gives_capacity_a_minute_at_least() -> None:
    assert refused(CapacityStep, job_queue="spot", timeout_seconds=59) == ["timeout_seconds: 60, 31,536,000, got 59"]
    assert refused(CapacityStep, job_queue="spot", attempts=0) == ["attempts: 1, 10, got 0"]
