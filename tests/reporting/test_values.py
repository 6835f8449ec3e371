"""Values as a page shows them."""

from typing import Any

import pytest

from modules.sqs.settings import MessageQueueSettings
from reporting.values import Part, holds_settings, in_words, parts, plain

QUEUE = MessageQueueSettings(visibility_timeout_seconds=60)


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (None, ""),
        (True, "True"),
        (4_096, "4,096"),
        (0.25, "0.25"),
        ("", '""'),
        ("a\nb\x1b", "a\\nb\\x1b"),
        (("embed", "--date"), "embed, --date"),
        ({"team": "search", "rate": 1}, "team = search, rate = 1"),
        ({"GLACIER": {"days": 30}, "a": ("x", "y")}, "GLACIER = {days = 30}, a = [x, y]"),
    ],
)
def test_a_value_reads_as_it_is_typed(value: Any, shown: str) -> None:
    assert plain(tuple(parts(value, "path", {}))) == shown


def test_what_refers_to_something_leads_there() -> None:
    references = {"queue": "queues.a", "queues[1]": "queues.b", "shares.c": "queues.c"}
    assert list(parts("a", "queue", references)) == [Part("a", "queues.a")]
    assert list(parts(("a", "b"), "queues", references)) == [Part("a"), Part("b", "queues.b")]
    assert list(parts({"c": 1}, "shares", references)) == [Part("1", "queues.c", "c")]


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("delay_seconds", 59, ""),
        ("delay_seconds", 60, "1 minute"),
        ("delay_seconds", 61, ""),
        ("delay_seconds", 5_400, "90 minutes"),
        ("delay_seconds", 345_600, "4 days"),
        ("max_message_bytes", 1_048_576, "1 MiB"),
        ("max_message_bytes", 3_072, "3 KiB"),
        ("max_vcpus", 3_600, ""),
        ("delay_seconds", None, ""),
        ("wait_seconds", True, ""),
    ],
)
def test_a_number_is_told_in_the_largest_unit_that_it_is_whole_in(name: str, value: Any, words: str) -> None:
    assert in_words(name, value) == words


@pytest.mark.parametrize(
    ("value", "holds"),
    [(QUEUE, True), ({"a": {"b": QUEUE}}, True), ((1, QUEUE), True), ({"a": (1,)}, False), ("", False)],
)
def test_settings_are_found_however_deep_they_stand(value: Any, holds: bool) -> None:
    assert holds_settings(value) is holds
