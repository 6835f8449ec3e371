import datetime
import os
from pathlib import Path
from typing import Any

import pytest

from modules.problems import Problem, SettingsError, format_value, nearest, unknown_name
from modules.settings import Settings
from modules.source import place
from tests.problems import problems


class S3Thing(Settings):
    pass


class Thing(Settings):
    pass


class Opaque:
    pass


class Silent:
    def __repr__(self) -> str:
        raise ValueError


@pytest.mark.parametrize(
    ("problem", "text"),
    [
        (Problem("a.b", "be one", "2", "count again"), "a.b must be one, got 2; count again"),
        (Problem("a", "be given", None, "count again"), "a must be given; count again"),
        (Problem("a", "be one", "2", ""), "a must be one, got 2"),
        (Problem("", "be one", "2", ""), "must be one, got 2"),
    ],
)
def test_a_problem_reads_as_one_sentence(problem: Problem, text: str) -> None:
    assert str(problem) == text


@pytest.mark.parametrize(
    ("outer", "inner", "whole"),
    [("queues.a", "b", "queues.a.b"), ("queues", "[0]", "queues[0]"), ("", "b", "b"), ("queues.a", "", "queues.a")],
)
def test_a_problem_can_be_seen_from_further_out(outer: str, inner: str, whole: str) -> None:
    assert Problem(inner, "be", None, "").under(outer).path == whole


def test_an_error_has_a_line_for_each_problem_led_by_its_subject() -> None:
    error = SettingsError("prod", [Problem("a", "be one", "2", ""), Problem("b", "be given", None, "")])

    assert str(error) == "prod: a must be one, got 2\nprod: b must be given"
    assert isinstance(error, ValueError)


ENDLESS: list[Any] = []
ENDLESS.append(ENDLESS)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (1_234_567, "1,234,567"),
        (-1, "-1"),
        (True, "True"),
        (None, "None"),
        (1.5, "1.5"),
        ("a", "'a'"),
        ("two\nlines", r"'two\nlines'"),
        ("x" * 78, f"'{'x' * 78}'"),
        ("x" * 79, f"'{'x' * 75} ..."),
        ([1_000, "a"], "[1000, 'a']"),
        ([1, 2, 3, 4, 5], "[1, 2, 3, 4, 5]"),
        ([1, 2, 3, 4, 5, 6], "a list of 6 entries"),
        ((1, 2, 3, 4, 5, 6), "a tuple of 6 entries"),
        ({1, 2, 3, 4, 5, 6}, "a set of 6 entries"),
        (dict.fromkeys("abcde", 1), "{'a': 1, 'b': 1, 'c': 1, 'd': 1, 'e': 1}"),
        (dict.fromkeys("abcdef", 1), "a dict of 6 entries"),
        (dict.fromkeys(range(1_000), 1), "a dict of 1,000 entries"),
        ({"a": [{"b": (1, 2, 3, 4, 5)}]}, "{'a': [{'b': (1, 2, 3, 4, 5)}]}"),
        ({"a": [{"b": (1, 2, 3, 4, 5, 6)}]}, "a dict of 1 entry"),
        (ENDLESS, "a list"),
        (Thing(), "a Thing"),
        (S3Thing(), "an S3Thing"),
        (Thing, "the class Thing itself"),
        (Opaque(), "an Opaque"),
        (Silent(), "a Silent"),
        pytest.param(10**5_000, "an int", id="a number too long to print"),
        (len, "<built-in function len>"),
        (lambda: None, "a function"),
        (datetime.date(2026, 1, 1), "datetime.date(2026, 1, 1)"),
    ],
)
def test_a_value_is_shown_shortly_and_the_same_in_every_run(value: Any, text: str) -> None:
    assert format_value(value) == text


def test_the_process_environment_is_not_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(6):
        monkeypatch.setenv(f"SECRET_{number}", "hidden")

    class Tagged(Settings):
        tags: dict[str, str]

    text = format_value(os.environ)
    assert text == f"an Environ of {len(os.environ)} entries"
    assert problems(lambda: Tagged(tags=os.environ)) == [  # type: ignore[arg-type]
        f"tags must be a dict, got {text}"
    ]


@pytest.mark.parametrize(
    ("line", "where"),
    [(3, "stacks/environment.py:3"), (1, "stacks/environment.py:1"), (None, "stacks/environment.py:1")],
)
def test_a_place_is_relative_to_where_the_user_is(line: int | None, where: str) -> None:
    assert place(Path.cwd() / "stacks/environment.py", line) == where
    assert place("/elsewhere/dev.py", 2) == "/elsewhere/dev.py:2"


KNOWN = ["max_receive_count", "message_retention_seconds", "visibility_timeout_seconds"]


@pytest.mark.parametrize(
    ("got", "meant"),
    [
        ("max_recieve_count", "max_receive_count"),
        ("visibilty", "visibility_timeout_seconds"),
        ("timeout_seconds", "visibility_timeout_seconds"),
        ("retention_seconds", "message_retention_seconds"),
        ("zzz", None),
        ("", None),
    ],
)
def test_the_nearest_name_is_the_one_most_likely_meant(got: str, meant: str | None) -> None:
    assert nearest(got, KNOWN) == meant


def test_nothing_is_near_where_nothing_is_known() -> None:
    assert nearest("a", []) is None


def test_a_reference_to_nothing_lists_what_there_is() -> None:
    assert str(unknown_name("pipes.a.queue", "reqests", ["results", "requests"], "queues")) == (
        "pipes.a.queue must name one of the queues, got 'reqests'; did you mean requests? known: requests, results"
    )
    assert str(unknown_name("pipes.a.queue", "zzz", ["results", "requests"], "queues")) == (
        "pipes.a.queue must name one of the queues, got 'zzz'; known: requests, results"
    )
    assert str(unknown_name("pipes.a.queue", "requests", [], "queues")) == (
        "pipes.a.queue must name one of the queues, got 'requests'; no queues are defined"
    )
