"""What the hand-over says of an edit is compared with what the provider plans."""

from typing import Any

import pytest

from reference.handover_compared import NO_MORE, as_pinned, disagreements, said_of
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


SPOT = {"allocation_strategy": "SPOT_PRICE_CAPACITY_OPTIMIZED", "type": "SPOT"}


def test_what_only_older_providers_replace_is_updated_in_place() -> None:
    before, after = (
        [Stack("prod-batch", {"resource": {"aws_batch_compute_environment": {"a": block}}}, frozenset())]
        for block in ({"compute_resources": SPOT | {"instance_type": [name]}} for name in ("c6i.large", "c7i.large"))
    )
    environment = Change(
        "aws_batch_compute_environment.a",
        "aws_batch_compute_environment",
        "replaced, the new one first",
        ("compute_resources.0.instance_type",),
    )
    queue = Change("aws_batch_job_queue.a", "aws_batch_job_queue", "updated in place", ("compute_environment_order",))
    said = said_of(before, after)
    pinned = as_pinned([environment, queue], said, "6.9.0")
    assert [change.action for change in pinned] == [NO_MORE]
    assert list(disagreements(pinned, said)) == []
    assert as_pinned([environment, queue], said, "6.10.0") == [environment, queue]
    assert len(list(disagreements([environment, queue], said))) == 2
