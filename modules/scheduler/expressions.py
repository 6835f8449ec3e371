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

from modules.limits import TerraformRule

EXAMPLES = 'e.g. "cron(0 8 ? * MON-FRI *)", six fields from minutes to years, or "rate(1 day)"'


@dataclass(frozen=True)
class CronField:
    """One field: its values by number (``digits``: from ``lowest`` to ``highest``), some by name too.

    ``step``: every how many. ``special``: what it takes besides lists and ranges. All in the language of RE2, which
    Terraform has as well.
    """

    called: str
    lowest: int
    highest: int
    digits: str
    step: str
    names: Mapping[str, int] = field(default_factory=dict)
    special: str = ""

    @property
    def pattern(self) -> str:
        """Matches ``*``, or values, ranges and steps, separated by commas."""
        value = f"(?:{'|'.join([self.digits, *self.names])})"
        parts = [rf"(?:\*|{value}(?:-{value})?)(?:/(?:{self.step}))?", self.special.replace("VALUE", value)]
        part = f"(?:{'|'.join(filter(None, parts))})"
        return f"{part}(?:,{part})*"

    def number(self, text: str) -> int:
        """Return the number of a value or of its name."""
        return int(text) if text.isdecimal() else self.names[text]


def _numbered(names: str) -> dict[str, int]:
    return {name: number for number, name in enumerate(names.split(), 1)}


MONTHS = _numbered("JAN FEB MAR APR MAY JUN JUL AUG SEP OCT NOV DEC")
WEEKDAYS = _numbered("SUN MON TUE WED THU FRI SAT")
_DAY = "0?[1-9]|[12][0-9]|3[01]"
_MONTH = "0?[1-9]|1[0-2]"
CRON_FIELDS = (
    CronField("minutes", 0, 59, "[0-5]?[0-9]", "[1-5]?[1-9]|[1-5]0"),
    CronField("hours", 0, 23, "[01]?[0-9]|2[0-3]", "[1-9]|1[0-9]|2[0-3]"),
    CronField("days of the month", 1, 31, _DAY, _DAY, special=f"L|LW|(?:{_DAY})W"),
    CronField("months", 1, 12, _MONTH, _MONTH, MONTHS),
    CronField("days of the week", 1, 7, "0?[1-7]", "0?[1-7]", WEEKDAYS, special="L|VALUE(?:L|#[1-5])"),
    CronField("years", 1970, 2199, "19[7-9][0-9]|2[01][0-9]{2}", "[1-9][0-9]{0,2}"),
)
DAY_FIELDS = (2, 4)
_TIME = "[0-9]{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01])T(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]"


def _known(expression: str) -> str:
    kind, _, rest = expression.partition("(")
    check = {"at": _check_at, "cron": _check_cron, "rate": _check_rate}.get(kind)
    if check is None or not rest.endswith(")"):
        raise ValueError("be an at, cron or rate expression", EXAMPLES)
    check(rest.removesuffix(")"))
    return expression


def _check_at(time: str) -> None:
    try:
        well = re.fullmatch(_TIME, time) and datetime.fromisoformat(time)
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
        raise ValueError("have ? as its days of the month or of the week", "one of the two must be unspecified")
    for number, (known, text) in enumerate(zip(CRON_FIELDS, texts, strict=True)):
        if number not in left_open and not re.fullmatch(known.pattern, text):
            raise ValueError(f"have {known.called} from {known.lowest} to {known.highest}", f"{text!r} is not allowed")


def _pattern() -> str:
    """Return a pattern of all three kinds of expressions; that a date is in the calendar it cannot say."""
    minutes, hours, days, months, weekdays, years = (known.pattern for known in CRON_FIELDS)
    cron = rf"{minutes} {hours} (?:{days} {months} \?|\? {months} {weekdays}) {years}"
    rate = "1 (?:minute|hour|day)|(?:[2-9]|[1-9][0-9]+) (?:minutes|hours|days)"
    return rf"^(?:cron\({cron}\)|rate\((?:{rate})\)|at\({_TIME}\))$"


ScheduleExpression = Annotated[
    str,
    Field(max_length=256),
    TerraformRule.matching(_pattern(), f"be an at, cron or rate expression, {EXAMPLES}"),
    AfterValidator(_known),
]
