"""What happens, as AWS's documentation shows it, against rules that are about it and rules that are not."""

from typing import Any

import pytest

from modules.events.matching import EndsWith, InNetwork, IsNumber, NoneOf, StartsWith
from modules.events.patterns import Matches, pattern_document, pattern_text
from modules.events.sources import (
    HealthEvent,
    JobStateChange,
    ObjectCreated,
    OtherEvent,
    RuleEvent,
    TaskStopped,
)
from tests.modules.events.samples import CONTEXT, HERE, JOB_FAILED, TASK_STOPPED, text_fits, with_detail
from tests.problems import refused

OBJECT_CREATED = {
    "version": "0",
    "id": "17793124-05d4-b198-2fde-7ededc63b103",
    "detail-type": "Object Created",
    "source": "aws.s3",
    "account": "111122223333",
    "time": "2021-11-12T00:00:00Z",
    "region": "us-east-1",
    "resources": ["arn:aws:s3:::amzn-s3-demo-bucket1"],
    "detail": {
        "version": "0",
        "bucket": {"name": "amzn-s3-demo-bucket1"},
        "object": {
            "key": "example-key",
            "size": 5,
            "etag": "b1946ac92492d2347c6235b4d2611184",
            "sequencer": "00617F08",
        },
        "request-id": "N4N7GDK58NMKJ12R",
        "requester": "123456789012",
        "source-ip-address": "1.2.3.4",
        "reason": "PutObject",
    },
}
HEALTH = {
    "version": "0",
    "id": "7bf73129-1428-4cd3-a780-95db273d1602",
    "detail-type": "AWS Health Event",
    "source": "aws.health",
    "account": "111122223333",
    "time": "2023-01-26T01:43:21Z",
    "region": "us-east-1",
    "resources": [],
    "detail": {
        "eventArn": "arn:aws:health:ap-southeast-2::event/AWS_ELASTICLOADBALANCING_API_ISSUE_90353408594353980",
        "service": "ELASTICLOADBALANCING",
        "eventTypeCode": "AWS_ELASTICLOADBALANCING_API_ISSUE",
        "eventTypeCategory": "issue",
        "eventScopeCode": "ACCOUNT_SPECIFIC",
    },
}


def with_key(key: str) -> dict[str, Any]:
    return with_detail(OBJECT_CREATED, object={**OBJECT_CREATED["detail"]["object"], "key": key})  # type: ignore[index]


def fits(settings: RuleEvent, event: dict[str, Any]) -> bool:
    return text_fits(pattern_text(settings.matches(CONTEXT)), event)


CREATED = ObjectCreated(bucket="data")
FAILED = JobStateChange(states=["FAILED"])
STOPPED = TaskStopped(clusters=["main"])
CHILD = with_detail(JOB_FAILED, arrayProperties={"index": 3})
CASES: list[tuple[RuleEvent, list[dict[str, Any]], list[dict[str, Any]]]] = [
    (CREATED, [OBJECT_CREATED], [OBJECT_CREATED | {"detail-type": "Object Deleted"}, JOB_FAILED]),
    (ObjectCreated(bucket="logs"), [], [OBJECT_CREATED]),
    (ObjectCreated(bucket="data", prefixes=["in/", "ex"]), [OBJECT_CREATED, with_key("in/a")], [with_key("out/in/a")]),
    (ObjectCreated(bucket="data", suffixes=[".png"]), [with_key("a.png")], [OBJECT_CREATED, with_key("a.png/b")]),
    (FAILED, [JOB_FAILED], [with_detail(JOB_FAILED, status="SUCCEEDED"), CHILD, TASK_STOPPED]),
    (JobStateChange(states=["SUCCEEDED", "FAILED"], array_children=True), [JOB_FAILED, CHILD], [HEALTH]),
    (JobStateChange(states=["FAILED"], job_queues=["high"]), [JOB_FAILED], []),
    (JobStateChange(states=["FAILED"], job_queues=["low"]), [], [JOB_FAILED]),
    (FAILED, [], [with_detail(JOB_FAILED, jobQueue=f"arn:aws:batch:{HERE}:job-queue/of-others")]),
    (JobStateChange(states=["FAILED"], job_definitions=["canary"]), [JOB_FAILED], []),
    (JobStateChange(states=["FAILED"], job_definitions=["other"]), [], [JOB_FAILED]),
    (STOPPED, [TASK_STOPPED], [with_detail(TASK_STOPPED, lastStatus="RUNNING"), OBJECT_CREATED]),
    (TaskStopped(clusters=["spare"]), [], [TASK_STOPPED]),
    (TaskStopped(clusters=["main"], task_definitions=["index"]), [TASK_STOPPED], []),
    (TaskStopped(clusters=["main"], task_definitions=["other"]), [], [TASK_STOPPED]),
    (TaskStopped(clusters=["main"], stop_codes=["EssentialContainerExited"]), [TASK_STOPPED], []),
    (TaskStopped(clusters=["main"], stop_codes=["SpotInterruption"]), [], [TASK_STOPPED]),
    (HealthEvent(), [HEALTH], [JOB_FAILED]),
    (HealthEvent(services=["ELASTICLOADBALANCING"], categories=["issue"]), [HEALTH], []),
    (HealthEvent(services=["BATCH"]), [], [HEALTH]),
    (HealthEvent(categories=["scheduledChange"]), [], [HEALTH]),
    (OtherEvent(field_matches={"source": [StartsWith(text="aws.")]}), [HEALTH, JOB_FAILED], [{"source": "acme"}]),
    (
        OtherEvent(
            field_matches={"source": ["aws.s3"], "detail.object.key": [NoneOf(matches=[EndsWith(text=".tmp")])]},
            any_of=[
                {"detail.object.size": [IsNumber(above=9)]},
                {"detail.source-ip-address": [InNetwork(cidr_block="1.2.3.0/24")]},
            ],
        ),
        [OBJECT_CREATED],
        [with_key("a.tmp"), with_detail(OBJECT_CREATED, **{"source-ip-address": "9.9.9.9"}), JOB_FAILED],
    ),
]


@pytest.mark.parametrize(("settings", "fit", "others"), CASES)
def test_a_rule_is_about_what_it_says(
    settings: RuleEvent, fit: list[dict[str, Any]], others: list[dict[str, Any]]
) -> None:
    assert [fits(settings, event) for event in fit] == [True] * len(fit)
    assert [fits(settings, event) for event in others] == [False] * len(others)


def test_a_key_that_starts_and_ends_so_has_one_pattern_for_both() -> None:
    settings = ObjectCreated(bucket="data", prefixes=["in/", "a*b/"], suffixes=[".png"])
    document = pattern_document(settings.matches(CONTEXT))
    patterns = [item["wildcard"] for item in document["detail"]["object"]["key"]]
    assert patterns == ["in/*.png", "a\\*b/*.png"]
    assert fits(settings, with_key("in/x/y.png"))
    assert not fits(settings, with_key("in/x.jpg"))
    assert not fits(settings, with_key("out/x.png"))


def test_other_events_have_the_fields_of_events() -> None:
    assert refused(OtherEvent, field_matches={"body.kind": ["x"]}) == ["field_matches.body.kind: got 'body'"]


def test_alternatives_are_several_and_about_other_fields() -> None:
    told: Matches = {"source": ["acme"]}
    one: Matches = {"detail.a": ["x"]}
    other: Matches = {"detail.b": ["y"]}
    assert OtherEvent(field_matches=told, any_of=[one, other])
    assert refused(OtherEvent, field_matches=told, any_of=[one]) == ["any_of: 2, got 1"]
    assert refused(OtherEvent, field_matches=told, any_of=[one, {}]) == ["any_of[1]: got {}"]
    assert refused(OtherEvent, field_matches=told, any_of=[one, told]) == ["any_of[1].source: got 'source'"]
    assert refused(OtherEvent, field_matches=told, any_of=[one, {"body": ["x"]}]) == ["any_of[1].body: got 'body'"]
    both = {"detail.b": ["y"], "detail.b.c": ["y"]}
    assert refused(OtherEvent, field_matches=told, any_of=[one, both]) == ["any_of[1].detail.b.c: got 'detail.b.c'"]
    long = {"detail.b": ["y" * 1_000]}
    assert refused(OtherEvent, field_matches=told, any_of=[one, *[long] * 5]) == ["any_of: 4,096, got 5,160"]


def test_a_base_class_is_about_nothing() -> None:
    with pytest.raises(NotImplementedError):
        RuleEvent.matches(CREATED, CONTEXT)
