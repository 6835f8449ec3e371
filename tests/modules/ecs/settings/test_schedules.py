"""Schedule expressions, each field on both edges, and what AWS would refuse with the whole message."""

import pytest

from modules.ecs.settings.run_tasks import TaskSchedule
from modules.ecs.settings.scaling import ScheduledScaling
from tests.problems import message

EXAMPLES = 'e.g. "cron(0 8 ? * MON-FRI *)", six fields from minutes to years, or "rate(1 day)"'
SIX = "have six fields (minutes, hours, days of the month, months, days of the week, years)"
RATE = "have a number from 1 and a unit (minutes, hours, days)", "e.g. rate(1 day) or rate(12 hours)"
AT = "have a time that there is", "e.g. at(2027-01-31T08:00:00)"
OPEN = "have ? as its days of the month or of the week", "AWS wants one of the two left open"


@pytest.mark.parametrize(
    "expression",
    [
        "at(2027-01-31T08:00:00)",
        "at(2028-02-29T23:59:59)",
        "rate(1 minute)",
        "rate(2 minutes)",
        "rate(12 hours)",
        "rate(1 day)",
        "cron(0 0 1 1 ? 1970)",
        "cron(59 23 31 12 ? 2199)",
        "cron(0 8 ? * 1 *)",
        "cron(0 8 ? * 7 *)",
        "cron(0 8 ? * MON-FRI *)",
        "cron(0/15 8-18,22 ? JAN,JUL SUN,SAT 2027-2030)",
        "cron(*/59 */23 */31 */12 ? *)",
        "cron(0 22-2 L * ? *)",
        "cron(0 8 3W,LW * ? *)",
        "cron(0 8 ? * 6L *)",
        "cron(0 8 ? * FRI#5 *)",
    ],
)
def test_a_schedule_is_an_expression_that_both_services_take(expression: str) -> None:
    assert ScheduledScaling(schedule=expression, min_tasks=1).schedule == expression
    assert TaskSchedule(expression=expression).expression == expression


@pytest.mark.parametrize(
    ("expression", "rule", "fix"),
    [
        ("0 8 * * *", "be an at, cron or rate expression", EXAMPLES),
        ("every(1 day)", "be an at, cron or rate expression", EXAMPLES),
        ("rate(1 day", "be an at, cron or rate expression", EXAMPLES),
        ("rate(day)", *RATE),
        ("rate(0 days)", *RATE),
        ("rate(0 day)", *RATE),
        ("rate(1 week)", *RATE),
        ("rate(2 hour)", "be written as 'rate(2 hours)'", "AWS refuses it otherwise"),
        ("rate(1 hours)", "be written as 'rate(1 hour)'", "AWS refuses it otherwise"),
        ("at(2027-01-31)", *AT),
        ("at(2027-02-29T08:00:00)", *AT),
        ("at(2027-01-31T24:00:00)", *AT),
        ("at(2026-99-99T99:99:99)", *AT),
        ("at(2027-01-31T08:00:00Z)", *AT),
        ("cron(0 8 * * *)", SIX, EXAMPLES),
        ("cron(0 8 ? * MON * *)", SIX, EXAMPLES),
        ("cron(0 8 * * * *)", *OPEN),
        ("cron(0 8 ? * ? *)", *OPEN),
        ("cron(99 99 99 99 99 99)", *OPEN),
        ("cron(60 8 ? * * *)", "have minutes from 0 to 59", "'60' is none"),
        ("cron(0/60 8 ? * * *)", "have minutes from 0 to 59", "'0/60' is none"),
        ("cron(0/0 8 ? * * *)", "have minutes from 0 to 59", "'0/0' is none"),
        ("cron(? 8 ? * * *)", "have minutes from 0 to 59", "'?' is none"),
        ("cron(0 24 ? * * *)", "have hours from 0 to 23", "'24' is none"),
        ("cron(0 8-24 ? * * *)", "have hours from 0 to 23", "'8-24' is none"),
        ("cron(0 8 0 * ? *)", "have days of the month from 1 to 31", "'0' is none"),
        ("cron(0 8 32 * ? *)", "have days of the month from 1 to 31", "'32' is none"),
        ("cron(0 8 32W * ? *)", "have days of the month from 1 to 31", "'32W' is none"),
        ("cron(0 8 1 0 ? *)", "have months from 1 to 12", "'0' is none"),
        ("cron(0 8 1 13 ? *)", "have months from 1 to 12", "'13' is none"),
        ("cron(0 8 1 JANUARY ? *)", "have months from 1 to 12", "'JANUARY' is none"),
        ("cron(0 8 ? * 0 *)", "have days of the week from 1 to 7", "'0' is none"),
        ("cron(0 8 ? * 8 *)", "have days of the week from 1 to 7", "'8' is none"),
        ("cron(0 8 ? * MON#6 *)", "have days of the week from 1 to 7", "'MON#6' is none"),
        ("cron(0 8 ? * MON- *)", "have days of the week from 1 to 7", "'MON-' is none"),
        ("cron(0 8 ? * FOO#1 *)", "have days of the week from 1 to 7", "'FOO#1' is none"),
        ("cron(0 8 ? * * 1969)", "have years from 1970 to 2199", "'1969' is none"),
        ("cron(0 8 ? * * 2200)", "have years from 1970 to 2199", "'2200' is none"),
    ],
)
def test_a_schedule_that_is_none_is_refused(expression: str, rule: str, fix: str) -> None:
    assert message(TaskSchedule, expression=expression) == (
        f"TaskSchedule: expression must {rule}, got {expression!r}; {fix}"
    )


def test_a_schedule_is_as_long_as_scheduler_takes_it() -> None:
    longest = f"cron({','.join(['10'] * 79)},1,1 8 ? * * *)"
    assert len(longest) == 256
    assert TaskSchedule(expression=longest).expression == longest
    longer = longest.replace(",1 ", ",11 ")
    assert message(TaskSchedule, expression=longer) == (
        f"TaskSchedule: expression must have at most 256 characters, got {longer!r:.76} ...; when"
    )
