"""The names of time zones that AWS's schedules take.

Source: the IANA time zone database, release 2026f: what it calls zones, and its older names for them. The machine's
own copy is not asked, since it may be another release or not there at all.
"""

from functools import cache
from pathlib import Path
from typing import Annotated

from pydantic import AfterValidator

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


TimeZone = Annotated[str, AfterValidator(_known)]
