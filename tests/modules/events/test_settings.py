from typing import Any

import pytest

from modules.batch.settings.submissions import JobRequest
from modules.events.bus_settings import NewEventBus
from modules.events.settings import RuleSettings
from modules.events.sources import HealthEvent, ObjectCreated, OtherEvent
from modules.kms.settings import NewKmsKey
from modules.naming import AwsLocation
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


def test_only_what_is_archived_is_encrypted_in_an_archive() -> None:
    target = QueueMessage(queue="news")
    assert RuleSettings(event=HealthEvent(), target=target, archive_days=1, archive_kms_key=NewKmsKey())
    assert refused(RuleSettings, event=HealthEvent(), target=target, archive_kms_key=NewKmsKey()) == [
        "archive_kms_key: got a NewKmsKey"
    ]


def test_what_services_tell_comes_to_the_default_event_bus() -> None:
    target = QueueMessage(queue="news")
    other = OtherEvent(field_matches={"source": ["acme"]})
    assert RuleSettings(event=other, target=target, event_bus="own")
    assert refused(RuleSettings, event=HealthEvent(), target=target, event_bus="own") == ["event_bus: got 'own'"]


def test_an_event_bus_without_a_key_loses_nothing_to_it() -> None:
    assert NewEventBus(kms_key=NewKmsKey(), dead_letter_queue="lost")
    assert refused(NewEventBus, dead_letter_queue="lost") == ["dead_letter_queue: got 'lost'"]


def test_keys_are_called_after_what_they_encrypt() -> None:
    rule = RuleSettings(
        event=HealthEvent(), target=QueueMessage(queue="news"), archive_days=1, archive_kms_key=NewKmsKey()
    )
    location = AwsLocation("us-east-1", "111122223333")
    assert [item.text for item in rule.names("go", location)] == ["go", "go", "alias/archives/go"]
    bus = NewEventBus(kms_key=NewKmsKey())
    assert [item.text for item in bus.names("forum", location)] == ["forum", "alias/event-buses/forum"]
