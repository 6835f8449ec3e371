"""The message queues of an environment."""

from constructs import Construct

from modules.sqs.message_queue import MessageQueue
from modules.sqs.queue import Queue
from modules.sqs.settings import ExistingQueue, MessageQueueSettings
from stacks.base import PlatformStack
from stacks.environment import Environment
from stacks.senders import queue_senders


def define_queues(scope: Construct, environment: Environment) -> dict[str, Queue]:
    """Return the environment's queues, existing ones included; define a stack for those to make, if there are any."""
    existing = _existing_queues(scope, environment)
    if len(existing) == len(environment.queues):
        return existing
    return {**existing, **QueuesStack(scope, environment).queues}


def _existing_queues(scope: Construct, environment: Environment) -> dict[str, Queue]:
    """Return the queues of somebody else's; they belong to no stack, since nothing is made for them."""
    settings = {name: queue for name, queue in environment.queues.items() if isinstance(queue, ExistingQueue)}
    if not settings:
        return {}
    # No stack has a dot in its name.
    group = Construct(scope, f"{environment.name}.existing-queues")
    return {name: MessageQueue.from_queue_arn(group, name, settings=queue) for name, queue in sorted(settings.items())}


class QueuesStack(PlatformStack):
    """Define every queue of ``environment.queues``."""

    part = "queues"

    def __init__(self, scope: Construct, environment: Environment) -> None:
        super().__init__(scope, environment)
        # A scope of their own: a queue may be called like something else of the stack.
        group = Construct(self, "queue")
        self.queues = {
            name: self._queue(group, name, settings)
            for name, settings in sorted(environment.queues.items())
            if isinstance(settings, MessageQueueSettings)
        }
        outputs = {name: _addresses(queue) for name, queue in self.queues.items()}
        self.add_output("queues", "Where to send and receive, by short name", outputs)

    def _queue(self, scope: Construct, name: str, settings: MessageQueueSettings) -> MessageQueue:
        return MessageQueue(
            scope,
            name,
            name=self.environment.physical_name(name),
            settings=settings,
            location=self.location,
            # Whoever sends may try to as soon as it is told of the queue, as S3 does.
            senders=queue_senders(self.environment, name, settings),
        )


def _addresses(queue: MessageQueue) -> dict[str, str]:
    addresses = {"arn": queue.queue_arn, "url": queue.queue_url}
    dead = queue.dead_letter_queue
    return addresses | ({"dead_letter_arn": dead.queue_arn, "dead_letter_url": dead.queue_url} if dead else {})
