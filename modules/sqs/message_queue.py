"""An SQS queue with all that belongs to it: dead-letter queue, redrive both ways, policies, key.

Policies and redrive are resources of their own (``aws_sqs_queue_policy``, ``aws_sqs_queue_redrive_policy``,
``aws_sqs_queue_redrive_allow_policy``): the two queues then refer to each other without a cycle.
"""

from collections.abc import Sequence

from cdktf_cdktf_provider_aws.sqs_queue import SqsQueue
from cdktf_cdktf_provider_aws.sqs_queue_policy import SqsQueuePolicy
from cdktf_cdktf_provider_aws.sqs_queue_redrive_allow_policy import SqsQueueRedriveAllowPolicy
from cdktf_cdktf_provider_aws.sqs_queue_redrive_policy import SqsQueueRedrivePolicy
from constructs import Construct

from modules.canonical_json import canonical_json
from modules.iam.policy import Statement, allow, deny_without_tls, policy_document
from modules.kms.encryption_key import DECRYPT, ENCRYPT, EncryptionKey
from modules.naming import AwsLocation, require_name
from modules.sqs.queue import CONSUME, PURGE, SEND, Queue
from modules.sqs.settings import (
    ExistingQueue,
    FifoMessageQueueSettings,
    MessageQueueSettings,
    QueueAttributes,
)


class MessageQueue(Queue):
    """Define an SQS queue, its dead-letter queue and their policies, which refuse whatever comes without TLS."""

    def __init__(
        self, scope: Construct, id_: str, *, name: str, settings: MessageQueueSettings, location: AwsLocation
    ) -> None:
        super().__init__(scope, id_)
        require_name("queues", name)
        self._location = location
        self._fifo = isinstance(settings, FifoMessageQueueSettings)
        self._tags = settings.tags or None
        key = self._key(name, settings)
        self.kms_key_arn = key.key_arn if key else None
        self.queue = self._queue(self, name, settings, self.kms_key_arn)
        self.queue_arn, self.queue_url = self.queue.arn, self.queue.url
        self.dead_letter_queue = self._dead_letter_queue(name, settings)
        self._policy_statements = [deny_without_tls("sqs", self.queue_arn)]
        self._policy = SqsQueuePolicy(
            self, "policy", queue_url=self.queue_url, policy=policy_document(self._policy_statements)
        )
        self._allow_others(settings, key)

    @staticmethod
    def from_queue_arn(scope: Construct, id_: str, *, settings: ExistingQueue) -> Queue:
        """Return a queue that somebody else owns; it can be granted and referred to."""
        return _ForeignQueue(scope, id_, settings)

    def allow_service(self, service: str, source_arn: str) -> None:
        """Let an AWS service send on behalf of ``source_arn``, which may be a token, and of nothing else."""
        self._add_statement(
            allow(
                f"SendFrom{len(self._policy_statements)}",
                SEND[:1],
                self.queue_arn,
                principal={"Service": service},
                condition={
                    "ArnEquals": {"aws:SourceArn": source_arn},
                    "StringEquals": {"aws:SourceAccount": self._location.account_id},
                },
            )
        )

    def _allow_others(self, settings: MessageQueueSettings, key: EncryptionKey | None) -> None:
        """Put the rights of principals outside this project into the policies of queue and key."""
        for verb, principals, actions, key_actions in (
            ("Send", settings.send_principals, SEND, ENCRYPT),
            ("Consume", settings.consume_principals, CONSUME, DECRYPT),
            ("Purge", settings.purge_principals, PURGE, ()),
        ):
            if principals:
                self._add_statement(allow(verb, actions, self.queue_arn, principal={"AWS": _principals(principals)}))
                if key and key_actions:
                    key.allow_principals(verb, principals, key_actions)
        for sender in settings.send_services:
            self.allow_service(sender.service, sender.source_arn)
            if key:
                key.allow_service(sender.service, self._location.account_id)

    def _add_statement(self, statement: Statement) -> None:
        self._policy_statements.append(statement)
        self._policy.policy = policy_document(self._policy_statements)

    def _key(self, name: str, settings: MessageQueueSettings) -> EncryptionKey | None:
        if settings.kms_key is None:
            return None
        return EncryptionKey(self, "key", name=name, settings=settings.kms_key, location=self._location)

    def _dead_letter_queue(self, name: str, settings: MessageQueueSettings) -> SqsQueue | None:
        if settings.max_receive_count is None:
            return None
        scope = Construct(self, "dead-letter-queue")
        queue = self._queue(scope, f"{name}-dlq", settings.dead_letter_queue, self.kms_key_arn)
        SqsQueuePolicy(
            scope, "policy", queue_url=queue.url, policy=policy_document([deny_without_tls("sqs", queue.arn)])
        )
        SqsQueueRedrivePolicy(
            self,
            "redrive",
            queue_url=self.queue_url,
            redrive_policy=canonical_json(
                {"deadLetterTargetArn": queue.arn, "maxReceiveCount": settings.max_receive_count}
            ),
        )
        SqsQueueRedriveAllowPolicy(
            scope,
            "redrive-allow",
            queue_url=queue.url,
            redrive_allow_policy=canonical_json({"redrivePermission": "byQueue", "sourceQueueArns": [self.queue_arn]}),
        )
        return queue

    def _queue(self, scope: Construct, name: str, settings: QueueAttributes, kms_key_arn: str | None) -> SqsQueue:
        fifo = settings if isinstance(settings, FifoMessageQueueSettings) else None
        throughput = fifo is not None and fifo.high_throughput
        return SqsQueue(
            scope,
            "Resource",
            name=f"{name}.fifo" if self._fifo else name,
            # Left out where the queue is standard: AWS accepts no "false" for it.
            fifo_queue=True if self._fifo else None,
            content_based_deduplication=fifo.content_based_deduplication if fifo else None,
            deduplication_scope="messageGroup" if throughput else None,
            fifo_throughput_limit="perMessageGroupId" if throughput else None,
            message_retention_seconds=settings.message_retention_seconds,
            visibility_timeout_seconds=settings.visibility_timeout_seconds,
            delay_seconds=settings.delay_seconds,
            max_message_size=settings.max_message_bytes,
            receive_wait_time_seconds=settings.receive_wait_seconds,
            sqs_managed_sse_enabled=None if kms_key_arn else True,
            kms_master_key_id=kms_key_arn,
            kms_data_key_reuse_period_seconds=settings.kms_data_key_reuse_seconds,
            tags=self._tags,
        )


class _ForeignQueue(Queue):
    def __init__(self, scope: Construct, id_: str, settings: ExistingQueue) -> None:
        super().__init__(scope, id_)
        _, partition, _, region, account_id, name = settings.queue_arn.split(":")
        domain = "amazonaws.com.cn" if partition == "aws-cn" else "amazonaws.com"
        self.queue_arn = settings.queue_arn
        self.queue_url = f"https://sqs.{region}.{domain}/{account_id}/{name}"
        self.kms_key_arn = settings.kms_key_arn


def _principals(arns: Sequence[str]) -> list[str] | str:
    return arns[0] if len(arns) == 1 else sorted(arns)
