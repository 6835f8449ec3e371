"""Numbers with what they count."""

import pytest

from handover.pictures.amounts import counted


@pytest.mark.parametrize(
    ("number", "many", "expected"),
    [
        (0, "", "0 tasks"),
        (1, "", "1 task"),
        (1.0, "", "1 task"),
        (0.25, "", "0.25 tasks"),
        (14_000, "", "14,000 tasks"),
        (1_234_567.0, "", "1,234,567 tasks"),
        (2, "more", "2 more"),
        ("var.most", "", "var.most tasks"),
    ],
)
def test_one_is_one_and_all_else_is_many(number: object, many: str, expected: str) -> None:
    assert counted(number, "task", many) == expected
