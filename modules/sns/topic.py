"""Who may publish to a topic: roles of ours by their own policies, services by the topic's."""

from collections.abc import Sequence
from dataclasses import dataclass

from cdktf import ITerraformDependable

from modules.iam.policy import Condition, Grantee, Statement, allow, camel
from modules.iam.services import S3
from modules.kms.permissions import ENCRYPT, key_statements
from modules.naming import AwsLocation
from modules.sns.settings import ExistingTopic

PUBLISH = ("sns:Publish",)


@dataclass(frozen=True)
class Topic:
    """A topic as programs and starters see it. ARNs may be tokens, which ``location`` is told of then."""

    topic_arn: str
    topic_name: str
    kms_key_arn: str | None = None
    location: AwsLocation | None = None
    # What must be there before S3 is told of it, if that is in the same stack.
    policies: Sequence[ITerraformDependable] = ()

    @classmethod
    def from_settings(cls, settings: ExistingTopic) -> "Topic":
        """Return the topic of somebody else."""
        return cls(settings.topic_arn, settings.topic_name, settings.kms_key_arn)

    @property
    def statements(self) -> list[Statement]:
        """Return the permission to publish to it, with its key if it has one."""
        key = key_statements("PublishWithKey", ENCRYPT, self.kms_key_arn, "sns", self.location)
        return [allow("Publish", PUBLISH, self.topic_arn), *key]

    def grant_publish(self, grantee: Grantee) -> None:
        """Let ``grantee`` publish messages."""
        grantee.add_policy(f"publish-{self.topic_name}", self.statements)


def service_statement(service: str, topic_arn: str, source_arns: Sequence[str], account_id: str) -> Statement:
    """Return what the policy of a topic must say to let a service publish on behalf of these, of this account.

    On behalf of none: of anything in the account, where a service does not say of what.
    """
    own_account: Condition = {"StringEquals": {"aws:SourceAccount": account_id}}
    condition: Condition = {"ArnEquals": {"aws:SourceArn": list(source_arns)}} if source_arns else own_account
    if service == S3:  # a bucket's ARN names no account
        condition = {**condition, **own_account}
    sid = f"PublishFrom{camel(service)}"
    return allow(sid, PUBLISH, topic_arn, principal={"Service": service}, condition=condition)
