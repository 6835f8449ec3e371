"""Orders between two numbers, told by what is allowed together."""

from collections.abc import Callable
from itertools import combinations, product

import pytest

from stacks.late_orders import order_of, rows_of_pairs


@pytest.mark.parametrize(
    ("are_allowed", "expected"),
    [
        (lambda one, other: one <= other, "<="),
        (lambda one, other: one < other, "<"),
        (lambda one, other: one >= other, ">="),
        (lambda one, other: one > other, ">"),
        (lambda one, other: True, ""),
        (lambda one, other: one * 2 <= other, None),
        (lambda one, other: one + other <= 12, None),
    ],
)
def test_an_order_is_told_by_what_is_allowed_together(
    are_allowed: Callable[[int, int], bool], expected: str | None
) -> None:
    assert order_of((0, 10), (4, 20), are_allowed) == expected


@pytest.mark.parametrize(("things", "most_rows"), [(2, 4), (3, 4), (10, 6), (35, 8)])
def test_any_two_things_meet_on_all_sides_in_a_few_rows(things: int, most_rows: int) -> None:
    rows = list(rows_of_pairs(things))
    assert len(rows) <= most_rows
    for one, other in combinations(range(things), 2):
        assert {(row[one], row[other]) for row in rows} == set(product([False, True], repeat=2))
