"""Log groups: how long they keep what is logged, and with which key, for all of a stack alike."""

from collections.abc import Mapping

from cdktf import TerraformStack
from cdktf_cdktf_provider_aws.cloudwatch_log_group import CloudwatchLogGroup
from constructs import Construct

from modules.cloudwatch.log_retention import NEVER, RetentionDays
from modules.iam.account_rules import AccountStack
from modules.kms.encryption_key import EncryptionKey


def define_log_group(
    scope: Construct,
    id_: str,
    *,
    name: str,
    retention_days: RetentionDays,
    key: EncryptionKey | None = None,
    tags: Mapping[str, str] | None = None,
) -> CloudwatchLogGroup:
    """Return a log group; without a key of its own it has that which its ``AccountStack`` holds."""
    stack = TerraformStack.of(scope)
    of_all = stack.log_kms_key_arn if isinstance(stack, AccountStack) else None
    if key:
        key.allow_log_group(name)
    return CloudwatchLogGroup(
        scope,
        id_,
        name=name,
        retention_in_days=None if retention_days == NEVER else retention_days,
        kms_key_id=key.key_arn if key else of_all,
        tags=tags or None,
    )
