"""What messages do to text that a terminal would obey, that nobody could read, or that differs from run to run."""

import subprocess
import sys
from typing import Any

import pytest

from modules.printable import ordered_repr, printable
from modules.problems import Problem, SettingsError
from modules.s3.settings import BucketSettings
from tests.processes import PROJECT, environ


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("ümläut 日本", "ümläut 日本"),
        ("a\x1b[31mred", r"a\x1b[31mred"),
        ("two\nlines\r", r"two\nlines\r"),
        ("right\u202eto left", r"right\u202eto left"),
        ("half\ud83d", r"half\ud83d"),
    ],
)
def test_what_a_terminal_would_obey_is_escaped(text: str, shown: str) -> None:
    assert printable(text, 100) == shown


def test_a_long_text_keeps_its_beginning_and_its_end() -> None:
    assert printable("a" * 5_000_000 + "end", 10) == "aaaaa ... aaend"


@pytest.mark.parametrize("part", ["path", "rule", "got", "reason", "fix"])
def test_no_part_of_a_problem_is_longer_than_somebody_reads_or_breaks_a_line(part: str) -> None:
    parts = {"path": "a", "rule": "b", "got": "c", "reason": "d", "fix": "e"} | {part: "x\n\x1b" * 5_000_000}
    said = str(Problem(**parts))
    assert len(said) < 10_000
    assert said.isprintable()


def test_a_huge_key_is_cut_wherever_it_is_spoken_of() -> None:
    with pytest.raises(SettingsError) as raised:
        BucketSettings(tags={"k" * 5_000_000: "v", "\x1b[2J": "v\n"})
    assert len(str(raised.value)) < 5_000
    assert "\x1b" not in str(raised.value)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ({"b", "a"}, "{'a', 'b'}"),
        (frozenset({2, 1}), "frozenset({1, 2})"),
        (set(), "set()"),
        ([("b", {"y", "x"}), {"k": {2, 1}}], "[('b', {'x', 'y'}), {'k': {1, 2}}]"),
        (({"b", "a"},), "({'a', 'b'},)"),
    ],
)
def test_sets_are_shown_in_the_order_of_their_entries(value: Any, text: str) -> None:
    assert ordered_repr(value) == text


def test_messages_about_sets_are_the_same_in_every_run() -> None:
    code = "from modules.s3.settings import BucketSettings\nBucketSettings(versioning={'a', 'b', 'c', 'd'})"
    said = {
        subprocess.run(
            [sys.executable, "-c", code],
            cwd=PROJECT,
            env=environ(PYTHONHASHSEED=str(seed)),
            capture_output=True,
            text=True,
            check=False,
        ).stderr.splitlines()[-1]
        for seed in (1, 2)
    }
    (line,) = said
    assert "got {'a', 'b', 'c', 'd'}" in line
