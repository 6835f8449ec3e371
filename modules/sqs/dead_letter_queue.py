"""The dead-letter queue of a message queue: a queue like it, ``aws_sqs_queue_redrive_policy`` and its counterpart.

The two redrive resources stand by themselves, so that the queues can refer to each other without a cycle.
"""

from cdktf_cdktf_provider_aws.sqs_queue_redrive_allow_policy import SqsQueueRedriveAllowPolicy
from cdktf_cdktf_provider_aws.sqs_queue_redrive_policy import SqsQueueRedrivePolicy

from modules.canonical_json import canonical_json
from modules.sqs.made_queue import MadeQueue
from modules.sqs.settings import MessageQueueSettings


class DeadLetterQueue(MadeQueue):
    """Define the queue that takes what ``source`` failed to process ``max_receive_count`` times, and nothing else."""

    def __init__(self, source: MadeQueue, *, name: str, settings: MessageQueueSettings, max_receive_count: int) -> None:
        super().__init__(
            source,
            "dead-letter-queue",
            name=f"{name}-dlq",
            settings=settings.dead_letter_queue,
            source=settings,
            location=source.location,
            like=source,
        )
        # All dead-letter queues have the same construct id.
        self.grant_name = f"{source.grant_name}-dead-letters"
        allowed = SqsQueueRedriveAllowPolicy(
            self,
            "redrive-allow",
            queue_url=self.queue_url,
            redrive_allow_policy=canonical_json(
                {"redrivePermission": "byQueue", "sourceQueueArns": [source.queue_arn]}
            ),
        )
        SqsQueueRedrivePolicy(
            source,
            "redrive",
            queue_url=source.queue_url,
            redrive_policy=canonical_json(
                {"deadLetterTargetArn": self.queue_arn, "maxReceiveCount": max_receive_count}
            ),
            # SQS refuses a dead-letter queue that does not allow this source.
            depends_on=[allowed],
        )
