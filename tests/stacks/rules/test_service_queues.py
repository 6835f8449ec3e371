"""Every rule between queue workers and their queues, with its whole message."""

from typing import Any

import pytest

from modules.sqs.settings import ExistingQueue, MessageQueueSettings
from tests.modules.ecs.samples import cluster_settings, worker_settings
from tests.problems import refused
from tests.stacks.rules.service_samples import replicas, with_cluster

SHORTEST = worker_settings().shortest_latency_seconds


def kept(seconds: int, **changes: Any) -> MessageQueueSettings:
    return MessageQueueSettings(visibility_timeout_seconds=600, message_retention_seconds=seconds, **changes)


def promised(latency_seconds: int, queue: MessageQueueSettings) -> dict[str, Any]:
    return {
        "services": {"embed": worker_settings(acceptable_latency_seconds=latency_seconds)},
        "queues": {"documents": queue},
    }


CASES: dict[str, tuple[dict[str, Any], list[str]]] = {
    "a worker on the default capacity": ({"services": {"embed": worker_settings()}}, []),
    "no such queue": (
        {"services": {"embed": worker_settings(queue="pictures")}},
        ["services.embed.queue: got 'pictures'"],
    ),
    "a message that is visible too soon": (
        {
            "services": {"embed": worker_settings()},
            "queues": {"documents": MessageQueueSettings(visibility_timeout_seconds=18)},
        },
        ["queues.documents.visibility_timeout_seconds: 19, 18, got 18"],
    ),
    "somebody else's message that is visible too soon": (
        {
            "services": {"embed": worker_settings(longest_message_seconds=600)},
            "queues": {
                "documents": ExistingQueue(
                    queue_arn="arn:aws:sqs:us-east-1:111122223333:theirs", visibility_timeout_seconds=600
                )
            },
        },
        ["queues.documents.visibility_timeout_seconds: 601, 600, got 600"],
    ),
    "a queue of another account": (
        {
            "services": {"embed": worker_settings()},
            "queues": {
                "documents": ExistingQueue(
                    queue_arn="arn:aws:sqs:us-east-1:999999999999:theirs", visibility_timeout_seconds=600
                )
            },
        },
        ["services.embed.queue: 111122223333, got 'arn:aws:sqs:us-east-1:999999999999:theirs'"],
    ),
    "a queue of another region": (
        {
            "services": {"embed": worker_settings()},
            "queues": {
                "documents": ExistingQueue(
                    queue_arn="arn:aws:sqs:eu-west-1:111122223333:theirs", visibility_timeout_seconds=600
                )
            },
        },
        ["services.embed.queue: 111122223333, got 'arn:aws:sqs:eu-west-1:111122223333:theirs'"],
    ),
    "two workers on one queue": (
        {"services": {"a": worker_settings(), "b": worker_settings(queue_share_percent=1)}},
        ["services.b.queue_share_percent: 100, got 100 + 1"],
    ),
    "workers that share a queue": (
        {
            "services": {
                name: worker_settings(queue_share_percent=share) for name, share in (("a", 70), ("b", 29), ("c", 1))
            }
        },
        [],
    ),
    "a latency as long as its queue keeps messages": (
        {
            "services": {"embed": worker_settings(acceptable_latency_seconds=3_600)},
            "queues": {"documents": kept(3_600)},
        },
        [],
    ),
    "a latency beyond what its queue keeps": (
        {
            "services": {"embed": worker_settings(acceptable_latency_seconds=3_601)},
            "queues": {"documents": kept(3_600)},
        },
        ["services.embed.acceptable_latency_seconds: 3,600, got 3,601"],
    ),
    "a latency that a delay leaves possible": (
        {
            "services": {"embed": worker_settings(acceptable_latency_seconds=SHORTEST + 60)},
            "queues": {"documents": kept(3_600, delay_seconds=60)},
        },
        [],
    ),
    "a latency that a delay makes impossible": (
        {
            "services": {"embed": worker_settings(acceptable_latency_seconds=SHORTEST + 59)},
            "queues": {"documents": kept(3_600, delay_seconds=60)},
        },
        [f"services.embed.acceptable_latency_seconds: {SHORTEST + 60}, 60, got {SHORTEST + 59}"],
    ),
    "tasks that nobody counts": (
        {
            "services": {"embed": worker_settings()},
            "clusters": {"main": cluster_settings(container_insights="disabled")},
        },
        ["clusters.main.container_insights: got 'disabled'"],
    ),
    "tasks that nobody needs to count": (
        {
            "services": {"api": replicas()},
            "clusters": {"main": cluster_settings(container_insights="disabled")},
        },
        [],
    ),
}


@pytest.mark.parametrize(("changes", "found"), CASES.values(), ids=list(CASES))
def test_services_go_with_what_is_around_them(changes: dict[str, Any], found: list[str]) -> None:
    if found:
        assert refused(lambda: with_cluster(**changes)) == found
    else:
        assert with_cluster(**changes).name == "test"
