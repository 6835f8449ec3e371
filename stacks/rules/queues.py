"""What SQS takes of a queue."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from modules.problems import Problem
from modules.settings import readable
from modules.sqs.policy import Sender, policy_problems, senders_of
from modules.sqs.settings import MessageQueueSettings

if TYPE_CHECKING:
    from stacks.environment import Environment


def queue_policies_fit(environment: Environment) -> Iterator[Problem]:
    """Check the policy of every queue as it will be written, the buckets that notify it included."""
    for name, queue in environment.queues.items():
        if isinstance(queue, MessageQueueSettings):
            yield from readable(_policy_fits(environment, name, queue))


def _policy_fits(environment: Environment, name: str, queue: MessageQueueSettings) -> Iterator[Problem]:
    location = environment.location
    senders = senders_of(queue, location.account_id)
    for bucket in environment.notifying_buckets(name):
        senders.append(Sender("s3.amazonaws.com", environment.bucket_arn(bucket), location.account_id))
    arn = location.arn("sqs", f"{environment.physical_name(name)}{queue.name_suffix}")
    for problem in policy_problems(arn, queue, senders):
        yield problem.under(f"queues.{name}")
