"""Every match, against values that it takes and values that it does not."""

from typing import Any

import pytest

from modules.events.matching import (
    AnythingBut,
    EndsWith,
    EqualsIgnoreCase,
    InNetwork,
    IsNumber,
    IsThere,
    IsTrue,
    Match,
    NoneOf,
    StartsWith,
    Wildcard,
)
from modules.events.patterns import match_document
from tests.modules.events.samples import has
from tests.problems import refused

CASES: list[tuple[str | Match, list[Any], list[Any]]] = [
    ("image", ["image", ["text", "image"]], ["images", "Image", 1, None]),
    (StartsWith(text="im"), ["im", "image"], ["Image", "aim", 1]),
    (StartsWith(text="im", ignore_case=True), ["Image"], ["aim"]),
    (EndsWith(text=".png"), ["a.png"], ["a.PNG", "a.png.txt"]),
    (EndsWith(text=".png", ignore_case=True), ["a.PNG"], ["a.jpg"]),
    (EqualsIgnoreCase(text="image"), ["IMAGE", "image"], ["images"]),
    (Wildcard(pattern="in/*/x.png"), ["in/a/b/x.png"], ["in/x.png", "out/a/x.png"]),
    (AnythingBut(texts=["image", "text"]), ["audio"], ["image", "text"]),
    (IsNumber(equal=1), [1, 1.0], [2, "1"]),
    (IsNumber(equal=5_000_000_000), [5_000_000_000], [1]),
    (IsNumber(above=1, at_most=2.5), [1.1, 2.5], [1, 2.6]),
    (IsNumber(at_least=-1, below=2), [-1, 1.9], [-1.1, 2]),
    (IsTrue(), [True], [False, "true"]),
    (IsTrue(value=False), [False], [True]),
    (IsThere(), ["", 0, "x"], []),
    (AnythingBut(numbers=[1, 2.5]), [3, 1.5], [1, 2.5]),
    (NoneOf(matches=[StartsWith(text="in/"), StartsWith(text="tmp/")]), ["out/a"], ["in/a", "tmp/a"]),
    (NoneOf(matches=[EndsWith(text=".tmp")]), ["a.png"], ["a.tmp"]),
    (NoneOf(matches=[EqualsIgnoreCase(text="image"), EqualsIgnoreCase(text="text")]), ["video"], ["IMAGE", "Text"]),
    (NoneOf(matches=[Wildcard(pattern="*/lib/*")]), ["a/b"], ["a/lib/b"]),
    (InNetwork(cidr_block="10.0.0.0/24"), ["10.0.0.7"], ["10.0.1.7", "x"]),
    (InNetwork(cidr_block="2001:db8::/32"), ["2001:db8::1"], ["2001:db9::1"]),
]


@pytest.mark.parametrize(("match", "fit", "others"), CASES)
def test_it_takes_what_it_says_and_nothing_else(match: str | Match, fit: list[Any], others: list[Any]) -> None:
    matches = {"body.kind": [match]}
    assert [has(matches, {"body": {"kind": value}}) for value in fit] == [True] * len(fit)
    assert [has(matches, {"body": {"kind": value}}) for value in others] == [False] * len(others)
    assert not has(matches, {"body": {"other": "image"}})


def test_what_must_not_be_there_is_missed() -> None:
    matches = {"body.kind": [IsThere(value=False)]}
    assert has(matches, {"body": {}})
    assert not has(matches, {"body": {"kind": "image"}})


@pytest.mark.parametrize("pattern", ["plain", "escaped\\*", "two**"])
def test_a_wildcard_has_one_and_no_two_side_by_side(pattern: str) -> None:
    assert refused(Wildcard, pattern=pattern) == [f"pattern: got {pattern!r}"]


def test_a_backslash_before_a_wildcard_may_be_meant_itself() -> None:
    assert Wildcard(pattern="\\\\*").pattern


@pytest.mark.parametrize(
    ("bounds", "got"),
    [
        ({}, "nothing"),
        ({"equal": 1, "above": 0}, "= 1, > 0"),
        ({"above": 0, "at_least": 1}, "> 0, >= 1"),
        ({"above": 2, "below": 2}, "2 and 2"),
        ({"at_least": 3, "at_most": 2}, "3 and 2"),
    ],
)
def test_bounds_leave_a_number(bounds: dict[str, float], got: str) -> None:
    assert refused(IsNumber, **bounds) == [f"got {got}"]


def test_something_else_is_something_else_than_texts_or_than_numbers() -> None:
    assert refused(AnythingBut) == ["got neither"]
    assert refused(AnythingBut, texts=["a"], numbers=[1]) == ["got both"]


def test_what_is_turned_around_is_of_one_kind() -> None:
    assert refused(NoneOf, matches=[]) == ["matches: 1, got 0"]
    two = [StartsWith(text="a"), EndsWith(text="b")]
    assert refused(NoneOf, matches=two) == ["matches[1]: got an EndsWith"]
    assert refused(NoneOf, matches=[IsThere()]) == ["matches[0]: got an IsThere"]
    assert refused(NoneOf, matches=[EndsWith(text="b", ignore_case=True)]) == ["matches[0].ignore_case: got True"]


def test_a_network_is_a_block_of_addresses() -> None:
    assert refused(InNetwork, cidr_block="10.0.0.1/24") == ["cidr_block: got '10.0.0.1/24'"]


def test_another_kind_of_match_is_an_error() -> None:
    class Other(Match):
        """A kind of match that nobody knows."""

    with pytest.raises(TypeError, match="Other is nothing that EventBridge compares"):
        match_document(Other())
