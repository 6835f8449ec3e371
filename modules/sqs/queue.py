"""The permissions to a queue, existing ones included: which actions a sender, a consumer and a cleaner need."""

from collections.abc import Callable, Sequence

from cdktf_cdktf_provider_aws.sqs_queue_redrive_allow_policy import SqsQueueRedriveAllowPolicy
from constructs import Construct

from modules.iam.policy import Statement, allow
from modules.iam.workload_role import WorkloadRole
from modules.kms.permissions import DECRYPT, ENCRYPT, key_statements
from modules.naming import AwsLocation
from modules.sqs.policy import CONSUME, COUNT, MOVE, PURGE, SEND
from modules.sqs.settings import ExistingQueue, QueueAttributes


class Queue(Construct):
    """Base of queues: grants to roles of this project. The use of a KMS key of the queue is granted along.

    ``queue_arn``, ``queue_url`` and ``kms_key_arn`` may be tokens; ``queue_name`` is as AWS knows it. The names of
    grants end in ``grant_name``, which is different for every queue that a role meets.
    """

    location: AwsLocation
    queue_arn: str
    queue_url: str
    queue_name: str
    kms_key_arn: str | None
    settings: QueueAttributes | ExistingQueue

    def __init__(self, scope: Construct, id_: str) -> None:
        super().__init__(scope, id_)
        self.grant_name = id_
        # Asked where somebody may move dead letters, so that a stack reads nothing that it does not use.
        self.find_dead_letters: Callable[[], Queue | None] = lambda: None

    def grant_send(self, grantee: WorkloadRole) -> None:
        """Let ``grantee`` send messages."""
        grantee.add_policy(f"send-{self.grant_name}", self.permissions("Send", SEND, ENCRYPT))

    def grant_consume(self, grantee: WorkloadRole) -> None:
        """Let ``grantee`` receive, delete and hold messages, but not send any."""
        grantee.add_policy(f"consume-{self.grant_name}", self.permissions("Consume", CONSUME, DECRYPT))

    def grant_purge(self, grantee: WorkloadRole) -> None:
        """Let ``grantee`` empty the queue, but not read it."""
        grantee.add_policy(f"purge-{self.grant_name}", self.permissions("Purge", PURGE, ()))

    def grant_count(self, grantee: WorkloadRole) -> None:
        """Let ``grantee`` see how many messages there are, but none of them."""
        grantee.add_policy(f"count-{self.grant_name}", self.permissions("Count", COUNT, ()))

    def grant_redrive(self, grantee: WorkloadRole) -> None:
        """Let ``grantee`` move dead letters back into this queue."""
        dead = self.find_dead_letters()
        if dead is None:
            raise ValueError(f"{self.node.path} has no dead-letter queue to move messages from")
        move = dead.permissions("Move", MOVE, DECRYPT)
        grantee.add_policy(f"redrive-{self.grant_name}", [*move, *self.permissions("Return", SEND, ENCRYPT)])

    def allow_dead_letters_of(self, source: "Queue") -> list[SqsQueueRedriveAllowPolicy]:
        """Return what must be there before ``source`` may send its dead letters here: nothing of ours, its owner's."""
        del source
        return []

    def permissions(self, verb: str, actions: Sequence[str], key_actions: Sequence[str]) -> list[Statement]:
        """Return the statements that allow ``actions`` on the queue and ``key_actions`` on its key, if it has one."""
        return [
            allow(f"{verb}Messages", actions, self.queue_arn),
            *key_statements(f"{verb}WithKey", key_actions, self.kms_key_arn, "sqs", self.location),
        ]
