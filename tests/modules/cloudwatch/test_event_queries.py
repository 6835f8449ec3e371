"""Queries name nothing that is in no event, and end where Logs Insights takes no more."""

import re
from collections.abc import Iterator
from typing import Any

import pytest

from modules.cloudwatch.event_queries import event_queries
from tests.modules.cloudwatch import operated_events as events
from tests.modules.cloudwatch.operated_events import ended, job
from tests.modules.events.samples import TASK_STOPPED

MAX_QUERY = 10_000

QUERIES = event_queries(["cost.centre", "team"])
ERROR = {"exitCode": 137, "reason": "OutOfMemoryError: Container killed due to memory usage"}
TOLD = [ended(container=ERROR), job("RUNNABLE"), events.ARRAY, events.TOO_LARGE, TASK_STOPPED]


def fields(value: Any, path: str = "") -> Iterator[str]:
    """Yield the fields that Logs Insights finds in an event."""
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from fields(inner, f"{path}.{name}" if path else name)
    yield path


@pytest.mark.parametrize("name", QUERIES)
def test_a_query_reads_fields_that_events_have(name: str) -> None:
    known = {field for event in TOLD for field in fields(event)} | {"detail.tags.cost.centre"}
    named = set(re.findall(r"`([^`]+)`", QUERIES[name].text)) | set(
        re.findall(r"(?<![\w`.])detail\.[\w.]+", QUERIES[name].text)
    )
    assert named
    assert named - known == set()


@pytest.mark.parametrize("name", QUERIES)
def test_a_query_is_one_that_can_be_kept(name: str) -> None:
    assert len(QUERIES[name].text) <= MAX_QUERY
    commands = {line.partition(" ")[0] for line in QUERIES[name].lines}
    assert commands <= {"display", "fields", "filter", "limit", "parse", "sort", "stats"}
    assert QUERIES[name].text.count("(") == QUERIES[name].text.count(")")


def test_vcpus_are_found_in_either_order_of_their_keys() -> None:
    patterns = [re.search(r"/(.*)/", line) for line in QUERIES["cost-driver"].lines if line.startswith("parse")]
    found = [
        re.search(pattern[1].replace("?<", "?P<"), text)
        for text in ('[{"value":"0.5","type":"VCPU"}]', '[{"type":"VCPU","value":"0.5"}]')
        for pattern in patterns
        if pattern
    ]
    assert [item[1] for item in found if item] == ["0.5", "0.5"]


def test_every_team_tag_tells_jobs_apart() -> None:
    assert "by `detail.tags.cost.centre`, `detail.tags.team`, detail.jobDefinition" in QUERIES["cost-driver"].text
