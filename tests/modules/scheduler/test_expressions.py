"""Schedule expressions, each field on both edges, and what AWS would refuse with the whole message."""

import pytest

from modules.ecs.settings.scaling import ScheduledScaling
from modules.scheduler.settings import ScheduleSettings
from modules.targets.settings import TaskRun
from tests.problems import refused

INDEX = TaskRun(task_definition="index")


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
    assert ScheduleSettings(target=INDEX, expression=expression).expression == expression


@pytest.mark.parametrize(
    ("expression", "numbers"),
    [
        ("0 8 * * *", ""),
        ("every(1 day)", ""),
        ("rate(1 day", ""),
        ("rate(day)", "1, "),
        ("rate(0 days)", "1, "),
        ("rate(0 day)", "1, "),
        ("rate(1 week)", "1, "),
        ("rate(2 hour)", "2, "),
        ("rate(1 hours)", "1, "),
        ("at(2027-01-31)", ""),
        ("at(2027-02-29T08:00:00)", ""),
        ("at(2027-01-31T24:00:00)", ""),
        ("at(2026-99-99T99:99:99)", ""),
        ("at(2027-01-31T08:00:00Z)", ""),
        ("cron(0 8 * * *)", ""),
        ("cron(0 8 ? * MON * *)", ""),
        ("cron(0 8 * * * *)", ""),
        ("cron(0 8 ? * ? *)", ""),
        ("cron(99 99 99 99 99 99)", ""),
        ("cron(60 8 ? * * *)", "0, 59, "),
        ("cron(0/60 8 ? * * *)", "0, 59, "),
        ("cron(0/0 8 ? * * *)", "0, 59, "),
        ("cron(? 8 ? * * *)", "0, 59, "),
        ("cron(0 24 ? * * *)", "0, 23, "),
        ("cron(0 8-24 ? * * *)", "0, 23, "),
        ("cron(0 8 0 * ? *)", "1, 31, "),
        ("cron(0 8 32 * ? *)", "1, 31, "),
        ("cron(0 8 32W * ? *)", "1, 31, "),
        ("cron(0 8 1 0 ? *)", "1, 12, "),
        ("cron(0 8 1 13 ? *)", "1, 12, "),
        ("cron(0 8 1 JANUARY ? *)", "1, 12, "),
        ("cron(0 8 ? * 0 *)", "1, 7, "),
        ("cron(0 8 ? * 8 *)", "1, 7, "),
        ("cron(0 8 ? * MON#6 *)", "1, 7, "),
        ("cron(0 8 ? * MON- *)", "1, 7, "),
        ("cron(0 8 ? * FOO#1 *)", "1, 7, "),
        ("cron(0 8 ? * * 1969)", "1970, 2199, "),
        ("cron(0 8 ? * * 2200)", "1970, 2199, "),
    ],
)
def test_a_schedule_that_is_none_is_refused(expression: str, numbers: str) -> None:
    assert refused(ScheduleSettings, target=INDEX, expression=expression) == [
        f"expression: {numbers}got {expression!r}"
    ]


def test_a_schedule_is_as_long_as_scheduler_takes_it() -> None:
    longest = f"cron({','.join(['10'] * 79)},1,1 8 ? * * *)"
    assert len(longest) == 256
    assert ScheduleSettings(target=INDEX, expression=longest).expression == longest
    longer = longest.replace(",1 ", ",11 ")
    assert refused(ScheduleSettings, target=INDEX, expression=longer) == [f"expression: 256, got {longer!r:.76} ..."]
