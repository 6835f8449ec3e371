"""Settings of SQS message queues; "job queue" is Batch's word.

Source: SetQueueAttributes in the SQS API reference, read from botocore's model.
"""

from collections.abc import Iterable
from typing import Annotated

from pydantic import Field, StringConstraints

from modules.kms.settings import KmsKeySettings
from modules.problems import Problem, shown
from modules.settings import Sequence, Settings

PrincipalArn = Annotated[
    str, StringConstraints(pattern=r"^arn:aws[a-z-]*:iam::\d{12}:(root|(role|user)/[\w+=,.@/-]+)$")
]


class ServiceSender(Settings):
    """An AWS service that may send, for one resource of this account only: a bucket, a rule, a topic."""

    service: str = Field(pattern=r"^[a-z0-9-]+\.amazonaws\.com$", description="e.g. s3.amazonaws.com")
    source_arn: str = Field(
        pattern=r"^arn:aws[a-z-]*:[a-z0-9-]+:[a-z0-9-]*:(\d{12})?:.+$",
        description="the resource it acts for; without it the service could be used by anybody",
    )


class QueueSettings(Settings):
    """Base of everything that may stand in an environment's ``queues``."""


class QueueAttributes(Settings):
    """What every queue has, the dead-letter queue included."""

    message_retention_seconds: int = Field(
        345_600, ge=60, le=1_209_600, description="a message older than this is deleted unread"
    )
    visibility_timeout_seconds: int = Field(
        30, ge=0, le=43_200, description="shorter than the work means that the work is done twice"
    )
    delay_seconds: int = Field(0, ge=0, le=900, description="how long a new message stays hidden")
    max_message_bytes: int = Field(
        1_048_576, ge=1_024, le=1_048_576, description="a larger message belongs in S3, with its key in the queue"
    )
    receive_wait_seconds: int = Field(
        20, ge=0, le=20, description="long polling: fewer empty answers, which are billed like full ones"
    )
    kms_key: KmsKeySettings | None = Field(
        None, description="None: SSE-SQS, without charge; a dead-letter queue without a key uses its source's"
    )
    kms_data_key_reuse_seconds: int | None = Field(
        None, ge=60, le=86_400, description="longer means fewer KMS calls and a later effect of a revoked key"
    )

    def rules(self) -> Iterable[Problem]:
        """Check what holds between fields of one queue."""
        if self.kms_data_key_reuse_seconds is not None and self.kms_key is None:
            yield Problem(
                "kms_data_key_reuse_seconds",
                "be left out where kms_key is not given",
                shown(self.kms_data_key_reuse_seconds),
                "SSE-SQS has no data key to reuse",
            )


class DeadLetterQueueSettings(QueueAttributes):
    """Where messages go that failed too often; kept as long as SQS can, so that somebody can look."""

    message_retention_seconds: int = Field(
        1_209_600, ge=60, le=1_209_600, description="counted from when the message was first sent to the source"
    )


class MessageQueueSettings(QueueSettings, QueueAttributes):
    """A standard queue: at least once, in about the order sent, any throughput.

    Producers that share it stay out of each other's way by giving a MessageGroupId (a tenant, say) with each message:
    SQS then serves the groups fairly. That is the producers' choice and needs nothing here.
    """

    visibility_timeout_seconds: int = Field(
        ge=0, le=43_200, description="shorter than the work means that the work is done twice"
    )
    max_receive_count: int | None = Field(
        5, ge=1, le=1_000, description="tries before the dead-letter queue; None: no such queue, a bad message circles"
    )
    dead_letter_queue: DeadLetterQueueSettings = Field(
        default_factory=DeadLetterQueueSettings, description="not made where max_receive_count is None"
    )
    send_principals: Sequence[PrincipalArn] = Field((), description="roles, users or accounts (…:root) that may send")
    consume_principals: Sequence[PrincipalArn] = Field((), description="roles, users or accounts that may consume")
    purge_principals: Sequence[PrincipalArn] = Field((), description="roles, users or accounts that may empty it")
    send_services: Sequence[ServiceSender] = Field((), description="AWS services that may send")
    tags: dict[str, str] = Field(default_factory=dict, description="on this queue and its dead-letter queue")

    def rules(self) -> Iterable[Problem]:
        """Check what holds between a queue and its dead-letter queue."""
        yield from super().rules()
        kept, dead = self.message_retention_seconds, self.dead_letter_queue.message_retention_seconds
        if self.max_receive_count is not None and dead <= kept:
            yield Problem(
                "dead_letter_queue.message_retention_seconds",
                f"exceed message_retention_seconds ({kept:,})",
                shown(dead),
                "a message's age counts from when it was first sent, so it may be gone before anybody looks",
            )


class FifoMessageQueueSettings(MessageQueueSettings):
    """A FIFO queue: exactly once, in order within a message group; 300 calls a second unless high throughput."""

    content_based_deduplication: bool = Field(
        False, description="True: equal bodies within five minutes are one message; False: producers give an id"
    )
    high_throughput: bool = Field(
        False, description="True: throughput and deduplication count per message group, thousands of calls a second"
    )


class ExistingQueue(QueueSettings):
    """A queue that somebody else owns: it can be fed, consumed and referred to, not changed."""

    queue_arn: str = Field(
        pattern=r"^arn:aws[a-z-]*:sqs:[a-z0-9-]+:\d{12}:[0-9A-Za-z_-]{1,80}(\.fifo)?$", description="the queue's ARN"
    )
    kms_key_arn: str | None = Field(
        None,
        pattern=r"^arn:aws[a-z-]*:kms:[a-z0-9-]+:\d{12}:key/[0-9a-zA-Z-]+$",
        description="the key that encrypts it, if any: grants then include its use",
    )
    visibility_timeout_seconds: int = Field(ge=0, le=43_200, description="as its owner set it, to check jobs against")
