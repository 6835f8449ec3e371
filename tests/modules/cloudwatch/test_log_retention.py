import re
from typing import Any, get_args

import botocore.session
import pytest

from modules.cloudwatch.log_retention import RetentionDays
from modules.problems import SettingsError
from modules.settings import Settings

ACCEPTED = get_args(get_args(RetentionDays)[0])


class Kept(Settings):
    retention_days: RetentionDays
    """as the auditors ask"""


def test_the_days_are_those_that_cloudwatch_logs_accepts() -> None:
    documentation = botocore.session.get_session().get_service_model("logs").shape_for("Days").documentation
    listed = re.search("Possible values are: (.*?)\\.", documentation)
    assert listed
    assert tuple(int(number) for number in re.findall(r"\d+", listed[1])) == ACCEPTED


@pytest.mark.parametrize("days", ACCEPTED)
def test_a_listed_number_is_taken(days: Any) -> None:
    assert Kept(retention_days=days).retention_days == days


def message(days: Any) -> str:
    with pytest.raises(SettingsError) as error:
        Kept(retention_days=days)
    (problem,) = error.value.problems
    return str(problem)


@pytest.mark.parametrize(("days", "got"), [(0, "0"), (2, "2"), (31, "31"), (3_654, "3,654"), ("30", "'30'")])
def test_any_other_value_is_refused(days: Any, got: str) -> None:
    listed = ", ".join(map(str, ACCEPTED))
    assert message(days) == f"retention_days must be one of {listed}, got {got}; as the auditors ask"


@pytest.mark.parametrize(("days", "got"), [(True, "True"), (30.0, "30.0")])
def test_what_only_equals_a_number_of_days_is_refused(days: Any, got: str) -> None:
    assert message(days) == f"retention_days must be a whole number of days, got {got}; as the auditors ask"
