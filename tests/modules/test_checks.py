"""Settings that are left out where another is given, or is not, and numbers that are compared with another."""

from typing import Any, ClassVar

import pytest
from pydantic import Field

from modules.checks import at_least, at_most, less_than, more_than, never_with, only_with
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


class Sizes(Settings):
    """Numbers beside one limit."""

    limit: int | None = 1_500
    """what they are compared with"""
    low: int | None = None
    """up to it"""
    lower: float | None = None
    """below it"""
    high: int | None = None
    """from it on"""
    higher: int | None = None
    """beyond it"""

    check_low: ClassVar = at_most("low", "limit", "there is no more")
    check_lower: ClassVar = less_than("lower", "limit")
    check_high: ClassVar = at_least("high", "limit")
    check_higher: ClassVar = more_than("higher", "limit", fix="raise it")


@pytest.mark.parametrize(
    "values",
    [
        {"low": 1_500, "lower": 1_499.5, "high": 1_500, "higher": 1_501},
        {"limit": None, "low": 9, "lower": 9.0, "high": 0, "higher": 0},
    ],
)
def test_what_compares_as_it_has_to_is_well(values: dict[str, Any]) -> None:
    assert Sizes(**values)


def test_what_compares_otherwise_is_refused() -> None:
    found = problems_of(Sizes, low=1_501, lower=1_500.0, high=1_499, higher=1_500)
    assert [str(problem) for problem in found] == [
        "low must be at most limit (1,500), got 1,501; there is no more",
        "lower must be less than limit (1,500), got 1500.0",
        "high must be at least limit (1,500), got 1,499",
        "higher must be more than limit (1,500), got 1,500; raise it",
    ]
