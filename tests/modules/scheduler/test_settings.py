from typing import Any

import pytest

from modules.batch.settings.submissions import JobRequest
from modules.scheduler.settings import ScheduleSettings
from modules.targets.settings import TaskRun
from tests.problems import refused

INDEX = TaskRun(task_definition="index")
NIGHTLY = "cron(0 2 * * ? *)"


def schedule(**changes: Any) -> ScheduleSettings:
    values: dict[str, Any] = {"target": INDEX, "expression": "rate(1 day)"}
    return ScheduleSettings(**values | changes)


@pytest.mark.parametrize(
    ("field", "lowest", "highest"),
    [("flexible_window_minutes", 1, 1_440), ("retry_attempts", 0, 185), ("max_event_age_seconds", 60, 86_400)],
)
def test_limits_hold_on_both_edges(field: str, lowest: int, highest: int) -> None:
    assert schedule(**{field: lowest}) != schedule(**{field: highest})
    for value in (lowest - 1, highest + 1):
        assert refused(schedule, **{field: value})[0].startswith(f"{field}: {lowest:,}, {highest:,}, got ")


def test_what_is_repeated_ends_after_its_start() -> None:
    start = "2027-01-01T00:00:00Z"
    assert schedule(start=start, end="2027-01-01T00:00:01Z").end
    assert refused(schedule, start=start, end=start) == [f"end: got '{start}'"]


@pytest.mark.parametrize(
    "moment", ["2027-02-29T00:00:00Z", "2027-01-01T24:00:00Z", "2027-01-01T00:00:00", "2027-01-01"]
)
def test_a_start_is_a_time_in_utc(moment: str) -> None:
    assert refused(schedule, start=moment) == [f"start: got '{moment}'"]


def test_what_is_started_once_has_neither_start_nor_end() -> None:
    once = "at(2027-01-31T08:00:00)"
    assert schedule(expression=once).expression == once
    assert refused(schedule, expression=once, start="2027-01-01T00:00:00Z", end="2027-12-31T00:00:00Z") == [
        "start: got '2027-01-01T00:00:00Z'",
        "end: got '2027-12-31T00:00:00Z'",
    ]


def test_a_cron_expression_comes_at_some_time() -> None:
    assert schedule(expression="cron(0 2 29 2 ? *)")
    assert refused(schedule, expression="cron(0 2 30 2 ? *)") == ["expression: got 'cron(0 2 30 2 ? *)'"]
    assert refused(schedule, expression="cron(0 2 29 2 ? 2027)") == ["expression: got 'cron(0 2 29 2 ? 2027)'"]


def test_it_comes_between_start_and_end_in_some_time_zone() -> None:
    yearly = "cron(0 12 1 6 ? *)"
    assert schedule(expression=yearly, start="2027-06-02T02:00:00Z", end="2027-06-03T00:00:00Z")
    late = "2027-06-02T02:01:00Z"
    assert refused(schedule, expression=yearly, start=late, end="2027-06-03T00:00:00Z") == [
        f"expression: got '{yearly}'"
    ]
    assert schedule(expression=yearly, start=late)


def test_what_the_scheduler_fills_in_is_something_it_knows() -> None:
    def dated(name: str) -> ScheduleSettings:
        request = JobRequest(job_definition="embed", parameters={"date": f"at-<aws.scheduler.{name}>"})
        return schedule(expression=NIGHTLY, target=request)

    assert dated("scheduled-time")
    assert refused(dated, name="schedule-time") == ["target.parameters.date: got 'at-<aws.scheduler.schedule-time>'"]
