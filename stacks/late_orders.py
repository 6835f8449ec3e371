"""Whether two numbers are free of each other or one must not pass the other, told by which are allowed together.

Such an order is what Terraform can check of a rule between two variables.
"""

import operator
from collections.abc import Callable, Iterator
from itertools import combinations, count, islice, product
from math import comb

Ends = tuple[int, int]

# The signs of Terraform, each with what it means and its words.
ORDERS = {
    "<=": (operator.le, "be at most"),
    "<": (operator.lt, "be less than"),
    ">=": (operator.ge, "be at least"),
    ">": (operator.gt, "be more than"),
}


def order_of(one: Ends, other: Ends, is_allowed: Callable[[int, int], bool]) -> str | None:
    """Return the sign that says which of two numbers are allowed together; empty if all are, None if no sign does."""
    shared = [value for value in (max(one[0], other[0]), min(one[1], other[1])) if _is_within(value, one, other)]
    near = [(value + step, value + also) for value in shared for step in (-1, 0, 1) for also in (-1, 0, 1)]
    tried = dict.fromkeys([*product(one, other), *near])
    found = {
        pair: is_allowed(*pair) for pair in tried if one[0] <= pair[0] <= one[1] and other[0] <= pair[1] <= other[1]
    }
    if all(found.values()):
        return ""
    fitting = (sign for sign, (holds, _) in ORDERS.items() if all(holds(*pair) == found[pair] for pair in found))
    return next(fitting, None)


def rows_of_pairs(things: int) -> Iterator[tuple[bool, ...]]:
    """Yield rows with a side for each thing, few of them, in which any two things meet on all four pairs of sides.

    The columns are different, have as many of one side as of the other, and share the first row: in some row both have
    that side, in some only the one, in some only the other, and, since the first is shared, in some neither.
    """
    half = next(size for size in count(2) if comb(2 * size - 1, size - 1) >= things)
    columns = list(islice(combinations(range(1, 2 * half), half - 1), things))
    for row in range(2 * half):
        yield tuple(row == 0 or row in column for column in columns)


def _is_within(value: int, *ranges: Ends) -> bool:
    return all(least <= value <= most for least, most in ranges)
