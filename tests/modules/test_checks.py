"""Settings that are left out where another is given, or is not."""

from typing import Any, ClassVar

import pytest
from pydantic import Field

from modules.checks import never_with, only_with
from modules.settings import Sequence, Settings
from tests.problems import problems_of


class Stop(Settings):
    """A place to get off."""

    exits: int = 1
    """more than one at large ones"""


class Journey(Settings):
    """A way to somewhere."""

    seat: int | None = None
    """of the carriage"""
    window: bool = False
    """True: with a view"""
    stops: Sequence[str] = ()
    """on the way"""
    last: Stop = Field(default_factory=Stop)
    """where it ends"""

    check_seat: ClassVar = only_with(("seat", "last.exits"), "stops", "nobody sits down", "stand")
    check_window: ClassVar = never_with("window", "seat", "seats have one")


def said(**values: Any) -> list[str]:
    return [str(problem) for problem in problems_of(Journey, **values)]


@pytest.mark.parametrize(
    "values",
    [{}, {"window": True}, {"seat": None, "last": Stop(exits=1)}, {"seat": 0, "window": False, "stops": ["here"]}],
)
def test_what_is_not_given_or_may_be_is_well(values: dict[str, Any]) -> None:
    assert Journey(**values)


def test_what_is_given_without_what_it_needs_is_refused() -> None:
    assert said(seat=0, last=Stop(exits=2)) == [
        "seat must be left out where stops is empty, got 0; nobody sits down; stand",
        "last.exits must be left out where stops is empty, got 2; nobody sits down; stand",
    ]


def test_what_is_given_with_what_excludes_it_is_refused() -> None:
    assert said(seat=3, window=True, stops=["here"]) == [
        "window must be left out where seat is given, got True; seats have one"
    ]
