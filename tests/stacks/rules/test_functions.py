"""Functions against the queues whose messages they are given, each rule on both sides of its limit."""

from typing import Any

import pytest

from modules.lambda_functions.settings import ExistingFunction, QueueConsumption
from modules.sqs.settings import ExistingQueue, FifoMessageQueueSettings, MessageQueueSettings
from tests.problems import refused
from tests.stacks.rules.service_samples import with_cluster

ARN = "arn:aws:lambda:us-east-1:111122223333:function:process"


def function(queue: str = "documents", timeout: int = 3, **changes: Any) -> ExistingFunction:
    consumes = {queue: QueueConsumption(**changes)}
    return ExistingFunction(function_arn=ARN, timeout_seconds=timeout, consumes=consumes)


def their_queue(region: str = "us-east-1", name: str = "theirs", account: str = "444455556666") -> ExistingQueue:
    return ExistingQueue(queue_arn=f"arn:aws:sqs:{region}:{account}:{name}", visibility_timeout_seconds=18)


@pytest.mark.parametrize(
    ("queue", "changes", "found"),
    [
        (MessageQueueSettings(visibility_timeout_seconds=18), {}, []),
        (MessageQueueSettings(visibility_timeout_seconds=17), {}, ["visibility_timeout_seconds: 18, 3, got 17"]),
        (MessageQueueSettings(visibility_timeout_seconds=38), {"batching_window_seconds": 20}, []),
        (
            MessageQueueSettings(visibility_timeout_seconds=37),
            {"batching_window_seconds": 20},
            ["visibility_timeout_seconds: 38, 3, 20, got 37"],
        ),
        (their_queue(), {}, []),
        (their_queue(), {"batching_window_seconds": 1}, ["visibility_timeout_seconds: 19, 3, 1, got 18"]),
    ],
)
def test_a_message_is_hidden_for_six_timeouts_of_the_function(
    queue: Any, changes: dict[str, Any], found: list[str]
) -> None:
    def build() -> Any:
        return with_cluster(queues={"documents": queue}, functions={"process": function(**changes)})

    if found:
        got = [problem.replace(" 6,", "") for problem in refused(build)]
        assert got == [f"queues.documents.{problem}" for problem in found]
    else:
        assert build().name == "test"


@pytest.mark.parametrize(
    ("changes", "found"),
    [
        ({"batch_size": 10}, []),
        ({"batching_window_seconds": 1}, ["batching_window_seconds: 0, got 1"]),
        (
            {"batch_size": 11, "batching_window_seconds": 1},
            ["batch_size: 10, got 11", "batching_window_seconds: 0, got 1"],
        ),
    ],
)
@pytest.mark.parametrize("theirs", [False, True])
def test_nothing_is_gathered_of_a_fifo_queue(changes: dict[str, Any], found: list[str], theirs: bool) -> None:
    queue = their_queue(name="a.fifo") if theirs else FifoMessageQueueSettings(visibility_timeout_seconds=60)

    def build() -> Any:
        return with_cluster(queues={"documents": queue}, functions={"process": function(timeout=1, **changes)})

    if found:
        assert refused(build) == [f"functions.process.consumes.documents.{problem}" for problem in found]
    else:
        assert build().name == "test"


def test_a_queue_of_another_account_is_consumed_and_of_another_region_not() -> None:
    assert with_cluster(queues={"documents": their_queue()}, functions={"a": function()}).name == "test"
    queues = {"documents": their_queue("eu-west-1")}
    assert refused(lambda: with_cluster(queues=queues, functions={"a": function()})) == [
        "functions.a.consumes.documents: got 'arn:aws:sqs:eu-west-1:444455556666:theirs'"
    ]


def test_a_queue_that_is_consumed_is_there() -> None:
    assert refused(lambda: with_cluster(functions={"a": function("dokuments")})) == [
        "functions.a.consumes.dokuments: got 'dokuments'"
    ]
