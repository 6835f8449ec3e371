"""When a cron expression comes next: the first time at or after another. Pure, without time zones.

Source: "Cron expressions reference" in the EventBridge user guide.
"""

import re
from calendar import monthrange
from collections.abc import Callable, Iterator
from datetime import date, datetime, time, timedelta
from functools import cache
from itertools import pairwise

from modules.scheduler.expressions import CRON_FIELDS, CronField

# As cron counts them: Sunday is 1.
SUNDAY, SATURDAY = 1, 7
# A Monday; what is not there between two times of the half year after it, nobody can count on.
REFERENCE, HALF_A_YEAR = datetime(2029, 1, 1), timedelta(days=183)


def first_occurrence(expression: str, earliest: datetime, latest: datetime) -> datetime | None:
    """Return the first time that ``expression``, a known cron expression, stands for, from ``earliest`` to ``latest``.

    None: there is none, since no year, or no month of one, has such a day.
    """
    return next(_occurrences(expression, earliest, latest), None)


@cache
def longest_gap(expression: str) -> timedelta | None:
    """Return the longest time between two times that a known expression stands for, within half a year; None: once."""
    if expression.startswith("rate("):
        number, unit = expression.removeprefix("rate(").removesuffix(")").split()
        return int(number) * timedelta(**{f"{unit.removesuffix('s')}s": 1})
    if not expression.startswith("cron("):
        return None
    times = _occurrences(expression, REFERENCE, REFERENCE + HALF_A_YEAR)
    return max((later - earlier for earlier, later in pairwise(times)), default=None)


def _occurrences(expression: str, earliest: datetime, latest: datetime) -> Iterator[datetime]:
    minutes, hours, days, months, weekdays, years = expression.removeprefix("cron(").removesuffix(")").split(" ")
    times = [time(hour, minute) for hour in _values(1, hours) for minute in _values(0, minutes)]
    kind, parts = (_day_of_week, weekdays) if days == "?" else (_day_of_month, days)
    fits = [kind(part) for part in parts.split(",")]
    for day in _days(_values(5, years), _values(3, months), earliest, latest):
        if any(fit(day) for fit in fits):
            moments = (datetime.combine(day, moment) for moment in times)
            yield from (moment for moment in moments if earliest <= moment <= latest)


def _days(years: list[int], months: list[int], earliest: datetime, latest: datetime) -> Iterator[date]:
    for year in years:
        for month in months:
            if (earliest.year, earliest.month) <= (year, month) <= (latest.year, latest.month):
                yield from (date(year, month, day) for day in range(1, monthrange(year, month)[1] + 1))


def _values(index: int, text: str) -> list[int]:
    field = CRON_FIELDS[index]
    return sorted({value for part in text.split(",") for value in _part_values(field, part)})


def _part_values(field: CronField, part: str) -> Iterator[int]:
    """Yield the values of ``*``, one value or a range, from whose end it goes on at the lowest; every so many of it."""
    values, slash, step = part.partition("/")
    first, dash, last = values.partition("-")
    if values == "*":
        low, high = field.lowest, field.highest
    else:
        low = field.number(first)
        high = field.number(last) if dash else field.highest if slash else low
    span = field.highest - field.lowest + 1
    count = (high - low) % span + 1 if dash else high - low + 1
    for offset in range(0, count, int(step) if slash else 1):
        yield field.lowest + (low - field.lowest + offset) % span


def _weekday(day: date) -> int:
    return day.isoweekday() % 7 + 1


def _last(day: date) -> int:
    return monthrange(day.year, day.month)[1]


def _nearest_weekday(day: date, wanted: int) -> int:
    """Return the day from Monday to Friday, of the same month, that is nearest to ``wanted``."""
    wanted = min(wanted, _last(day))
    weekday = _weekday(day.replace(day=wanted))
    if weekday == SATURDAY:
        return wanted - 1 if wanted > 1 else wanted + 2
    if weekday == SUNDAY:
        return wanted + 1 if wanted < _last(day) else wanted - 2
    return wanted


def _day_of_month(part: str) -> Callable[[date], bool]:
    if part == "L":
        return lambda day: day.day == _last(day)
    if part == "LW":
        return lambda day: day.day == _nearest_weekday(day, _last(day))
    if part.endswith("W"):
        wanted = int(part.removesuffix("W"))
        return lambda day: wanted <= _last(day) and day.day == _nearest_weekday(day, wanted)
    values = set(_part_values(CRON_FIELDS[2], part))
    return lambda day: day.day in values


def _day_of_week(part: str) -> Callable[[date], bool]:
    field = CRON_FIELDS[4]
    if match := re.fullmatch(r"(\w+)#(\d)", part):
        weekday, which = field.number(match[1]), int(match[2])
        return lambda day: _weekday(day) == weekday and (day.day - 1) // 7 + 1 == which
    if part == "L":
        return lambda day: _weekday(day) == SATURDAY
    if part.endswith("L"):
        weekday = field.number(part.removesuffix("L"))
        return lambda day: _weekday(day) == weekday and day.day + 7 > _last(day)
    values = set(_part_values(field, part))
    return lambda day: _weekday(day) in values
