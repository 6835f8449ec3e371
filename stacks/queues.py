"""The message queues and topics of an environment."""

from collections.abc import Mapping
from functools import cache, partial

from modules.sns.made_topic import MadeTopic
from modules.sns.new_topic import NewTopic
from modules.sns.settings import ExistingTopic
from modules.sns.topic import Topic
from modules.sqs.message_queue import MessageQueue
from modules.sqs.queue import Queue
from modules.sqs.settings import ExistingQueue, MessageQueueSettings
from stacks.base import PlatformStack
from stacks.placement import Placement, Seen
from stacks.senders import queue_senders
from stacks.topics import sources_of


class EnvironmentQueues:
    """Define every queue of ``environment.queues`` that is not somebody else's, in the stack of the part."""

    def __init__(self, placement: Placement) -> None:
        self._environment = placement.environment
        self._made: Mapping[str, MessageQueue] = {}
        self.stack: PlatformStack | None = None
        self._seen: dict[PlatformStack, Seen[Queue]] = {}
        settings = {
            name: queue
            for name, queue in sorted(self._environment.queues.items())
            if isinstance(queue, MessageQueueSettings)
        }
        if settings:
            self.stack = stack = placement.stack("queues")
            # Each is made when it is asked for: one that takes the dead letters of another comes first.
            self._made = Seen(settings, lambda name: self._queue(stack, name, settings[name]))
            outputs = {name: _output(queue) for name, queue in self._made.items()}
            self.stack.add_output("queues", "Where to send and receive, by short name", outputs)

        self._topics: dict[str, MadeTopic] = {}
        if made := {name: item for name, item in self._environment.topics.items() if isinstance(item, NewTopic)}:
            self.stack = placement.stack("queues")
            self._topics = self._define_topics(self.stack, made)

    def _define_topics(self, stack: PlatformStack, settings: Mapping[str, NewTopic]) -> dict[str, MadeTopic]:
        sources = sources_of(self._environment)
        made = {
            name: MadeTopic(
                stack.map_scope("topics"),
                name,
                name=self._environment.physical_name(name, "topics"),
                settings=topic,
                location=stack.location,
                sources=sources.get(name, {}),
            )
            for name, topic in sorted(settings.items())
        }
        outputs = {name: {"arn": topic.topic_arn, "kms_key_arn": topic.kms_key_arn} for name, topic in made.items()}
        stack.add_output("topics", "Where to publish, by short name", outputs)
        return made

    def topics_seen_from(self, stack: PlatformStack) -> Mapping[str, Topic]:
        """Return all topics, existing ones included, for what is in ``stack``."""
        return Seen(self._environment.topics, lambda name: self._topic_in(stack, name))

    def _topic_in(self, stack: PlatformStack, name: str) -> Topic:
        settings = self._environment.topics[name]
        if isinstance(settings, ExistingTopic):
            return Topic.from_settings(settings)
        made, source = self._topics[name], self.stack
        arn, key = made.topic_arn, made.kms_key_arn
        if source is not None and stack is not source:
            arn, key = (stack.read(source, "topics", name, field) for field in ("arn", "kms_key_arn"))
            return Topic(arn, name, key, stack.location)
        return Topic(arn, name, key, stack.location, [made.policy])

    def seen_from(self, stack: PlatformStack) -> Mapping[str, Queue]:
        """Return all queues, existing ones included, for what is in ``stack``."""
        if stack not in self._seen:
            self._seen[stack] = Seen(self._environment.queues, lambda name: self._queue_in(stack, name))
        return self._seen[stack]

    def _queue_in(self, stack: PlatformStack, name: str) -> Queue:
        settings = self._environment.queues[name]
        if isinstance(settings, ExistingQueue):
            return MessageQueue.from_queue_arn(stack.map_scope("queues"), name, settings=settings)
        made = self._made[name]
        source = self.stack
        if source is None or stack is source:
            return made
        queue = MessageQueue.from_queue_attributes(
            stack.map_scope("queues"),
            name,
            settings=made.settings,
            location=made.location,
            queue_name=made.queue_name,
            queue_arn=stack.read(source, "queues", name, "arn"),
            kms_key_arn=stack.read(source, "queues", name, "kms_key_arn") if made.kms_key_arn else None,
        )
        shared = settings.shared_dead_letter_queue if isinstance(settings, MessageQueueSettings) else None
        if shared is not None:
            queue.find_dead_letters = lambda: self.seen_from(stack)[shared]
        elif (dead := made.dead_letter_queue) is not None:
            queue.find_dead_letters = cache(partial(_dead_letters, stack, source, queue, name, dead))
        return queue

    def _queue(self, stack: PlatformStack, name: str, settings: MessageQueueSettings) -> MessageQueue:
        return MessageQueue(
            stack.map_scope("queues"),
            name,
            name=self._environment.physical_name(name, "queues"),
            settings=settings,
            location=stack.location,
            # A sender may try to as soon as it is told of the queue, as S3 does.
            senders=queue_senders(self._environment, name, settings),
            queues=self.seen_from(stack),
        )


def _output(queue: MessageQueue) -> dict[str, str]:
    output = {"arn": queue.queue_arn, "name": queue.queue_name, "url": queue.queue_url}
    if queue.kms_key_arn:
        output["kms_key_arn"] = queue.kms_key_arn
    dead = queue.dead_letter_queue
    if dead and dead.kms_key_arn:
        output["dead_letter_kms_key_arn"] = dead.kms_key_arn
    return output | ({"dead_letter_arn": dead.queue_arn, "dead_letter_url": dead.queue_url} if dead else {})


def _dead_letters(stack: PlatformStack, source: PlatformStack, queue: Queue, name: str, dead: Queue) -> Queue:
    """Return the dead-letter queue of one that ``stack`` sees."""
    return MessageQueue.from_queue_attributes(
        queue,
        "dead-letter-queue",
        settings=dead.settings,
        location=dead.location,
        queue_name=dead.queue_name,
        queue_arn=stack.read(source, "queues", name, "dead_letter_arn"),
        kms_key_arn=stack.read(source, "queues", name, "dead_letter_kms_key_arn") if dead.kms_key_arn else None,
    )
