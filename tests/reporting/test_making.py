"""What settings make."""

import pytest

from reporting.making import entry_of, made_by
from tests.reporting.pages import shipped_report


@pytest.mark.parametrize(
    ("path", "entry"),
    [
        ("queues.a", "queues.a"),
        ("queues.a.dead-letter-queue", "queues.a"),
        ("queues.ab", ""),
        ("network.subnet", "network"),
        ("", ""),
    ],
)
def test_a_path_is_of_the_entry_that_it_begins_with(path: str, entry: str) -> None:
    assert entry_of(path, ["queues.a", "network"]) == entry


def test_every_resource_that_is_shipped_is_of_an_entry() -> None:
    report = shipped_report("prod")
    entries = [
        f"{kind}.{name}" for kind, value in report.environment for name in (value if isinstance(value, dict) else ())
    ]
    made = made_by(report.platform, [*entries, "network", "operations"])
    assert made.get("", []) == []
    assert {item.type for item in made["queues.documents"]} == {
        "aws_sqs_queue",
        "aws_sqs_queue_policy",
        "aws_sqs_queue_redrive_allow_policy",
        "aws_sqs_queue_redrive_policy",
    }
