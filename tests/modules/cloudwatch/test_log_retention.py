import re
from typing import Any, get_args

import botocore.session
import pytest

from modules.cloudwatch.log_retention import RetentionDays
from modules.problems import format_value
from modules.settings import Settings
from tests.problems import refused

DAYS, NEVER = (get_args(kind) for kind in get_args(get_args(RetentionDays)[0]))


class Kept(Settings):
    retention_days: RetentionDays
    """as the auditors ask"""


def test_the_days_are_those_that_cloudwatch_logs_accepts() -> None:
    documentation = botocore.session.get_session().get_service_model("logs").shape_for("Days").documentation
    listed = re.search("Possible values are: (.*?)\\.", documentation)
    assert listed
    assert tuple(int(number) for number in re.findall(r"\d+", listed[1])) == DAYS


@pytest.mark.parametrize("days", [*DAYS, *NEVER])
def test_a_listed_number_is_taken(days: Any) -> None:
    assert Kept(retention_days=days).retention_days == days


@pytest.mark.parametrize("days", [0, 2, 31, 3_654, "30", True, 30.0])
def test_any_other_value_is_refused(days: Any) -> None:
    assert refused(Kept, retention_days=days)[0].endswith(f"got {format_value(days)}")
