"""Every rule between queue workers and their queues, with its whole message."""

from typing import Any

import pytest

from modules.sqs.settings import ExistingQueue, MessageQueueSettings
from tests.modules.ecs.samples import cluster_settings, worker_settings
from tests.problems import problems
from tests.stacks.rules.service_samples import environment, replicas

CASES: dict[str, tuple[dict[str, Any], list[str]]] = {
    "a worker on the default capacity": ({"services": {"embed": worker_settings()}}, []),
    "no such queue": (
        {"services": {"embed": worker_settings(queue="pictures")}},
        ["services.embed.queue must name one of the queues, got 'pictures'; known: documents"],
    ),
    "a message that is visible too soon": (
        {
            "services": {"embed": worker_settings()},
            "queues": {"documents": MessageQueueSettings(visibility_timeout_seconds=18)},
        },
        [
            "queues.documents.visibility_timeout_seconds must be at least 19, to exceed "
            "services.embed.longest_message_seconds (18, which is three times its seconds_per_message), got 18; "
            "a shorter one hands a message in work to a second task"
        ],
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
        [
            "queues.documents.visibility_timeout_seconds must be at least 601, to exceed "
            "services.embed.longest_message_seconds (600), got 600; "
            "a shorter one hands a message in work to a second task"
        ],
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
        [
            "services.embed.queue must be a queue of account 111122223333 in us-east-1, "
            "got 'arn:aws:sqs:us-east-1:999999999999:theirs'; "
            "the backlog of any other is counted elsewhere, and no task would ever start"
        ],
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
        [
            "services.embed.queue must be a queue of account 111122223333 in us-east-1, "
            "got 'arn:aws:sqs:eu-west-1:111122223333:theirs'; "
            "the backlog of any other is counted elsewhere, and no task would ever start"
        ],
    ),
    "two workers on one queue": (
        {"services": {"a": worker_settings(), "b": worker_settings()}},
        [
            "services.b.queue must be different from that of services.a, got 'documents'; "
            "each would start tasks for the whole backlog"
        ],
    ),
    "tasks that nobody counts": (
        {
            "services": {"embed": worker_settings()},
            "clusters": {"main": cluster_settings(container_insights="disabled")},
        },
        [
            "clusters.main.container_insights must be enabled or enhanced for services.embed, got 'disabled'; "
            "it counts the tasks that a backlog is divided by"
        ],
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
        assert problems(lambda: environment(**changes)) == found
    else:
        assert environment(**changes).name == "test"
