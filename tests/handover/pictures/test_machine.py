"""What a state machine's picture shows."""

from typing import Any

import pytest

from handover.pictures.graph import Box, Edge, Graph
from handover.pictures.machine import machine_graph

JOB = {
    "Type": "Task",
    "Resource": "arn:aws:states:::batch:submitJob.sync",
    "Parameters": {"JobDefinition": "embed", "JobQueue": "gpu", "ArrayProperties": {"Size": 2_000}},
    "Retry": [
        {"ErrorEquals": ["Batch.AWSBatchException", "Batch.ServerException"], "MaxAttempts": 5},
        {"ErrorEquals": ["States.TaskFailed"]},
    ],
    "TimeoutSeconds": 3_600,
}


def graph(states: dict[str, Any], start: str = "a") -> Graph:
    return machine_graph("nightly", {"StartAt": start, "States": states}, lambda _, text: f"<{text}>")


def box(state: dict[str, Any]) -> Box:
    (found,) = [found for found in graph({"a": state}).boxes if found.key == "a"]
    return found


@pytest.mark.parametrize(
    ("state", "look", "caption", "details"),
    [
        (
            JOB,
            "job",
            "Batch job",
            [
                "<embed> on <gpu>",
                "2,000 children",
                "at most 3,600 s",
                "5 tries more on Batch.*",
                "3 tries more on TaskFailed",
            ],
        ),
        (
            {"Type": "Task", "Resource": "arn:aws:states:::lambda:invoke", "Parameters": {"FunctionName": "tell"}},
            "function",
            "Lambda function",
            ["<tell>"],
        ),
        (
            {
                "Type": "Task",
                "Resource": "arn:aws:states:::states:startExecution.sync:2",
                "Parameters": {"StateMachineArn": "arn"},
            },
            "pipeline",
            "pipeline",
            ["<arn>"],
        ),
        ({"Type": "Task", "Resource": "arn:aws:states:::sns:publish"}, "function", "sns:publish", []),
        ({"Type": "Wait", "Seconds": 1_200}, "clock", "wait", ["for 1,200 s"]),
        ({"Type": "Fail", "Error": "StageFailed"}, "fail", "fails", ["StageFailed"]),
        ({"Type": "Succeed"}, "end", "succeeds", []),
        (
            {
                "Type": "Map",
                "ItemReader": {"Parameters": {"Bucket": "data", "Prefix.$": "States.Format('in/{}/', $.date)"}},
                "ItemProcessor": {
                    "ProcessorConfig": {"Mode": "DISTRIBUTED"},
                    "StartAt": "item",
                    "States": {"item": {**JOB, "End": True}},
                },
                "MaxConcurrency": 500,
                "ToleratedFailurePercentage": 2.5,
            },
            "branches",
            "for each (distributed)",
            ["of in/…/ in <data>", "500 at a time", "2.5 % may fail"],
        ),
    ],
)
def test_a_box_says_what_a_state_does(state: dict[str, Any], look: str, caption: str, details: list[str]) -> None:
    found = box(state)
    assert (found.look, found.caption, list(found.details)) == (look, caption, details)


def test_edges_are_what_follows_what_is_chosen_and_what_is_done_on_failure() -> None:
    states = {
        "a": {"Type": "Choice", "Choices": [{"Variable": "$.n", "NumericEquals": 0, "Next": "b"}], "Default": "c"},
        "b": {**JOB, "Next": "c", "Catch": [{"ErrorEquals": ["States.ALL"], "Next": "d"}]},
        "c": {**JOB, "End": True, "Catch": [{"ErrorEquals": ["States.TaskFailed", "States.Timeout"], "Next": "d"}]},
        "d": {"Type": "Fail"},
    }
    assert set(graph(states).edges) == {
        Edge("start", "a"),
        Edge("a", "b", "flow", "n = 0"),
        Edge("a", "c", "flow", "else"),
        Edge("b", "c"),
        Edge("b", "d", "fails"),
        Edge("c", "d", "fails", "on TaskFailed, Timeout"),
        Edge("c", "end"),
    }


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        ({"Variable": "$.input.date", "IsPresent": True}, "date is there"),
        ({"Variable": "$.input.date", "IsPresent": False}, "date is not there"),
        ({"Variable": "$.x", "IsNull": True}, "x is null"),
        ({"Variable": "$.n", "NumericLessThanEquals": 5}, "n ≤ 5"),
        ({"Variable": "$.n", "NumericGreaterThanPath": "$.last.m"}, "n > m"),
        ({"Variable": "$.s", "StringMatches": "a*"}, "s ~ a*"),
        ({"Variable": "$.b", "BooleanEquals": True}, "b = True"),
        ({"Not": {"Variable": "$.s", "StringEquals": "no"}}, "not s = no"),
        (
            {"And": [{"Variable": "$.a", "StringEquals": "x"}, {"Variable": "$.b", "StringEquals": "y"}]},
            "a = x and b = y",
        ),
        ({"Or": [{"Variable": "$.a", "StringEquals": "x"}, {"Variable": "$.b", "IsNull": True}]}, "a = x or b is null"),
        ({"Condition": "{% $n > 3 %}"}, "$n > 3"),
    ],
)
def test_conditions_are_in_words(rule: dict[str, Any], expected: str) -> None:
    choice = {"Type": "Choice", "Choices": [{**rule, "Next": "b"}]}
    edges = graph({"a": choice, "b": {"Type": "Succeed"}}).edges
    assert [edge.label for edge in edges if edge.source == "a"] == [expected]


def test_branches_and_what_is_done_for_each_are_graphs_inside_of_the_box() -> None:
    inner = {"StartAt": "x", "States": {"x": {**JOB, "Next": "y"}, "y": {**JOB, "End": True}}}
    found = box({"Type": "Parallel", "Branches": [inner, inner], "End": True})
    assert [[part.title for part in branch.boxes] for branch in found.inside] == [["x", "y"], ["x", "y"]]
    keys = [part.key for branch in found.inside for part in branch.boxes]
    assert len(set(keys)) == 4
    assert [(edge.source, edge.target) for edge in found.inside[1].edges] == [(keys[2], keys[3])]


def test_a_state_that_follows_itself_says_so() -> None:
    choice = {"Type": "Choice", "Choices": [{"Variable": "$.n", "NumericEquals": 0, "Next": "a"}]}
    assert list(box(choice).details) == ["again n = 0"]
    assert graph({"a": choice}).edges == [Edge("start", "a")]
