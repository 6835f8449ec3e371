"""The names of time zones that AWS's schedules take.

Source: the IANA time zone database, release 2026f: what it calls zones, and its older names for them. The machine's
own copy is not asked, since it may be another release or not there at all.
"""

import re
from functools import cache
from pathlib import Path
from typing import Annotated

from pydantic import AfterValidator

from modules.limits import TerraformRule
from modules.problems import nearest


@cache
def time_zones() -> frozenset[str]:
    """Return the names of all time zones."""
    return frozenset(Path(__file__).with_suffix(".txt").read_text().split())


def _known(name: str) -> str:
    if name not in time_zones():
        near = nearest(name, time_zones())
        example = f"did you mean {near}?" if near else "e.g. Europe/Berlin"
        raise ValueError("be a name of the IANA time zone database", example)
    return name


def _pattern() -> str:
    """Return a pattern of all names, area by area."""
    areas: dict[str, list[str]] = {}
    for name in sorted(time_zones()):
        area, slash, place = name.rpartition("/")
        areas.setdefault(area + slash, []).append(re.escape(place))
    patterns = (f"{re.escape(area)}(?:{'|'.join(places)})" for area, places in areas.items())
    return f"^(?:{'|'.join(patterns)})$"


TimeZone = Annotated[
    str,
    TerraformRule.matching(_pattern(), "be a name of the IANA time zone database, e.g. Europe/Berlin"),
    AfterValidator(_known),
]
