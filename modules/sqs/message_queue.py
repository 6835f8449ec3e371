"""An SQS queue with all that belongs to it: dead-letter queue, redrive both ways, policies, key."""

from collections.abc import Iterable

from constructs import Construct

from modules import arns
from modules.defaults import default_location, default_name
from modules.iam.policy import policy_document
from modules.kms.permissions import DECRYPT, ENCRYPT
from modules.names import require_name
from modules.naming import AwsLocation
from modules.problems import SettingsError
from modules.sqs.dead_letter_queue import DeadLetterQueue
from modules.sqs.made_queue import MadeQueue
from modules.sqs.policy import policy_problems, queue_statements
from modules.sqs.queue import Queue
from modules.sqs.senders import Sender, senders_of
from modules.sqs.settings import ExistingQueue, MessageQueueSettings, QueueAttributes


class MessageQueue(MadeQueue):
    """Define an SQS queue, its dead-letter queue and their policies.

    ``senders`` are all services that may send; None: those that ``settings`` name.
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        settings: MessageQueueSettings,
        name: str | None = None,
        location: AwsLocation | None = None,
        senders: Iterable[Sender] | None = None,
    ) -> None:
        name, location = default_name(scope, id_, name), default_location(scope, location)
        for given in settings.names(name, location):
            require_name(given.kind, given.text)
        super().__init__(scope, id_, name=name, settings=settings, source=settings, location=location)
        self.dead_letter_queue: DeadLetterQueue | None = None
        if settings.max_receive_count is not None:
            self.dead_letter_queue = DeadLetterQueue(
                self, name=name, settings=settings, max_receive_count=settings.max_receive_count
            )
        self.find_dead_letters = lambda: self.dead_letter_queue
        self._settings = settings
        self._senders = list(senders_of(settings, location.account_id) if senders is None else senders)
        self._write_policy()
        if self.encryption_key:
            key = self.encryption_key
            if settings.send_principals:
                key.allow_principals("Send", arns.principals(location, settings.send_principals), ENCRYPT, "sqs")
            if settings.consume_principals:
                key.allow_principals("Consume", arns.principals(location, settings.consume_principals), DECRYPT, "sqs")
            if settings.send_organization_ids:
                key.allow_organizations("Send", settings.send_organization_ids, ENCRYPT, "sqs")
            if settings.consume_organization_ids:
                key.allow_organizations("Consume", settings.consume_organization_ids, DECRYPT, "sqs")
            for sender in self._senders:
                key.allow_service(sender.service, sender.account_id)

    @staticmethod
    def from_queue_arn(scope: Construct, id_: str, *, settings: ExistingQueue) -> Queue:
        """Return a queue that somebody else owns; it can be granted and referred to."""
        queue = _existing(scope, id_, settings, settings.queue_arn)
        if settings.dead_letter_queue_arn is not None:
            dead = _existing(queue, "dead-letter-queue", settings, settings.dead_letter_queue_arn)
            queue.find_dead_letters = lambda: dead
        return queue

    @staticmethod
    def from_queue_attributes(
        scope: Construct,
        id_: str,
        *,
        settings: QueueAttributes | ExistingQueue,
        location: AwsLocation,
        queue_name: str,
        queue_arn: str,
        kms_key_arn: str | None,
    ) -> Queue:
        """Return a queue that is made elsewhere; ARNs may be tokens."""
        queue = Queue(scope, id_)
        queue.settings, queue.location = settings, location
        queue.queue_name, queue.queue_arn = queue_name, queue_arn
        queue.queue_url, queue.kms_key_arn = arns.queue_url(location, queue_name), kms_key_arn
        return queue

    def allow_service(self, service: str, source_arn: str, *, account_id: str | None = None) -> None:
        """Let an AWS service send on behalf of ``source_arn``, which may be a token, and of nothing else.

        ``account_id``: the source's account, where it is not this one. The queue's own key lets the service encrypt
        what it sends; the owner of an existing key must do so.
        """
        sender = Sender(service, source_arn, account_id or self.location.account_id)
        if sender in self._senders:
            return
        self._senders.append(sender)
        self._write_policy()
        if self.encryption_key:
            self.encryption_key.allow_service(service, sender.account_id)

    def _write_policy(self) -> None:
        # The ARN as it will be, instead of a token: it counts.
        arn = arns.queue(self.location, self.queue_name)
        if problems := list(policy_problems(arn, self._settings, self._senders, self.location)):
            raise SettingsError(self.queue_name, problems)
        statements = queue_statements(self.queue_arn, self._settings, self._senders, self.location)
        if len(statements) > 1:  # else it is what every queue has
            self.queue_policy.policy = policy_document(statements)


def _existing(scope: Construct, id_: str, settings: ExistingQueue, arn: str) -> Queue:
    _, _, _, region, account_id, name = arn.split(":")
    location = AwsLocation(region, account_id)
    return MessageQueue.from_queue_attributes(
        scope,
        id_,
        settings=settings,
        location=location,
        queue_name=name,
        queue_arn=arn,
        kms_key_arn=settings.kms_key_arn,
    )
