"""Functions that are given messages of queues."""

from collections.abc import Iterator

from modules.lambda_functions.settings import MOST_AT_ONCE, ExistingFunction, QueueConsumption
from modules.problems import Problem, format_value
from modules.settings import skip_if_invalid
from modules.sqs.settings import ExistingQueue, MessageQueueSettings
from stacks.environment_settings import EnvironmentSettings
from stacks.rules.entries import each

# Of a function's timeout. Source: "Creating and configuring an Amazon SQS event source mapping".
TIMEOUTS_HIDDEN = 6


@each("functions")
def check_function_queues(environment: EnvironmentSettings, path: str, function: ExistingFunction) -> Iterator[Problem]:
    """Check each queue against the function that is given its messages."""
    for name, settings in function.consumes.items():
        queue, where = environment.queues.get(name), f"{path}.consumes.{name}"
        if isinstance(queue, MessageQueueSettings | ExistingQueue):
            yield from skip_if_invalid(_kind_problems(where, settings, queue))
            yield from skip_if_invalid(_hidden_problems(path, function, name, settings, queue))
        if isinstance(queue, ExistingQueue):
            yield from skip_if_invalid(_place_problems(environment, where, queue))


def _kind_problems(
    path: str, settings: QueueConsumption, queue: MessageQueueSettings | ExistingQueue
) -> Iterator[Problem]:
    if not queue.is_fifo:
        return
    if settings.batch_size > MOST_AT_ONCE:
        rule = f"be at most {MOST_AT_ONCE} of a FIFO queue"
        yield Problem(
            f"{path}.batch_size", rule, format_value(settings.batch_size), "Lambda gathers none of a FIFO queue"
        )
    if settings.batching_window_seconds:
        got = format_value(settings.batching_window_seconds)
        yield Problem(f"{path}.batching_window_seconds", "be 0 of a FIFO queue", got, "Lambda takes none there")


def _hidden_problems(
    path: str,
    function: ExistingFunction,
    queue_name: str,
    settings: QueueConsumption,
    queue: MessageQueueSettings | ExistingQueue,
) -> Iterator[Problem]:
    timeout = function.timeout_seconds
    if timeout is None:
        return
    window = settings.batching_window_seconds
    least = TIMEOUTS_HIDDEN * timeout + window
    if queue.visibility_timeout_seconds < least:
        counted = f"{TIMEOUTS_HIDDEN} times {path}.timeout_seconds ({timeout:,})"
        counted += f" and batching_window_seconds ({window:,})" if window else ""
        where, rule = f"queues.{queue_name}.visibility_timeout_seconds", f"be at least {least:,}, {counted}"
        reason = "Lambda tries again when it is throttled, and SQS would hand the messages out a second time"
        yield Problem(where, rule, format_value(queue.visibility_timeout_seconds), reason)


def _place_problems(environment: EnvironmentSettings, path: str, queue: ExistingQueue) -> Iterator[Problem]:
    if queue.location.region != environment.region:
        rule = f"be a queue in {environment.region}"
        yield Problem(path, rule, repr(queue.queue_arn), "Lambda polls queues of the function's own region only")
