"""An SQS queue with all that belongs to it: dead-letter queue, redrive both ways, policies, key."""

from collections.abc import Iterable, Iterator, Mapping

from constructs import Construct

from modules import arns
from modules.arn_parts import arn_parts
from modules.defaults import default_location, default_name
from modules.iam.policy import policy_document
from modules.kms.permissions import DECRYPT, ENCRYPT
from modules.names import require_name
from modules.naming import AwsLocation
from modules.problems import Problem, SettingsError, unknown_name
from modules.sqs.dead_letter_queue import DeadLetterQueue, send_dead_letters
from modules.sqs.made_queue import MadeQueue
from modules.sqs.policy import Sender, policy_problems, queue_statements, senders_of
from modules.sqs.queue import Queue
from modules.sqs.settings import ExistingQueue, MessageQueueSettings, QueueAttributes
from modules.sqs.shared_dead_letters import shared_dead_letter_problems


class MessageQueue(MadeQueue):
    """Define an SQS queue, its dead-letter queue and their policies.

    ``senders`` are all services that may send; None: those that ``settings`` name. ``queues`` has the queue that
    ``settings`` name as the one that takes its dead letters.
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
        queues: Mapping[str, Queue] | None = None,
    ) -> None:
        name, location = default_name(scope, id_, name), default_location(scope, location)
        for given in settings.names(name, location):
            require_name(given.kind, given.text)
        queues = queues or {}
        if problems := list(_dead_letter_problems(settings, queues, location)):
            raise SettingsError(name, problems)
        super().__init__(scope, id_, name=name, settings=settings, source=settings, location=location)
        self.dead_letter_queue: Queue | None = None
        if own := settings.own_dead_letter_queue:
            self.dead_letter_queue = DeadLetterQueue(self, name=name, settings=own, source_settings=settings)
        elif shared := settings.shared_dead_letter_queue:
            self.dead_letter_queue = queues[shared]
        if self.dead_letter_queue and settings.max_receive_count is not None:
            send_dead_letters(self, self.dead_letter_queue, settings.max_receive_count)
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


def _dead_letter_problems(
    settings: MessageQueueSettings, queues: Mapping[str, Queue], location: AwsLocation
) -> Iterator[Problem]:
    name = settings.shared_dead_letter_queue
    if name is None:
        return
    if name not in queues:
        yield unknown_name("dead_letter_queue", name, queues, "queues")
    elif isinstance(taker := queues[name].settings, MessageQueueSettings | ExistingQueue):
        yield from shared_dead_letter_problems(settings, name, taker, location)


def _existing(scope: Construct, id_: str, settings: ExistingQueue, arn: str) -> Queue:
    named = arn_parts(arn)
    return MessageQueue.from_queue_attributes(
        scope,
        id_,
        settings=settings,
        location=named.location,
        queue_name=named.resource,
        queue_arn=arn,
        kms_key_arn=settings.kms_key_arn,
    )
