"""What SQS takes of a queue, and who may send to it and take from it."""

from collections.abc import Iterator

from modules.cycles import cycle_in
from modules.iam.access_settings import Access
from modules.problems import Problem, format_value
from modules.settings import skip_if_invalid
from modules.sqs.policy import policy_problems, sender_problems
from modules.sqs.settings import ExistingQueue, MessageQueueSettings, QueueSettings
from modules.sqs.shared_dead_letters import MAX_SOURCES, shared_dead_letter_problems
from stacks.consumers import Consumer, queue_consumers
from stacks.environment_settings import EnvironmentSettings
from stacks.pipeline_calls import queue_arn
from stacks.rules.entries import each, everywhere
from stacks.senders import other_senders, queue_senders


@each("queues")
def check_queue_policies(environment: EnvironmentSettings, path: str, queue: MessageQueueSettings) -> Iterator[Problem]:
    """Check its policy as it will be written, the buckets that notify it included."""
    name = path.partition(".")[2]
    senders = queue_senders(environment, name, queue)
    for problem in policy_problems(queue_arn(environment, name), queue, senders, environment.location):
        yield problem.under(path)


@each("queues")
def check_queue_senders(environment: EnvironmentSettings, path: str, queue: QueueSettings) -> Iterator[Problem]:
    """Refuse senders of other settings that it cannot receive from, or that cannot be granted it here."""
    name = path.partition(".")[2]
    for where, service, sender in other_senders(environment, name):
        yield from sender_problems(where, service, name, queue, has_role=sender is None)


def check_queue_consumers(environment: EnvironmentSettings) -> Iterator[Problem]:
    """Check that nothing takes messages that something else is there for."""
    firsts: dict[str, Consumer] = {}
    for consumer in queue_consumers(environment):
        first = firsts.setdefault(consumer.queue, consumer)
        if consumer is not first and not consumer.shares_with(first):
            rule, reason = f"differ from {first.path}", "each message reaches one of the two only"
            yield Problem(consumer.path, rule, repr(consumer.queue), reason, "give each a queue of its own")


def check_shared_dead_letter_queues(environment: EnvironmentSettings) -> Iterator[Problem]:
    """Check that a queue can take the dead letters of those that name it, and that none of these waits indefinitely."""
    sources: dict[str, list[str]] = {}
    for name, queue in environment.queues.items():
        shared = queue.shared_dead_letter_queue if isinstance(queue, MessageQueueSettings) else None
        if shared is not None:
            sources.setdefault(shared, []).append(name)
            yield from skip_if_invalid(_shared_dead_letter_problems(environment, name, shared))
    for taker, names in sources.items():
        if len(names) > MAX_SOURCES and isinstance(environment.queues.get(taker), MessageQueueSettings):
            path = f"queues.{names[MAX_SOURCES]}.dead_letter_queue"
            rule = f"differ from that of the first {MAX_SOURCES} queues that name {taker!r}"
            yield Problem(path, rule, format_value(len(names)), "a dead-letter queue names no more sources than that")
    if cycle := cycle_in({name: [taker] for taker, names in sources.items() for name in names}):
        first = cycle.partition(" ")[0]
        reason = "a message that always fails goes round until its retention ends"
        yield Problem(f"queues.{first}.dead_letter_queue", "not lead back to its own queue", cycle, reason)


def _shared_dead_letter_problems(environment: EnvironmentSettings, name: str, shared: str) -> Iterator[Problem]:
    source, taker = environment.queues[name], environment.queues.get(shared)
    if isinstance(source, MessageQueueSettings) and isinstance(taker, MessageQueueSettings | ExistingQueue):
        for problem in shared_dead_letter_problems(source, shared, taker, environment.location):
            yield problem.under(f"queues.{name}")


@everywhere
def check_redrives(environment: EnvironmentSettings, path: str, access: Access) -> Iterator[Problem]:
    """Check that there are dead letters where they may be moved back."""
    for index, name in enumerate(access.redrive):
        match environment.queues.get(name):
            case MessageQueueSettings(max_receive_count=None):
                fix = f"give queues.{name} a max_receive_count"
            case ExistingQueue(dead_letter_queue_arn=None):
                fix = f"say the dead_letter_queue_arn of queues.{name}"
            case _:
                continue
        rule = "name a queue with dead letters"
        yield Problem(f"{path}.redrive[{index}]", rule, repr(name), "there is nothing to move back", fix)
