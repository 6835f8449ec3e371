from typing import Any

import pytest

from modules.batch.settings.submissions import JobRequest
from modules.events.settings import RuleSettings
from modules.events.sources import ObjectCreated
from modules.targets.settings import FunctionCall, QueueMessage
from tests.problems import refused

CREATED = ObjectCreated(bucket="data")


def rule(**changes: Any) -> RuleSettings:
    values: dict[str, Any] = {"event": CREATED, "target": JobRequest(job_definition="embed")}
    return RuleSettings(**values | changes)


@pytest.mark.parametrize(
    ("field", "lowest", "highest"),
    [("retry_attempts", 0, 185), ("max_event_age_seconds", 60, 86_400), ("archive_days", 1, 36_500)],
)
def test_limits_hold_on_both_edges(field: str, lowest: int, highest: int) -> None:
    assert rule(**{field: lowest}) != rule(**{field: highest})
    for value in (lowest - 1, highest + 1):
        assert refused(rule, **{field: value})[0].startswith(f"{field}: {lowest:,}, {highest:,}, got ")


def of_a_job(key: str) -> RuleSettings:
    return rule(target=JobRequest(job_definition="embed", parameters={"key": key}))


def test_a_part_of_the_event_is_a_text_as_a_whole() -> None:
    assert of_a_job("$.detail.object.key")
    assert refused(of_a_job, key="s3://x/$.detail.object.key") == [
        "target.parameters.key: got 's3://x/$.detail.object.key'"
    ]


@pytest.mark.parametrize(
    ("key", "found"),
    [
        ("$.body.key", "target.parameters.key: got 'body'"),
        ("$.detail.keys[*]", "target.parameters.key: 0, 256, got '$.detail.keys[*]'"),
    ],
)
def test_a_path_leads_into_the_event(key: str, found: str) -> None:
    (problem,) = refused(of_a_job, key=key)
    assert problem.partition(":")[0] == found.partition(":")[0]
    assert problem.rpartition("got ")[2] == found.rpartition("got ")[2]


def test_the_longest_path_has_256_characters() -> None:
    longest = "$.detail." + "k" * 247
    assert of_a_job(longest)
    assert len(refused(of_a_job, key=f"{longest}k")) == 1


def test_what_is_sent_is_json() -> None:
    assert rule(target=QueueMessage(queue="a", body='{"key":"<$.detail.object.key>"}'))
    assert rule(target=QueueMessage(queue="a", body="$.detail"))
    assert rule(target=FunctionCall(function="f", payload='"done"'))
    assert refused(lambda: rule(target=QueueMessage(queue="a", body="done"))) == ["target.body: got 'done'"]


def test_a_body_names_parts_that_events_have() -> None:
    assert refused(lambda: rule(target=QueueMessage(queue="a", body='"<$.detials.key>"'))) == [
        "target.body: got 'detials'"
    ]


def test_only_what_needs_a_role_has_one() -> None:
    assert rule().has_role
    assert not rule(target=QueueMessage(queue="a")).has_role
    assert not rule(target=FunctionCall(function="f")).has_role
