"""A known difference explains itself and nothing else."""

import pytest

from rehearsal.known_differences import KNOWN, KnownDifference, split_known
from rehearsal.plan_reading import Change

KNOWN_ONE = KnownDifference("aws_a", frozenset({"x", "y"}), "moto keeps neither")


def change(type_: str = "aws_a", action: str = "updated in place", *attributes: str) -> Change:
    return Change("address", type_, action, attributes)


@pytest.mark.parametrize("attributes", [("x",), ("y",), ("x", "y")])
def test_what_is_known_is_explained(attributes: tuple[str, ...]) -> None:
    known = change("aws_a", "updated in place", *attributes)
    assert split_known([known], [KNOWN_ONE]) == ([], [(known, "moto keeps neither")])


@pytest.mark.parametrize(
    "other",
    [
        change("aws_b", "updated in place", "x"),
        change("aws_a", "replaced, the old one first", "x"),
        change("aws_a", "updated in place", "x", "z"),
        change("aws_a", "updated in place"),
        change("aws_a", "created"),
    ],
)
def test_nothing_else_is_explained(other: Change) -> None:
    assert split_known([other], [KNOWN_ONE]) == ([other], [])


def test_each_says_what_moto_does() -> None:
    assert [difference.type for difference in KNOWN if "moto" not in difference.reason] == []
