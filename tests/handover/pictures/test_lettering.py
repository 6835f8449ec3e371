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
        ("cron(0 6 * * ? *) Europe/Berlin", 130, ["cron(0 6 * * ? *)", "Europe/Berlin"]),
        ("4 vCPUs, 14,000 MiB, 1 GPU", 170, ["4 vCPUs, 14,000 MiB,", "1 GPU"]),
        ("up to var.most vCPUs", 120, ["up to var.most", "vCPUs"]),
        ("ApproximateNumberOfMessages", 90, ["Approximate", "Number", "OfMessages"]),
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
