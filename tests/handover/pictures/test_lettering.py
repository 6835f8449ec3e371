"""How wide text is, and how it is broken into lines."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handover.pictures.lettering import lines, width


@pytest.mark.parametrize(
    ("text", "room", "expected"),
    [
        ("documents", 100, ["documents"]),
        ("embed-documents", 80, ["embed-", "documents"]),
        ("cron(0 22 * * ? *) UTC", 100, ["cron(0 22 * *", "? *) UTC"]),
        ("ApproximateNumberOfMessages", 90, ["Approximate", "NumberOf", "Messages"]),
        ("x" * 14, 60, ["xxxxxxx", "xxxxxxx"]),
        ("", 60, []),
    ],
)
def test_lines_end_where_words_do_and_elsewhere_only_in_words_that_are_too_long(
    text: str, room: int, expected: list[str]
) -> None:
    assert lines(text, 12, room) == expected


@given(st.text(st.characters(categories=["L", "N", "P", "Zs"]), max_size=60), st.integers(20, 200))
def test_no_line_is_wider_than_its_room_and_no_letter_is_lost(text: str, room: int) -> None:
    found = lines(text, 12, room)
    assert [line for line in found if width(line, 12) > room] == []
    assert "".join("".join(found).split()) == "".join(text.split())


def test_bold_text_is_wider() -> None:
    assert width("gpu", 12, bold=True) > width("gpu", 12)
