"""Pipes: what they start, and the queues that they read, long enough in keeping and hiding."""

from collections.abc import Iterator

from modules.pipes.settings import FEW_MESSAGES, PipeSettings
from modules.problems import Problem, format_value
from modules.sqs.settings import ExistingQueue, MessageQueueSettings
from modules.targets.settings import QueueMessage
from stacks.environment_settings import EnvironmentSettings
from stacks.rules.entries import each


@each("pipes")
def check_pipe_queues(environment: EnvironmentSettings, path: str, pipe: PipeSettings) -> Iterator[Problem]:
    """Check that the queue can be read, and keeps what cannot be started."""
    queue, where = environment.queues.get(pipe.queue), f"queues.{pipe.queue}"
    if isinstance(pipe.target, QueueMessage) and pipe.target.queue == pipe.queue:
        rule = "differ from the pipe's own queue"
        yield Problem(f"{path}.target.queue", rule, repr(pipe.queue), "its messages would go round")
    if isinstance(queue, ExistingQueue) and queue.location != environment.location:
        rule = f"be in region {environment.region} and account {environment.account_id}, for {path}"
        yield Problem(f"{where}.queue_arn", rule, repr(queue.queue_arn), "a pipe reads queues of its own only")
    if not isinstance(queue, MessageQueueSettings):
        return
    tries = queue.max_receive_count
    if tries is None:
        reason = "what cannot be started would come back until the queue deletes it"
        yield environment.problem(f"{where}.max_receive_count", f"be given for {path}", reason)
    elif queue.message_retention_seconds <= (least := tries * queue.visibility_timeout_seconds + queue.delay_seconds):
        rule = f"exceed max_receive_count x visibility_timeout_seconds + delay_seconds ({least:,}) for {path}"
        reason = "otherwise SQS deletes what cannot be started before it is a dead letter"
        yield environment.problem(f"{where}.message_retention_seconds", rule, reason)


@each("pipes")
def check_pipe_batches(environment: EnvironmentSettings, path: str, pipe: PipeSettings) -> Iterator[Problem]:
    """Check how many messages the pipe gathers, and for how long."""
    queue, window = environment.queues.get(pipe.queue), pipe.batch_window_seconds
    if not isinstance(queue, MessageQueueSettings | ExistingQueue):
        return
    if queue.is_fifo:
        for name, value, most in (("batch_size", pipe.batch_size, FEW_MESSAGES), ("batch_window_seconds", window, 0)):
            if value > most:
                rule = f"be at most {most} for queues.{pipe.queue}, a FIFO queue"
                yield Problem(f"{path}.{name}", rule, format_value(value), "EventBridge Pipes takes no more")
    elif window and queue.visibility_timeout_seconds <= window:
        rule = f"exceed {path}.batch_window_seconds ({window})"
        reason = "otherwise SQS hands a message out again that the pipe still collects others for"
        yield environment.problem(f"queues.{pipe.queue}.visibility_timeout_seconds", rule, reason)
