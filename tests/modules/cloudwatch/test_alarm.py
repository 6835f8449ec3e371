import re

import pytest
from cdktf import TerraformStack

from modules.cloudwatch.alarm import metric_alarm
from modules.cloudwatch.metrics import MAX_QUERIES, Expression, Metric, Query
from tests.conftest import Synthesized

AGE = Metric("age", "AWS/SQS", "ApproximateAgeOfOldestMessage", {"QueueName": "tb-test-documents"}, "Maximum", 300)
HOURS = Expression("hours", "age / 3600")
TOPIC = "arn:aws:sns:us-east-1:111122223333:alarms"


def define(stack: TerraformStack, *queries: Query, **changes: object) -> None:
    arguments = {"threshold": 2, "periods": 3, "action_arns": [TOPIC], "description": "Messages are old"} | changes
    metric_alarm(stack, "age", name="tb-test-age", queries=queries, **arguments)  # type: ignore[arg-type]


def test_an_alarm_watches_the_last_of_its_queries(stack: TerraformStack) -> None:
    define(stack, AGE, HOURS)
    assert Synthesized(stack).one("aws_cloudwatch_metric_alarm") == {
        "alarm_actions": [TOPIC],
        "alarm_description": "Messages are old",
        "alarm_name": "tb-test-age",
        "comparison_operator": "GreaterThanOrEqualToThreshold",
        "datapoints_to_alarm": 3,
        "evaluation_periods": 3,
        "metric_query": [
            {
                "id": "age",
                "metric": {
                    "dimensions": {"QueueName": "tb-test-documents"},
                    "metric_name": "ApproximateAgeOfOldestMessage",
                    "namespace": "AWS/SQS",
                    "period": 300,
                    "stat": "Maximum",
                },
                "return_data": False,
            },
            {"expression": "age / 3600", "id": "hours", "return_data": True},
        ],
        "threshold": 2,
        "treat_missing_data": "notBreaching",
    }


def test_an_alarm_tells_when_it_is_over_and_takes_silence_for_what_it_is_told(stack: TerraformStack) -> None:
    define(stack, AGE, ok_action_arns=[TOPIC], treat_missing_data="breaching")
    alarm = Synthesized(stack).one("aws_cloudwatch_metric_alarm")
    assert (alarm["ok_actions"], alarm["treat_missing_data"]) == ([TOPIC], "breaching")


@pytest.mark.parametrize("count", [0, MAX_QUERIES + 1])
def test_an_alarm_on_nothing_or_on_more_than_cloudwatch_takes_is_refused(stack: TerraformStack, count: int) -> None:
    with pytest.raises(
        ValueError, match=re.escape(f"tb-test-age must watch 1 to 10 metrics and expressions, got {count}")
    ):
        define(stack, *[AGE] * count)


def test_ten_metrics_and_expressions_are_what_an_alarm_may_watch(stack: TerraformStack) -> None:
    define(stack, *[Expression(f"e{index}", "1") for index in range(MAX_QUERIES)])
    assert len(Synthesized(stack).one("aws_cloudwatch_metric_alarm")["metric_query"]) == MAX_QUERIES
