"""What is referred to is there, in the root module or in the outputs of another; what is not is named."""

import copy
from dataclasses import replace
from typing import Any

import pytest

from handover.references import dangling
from tests.handover.platforms import root_module, shipped_platforms

QUEUES = root_module(
    output={"queues": {"value": {"a": {"arn": "${aws_sqs_queue.a.arn}"}, "list": ["x"]}}},
    resource={"aws_sqs_queue": {"a": {}}},
)


def reader(steps: str) -> list[str]:
    state: dict[str, Any] = {"terraform_remote_state": {"queues": {}}}
    local = {"read": f"${{data.terraform_remote_state.queues.outputs.{steps}}}"}
    return list(dangling([QUEUES, root_module("dev-batch", data=state, locals=local)]))


def test_nothing_dangles_in_what_is_shipped() -> None:
    platforms = list(shipped_platforms())
    assert len(platforms) > 8
    assert [found for platform in platforms for found in dangling(platform.modules)] == []


def test_every_resource_that_is_taken_away_is_missed_where_it_is_referred_to() -> None:
    (platform,) = [platform for platform in shipped_platforms() if platform.name == "dev"]
    queues = next(module for module in platform.modules if module.part == "queues")
    document = copy.deepcopy(dict(queues.document))
    del document["resource"]["aws_sqs_queue"]
    found = list(dangling([replace(queues, document=document)]))
    assert {line.partition(": ")[2].partition("_")[0] for line in found} == {"aws"}
    assert len(found) > 10


@pytest.mark.parametrize("steps", ["queues", "queues.a.arn", "queues.list[0]"])
def test_what_another_root_module_puts_out_can_be_read(steps: str) -> None:
    assert reader(steps) == []


@pytest.mark.parametrize("steps", ["topics", "queues.b.arn", "queues.a.url", "queues.list[1]"])
def test_what_it_does_not_put_out_is_named(steps: str) -> None:
    assert reader(steps) == [f"dev-batch: dev-queues has no output {steps}"]


def test_a_state_that_nobody_here_writes_is_named() -> None:
    state: dict[str, Any] = {"terraform_remote_state": {"other": {}}}
    local = {"read": "${data.terraform_remote_state.other.outputs.a}"}
    told = "dev-batch: data.terraform_remote_state.other.outputs.a is no output of a root module that is here"
    assert list(dangling([root_module("dev-batch", data=state, locals=local)])) == [told]


def test_what_is_waited_for_is_looked_at_too() -> None:
    queue = {"depends_on": ["aws_sqs_queue.b"]}
    assert list(dangling([root_module(resource={"aws_sqs_queue": {"a": queue}})])) == [
        "dev-queues: aws_sqs_queue.b is not declared"
    ]


@pytest.mark.parametrize(
    ("block", "found"),
    [
        ({"moved": [{"from": "aws_sqs_queue.b", "to": "aws_sqs_queue.a"}]}, []),
        ({"import": [{"to": "aws_sqs_queue.a", "id": "x"}]}, []),
        ({"import": [{"to": "aws_sqs_queue.b", "id": "x"}]}, ["aws_sqs_queue.b is not declared"]),
        (
            {"moved": [{"from": "aws_sqs_queue.a", "to": "aws_sqs_queue.b"}]},
            [
                "aws_sqs_queue.b is not declared",
                "aws_sqs_queue.a is declared, though it is said to have moved or gone",
            ],
        ),
    ],
)
def test_what_moves_is_gone_and_where_it_moves_to_is_there(block: dict[str, Any], found: list[str]) -> None:
    module = root_module(resource={"aws_sqs_queue": {"a": {}}}, **block)
    assert list(dangling([module])) == [f"dev-queues: {line}" for line in found]
