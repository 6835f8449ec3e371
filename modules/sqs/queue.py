"""The rights to a queue, whoever owns it: which actions a sender, a consumer and a cleaner need."""

from collections.abc import Sequence

from constructs import Construct

from modules.iam.policy import allow
from modules.iam.workload_role import WorkloadRole
from modules.kms.encryption_key import DECRYPT, ENCRYPT

# Both look-ups that the SDKs make before the action proper are part of each right.
LOOK_UP = ("sqs:GetQueueAttributes", "sqs:GetQueueUrl")
SEND = ("sqs:SendMessage", *LOOK_UP)
CONSUME = ("sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:ChangeMessageVisibility", *LOOK_UP)
PURGE = ("sqs:PurgeQueue", *LOOK_UP)


class Queue(Construct):
    """Base of queues: grants to roles of this project. The use of a KMS key of the queue is granted along.

    ``queue_arn``, ``queue_url`` and ``kms_key_arn`` may be tokens.
    """

    queue_arn: str
    queue_url: str
    kms_key_arn: str | None

    def grant_send(self, grantee: WorkloadRole) -> None:
        """Let ``grantee`` send messages."""
        self._grant(grantee, "send", SEND, ENCRYPT)

    def grant_consume(self, grantee: WorkloadRole) -> None:
        """Let ``grantee`` receive, delete and hold messages, but not send any."""
        self._grant(grantee, "consume", CONSUME, DECRYPT)

    def grant_purge(self, grantee: WorkloadRole) -> None:
        """Let ``grantee`` empty the queue, but not read it."""
        self._grant(grantee, "purge", PURGE, ())

    def _grant(self, grantee: WorkloadRole, verb: str, actions: Sequence[str], key_actions: Sequence[str]) -> None:
        statements = [allow(f"{verb.capitalize()}Messages", actions, self.queue_arn)]
        if self.kms_key_arn and key_actions:
            statements.append(allow(f"{verb.capitalize()}WithKey", key_actions, self.kms_key_arn))
        grantee.add_policy(f"{verb}-{self.node.id}", statements)
