"""What stages return, and what decides by it whether others are run.

Source: "Choice workflow state" in the Step Functions developer guide.
"""

from collections.abc import Iterator
from typing import Annotated

from pydantic import Field, StringConstraints

from modules.events.matching import EndOfText, EqualsIgnoreCase
from modules.events.patterns import Values
from modules.problems import Problem, format_value

ResultName = Annotated[
    str,
    StringConstraints(pattern=r"^[a-z][a-z0-9-]*(\.[A-Za-z_][A-Za-z0-9_-]*)+$", max_length=256),
    Field(description="a stage and what it returns, joined by dots, e.g. check.exit_code"),
]
ResultMatches = dict[ResultName, Values]


def case_problems(path: str, matches: ResultMatches) -> Iterator[Problem]:
    """Yield what Step Functions cannot compare."""
    for name, values in matches.items():
        for index, value in enumerate(values):
            if isinstance(value, EqualsIgnoreCase) or (isinstance(value, EndOfText) and value.ignore_case):
                reason = "Step Functions compares case"
                yield Problem(f"{path}.{name}[{index}]", "not ignore case", format_value(value), reason)
