"""Who may publish to a topic of somebody else: roles of ours by their own policies, services by the topic's."""

from collections.abc import Sequence
from dataclasses import dataclass

from modules.iam.policy import Condition, Grantee, Statement, allow, camel
from modules.iam.services import S3
from modules.kms.permissions import ENCRYPT, key_statements
from modules.sns.settings import ExistingTopic

PUBLISH = ("sns:Publish",)


@dataclass(frozen=True)
class Topic:
    """A topic as programs and starters see it."""

    settings: ExistingTopic

    @property
    def topic_arn(self) -> str:
        """Return its ARN."""
        return self.settings.topic_arn

    @property
    def statements(self) -> list[Statement]:
        """Return the right to publish to it, with its key if it has one."""
        key = key_statements("PublishWithKey", ENCRYPT, self.settings.kms_key_arn, "sns")
        return [allow("Publish", PUBLISH, self.topic_arn), *key]

    def grant_publish(self, grantee: Grantee) -> None:
        """Let ``grantee`` publish messages."""
        grantee.add_policy(f"publish-{self.settings.topic_name}", self.statements)


def service_statement(service: str, topic_arn: str, source_arns: Sequence[str], account_id: str) -> Statement:
    """Return what the policy of a topic must say to let a service publish on behalf of these, of this account."""
    # A bucket's ARN names no account.
    own_account: Condition = {"StringEquals": {"aws:SourceAccount": account_id}} if service == S3 else {}
    condition: Condition = {"ArnEquals": {"aws:SourceArn": list(source_arns)}, **own_account}
    sid = f"PublishFrom{camel(service)}"
    return allow(sid, PUBLISH, topic_arn, principal={"Service": service}, condition=condition)
