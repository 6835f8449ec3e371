"""What a plan's JSON says becomes one line for each change."""

from typing import Any

import pytest

from rehearsal.plan_reading import Change, read_plan


def planned(actions: list[str], **change: Any) -> list[Change]:
    entry = {"address": "aws_sqs_queue.a", "type": "aws_sqs_queue", "change": {"actions": actions, **change}}
    return read_plan({"resource_changes": [entry]})


@pytest.mark.parametrize("actions", [["no-op"], ["read"]])
def test_what_stays_as_it_is_is_no_change(actions: list[str]) -> None:
    assert planned(actions) == []


@pytest.mark.parametrize(
    ("actions", "action"), [("create", "created"), ("delete", "destroyed"), ("forget", "forgotten")]
)
def test_what_comes_and_goes_is_told(actions: str, action: str) -> None:
    assert planned([actions]) == [Change("aws_sqs_queue.a", "aws_sqs_queue", action)]


def test_an_update_names_all_that_changes_known_or_not() -> None:
    (change,) = planned(
        ["update"],
        before={"same": 1, "other": 1, "gone": 1, "later": 1},
        after={"same": 1, "other": 2},
        after_unknown={"later": True, "same": False, "nested": [{}]},
    )
    assert str(change) == "aws_sqs_queue.a: updated in place (gone, later, other)"


@pytest.mark.parametrize(
    ("actions", "order"),
    [(["create", "delete"], "the new one first"), (["delete", "create"], "the old one first")],
)
def test_a_replacement_names_its_order_and_what_causes_it(actions: list[str], order: str) -> None:
    (change,) = planned(
        actions, before={"name": "a", "x": 1}, after={"name": "b", "x": 2}, replace_paths=[["name"], ["a", 0, "b"]]
    )
    assert str(change) == f"aws_sqs_queue.a: replaced, {order} (a.0.b, name)"


def test_outputs_are_told_after_resources() -> None:
    outputs = {"a": {"actions": ["update"]}, "b": {"actions": ["no-op"]}}
    assert [str(change) for change in read_plan({"output_changes": outputs})] == ["output.a: updated in place"]
