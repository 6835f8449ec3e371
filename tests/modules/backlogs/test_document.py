"""The state machine of a backlog, executed: how many children are submitted for how many messages."""

from typing import Any

import pytest

from modules.backlogs.document import backlog_document
from modules.backlogs.settings import BacklogSettings
from modules.batch.settings.submissions import JobRequest
from modules.naming import AwsLocation
from tests.problems import refused
from tests.state_machines import ACCOUNT, REGION, client, run

URL = f"https://sqs.{REGION}.amazonaws.com/{ACCOUNT}/work"
REQUEST = {"jobName": "recheck", "jobQueue": "light", "jobDefinition": "recheck", "parameters": {"kind": "x"}}


def backlog(**changes: Any) -> BacklogSettings:
    values: dict[str, Any] = {
        "queue": "work",
        "job": JobRequest(job_definition="recheck"),
        "messages_per_child": 2,
        "max_children": 5,
    }
    return BacklogSettings(**values | changes)


def submitted(messages: int, **changes: Any) -> list[dict[str, Any]]:
    """Return the requests for jobs that are made where so many messages wait."""

    def wait() -> None:
        client("sqs").create_queue(QueueName="work")
        for number in range(messages):
            client("sqs").send_message(QueueUrl=URL, MessageBody=str(number))

    document = backlog_document(backlog(**changes), REQUEST, URL, AwsLocation(REGION, ACCOUNT))
    result = run(document, prepare=wait)
    assert result.status == "SUCCEEDED", result.cause
    return [dict(call.request) for call in result.calls if call.operation == "SubmitJob"]


def test_nothing_is_submitted_for_an_empty_queue() -> None:
    assert submitted(0) == []


@pytest.mark.parametrize("messages", [1, 2])
def test_one_child_is_a_plain_job(messages: int) -> None:
    assert submitted(messages) == [REQUEST]


@pytest.mark.parametrize(("messages", "children"), [(3, 2), (4, 2), (5, 4), (8, 4), (9, 5), (30, 5)])
def test_children_are_as_many_as_there_is_work_for_and_no_more(messages: int, children: int) -> None:
    assert submitted(messages) == [REQUEST | {"arrayProperties": {"size": children}}]


def test_there_may_be_one_child_at_most() -> None:
    assert submitted(30, max_children=1) == [REQUEST]


@pytest.mark.parametrize(
    ("most", "sizes"), [(1, [1]), (2, [1, 2]), (3, [1, 2, 3]), (8, [1, 2, 4, 8]), (10_000, [2**n for n in range(14)])]
)
def test_sizes_double_up_to_the_most(most: int, sizes: list[int]) -> None:
    assert backlog(max_children=most).sizes == [*sizes, *([10_000] if most == 10_000 else [])]


@pytest.mark.parametrize(
    ("field", "lowest", "highest"),
    [("messages_per_child", 1, 1_000_000), ("max_children", 1, 10_000), ("alarm_messages", 1, 1_000_000_000)],
)
def test_limits_hold_on_both_edges(field: str, lowest: int, highest: int) -> None:
    assert backlog(**{field: lowest}) != backlog(**{field: highest})
    for value in (lowest - 1, highest + 1):
        assert refused(backlog, **{field: value})[0].startswith(f"{field}: {lowest:,}, {highest:,}, got ")


def test_the_number_of_children_is_not_the_jobs_to_say() -> None:
    assert refused(backlog, job=JobRequest(job_definition="recheck", array_size=2)) == ["job.array_size: got 2"]
    assert refused(backlog, job=JobRequest(job_definition="recheck", node_count=2)) == ["job.node_count: got 2"]
