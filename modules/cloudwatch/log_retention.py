"""How long CloudWatch Logs can keep a log group's events.

Source: PutRetentionPolicy in the CloudWatch Logs API reference.
"""

from typing import Annotated, Final, Literal

from pydantic import BeforeValidator
from pydantic_core import PydanticKnownError

from modules.markers import Production


def _exact(value: object) -> object:
    """Refuse True and 30.0, which equal one of the numbers without being it."""
    if isinstance(value, bool | float):
        raise PydanticKnownError("int_type")
    return value


# What stands for no retention at all: events are kept, and paid, indefinitely.
NEVER: Final = "never"
# Days. CloudWatch Logs accepts these and nothing between; events that are older are deleted.
RetentionDays = Annotated[
    Literal[1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653]
    | Literal["never"],
    BeforeValidator(_exact),
]
LEAST_DAYS = 7
# For each of them: a marker inside a type does not reach a field that may be None, too.
KEPT_A_WEEK = Production(
    lambda days: days is not None and (days == NEVER or days >= LEAST_DAYS),
    f"be at least {LEAST_DAYS} days",
    "an incident that is found after a weekend could not be traced",
)
