"""When cron expressions come, against the user guide's examples and against a count of every minute."""

from datetime import datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from modules.scheduler.occurrences import first_occurrence, longest_gap

MONDAY = datetime(2026, 11, 30)  # a Monday, the last day of its month
END = datetime(2199, 12, 31, 23, 59)


@pytest.mark.parametrize(
    ("expression", "comes"),
    [
        ("cron(0 10 * * ? *)", "2026-11-30T10:00"),
        ("cron(15 12 * * ? *)", "2026-11-30T12:15"),
        ("cron(0 18 ? * MON-FRI *)", "2026-11-30T18:00"),
        ("cron(0 8 1 * ? *)", "2026-12-01T08:00"),
        ("cron(0/15 * * * ? *)", "2026-11-30T00:00"),
        ("cron(7/15 * * * ? *)", "2026-11-30T00:07"),
        ("cron(0/10 * ? * TUE-FRI *)", "2026-12-01T00:00"),
        ("cron(0/5 8-17 ? * MON-FRI *)", "2026-11-30T08:00"),
        ("cron(0 8 L * ? *)", "2026-11-30T08:00"),
        ("cron(0 8 LW 1 ? 2027)", "2027-01-29T08:00"),
        ("cron(0 8 3W * ? *)", "2026-12-03T08:00"),
        ("cron(0 8 2W 1 ? 2027)", "2027-01-01T08:00"),
        ("cron(0 8 1W 5 ? 2027)", "2027-05-03T08:00"),
        ("cron(0 8 31W 1 ? 2027)", "2027-01-29T08:00"),
        ("cron(0 8 ? * 6L *)", "2026-12-25T08:00"),
        ("cron(0 8 ? * L *)", "2026-12-05T08:00"),
        ("cron(0 8 ? * FRI#5 *)", "2027-01-29T08:00"),
        ("cron(0 8 ? * FRI-SUN *)", "2026-12-04T08:00"),
        ("cron(0 22-2 * * ? *)", "2026-11-30T00:00"),
        ("cron(0 8 29 2 ? *)", "2028-02-29T08:00"),
        ("cron(0 8 1 JAN,JUL ? 2030-2031)", "2030-01-01T08:00"),
    ],
)
def test_it_comes_first_on_this_day(expression: str, comes: str) -> None:
    assert first_occurrence(expression, MONDAY, END) == datetime.fromisoformat(comes)


@pytest.mark.parametrize("days", ["31 4,6,9,11 ?", "30 2 ?", "31W 2 ?"])
def test_some_days_never_come(days: str) -> None:
    assert first_occurrence(f"cron(0 8 {days} *)", MONDAY, END) is None


def test_both_ends_count() -> None:
    ten = datetime(2026, 11, 30, 10)
    assert first_occurrence("cron(0 10 * * ? *)", ten, ten) == ten
    assert first_occurrence("cron(0 10 * * ? *)", ten + timedelta(minutes=1), ten + timedelta(hours=1)) is None


@settings(max_examples=30)
@given(
    minute=some.integers(0, 59),
    step=some.integers(1, 59),
    hours=some.lists(some.integers(0, 23), min_size=1, max_size=3),
    weekday=some.integers(1, 7),
    minutes=some.integers(0, 1_000_000),
)
def test_it_is_the_first_minute_that_fits(minute: int, step: int, hours: list[int], weekday: int, minutes: int) -> None:
    expression = f"cron({minute}/{step} {','.join(map(str, hours))} ? * {weekday} *)"
    later = minutes
    while not (
        later % 60 >= minute
        and (later % 60 - minute) % step == 0
        and later // 60 % 24 in hours
        and (later // 1_440 + MONDAY.weekday() + 1) % 7 == weekday - 1
    ):
        later += 1
    start, expected = (MONDAY + timedelta(minutes=count) for count in (minutes, later))
    assert first_occurrence(expression, start, END) == expected


@pytest.mark.parametrize(
    ("expression", "hours"),
    [
        ("rate(1 hour)", 1),
        ("rate(2 days)", 48),
        ("rate(30 minutes)", 0.5),
        ("cron(0 1 * * ? *)", 24),
        ("cron(0 3 ? * SUN *)", 168),
        ("cron(0 8 ? * MON-FRI *)", 72),
        ("cron(0 8,20 * * ? *)", 12),
        ("cron(0 0 1 * ? *)", 24 * 31),
        ("cron(0/5 8-17 ? * MON-FRI *)", 14 + 5 / 60 + 48),
    ],
)
def test_the_longest_time_between_two_times_is_found(expression: str, hours: float) -> None:
    assert longest_gap(expression) == timedelta(hours=hours)


@pytest.mark.parametrize("expression", ["at(2027-01-01T00:00:00)", "cron(0 0 1 1 ? 2029)", "cron(0 0 1 1 ? 2020)"])
def test_what_comes_once_or_never_has_no_such_time(expression: str) -> None:
    assert longest_gap(expression) is None
