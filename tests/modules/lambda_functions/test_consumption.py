"""How a function is given messages of a queue: what is refused, on both sides of each limit."""

from typing import Any

import pytest

from modules.lambda_functions.settings import ExistingFunction, QueueConsumption
from tests.problems import refused

ARN = "arn:aws:lambda:us-east-1:111122223333:function:process"


@pytest.mark.parametrize(
    ("changes", "found"),
    [
        ({"batch_size": 1}, []),
        ({"batch_size": 10}, []),
        ({"batch_size": 11}, ["batching_window_seconds: 1, 10, got 0"]),
        ({"batch_size": 11, "batching_window_seconds": 1}, []),
        ({"batch_size": 10_000, "batching_window_seconds": 300}, []),
        ({"batch_size": 0}, ["batch_size: 1, 10,000, got 0"]),
        ({"batch_size": 10_001, "batching_window_seconds": 1}, ["batch_size: 1, 10,000, got 10,001"]),
        ({"batching_window_seconds": 301}, ["batching_window_seconds: 0, 300, got 301"]),
        ({"maximum_concurrency": 2}, []),
        ({"maximum_concurrency": 1_000}, []),
        ({"maximum_concurrency": 1}, ["maximum_concurrency: 2, 1,000, got 1"]),
        ({"maximum_concurrency": 1_001}, ["maximum_concurrency: 2, 1,000, got 1,001"]),
    ],
)
def test_lambda_takes_so_many_messages_at_a_time(changes: dict[str, Any], found: list[str]) -> None:
    if found:
        assert refused(QueueConsumption, **changes) == found
    else:
        assert QueueConsumption(**changes).model_fields_set == set(changes)


@pytest.mark.parametrize("timeout", [1, 900])
def test_a_function_that_consumes_says_how_long_it_may_work(timeout: int) -> None:
    consumes = {"requests": QueueConsumption()}
    assert ExistingFunction(function_arn=ARN, timeout_seconds=timeout, consumes=consumes).timeout_seconds == timeout
    assert refused(ExistingFunction, function_arn=ARN, consumes=consumes) == ["timeout_seconds: got None"]
    assert ExistingFunction(function_arn=ARN).consumes == {}


@pytest.mark.parametrize("timeout", [0, 901])
def test_no_function_works_longer_than_lambda_lets_it(timeout: int) -> None:
    assert refused(ExistingFunction, function_arn=ARN, timeout_seconds=timeout) == [
        f"timeout_seconds: 1, 900, got {timeout}"
    ]
