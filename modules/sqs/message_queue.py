"""An SQS queue with all that belongs to it: dead-letter queue, redrive both ways, policies, key."""

from collections.abc import Sequence

from constructs import Construct

from modules.iam.policy import allow, camel
from modules.iam.workload_role import WorkloadRole
from modules.kms.encryption_key import DECRYPT, ENCRYPT
from modules.naming import DOMAINS, AwsLocation, require_name
from modules.sqs.dead_letter_queue import DeadLetterQueue
from modules.sqs.made_queue import MadeQueue
from modules.sqs.queue import CONSUME, MOVE, PURGE, SEND, Queue
from modules.sqs.settings import ExistingQueue, MessageQueueSettings


class MessageQueue(MadeQueue):
    """Define an SQS queue, its dead-letter queue and their policies."""

    def __init__(
        self, scope: Construct, id_: str, *, name: str, settings: MessageQueueSettings, location: AwsLocation
    ) -> None:
        require_name("queues", name)
        super().__init__(scope, id_, name=name, settings=settings, source=settings, location=location)
        self.dead_letter_queue: DeadLetterQueue | None = None
        if settings.max_receive_count is not None:
            self.dead_letter_queue = DeadLetterQueue(
                self, name=name, settings=settings, max_receive_count=settings.max_receive_count
            )
        self._senders: dict[str, list[str]] = {}
        self._allow_principals("Send", settings.send_principals, SEND, ENCRYPT)
        self._allow_principals("Consume", settings.consume_principals, CONSUME, DECRYPT)
        self._allow_principals("Purge", settings.purge_principals, PURGE, ())
        for sender in settings.send_services:
            self.allow_service(sender.service, sender.source_arn, account_id=sender.account_id)

    @staticmethod
    def from_queue_arn(scope: Construct, id_: str, *, settings: ExistingQueue) -> Queue:
        """Return a queue that somebody else owns; it can be granted and referred to."""
        return _ForeignQueue(scope, id_, settings)

    def allow_service(self, service: str, source_arn: str, *, account_id: str | None = None) -> None:
        """Let an AWS service send on behalf of ``source_arn``, which may be a token, and of nothing else.

        ``account_id``: the source's account, where it is not this one. The queue's own key lets the service encrypt
        what it sends; the owner of an existing key must do so.
        """
        source_arns = self._senders.setdefault(service, [])
        source_arns.append(source_arn)
        account = account_id or self.location.account_id
        condition: dict[str, dict[str, str | Sequence[str]]] = {"ArnEquals": {"aws:SourceArn": source_arns}}
        if service == "s3.amazonaws.com":
            # A bucket's ARN names no account: without this, whoever takes over a deleted bucket's name could send.
            condition["StringEquals"] = {"aws:SourceAccount": account}
        sid = f"SendFrom{camel(service)}"
        self.allow(allow(sid, SEND[:1], self.queue_arn, principal={"Service": service}, condition=condition))
        if self.encryption_key:
            self.encryption_key.allow_service(service, account)

    def grant_redrive(self, grantee: WorkloadRole) -> None:
        """Let ``grantee`` move dead letters back into this queue."""
        if self.dead_letter_queue is None:
            raise ValueError(f"{self.node.path} has no dead-letter queue to move messages from")
        move = self.dead_letter_queue.rights("Move", MOVE, DECRYPT)
        grantee.add_policy(f"redrive-{self.grant_name}", [*move, *self.rights("Return", SEND, ENCRYPT)])

    def _allow_principals(
        self, verb: str, principals: Sequence[str], actions: Sequence[str], key_actions: Sequence[str]
    ) -> None:
        if not principals:
            return
        self.allow(allow(verb, actions, self.queue_arn, principal={"AWS": principals}))
        if self.encryption_key and key_actions:
            self.encryption_key.allow_principals(verb, principals, key_actions)


class _ForeignQueue(Queue):
    def __init__(self, scope: Construct, id_: str, settings: ExistingQueue) -> None:
        super().__init__(scope, id_)
        _, partition, _, region, account_id, self.queue_name = settings.queue_arn.split(":")
        self.queue_arn = settings.queue_arn
        self.queue_url = (
            f"https://sqs.{region}.{DOMAINS.get(partition, 'amazonaws.com')}/{account_id}/{self.queue_name}"
        )
        self.kms_key_arn = settings.kms_key_arn
