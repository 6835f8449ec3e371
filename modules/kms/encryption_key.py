"""A KMS key: ``aws_kms_key`` and ``aws_kms_alias``, or somebody else's key by its ARN."""

from collections.abc import Sequence
from typing import Any

from cdktf import TerraformElement, TerraformResourceLifecycle
from cdktf_cdktf_provider_aws.kms_alias import KmsAlias
from cdktf_cdktf_provider_aws.kms_key import KmsKey
from constructs import Construct

from modules import arns
from modules.iam.policy import Statement, allow, camel, in_organization, policy_document
from modules.iam.services import CLOUDTRAIL
from modules.kms.permissions import ENCRYPT, ENCRYPT_EVENTS, ENCRYPT_LOGS, through_service
from modules.kms.settings import ExistingKmsKey, KmsKeySettings, NewKmsKey
from modules.naming import AwsLocation


def define_key(
    scope: Construct,
    settings: KmsKeySettings | None,
    *,
    name: str,
    location: AwsLocation,
    prevent_destroy: bool = False,
    outlived: bool = True,
) -> "EncryptionKey | None":
    """Return the key that ``settings`` ask for, made or existing, as the part ``key`` of what it encrypts.

    ``outlived``: what it has encrypted stays so when the key is taken back.
    """
    if settings is None:
        if outlived:
            FormerKey(Construct(scope, "key"), "Resource")
        return None
    return EncryptionKey(
        scope,
        "key",
        name=name,
        settings=settings,
        location=location,
        prevent_destroy=prevent_destroy,
        outlived=outlived,
    )


class FormerKey(TerraformElement):
    """Let go of the key that would have this path, if there ever was one: what it has encrypted outlives the setting.

    Otherwise Terraform would destroy it as soon as nothing new is encrypted with it.
    """

    def to_terraform(self) -> Any:
        """Return the block in place of that of the key."""
        address = f"aws_kms_key.{self.friendly_unique_id}"
        return {"removed": [{"from": address, "lifecycle": {"destroy": False}}]}


class EncryptionKey(Construct):
    """Define a rotated KMS key that IAM policies of its account can grant, and its alias; or use one that exists."""

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        name: str,
        settings: KmsKeySettings,
        location: AwsLocation,
        prevent_destroy: bool = False,
        outlived: bool = True,
    ) -> None:
        super().__init__(scope, id_)
        self._location = location
        self._key: KmsKey | None = None
        # In a key's own policy "*" means this key. Without this statement a key nobody can manage is left behind.
        account = {"AWS": arns.account_root(location)}
        self._statements = [allow("ManagedByIam", ["kms:*"], "*", principal=account)]
        if isinstance(settings, ExistingKmsKey):
            self.key_arn = settings.key_arn
            if outlived:
                FormerKey(self, "Resource")
        elif isinstance(settings, NewKmsKey):
            self._key = KmsKey(
                self,
                "Resource",
                description=name,
                enable_key_rotation=True,
                deletion_window_in_days=settings.deletion_window_days,
                policy=policy_document(self._statements),
                lifecycle=TerraformResourceLifecycle(prevent_destroy=True) if prevent_destroy else None,
            )
            KmsAlias(self, "alias", name=f"alias/{name}", target_key_id=self._key.key_id)
            self.key_arn = self._key.arn

    @property
    def made(self) -> list[KmsKey]:
        """Return the key if it is made here: what must be gone before it."""
        return [self._key] if self._key else []

    def usage(self, sid: str, actions: Sequence[str]) -> Statement:
        """Return the statement that lets a role use this key, next to the permission to what the key encrypts."""
        return allow(sid, actions, self.key_arn)

    def allow_service(self, service: str, account_id: str) -> None:
        """Let an AWS service encrypt with the key on behalf of ``account_id``."""
        # EventBridge does not tell KMS for whom it acts: with the condition, its messages are lost.
        events = service == "events.amazonaws.com"
        condition = None if events else {"StringEquals": {"aws:SourceAccount": account_id}}
        sid = f"UseBy{camel(service)}{'' if events else account_id}"
        self._add(allow(sid, ENCRYPT, "*", principal={"Service": service}, condition=condition))

    def allow_trail(self, trail_arn: str) -> None:
        """Let CloudTrail encrypt with the key the log of a trail, and of no other."""
        principal, own = {"Service": CLOUDTRAIL}, {"ArnEquals": {"aws:SourceArn": trail_arn}}
        self._add(allow("DescribeByTrail", ["kms:DescribeKey"], "*", principal=principal))
        self._add(allow("EncryptTrail", ["kms:GenerateDataKey"], "*", principal=principal, condition=own))

    def allow_event_bus(self, event_bus_arn: str) -> None:
        """Let EventBridge encrypt with the key what is on an event bus, or is archived of it."""
        condition = {"StringEquals": {"kms:EncryptionContext:aws:events:event-bus:arn": event_bus_arn}}
        principal = {"Service": "events.amazonaws.com"}
        self._add(allow("DescribeByEvents", ["kms:DescribeKey"], "*", principal=principal))
        self._add(allow("EncryptEvents", ENCRYPT_EVENTS, "*", principal=principal, condition=condition))

    def allow_log_group(self, name: str) -> None:
        """Let CloudWatch Logs encrypt the log group ``name`` of this account with the key, and no other."""
        group = arns.log_group(self._location, name)
        condition = {"ArnEquals": {"kms:EncryptionContext:aws:logs:arn": group}}
        principal = {"Service": f"logs.{self._location.region}.amazonaws.com"}
        self._add(allow("EncryptLogGroup", ENCRYPT_LOGS, "*", principal=principal, condition=condition))

    def allow_principals(self, sid: str, principal_arns: Sequence[str], actions: Sequence[str], service: str) -> None:
        """Let roles, users or accounts use the key through ``service`` (``sqs``), other accounts' too."""
        through = through_service(service, [self._location.region])
        self._add(allow(sid, actions, "*", principal={"AWS": principal_arns}, condition=through))

    def allow_organizations(self, sid: str, ids: Sequence[str], actions: Sequence[str], service: str) -> None:
        """Let everybody in these organizations use the key through ``service``."""
        through, member = through_service(service, [self._location.region]), in_organization(ids)
        both = {
            operator: {**through.get(operator, {}), **member.get(operator, {})} for operator in {**through, **member}
        }
        self._add(allow(f"{sid}InOrganization", actions, "*", principal={"AWS": "*"}, condition=both))

    def _add(self, statement: Statement) -> None:
        # A key of somebody else's keeps its owner's policy: Terraform must not overwrite it.
        if self._key is not None and statement not in self._statements:
            self._statements.append(statement)
            self._key.policy = policy_document(self._statements)
