"""Where messages go that failed too often: to a queue of their own, or to one that several queues share.

``aws_sqs_queue_redrive_policy`` and its counterpart stand by themselves, so that the queues can refer to each other
without a cycle.
"""

from cdktf_cdktf_provider_aws.sqs_queue_redrive_policy import SqsQueueRedrivePolicy

from modules.canonical_json import canonical_json
from modules.sqs.made_queue import MadeQueue
from modules.sqs.queue import Queue
from modules.sqs.settings import DeadLetterQueueSettings, MessageQueueSettings


class DeadLetterQueue(MadeQueue):
    """Define the queue that takes what ``source`` failed to process, and nothing else."""

    def __init__(
        self, source: MadeQueue, *, name: str, settings: DeadLetterQueueSettings, source_settings: MessageQueueSettings
    ) -> None:
        super().__init__(
            source,
            "dead-letter-queue",
            name=f"{name}-dlq",
            settings=settings,
            source=source_settings,
            location=source.location,
            like=source,
        )
        # All dead-letter queues have the same construct id.
        self.grant_name = f"{source.grant_name}-dead-letters"


def send_dead_letters(source: MadeQueue, taker: Queue, max_receive_count: int) -> None:
    """Send what ``source`` failed to process ``max_receive_count`` times to ``taker``."""
    SqsQueueRedrivePolicy(
        source,
        "redrive",
        queue_url=source.queue_url,
        redrive_policy=canonical_json({"deadLetterTargetArn": taker.queue_arn, "maxReceiveCount": max_receive_count}),
        # SQS refuses a dead-letter queue that does not allow this source.
        depends_on=taker.allow_dead_letters_of(source) or None,
    )
