"""When something is done by itself: expressions that EventBridge Scheduler and Application Auto Scaling both take.

Source: "Schedule types in EventBridge Scheduler"; "Cron expressions reference" in the EventBridge user guide, to which
the Application Auto Scaling user guide refers; PutScheduledAction in its API reference.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Annotated

from pydantic import AfterValidator, Field

EXAMPLES = 'e.g. "cron(0 8 ? * MON-FRI *)", six fields from minutes to years, or "rate(1 day)"'


@dataclass(frozen=True)
class CronField:
    """One field: its values by number, some by name too; ``special`` is what it takes besides lists and ranges."""

    called: str
    lowest: int
    highest: int
    names: Mapping[str, int] = field(default_factory=dict)
    special: str = r"(?!)"

    def takes(self, text: str) -> bool:
        """Return whether ``text`` is ``*``, or values, ranges and steps, separated by commas."""
        return all(self._takes_part(part) for part in text.split(","))

    def _takes_part(self, part: str) -> bool:
        values, slash, step = part.partition("/")
        if slash and not (step.isdecimal() and 1 <= int(step) <= self.highest):
            return False
        if values == "*" or (re.fullmatch(self.special, part) and self._special_value_is_there(part)):
            return True
        return values.count("-") <= 1 and all(self._is_value(value) for value in values.split("-"))

    def _special_value_is_there(self, part: str) -> bool:
        number = re.match(r"[0-9]+|[A-Z]{3}", part)
        return number is None or self._is_value(number.group())

    def _is_value(self, text: str) -> bool:
        return self.lowest <= self.number(text) <= self.highest

    def number(self, text: str) -> int:
        """Return the number of a value or of its name, -1 for what is neither."""
        return int(text) if re.fullmatch("[0-9]+", text) else self.names.get(text, -1)


def _numbered(names: str) -> dict[str, int]:
    return {name: number for number, name in enumerate(names.split(), 1)}


MONTHS = _numbered("JAN FEB MAR APR MAY JUN JUL AUG SEP OCT NOV DEC")
WEEKDAYS = _numbered("SUN MON TUE WED THU FRI SAT")
CRON_FIELDS = (
    CronField("minutes", 0, 59),
    CronField("hours", 0, 23),
    CronField("days of the month", 1, 31, special="L|LW|[0-9]+W"),
    CronField("months", 1, 12, MONTHS),
    CronField("days of the week", 1, 7, WEEKDAYS, special="L|([0-9]+|[A-Z]{3})(L|#[1-5])"),
    CronField("years", 1970, 2199),
)
DAY_FIELDS = (2, 4)


def _known(expression: str) -> str:
    kind, _, rest = expression.partition("(")
    check = {"at": _check_at, "cron": _check_cron, "rate": _check_rate}.get(kind)
    if check is None or not rest.endswith(")"):
        raise ValueError("be an at, cron or rate expression", EXAMPLES)
    check(rest.removesuffix(")"))
    return expression


def _check_at(time: str) -> None:
    try:
        well = re.fullmatch(r"[0-9-]{10}T[0-9:]{8}", time) and datetime.fromisoformat(time)
    except ValueError:
        well = None
    if not well:
        raise ValueError("have a date and time that exist", "e.g. at(2027-01-31T08:00:00)")


def _check_rate(rate: str) -> None:
    number, _, unit = rate.partition(" ")
    if not re.fullmatch("[1-9][0-9]*", number) or unit.removesuffix("s") not in {"minute", "hour", "day"}:
        raise ValueError("have a number from 1 and a unit (minutes, hours, days)", "e.g. rate(1 day) or rate(12 hours)")
    if unit.endswith("s") == (number == "1"):
        unit = f"{unit.removesuffix('s')}{'' if number == '1' else 's'}"
        raise ValueError(f"be written as 'rate({number} {unit})'", "otherwise AWS refuses it")


def _check_cron(cron: str) -> None:
    texts = cron.split(" ")
    if len(texts) != len(CRON_FIELDS):
        raise ValueError(f"have six fields ({', '.join(known.called for known in CRON_FIELDS)})", EXAMPLES)
    left_open = [number for number in DAY_FIELDS if texts[number] == "?"]
    if len(left_open) != 1:
        raise ValueError("have ? as its days of the month or of the week", "one of the two has to stay open")
    for number, (known, text) in enumerate(zip(CRON_FIELDS, texts, strict=True)):
        if number not in left_open and not known.takes(text):
            raise ValueError(f"have {known.called} from {known.lowest} to {known.highest}", f"{text!r} is not allowed")


ScheduleExpression = Annotated[str, Field(max_length=256), AfterValidator(_known)]
