"""Differences in words."""

from typing import Any

import pytest

from handover.difference_words import differences_in_words, in_words
from handover.opened import Difference, differences

PATHS = {"aws_sqs_queue.q": "queues/q", "aws_cloudwatch_metric_alarm.a": "alarms/a", "local.same": "same"}
ALARM = 'ALARM("${aws_cloudwatch_metric_alarm.a.alarm_name}")'
ARN = f"arn:aws:sqs:us-east-1:{{}}:{'x' * 60}"


def said(path: str, before: Any, after: Any) -> str:
    return in_words(Difference(path, before, after), PATHS).removeprefix(f"{path}: ")


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        (1, 2, "1 → 2"),
        (None, {"a": 1}, 'nothing → {"a": 1}'),
        ("${aws_sqs_queue.q.arn}", "x", "queues/q → x"),
        ("${local.same}-${local.a}", "${local.same}-${local.b}", "same-a → same-b"),
        ("${aws_sqs_queue.q.id}", "${aws_sqs_queue.q.arn}", "${aws_sqs_queue.q.id} → ${aws_sqs_queue.q.arn}"),
        (None, {"Effect": "Deny", "Action": "a", "Resource": "*"}, "nothing → denied (a) on *"),
        (["a", "b"], ["b", "c", "d"], "added c, d; removed a"),
        (["a"], ["a", "${aws_sqs_queue.q.arn}"], "added queues/q"),
        (["a", "b"], ["b"], "removed a"),
        (["a", "b"], ["a", "c"], "b → c"),
        (["a", "b"], ["b", "a"], "in another order"),
        (["a"], ["a", "a"], "differs"),
        (None, ["a", "b"], "added a, b"),
        (["a"], None, "removed a"),
        ([1], [1, 2, [3]], "added 2, [3]"),
        ([], [*"abcde"], "added a, b, c, d, e"),
        ([], [*"abcdef"], "added a, b, c, d and 2 more"),
        ([], [ARN.format(1), "b"], f"added arn:aws:sqs:us-east-…{'x' * 40}, b"),
        ([ARN.format(1), "a"], [ARN.format(2), "b"], f"added {ARN.format(2)}, b; removed {ARN.format(1)}, a"),
    ],
)
def test_of_a_list_it_is_told_what_comes_and_goes(before: Any, after: Any, told: str) -> None:
    assert said("equals", before, after) == told


def test_an_alarm_of_alarms_is_a_list_of_them() -> None:
    assert said("alarm_rule", 'ALARM("x")', f'ALARM("x") OR {ALARM}') == 'added ALARM("alarms/a")'
    assert said("description", "a", "a OR b") == "a → a OR b"


def widget(title: str, *labels: str, x: int = 0, **properties: Any) -> dict[str, Any]:
    metrics = [["AWS/SQS", {"id": "m0", "visible": False}], *(["AWS/SQS", {"label": label}] for label in labels)]
    return {"x": x, "properties": {"title": title, "metrics": metrics, **properties}}


def test_of_a_dashboard_it_is_told_which_widgets_show_what() -> None:
    before = [widget("Age", "a", "b"), widget("Gone"), widget("Same", stat="Sum"), widget("Right", x=1)]
    after = [widget("New"), widget("Age", "b", "c", "d"), widget("Same", stat="Max", x=6), widget("Right", x=2)]
    one, two = ({"dashboard_body": {"widgets": widgets}} for widgets in (before, after))
    path = "dashboard_body.widgets"
    assert [told for _, told in differences_in_words(differences(one, two), PATHS)] == [
        f"{path}[New] is new",
        f"{path}[Age].properties.metrics: added c, d; removed a",
        f"{path}[Same].properties.stat: Sum → Max",
        f"{path}[Gone] is gone",
        "dashboard_body: 2 widgets have another place or size",
    ]


def test_metrics_under_the_same_labels_differ() -> None:
    path = "dashboard_body.widgets[Age].properties.metrics"
    assert said(path, [["AWS/SQS", {"label": "a"}]], [["AWS/SNS", {"label": "a"}]]) == "differs"
