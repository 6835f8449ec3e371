"""What a queue and its dead-letter queue have in common: ``aws_sqs_queue``, ``aws_sqs_queue_policy``, a key."""

from typing import Any

from cdktf_cdktf_provider_aws.sqs_queue import SqsQueue
from cdktf_cdktf_provider_aws.sqs_queue_policy import SqsQueuePolicy
from cdktf_cdktf_provider_aws.sqs_queue_redrive_allow_policy import SqsQueueRedriveAllowPolicy
from constructs import Construct

from modules.canonical_json import canonical_json
from modules.iam.policy import deny_without_tls, policy_document
from modules.kms.encryption_key import EncryptionKey, define_key
from modules.naming import AwsLocation
from modules.sqs.queue import Queue
from modules.sqs.settings import FifoMessageQueueSettings, MessageQueueSettings, QueueAttributes
from modules.sqs.shared_dead_letters import MAX_SOURCES

# What SQS takes itself. Written all the same: Terraform keeps what an attribute was where none is given.
DATA_KEY_REUSE_SECONDS = 300


class MadeQueue(Queue):
    """Define an SQS queue and its policy, which refuses whatever comes without TLS. Base of both kinds.

    ``source`` says whether the queue is FIFO, and has the tags. Without a key of its own, a queue is encrypted like
    ``like``, data keys reused as long unless it says otherwise; without either, by SQS.
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        name: str,
        settings: QueueAttributes,
        source: MessageQueueSettings,
        location: AwsLocation,
        like: "MadeQueue | None" = None,
    ) -> None:
        super().__init__(scope, id_)
        self.location = location
        self.settings = settings
        self.queue_name = f"{name}{source.name_suffix}"
        self.encryption_key: EncryptionKey | None = like.encryption_key if like else None
        reuse_seconds = like._data_key_reuse_seconds if like else DATA_KEY_REUSE_SECONDS
        if key := define_key(self, settings.kms_key, name=name, location=location):
            self.encryption_key, reuse_seconds = key, DATA_KEY_REUSE_SECONDS
        own_reuse_seconds = settings.kms_data_key_reuse_seconds
        self._data_key_reuse_seconds: int = reuse_seconds if own_reuse_seconds is None else own_reuse_seconds
        self.kms_key_arn = self.encryption_key.key_arn if self.encryption_key else None
        self.queue = SqsQueue(
            self,
            "Resource",
            name=self.queue_name,
            message_retention_seconds=settings.message_retention_seconds,
            visibility_timeout_seconds=settings.visibility_timeout_seconds,
            delay_seconds=settings.delay_seconds,
            max_message_size=settings.max_message_bytes,
            receive_wait_time_seconds=settings.receive_wait_seconds,
            sqs_managed_sse_enabled=None if self.kms_key_arn else True,
            kms_master_key_id=self.kms_key_arn,
            kms_data_key_reuse_period_seconds=self._data_key_reuse_seconds if self.kms_key_arn else None,
            tags=source.tags or None,
            **_fifo_attributes(source),
        )
        self.queue_arn, self.queue_url = self.queue.arn, self.queue.url
        policy = policy_document([deny_without_tls(["sqs:*"], self.queue_arn)])
        self.queue_policy = SqsQueuePolicy(self, "policy", queue_url=self.queue_url, policy=policy)
        self._dead_letter_source_arns: list[str] = []
        self._redrive_allow_policy: SqsQueueRedriveAllowPolicy | None = None

    def allow_dead_letters_of(self, source: Queue) -> list[SqsQueueRedriveAllowPolicy]:
        """Let ``source`` send its dead letters here, and no queue that is not let."""
        if len(self._dead_letter_source_arns) == MAX_SOURCES:
            raise ValueError(f"{self.node.path} takes the dead letters of {MAX_SOURCES} queues already")
        self._dead_letter_source_arns.append(source.queue_arn)
        policy = canonical_json({"redrivePermission": "byQueue", "sourceQueueArns": self._dead_letter_source_arns})
        if self._redrive_allow_policy is None:
            self._redrive_allow_policy = SqsQueueRedriveAllowPolicy(
                self, "redrive-allow", queue_url=self.queue_url, redrive_allow_policy=policy
            )
        self._redrive_allow_policy.redrive_allow_policy = policy
        return [self._redrive_allow_policy]


def _fifo_attributes(source: MessageQueueSettings) -> dict[str, Any]:
    """Return the arguments that only FIFO queues have; AWS accepts no "false" for a standard one."""
    if not isinstance(source, FifoMessageQueueSettings):
        return {}
    return {
        "fifo_queue": True,
        "content_based_deduplication": source.content_based_deduplication,
        # Said either way: Terraform would leave a queue as fast as it was where nothing is said.
        "deduplication_scope": "messageGroup" if source.high_throughput else "queue",
        "fifo_throughput_limit": "perMessageGroupId" if source.high_throughput else "perQueue",
    }
