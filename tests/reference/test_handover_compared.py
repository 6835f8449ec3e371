"""What the hand-over says of an edit is compared with what the provider plans."""

from typing import Any

import pytest

from reference.handover_compared import disagreements, said_of
from rehearsal.plan_reading import Change
from rehearsal.stacks import Stack


def stacks(**queue: Any) -> list[Stack]:
    return [Stack("prod-queues", {"resource": {"aws_sqs_queue": {"a": queue}}}, frozenset())]


SAID = said_of(stacks(name="a"), stacks(name="b"))
REPLACED = Change("aws_sqs_queue.a", "aws_sqs_queue", "replaced, the old one first", ("name",))


@pytest.mark.parametrize(
    ("planned", "said"),
    [
        ([REPLACED, Change("output.a", "output", "created")], SAID),
        ([], said_of(stacks(name="a", delay_seconds=0), stacks(name="a", delay_seconds=1))),
        ([], []),
    ],
)
def test_what_is_planned_as_it_is_said_is_told_of_nobody(planned: list[Change], said: Any) -> None:
    assert list(disagreements(planned, said)) == []


def test_what_is_planned_otherwise_is_told() -> None:
    updated = Change("aws_sqs_queue.a", "aws_sqs_queue", "updated in place", ("name",))
    assert list(disagreements([updated], SAID)) == [f"{updated}; said to be replaced"]
    assert list(disagreements([REPLACED], [])) == [f"{REPLACED}; nothing is said of it"]
    assert list(disagreements([], SAID)) == ["aws_sqs_queue.a: said to be replaced (name), and nothing is planned"]
