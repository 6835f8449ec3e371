"""Orders between two numbers, told by what is allowed together."""

from collections.abc import Callable

import pytest

from stacks.late_orders import order_of


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
