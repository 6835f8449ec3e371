"""Blocks opened for comparison."""

import json
from typing import Any

import pytest

from handover.opened import Difference, differences, opened, plain


def found(before: Any, after: Any) -> dict[str, tuple[Any, Any]]:
    return {item.path: (item.before, item.after) for item in differences(opened(before), opened(after))}


def test_documents_are_opened_and_comments_left_out() -> None:
    assert opened({"//": "a", "policy": '{"a":[1]}', "text": "{no", "list": ["[2]"]}) == {
        "policy": {"a": [1]},
        "text": "{no",
        "list": [[2]],
    }


def test_statements_and_containers_are_known_by_name_wherever_they_stand() -> None:
    read, write = ({"Sid": sid, "Action": action} for sid, action in (("Read", "a"), ("Write", "b")))
    one, two = (json.dumps({"Statement": items}) for items in ([read, write], [write | {"Action": "c"}, read]))
    assert found({"policy": one}, {"policy": two}) == {"policy.Statement[Write].Action": ("b", "c")}
    added = json.dumps({"Statement": [write, read, {"Sid": "New"}]})
    assert found({"policy": one}, {"policy": added}) == {"policy.Statement[New]": (None, {"Sid": "New"})}


@pytest.mark.parametrize(
    ("before", "after", "paths"),
    [
        ({"a": 1}, {"a": 1}, {}),
        ({"a": 1}, {}, {"a": (1, None)}),
        ({"a": {"b": 1}}, {"a": {"b": 2}}, {"a.b": (1, 2)}),
        ({"a": ["x"]}, {"a": ["y"]}, {"a": (["x"], ["y"])}),
        ({"a": [{"b": 1}]}, {"a": [{"b": 2}]}, {"a.b": (1, 2)}),
        ({"a": [{"b": 1}, {"b": 2}]}, {"a": [{"b": 1}, {"b": 3}]}, {"a[1].b": (2, 3)}),
        ({"a": [{"b": 1}]}, {"a": [{"b": 1}, {"b": 2}]}, {"a[1]": (None, {"b": 2})}),
        ({"a": [{"b": 1}, {"b": 2}]}, {"a": [{"b": 3}]}, {"a[0].b": (1, 3), "a[1]": ({"b": 2}, None)}),
        ({"a": []}, {"a": [{"b": 1}]}, {"a": (None, {"b": 1})}),
        ({"a": [{"name": "x"}]}, {"a": [{"b": 1}]}, {"a": ([{"name": "x"}], [{"b": 1}])}),
        ({"a": [{"name": "x", "v": 1}]}, {"a": [{"name": "x", "v": 2}]}, {"a[x].v": (1, 2)}),
    ],
)
def test_differences_are_told_as_deep_as_they_can(before: Any, after: Any, paths: dict[str, Any]) -> None:
    assert found(before, after) == paths


def test_a_plain_path_has_no_names_of_items() -> None:
    assert plain("policy.Statement[Read].Action") == "policy.Statement.Action"
    assert plain("a[0].b[x[1].y].c") == "a.b.c"
    assert list(differences({}, {})) == []
    assert Difference("a", 1, 2).path == "a"
