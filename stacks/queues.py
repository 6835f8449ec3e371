"""The message queues of an environment."""

from constructs import Construct

from modules.sqs.message_queue import MessageQueue
from modules.sqs.settings import MessageQueueSettings
from stacks.base import PlatformStack
from stacks.environment import Environment


class QueuesStack(PlatformStack):
    """Define every queue of ``environment.queues``."""

    part = "queues"

    def __init__(self, scope: Construct, environment: Environment) -> None:
        super().__init__(scope, environment)
        self.queues = {
            name: self._queue(name, settings)
            for name, settings in sorted(environment.queues.items())
            if isinstance(settings, MessageQueueSettings)
        }
        outputs = {name: _addresses(queue) for name, queue in self.queues.items()}
        self.add_output("queues", "Where to send and receive, by short name", outputs)

    def _queue(self, name: str, settings: MessageQueueSettings) -> MessageQueue:
        physical_name = self.environment.physical_name(name)
        return MessageQueue(self, name, name=physical_name, settings=settings, location=self.location)


def _addresses(queue: MessageQueue) -> dict[str, str]:
    addresses = {"arn": queue.queue_arn, "url": queue.queue_url}
    dead = queue.dead_letter_queue
    return addresses | ({"dead_letter_arn": dead.arn, "dead_letter_url": dead.url} if dead else {})
