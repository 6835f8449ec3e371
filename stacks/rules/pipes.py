"""Pipes: what they start, and the queues that they read, long enough in keeping and hiding."""

from collections.abc import Iterator

from modules.pipes.settings import FEW_MESSAGES, PipeSettings
from modules.problems import Problem, format_value
from modules.settings import skip_if_invalid
from modules.sqs.settings import ExistingQueue, MessageQueueSettings
from modules.targets.settings import QueueMessage
from modules.targets.starters import PIPE
from stacks.environment_settings import EnvironmentSettings
from stacks.rules.targets import target_problems


def check_pipes(environment: EnvironmentSettings) -> Iterator[Problem]:
    """Check every pipe against what it starts and the queue that it reads."""
    for name, pipe in environment.pipes.items():
        path = f"pipes.{name}"
        yield from skip_if_invalid(target_problems(environment, f"{path}.target", pipe.target, PIPE))
        yield from skip_if_invalid(_queue_problems(environment, path, pipe))
        yield from skip_if_invalid(_batch_problems(environment, path, pipe))
        yield from skip_if_invalid(_own_messages(path, pipe))


def _own_messages(path: str, pipe: PipeSettings) -> Iterator[Problem]:
    if isinstance(pipe.target, QueueMessage) and pipe.target.queue == pipe.queue:
        where = f"{path}.target.queue"
        yield Problem(where, "differ from the pipe's own queue", repr(pipe.queue), "its messages would go round")


def _queue_problems(environment: EnvironmentSettings, path: str, pipe: PipeSettings) -> Iterator[Problem]:
    queue, where = environment.queues.get(pipe.queue), f"queues.{pipe.queue}"
    if isinstance(queue, ExistingQueue) and queue.location != environment.location:
        rule = f"be in region {environment.region} and account {environment.account_id}, for {path}"
        yield Problem(f"{where}.queue_arn", rule, repr(queue.queue_arn), "a pipe reads queues of its own only")
    if not isinstance(queue, MessageQueueSettings):
        return
    tries = queue.max_receive_count
    if tries is None:
        yield Problem(
            f"{where}.max_receive_count",
            f"be given for {path}",
            "None",
            "what cannot be started would come back until the queue deletes it",
        )
    elif queue.message_retention_seconds <= (least := tries * queue.visibility_timeout_seconds + queue.delay_seconds):
        yield Problem(
            f"{where}.message_retention_seconds",
            f"exceed max_receive_count x visibility_timeout_seconds + delay_seconds ({least:,}) for {path}",
            format_value(queue.message_retention_seconds),
            "otherwise SQS deletes what cannot be started before it is a dead letter",
        )


def _batch_problems(environment: EnvironmentSettings, path: str, pipe: PipeSettings) -> Iterator[Problem]:
    queue, window = environment.queues.get(pipe.queue), pipe.batch_window_seconds
    if not isinstance(queue, MessageQueueSettings | ExistingQueue):
        return
    if queue.is_fifo:
        for name, value, most in (("batch_size", pipe.batch_size, FEW_MESSAGES), ("batch_window_seconds", window, 0)):
            if value > most:
                rule = f"be at most {most} for queues.{pipe.queue}, a FIFO queue"
                yield Problem(f"{path}.{name}", rule, format_value(value), "EventBridge Pipes takes no more")
    elif window and queue.visibility_timeout_seconds <= window:
        yield Problem(
            f"queues.{pipe.queue}.visibility_timeout_seconds",
            f"exceed {path}.batch_window_seconds ({window})",
            format_value(queue.visibility_timeout_seconds),
            "otherwise SQS hands a message out again that the pipe still collects others for",
        )
