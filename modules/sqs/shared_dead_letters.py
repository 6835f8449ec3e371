"""What SQS asks of a queue that takes the dead letters of others. Plain data.

Source: "Using dead-letter queues in Amazon SQS" in the SQS developer guide.
"""

from collections.abc import Iterator

from modules.naming import AwsLocation
from modules.problems import Problem, format_value
from modules.sqs.settings import MAX_RETENTION_SECONDS, ExistingQueue, MessageQueueSettings

# So many queues a dead-letter queue can name as those that it takes from.
MAX_SOURCES = 10


def shared_dead_letter_problems(
    source: MessageQueueSettings, name: str, taker: MessageQueueSettings | ExistingQueue, location: AwsLocation
) -> Iterator[Problem]:
    """Yield what keeps the queue ``taker``, called ``name``, from taking the dead letters of ``source``."""
    path, got = "dead_letter_queue", f"{name!r}, {format_value(taker)}"
    if taker.is_fifo != source.is_fifo:
        kind = "FIFO" if source.is_fifo else "standard"
        yield Problem(path, f"name a {kind} queue", got, "a dead-letter queue has the type of its source")
    elif isinstance(taker, MessageQueueSettings) and source.outlives_dead_letters_in(taker):
        rule = f"name a queue whose message_retention_seconds exceed {source.message_retention_seconds:,}"
        reason = "a message keeps its age when it moves there, so SQS could delete it before anyone reads it"
        fix = f"give queues.{name} up to {MAX_RETENTION_SECONDS:,}"
        yield Problem(path, rule, f"{name!r}, which has {taker.message_retention_seconds:,}", reason, fix)
    key: object
    if isinstance(taker, ExistingQueue):
        key, key_setting = taker.kms_key_arn, "kms_key_arn"
        if taker.location != location:
            rule = f"name a queue of account {location.account_id} in {location.region}"
            yield Problem(path, rule, f"{name!r}, {taker.queue_arn!r}", "that is where its source is")
    else:
        key, key_setting = taker.kms_key, "kms_key"
    if source.kms_key is not None and key is None:
        rule, fix = "name a queue with a KMS key, as its source has", f"give queues.{name} a {key_setting}"
        yield Problem(path, rule, got, "otherwise messages are no longer encrypted with their key when they fail", fix)
