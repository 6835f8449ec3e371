"""Settings of SQS message queues; "job queue" is Batch's word.

Source: SetQueueAttributes in the SQS API reference; "Amazon SQS quotas" in the SQS developer guide.
"""

import re
from collections.abc import Iterator
from typing import Annotated, ClassVar

from pydantic import Field, StringConstraints

from modules.arn_parts import arn_parts, arn_pattern
from modules.iam.services import S3, SCHEDULER
from modules.kms.settings import KmsKeyArn, KmsKeySettings
from modules.markers import ArnOf, Late, RefersTo, given_in_production
from modules.named_settings import NamedSettings
from modules.names import PhysicalName
from modules.naming import AwsLocation, ShortName, Tags
from modules.problems import Problem, format_value
from modules.regions import region_fix
from modules.settings import Distinct, Settings

PrincipalArn = Annotated[
    str,
    StringConstraints(pattern=r"^arn:aws[a-z-]*:iam::[0-9]{12}:(root|(role|user)/[0-9A-Za-z_+=,.@/-]+)$|^[0-9]{12}$"),
    Field(description="a role, user or account, e.g. arn:aws:iam::111122223333:role/ingest, …:root or its digits"),
]
OrganizationId = Annotated[
    str, StringConstraints(pattern=r"^o-[a-z0-9]{10,32}$"), Field(description="an organization, e.g. o-a1b2c3d4e5")
]


# Services that send to standard queues only: notifications of buckets, and dead letters of schedules.
STANDARD_ONLY = (S3, SCHEDULER)
BUCKET_ARN = re.compile(r"arn:aws[a-z-]*:s3:::[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]")


MAX_RETENTION_SECONDS = 1_209_600
MAX_VISIBILITY_SECONDS = 43_200
# SQS must hide a message for longer than it takes.
MAX_MESSAGE_SECONDS = MAX_VISIBILITY_SECONDS - 1


class ServiceSender(Settings):
    """An AWS service that may send on behalf of one resource: a bucket, a rule, a topic."""

    service: str = Field(pattern=r"^[a-z0-9-]+\.amazonaws\.com$")
    """e.g. s3.amazonaws.com [required]"""
    source_arn: Annotated[str, ArnOf("source")] = Field(
        pattern=r"^arn:aws[a-z-]*:[a-z0-9-]+:[a-z0-9-]*:([0-9]{12})?:[0-9A-Za-z_.:/+=,@$-]+$"
    )
    """the resource it acts for, e.g. arn:aws:s3:::my-bucket; without it, any resource of the service could send
    [required]"""
    source_account_id: str | None = Field(default=None, pattern=r"^[0-9]{12}$")
    """the account of a bucket, which its ARN does not name; None: this environment's [default None]"""

    @property
    def account_id(self) -> str | None:
        """The account of the resource, as far as it is said: a bucket's ARN does not name it."""
        return arn_parts(self.source_arn).account_id or self.source_account_id

    def check_source(self) -> Iterator[Problem]:
        """Check that the ARN is one that such a resource has, and that the account is named in one place."""
        if self.service == S3 and not BUCKET_ARN.fullmatch(self.source_arn):
            rule = "be the ARN of a bucket where service is s3.amazonaws.com"
            fix = "e.g. arn:aws:s3:::my-bucket; the account is source_account_id"
            yield self.problem("source_arn", rule, "it has no region and no account", fix)
        elif self.service != S3 and not arn_parts(self.source_arn).account_id:
            yield self.problem(
                "source_arn", f"name an account where service is {self.service}", "only the ARN of a bucket has none"
            )
        if self.source_account_id is not None and arn_parts(self.source_arn).account_id:
            yield self.problem("source_account_id", "be left out where source_arn names the account")


class QueueSettings(Settings, abstract=True):
    """Base of everything that may stand in an environment's ``queues``."""

    @property
    def is_fifo(self) -> bool:
        """Return whether it is a FIFO queue."""
        return False


def fifo_problems(path: str, service: str, got: str) -> Iterator[Problem]:
    """Yield what keeps an AWS service from sending to a FIFO queue, as ``path`` asks it to."""
    if service in STANDARD_ONLY:
        reason, fix = "it sends to standard queues only", "use one, from which a pipe can forward"
        yield Problem(path, f"not have {service} send to a FIFO queue", got, reason, fix)


class QueueAttributes(Settings, abstract=True):
    """What every queue has, the dead-letter queue included."""

    message_retention_seconds: int = Field(default=345_600, ge=60, le=MAX_RETENTION_SECONDS)
    """a message older than this is deleted unread [from 60 to 1,209,600; default 345,600]"""
    visibility_timeout_seconds: int = Field(default=30, ge=0, le=43_200)
    """shorter than the work means that the work is done twice [from 0 to 43,200; default 30]"""
    delay_seconds: int = Field(default=0, ge=0, le=900)
    """how long a new message stays hidden [from 0 to 900; default 0]"""
    max_message_bytes: Annotated[int, Late()] = Field(default=1_048_576, ge=1_024, le=1_048_576)
    """a larger message belongs in S3, with its key in the queue [from 1,024 to 1,048,576; default 1,048,576]"""
    receive_wait_seconds: Annotated[int, Late()] = Field(default=20, ge=0, le=20)
    """long polling: fewer empty answers, which are billed like full ones [from 0 to 20; default 20]"""
    kms_key: KmsKeySettings | None = None
    """None: SSE-SQS, without charge; a dead-letter queue without a key uses its source's [default None]"""
    kms_data_key_reuse_seconds: int | None = Field(default=None, ge=60, le=86_400)
    """longer means fewer KMS calls and a later effect of a revoked key [from 60 to 86,400; default None]"""

    def check_queue_attributes(self) -> Iterator[Problem]:
        """Check what holds between fields of one queue."""
        hidden = self.delay_seconds + self.visibility_timeout_seconds
        if self.message_retention_seconds <= hidden:
            path, rule = "message_retention_seconds", f"exceed delay_seconds + visibility_timeout_seconds ({hidden:,})"
            yield self.problem(path, rule, "otherwise SQS deletes a message before it can be received a second time")


class DeadLetterQueueSettings(QueueAttributes):
    """Where messages go that failed too often; kept as long as SQS can, so that somebody can look."""

    message_retention_seconds: int = Field(default=MAX_RETENTION_SECONDS, ge=60, le=MAX_RETENTION_SECONDS)
    """counted from when the message was sent to its source, if that is a standard queue; from when it came here, if it
    is FIFO [from 60 to 1,209,600; default 1,209,600]"""


class MessageQueueSettings(NamedSettings, QueueSettings, QueueAttributes):
    """A standard queue: at least once, in about the order sent, any throughput.

    Producers that share it stay out of each other's way by giving a MessageGroupId (a tenant, say) with each message:
    SQS then serves the groups fairly. That is the producers' choice and needs nothing here.
    """

    name_suffix: ClassVar[str] = ""

    visibility_timeout_seconds: int = Field(ge=0, le=43_200)
    """shorter than the work means that the work is done twice [from 0 to 43,200; required]"""
    max_receive_count: Annotated[
        int | None, given_in_production("a message that always fails is lost when its retention ends")
    ] = Field(default=5, ge=1, le=1_000)
    """tries before the dead-letter queue; None: no such queue, a bad message circles [from 1 to 1,000; default 5; must
    be given in production]"""
    dead_letter_queue: DeadLetterQueueSettings | Annotated[ShortName, RefersTo("queues")] = Field(
        default_factory=DeadLetterQueueSettings
    )
    """one of its own, or a queue of the same kind that up to ten queues share; neither where max_receive_count is None
    [one of the environment's queues; default DeadLetterQueueSettings()]"""
    send_principals: Distinct[Annotated[PrincipalArn, ArnOf("principal")]] = ()
    """roles, users or accounts (…:root, or the 12 digits alone) that may send [default empty]"""
    send_organization_ids: Distinct[OrganizationId] = ()
    """organizations of AWS all of whose accounts may send [default empty]"""
    consume_principals: Distinct[Annotated[PrincipalArn, ArnOf("principal")]] = ()
    """roles, users or accounts that may consume [default empty]"""
    consume_organization_ids: Distinct[OrganizationId] = ()
    """organizations of AWS all of whose accounts may consume [default empty]"""
    purge_principals: Distinct[Annotated[PrincipalArn, ArnOf("principal")]] = ()
    """roles, users or accounts that may empty it [default empty]"""
    send_services: Distinct[ServiceSender] = ()
    """AWS services that may send [default empty]"""
    tags: Tags = Field(default_factory=dict)
    """on this queue and its dead-letter queue [at most 46 entries; each name 1 to 128 characters; each value at most
    256 characters; default empty]"""

    def names(self, name: str, location: AwsLocation) -> Iterator[PhysicalName]:
        """Yield the names of the queue, its dead-letter queue and their keys."""
        keys = {name: self.kms_key}
        if own := self.own_dead_letter_queue:
            keys[f"{name}-dlq"] = own.kms_key
        for queue, key in keys.items():
            yield PhysicalName("queue", f"{queue}{self.name_suffix}")
            if key is not None:
                yield from key.names(queue, location)

    @property
    def own_dead_letter_queue(self) -> DeadLetterQueueSettings | None:
        """The dead-letter queue that is made with it, if any."""
        own = self.dead_letter_queue
        return own if isinstance(own, DeadLetterQueueSettings) and self.max_receive_count is not None else None

    @property
    def shared_dead_letter_queue(self) -> str | None:
        """The short name of the queue that takes its dead letters, if it is not its own."""
        shared = self.dead_letter_queue
        return shared if isinstance(shared, str) and self.max_receive_count is not None else None

    def check_data_key_reuse(self) -> Iterator[Problem]:
        """Check that there is a key whose data keys are reused."""
        dead = self.dead_letter_queue
        if self.kms_key is None and self.kms_data_key_reuse_seconds is not None:
            rule = "be left out where kms_key is not given"
            yield self.problem("kms_data_key_reuse_seconds", rule, "SSE-SQS has no data key to reuse")
        if isinstance(dead, str):
            return
        if self.kms_key is None and dead.kms_key is None and dead.kms_data_key_reuse_seconds is not None:
            rule = "be left out where neither queue is given a kms_key"
            yield self.problem("dead_letter_queue.kms_data_key_reuse_seconds", rule, "SSE-SQS has no data key to reuse")

    def check_dead_letter_retention(self) -> Iterator[Problem]:
        """Check that dead letters are kept longer than messages, or as long as SQS keeps any; FIFO counts anew."""
        own = self.own_dead_letter_queue
        if own and self.outlives_dead_letters_in(own):
            kept = f"message_retention_seconds ({self.message_retention_seconds:,})"
            path, rule = "dead_letter_queue.message_retention_seconds", f"exceed {kept} or be {MAX_RETENTION_SECONDS:,}"
            reason = "a message keeps its age when it moves here, so SQS could delete it before anyone reads it"
            yield Problem(path, rule, format_value(own.message_retention_seconds), reason)

    def outlives_dead_letters_in(self, queue: QueueAttributes) -> bool:
        """Return whether ``queue`` deletes dead letters while messages of the same age still wait here.

        FIFO queues count from when a message came to them.
        """
        kept = queue.message_retention_seconds
        return not self.is_fifo and kept <= self.message_retention_seconds and kept < MAX_RETENTION_SECONDS


class FifoMessageQueueSettings(MessageQueueSettings):
    """A FIFO queue: exactly once, in order within a message group; 300 calls a second unless high throughput.

    Its dead-letter queue is FIFO too, and deduplicates like it.
    """

    name_suffix: ClassVar[str] = ".fifo"

    content_based_deduplication: bool = False
    """True: equal bodies within five minutes are one message; False: producers give an id [default False]"""
    high_throughput: bool = False
    """True: throughput and deduplication count per message group, thousands of calls a second [default False]"""

    def check_send_services(self) -> Iterator[Problem]:
        """Refuse services that cannot send to FIFO queues."""
        for index, sender in enumerate(self.send_services):
            yield from fifo_problems(f"send_services[{index}].service", sender.service, repr(sender.service))

    @property
    def is_fifo(self) -> bool:
        """Return whether it keeps the order of messages."""
        return True


QUEUE_ARN = arn_pattern("sqs", r"([0-9A-Za-z_-]{1,80}|[0-9A-Za-z_-]{1,75}\.fifo)")


class ExistingQueue(QueueSettings):
    """A queue that somebody else owns: it can be fed, consumed and referred to, not changed."""

    queue_arn: Annotated[str, ArnOf("queue")] = Field(pattern=QUEUE_ARN)
    """e.g. arn:aws:sqs:us-east-1:111122223333:requests [required]"""
    kms_key_arn: Annotated[KmsKeyArn | None, ArnOf("key")] = None
    """the key that encrypts it, if any: grants then include its use [default None]"""
    dead_letter_queue_arn: Annotated[str | None, ArnOf("queue")] = Field(default=None, pattern=QUEUE_ARN)
    """that of its dead letters, encrypted by the same key, for principals that may redrive them [default None]"""
    visibility_timeout_seconds: int = Field(ge=0, le=43_200)
    """as its owner set it, to check jobs against [from 0 to 43,200; required]"""

    @property
    def location(self) -> AwsLocation:
        """Region and account of the queue."""
        return arn_parts(self.queue_arn).location

    @property
    def queue_name(self) -> str:
        """What its owner called it."""
        return arn_parts(self.queue_arn).resource

    def names(self, name: str, location: AwsLocation) -> Iterator[PhysicalName]:
        """Yield the name it has, if it is one of this account and region."""
        del name
        if self.location == location:
            yield PhysicalName("queue", self.queue_name, path="queue_arn", is_made=False)

    def check_existing_queue(self) -> Iterator[Problem]:
        """Check that there can be such a queue."""
        if fix := region_fix(self.location.region):
            yield Problem("queue_arn", "name a region of AWS", repr(self.location.region), fix=fix)

    @property
    def is_fifo(self) -> bool:
        """Return whether it keeps the order of messages."""
        return self.queue_arn.endswith(".fifo")
