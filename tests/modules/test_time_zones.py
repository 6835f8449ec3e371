"""Time zones are those of the IANA database, whatever the machine has."""

import zoneinfo

import pytest

from modules.scheduler.settings import ScheduleSettings
from modules.targets.settings import TaskRun
from modules.time_zones import time_zones
from tests.problems import problems_of

INDEX = TaskRun(task_definition="index")


@pytest.mark.parametrize("name", ["UTC", "Europe/Berlin", "America/Argentina/Buenos_Aires", "Etc/GMT+9", "US/Pacific"])
def test_a_time_zone_is_one_that_there_is(name: str) -> None:
    assert ScheduleSettings(target=INDEX, expression="rate(1 day)", timezone=name).timezone == name


@pytest.mark.parametrize(
    ("name", "fix"),
    [
        ("Europe/Berlyn", "did you mean Europe/Berlin?"),
        ("europe/berlin", "did you mean Europe/Berlin?"),
        ("PST", "did you mean PST8PDT?"),
        ("", "e.g. Europe/Berlin"),
        ("Factory", "e.g. Europe/Berlin"),
    ],
)
def test_a_time_zone_is_no_other_word(name: str, fix: str) -> None:
    (problem,) = problems_of(ScheduleSettings, target=INDEX, expression="rate(1 day)", timezone=name)
    assert (problem.path, problem.got) == ("timezone", repr(name))
    assert str(problem).endswith(fix)


def test_python_knows_all_of_them_and_aws_takes_names_of_50_characters() -> None:
    own = {"Factory", "localtime", "posixrules"}
    assert {name for name in zoneinfo.available_timezones() - time_zones() - own if "/" in name} == set()
    assert max(map(len, time_zones())) <= 50
