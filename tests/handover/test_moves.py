"""What was renamed is told as the setting that keeps it."""

from typing import Any

import pytest

from handover.comparison import compare
from handover.comparison_text import markdown
from handover.platforms import Platform
from tests.handover.platforms import root_module

QUEUE: dict[str, Any] = {"name": "acme-dev-in", "delay_seconds": 0, "max_message_size": 1, "kms_master_key_id": "x"}


def platform(part: str = "queues", **queues: dict[str, Any]) -> Platform:
    blocks = {name: {"//": f"queues/{name.replace('_', '/')}"} | block for name, block in queues.items()}
    return Platform("dev", (root_module(f"dev-{part}", resource={"aws_sqs_queue": blocks}),))


def suggested(before: dict[str, Any], after: dict[str, Any]) -> list[str]:
    return list(map(str, compare(platform(**before), platform(**after)).moves))


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({}, ['moved={"queues.in": "queues.out"}']),
        (
            {"name": "acme-dev-out"},
            ['moved={"queues.in": "queues.out"}, and physical_name="acme-dev-in" in queues.out'],
        ),
        ({"name": "acme-dev-other"}, []),
        ({"delay_seconds": 1, "max_message_size": 2}, []),
    ],
)
def test_an_entry_that_is_the_same_but_for_its_name_is_told(changes: dict[str, Any], told: list[str]) -> None:
    assert suggested({"in": QUEUE}, {"out": QUEUE | changes}) == told


def test_what_is_below_an_entry_moves_with_it() -> None:
    assert suggested({"in": QUEUE, "in_dlq": QUEUE}, {"out": QUEUE, "out_dlq": QUEUE}) == [
        'moved={"queues.in": "queues.out"}'
    ]


def test_each_moves_only_once_to_what_it_is_most_like() -> None:
    other = QUEUE | {"delay_seconds": 5}
    assert suggested({"in": QUEUE, "as": other}, {"out": QUEUE, "at": other}) == [
        'moved={"queues.as": "queues.at"}',
        'moved={"queues.in": "queues.out"}',
    ]


def test_what_goes_to_another_state_is_told_with_the_page_that_says_how() -> None:
    found = compare(platform("platform", a=QUEUE, b=QUEUE), platform("queues", a=QUEUE, b=QUEUE))
    assert found.other_states == ["platform → queues: 2"]
    assert "docs/moves.md" in markdown([found])
    assert found.moves == []
