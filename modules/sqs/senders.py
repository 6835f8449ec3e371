"""AWS services that send to a queue, each on behalf of one resource. Plain data."""

from collections.abc import Iterator
from typing import NamedTuple

from modules.problems import Problem, format_value
from modules.sqs.settings import ExistingQueue, MessageQueueSettings, QueueSettings, fifo_problems


class Sender(NamedTuple):
    """An AWS service that may send on behalf of one resource, whose ARN may be a token, of one account."""

    service: str
    source_arn: str
    account_id: str


def senders_of(settings: MessageQueueSettings, account_id: str) -> list[Sender]:
    """Return the services of ``settings``; a source whose ARN names no account is one of ``account_id``."""
    return [Sender(item.service, item.source_arn, item.account_id or account_id) for item in settings.send_services]


def sender_problems(
    path: str, service: str, name: str, queue: QueueSettings, *, has_role: bool = False
) -> Iterator[Problem]:
    """Yield what keeps a service from sending to the queue that the setting at ``path`` names.

    ``has_role``: it sends with a role, which is granted; else the policy of the queue must let it.
    """
    got = f"{name!r}, {format_value(queue)}"
    if queue.is_fifo:
        yield from fifo_problems(path, service, got)
    if isinstance(queue, ExistingQueue) and not has_role:
        yield Problem(
            path, "name a queue of this environment's own", got, f"only its owner can let {service} send to it"
        )
