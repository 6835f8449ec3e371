from typing import Any

import pytest

from modules.batch.settings.submissions import JobRequest
from modules.events.matching import Wildcard
from modules.pipes.settings import MessageFilter, PipeSettings
from modules.targets.settings import FunctionCall, PipelineExecution, QueueMessage, TargetSettings, TaskRun
from tests.modules.events.samples import has
from tests.problems import refused

JOB = JobRequest(job_definition="embed")
TASK = TaskRun(task_definition="index")
CALL = FunctionCall(function="notify")
# The sample of the user guide's page on SQS as a source, with a body that is JSON.
MESSAGE = {
    "messageId": "059f36b4-87a3-44ab-83d2-661975830a7d",
    "receiptHandle": "AQEBwJnKyrHigUMZj6rYigCgxlaS3SLy0a...",
    "body": {"kind": "image", "key": "in/a.png"},
    "attributes": {
        "ApproximateReceiveCount": "1",
        "SentTimestamp": "1545082649183",
        "SenderId": "AIDAIENQZJOLO23YVJ4VO",
        "ApproximateFirstReceiveTimestamp": "1545082649185",
    },
    "messageAttributes": {},
    "md5OfBody": "e4e68fb7bd0e697a0ae8f1bb342846b3",
    "eventSource": "aws:sqs",
    "eventSourceARN": "arn:aws:sqs:us-east-2:123456789012:my-queue",
    "awsRegion": "us-east-2",
}


def pipe(**changes: Any) -> PipeSettings:
    return PipeSettings(**{"queue": "requests", "target": JOB, **changes})


def test_a_filter_is_about_fields_that_a_message_has() -> None:
    images = MessageFilter(matches={"body.kind": ["image"], "attributes.SenderId": ["AIDAIENQZJOLO23YVJ4VO"]})
    assert has(images.matches, MESSAGE)
    assert not has(MessageFilter(matches={"body.kind": ["text"]}).matches, MESSAGE)
    assert refused(MessageFilter, matches={"detail.kind": ["image"]}) == ["matches.detail.kind: got 'detail'"]


def test_a_filter_has_what_pipes_know() -> None:
    assert refused(MessageFilter, matches={"body.key": [Wildcard(pattern="*.png")]}) == [
        "matches.body.key[0]: got a Wildcard"
    ]


@pytest.mark.parametrize("target", [JOB, TASK, PipelineExecution(pipeline="nightly")])
def test_each_message_starts_a_job_task_or_execution_of_its_own(target: TargetSettings) -> None:
    assert pipe(target=target, batch_size=1)
    assert refused(pipe, target=target, batch_size=2, batch_window_seconds=1) == [
        "batch_size: 1, got 2",
        "batch_window_seconds: 0, got 1",
    ]


def test_a_queue_takes_ten_messages_at_a_time() -> None:
    message = QueueMessage(queue="ordered")
    assert pipe(target=message, batch_size=10)
    assert refused(pipe, target=message, batch_size=11) == ["batch_size: 10, got 11"]


def test_more_than_ten_messages_are_waited_for() -> None:
    assert pipe(target=CALL, batch_size=10)
    assert pipe(target=CALL, batch_size=11, batch_window_seconds=1)
    assert refused(pipe, target=CALL, batch_size=11) == ["batch_window_seconds: 1, 10, got 0"]


@pytest.mark.parametrize("path", ["$.body.date", "$.body.days[0].name", "$.messageAttributes.date.stringValue"])
def test_a_part_of_the_message_is_named_by_its_path(path: str) -> None:
    assert pipe(target=JobRequest(job_definition="embed", parameters={"date": path}))
    assert pipe(target=TaskRun(task_definition="index", environment={"DATE": path}))


@pytest.mark.parametrize("text", ["from $.body.date", "s3://data/$.body.key"])
def test_a_path_is_a_text_as_a_whole(text: str) -> None:
    request = JobRequest(job_definition="embed", parameters={"date": text})
    assert refused(pipe, target=request) == [f"target.parameters.date: got {text!r}"]


@pytest.mark.parametrize(("path", "got"), [("$.detail.key", "'detail'"), ("$.body.days[?(@.x)]", None), ("$.", None)])
def test_a_path_leads_into_the_message(path: str, got: str | None) -> None:
    request = JobRequest(job_definition="embed", environment={"DATE": path})
    assert refused(pipe, target=request) == [f"target.environment.DATE: got {got or repr(path)}"]


def test_a_body_and_a_payload_may_have_paths_inside() -> None:
    assert pipe(target=QueueMessage(queue="ordered", body='{"key": "<$.body.key>"}'))
    assert pipe(target=FunctionCall(function="notify", payload='{"key": "<$.body.key>"}'))
    assert refused(pipe, target=FunctionCall(function="notify", payload='{"key": "<$.boby.key>"}')) == [
        "target.payload: got 'boby'"
    ]


def test_what_is_no_path_is_a_plain_text() -> None:
    assert pipe(target=JobRequest(job_definition="embed", parameters={"price": "$5", "shell": "$HOME/x"}))


@pytest.mark.parametrize(("field", "lowest", "highest"), [("batch_size", 1, 10_000), ("batch_window_seconds", 0, 300)])
def test_limits_hold_on_both_edges(field: str, lowest: int, highest: int) -> None:
    waiting = {"target": CALL, "batch_window_seconds": 300}
    assert getattr(pipe(**waiting | {field: highest}), field) == highest
    for value in (lowest - 1, highest + 1):
        assert refused(pipe, **waiting | {field: value})[0].startswith(f"{field}: ")
