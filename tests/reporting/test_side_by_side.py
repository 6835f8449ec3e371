"""Environments side by side."""

from typing import Any

from modules.s3.settings import BucketSettings, LifecycleRule
from modules.sqs.settings import FifoMessageQueueSettings, MessageQueueSettings, QueueSettings
from reporting.entries import groups
from reporting.side_by_side import differences
from tests.stacks.environments import environment


def compared(*sides: dict[str, Any]) -> dict[str, tuple[str | None, ...]]:
    found = differences([groups(environment(**values)) for values in sides])
    return {item.path: item.values for _, items in found for item in items}


def queue(seconds: int = 700) -> MessageQueueSettings:
    return MessageQueueSettings(visibility_timeout_seconds=seconds)


def test_settings_that_are_the_same_are_not_told() -> None:
    assert compared({}, {}) == {}
    assert compared({"name": "a"}, {"name": "b"}) == {}, "each is called differently"


def test_a_setting_that_differs_is_told_with_the_value_of_each() -> None:
    assert compared({"queues": {"requests": queue()}}, {"queues": {"requests": queue(800)}}) == {
        "queues.requests.visibility_timeout_seconds": ("700", "800")
    }


def test_an_entry_that_not_all_have_is_told_once_and_not_by_its_settings() -> None:
    sides: list[dict[str, QueueSettings]] = [{"requests": queue()}, {"requests": queue(), "more": queue()}]
    assert compared(*({"queues": queues} for queues in sides)) == {"queues.more": (None, "MessageQueueSettings")}


def test_an_entry_of_another_class_says_so_and_what_both_have_is_compared() -> None:
    fifo = FifoMessageQueueSettings(visibility_timeout_seconds=800)
    found = compared(
        {"queues": {"requests": queue(), "more": queue()}}, {"queues": {"requests": queue(), "more": fifo}}
    )
    assert found["queues.more"] == ("MessageQueueSettings", "FifoMessageQueueSettings")
    assert found["queues.more.visibility_timeout_seconds"] == ("700", "800")


def test_of_a_nested_entry_that_only_one_has_nothing_inside_is_told() -> None:
    rule = LifecycleRule(prefix="incoming/", expire_after_days=30)
    found = compared(
        {"buckets": {"data": BucketSettings()}}, {"buckets": {"data": BucketSettings(lifecycle={"old": rule})}}
    )
    assert found == {"buckets.data.lifecycle": ("", "old"), "buckets.data.lifecycle.old": (None, "LifecycleRule")}


def test_a_map_that_is_empty_somewhere_is_told_by_its_entries_alone() -> None:
    assert compared({"queues": {"requests": queue()}, "backlogs": {}}, {"queues": {"requests": queue()}}) == {}
    found = compared({"operations": None}, {})
    assert "operations" not in found or found["operations"] == (None, "Operations")
