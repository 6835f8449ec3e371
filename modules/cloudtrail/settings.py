"""Settings of where the calls of AWS's APIs are logged.

Source: CreateTrail, PutEventSelectors and "CloudTrail log file name format" in the CloudTrail documentation;
PutObjectLockConfiguration in the S3 API reference. Prices are those of us-east-1.
"""

from collections.abc import Iterator
from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from modules.cloudwatch.log_retention import KEPT_A_WEEK
from modules.kms.settings import KmsKeySettings, NewKmsKey
from modules.markers import RefersTo
from modules.names import NameKind, PhysicalName
from modules.naming import AwsLocation, ShortName
from modules.s3.settings import bucket_name
from modules.settings import Distinct, Settings
from modules.sqs.settings import OrganizationId

TRAIL_NAME = NameKind(128, "region", "-_.")


class AuditTrailSettings(Settings, abstract=True):
    """Base of the trails whose log can be asked who did what."""

    retention_days: Annotated[int, KEPT_A_WEEK] = Field(default=365, ge=1, le=36_500)
    """so far back the log can be asked; in the bucket of a NewTrail, S3 keeps each file so long from being changed or
    deleted, and then it goes [from 1 to 36,500; default 365; must be at least 7 days in production]"""


class NewTrail(AuditTrailSettings):
    """A trail of the environment's own: who changed anything in the account, and who used its queues and buckets.

    Calls of Batch, such as TerminateJob, are management events, of which CloudTrail logs those of the whole account;
    of queues and buckets it logs data events, and only of this environment's. One copy of management events is free,
    each other in the account 2 USD for 100,000. 100,000 data events are 0.10 USD: each object read, written or listed,
    and each request to a queue, one that receives nothing included.
    """

    management_events: bool = True
    """False: another trail of the account logs them; who ended a job is then to be asked of that one [default True]"""
    left_out_queues: Distinct[Annotated[ShortName, RefersTo("queues")]] = ()
    """queues whose message events are not logged [each one of the environment's queues; default empty]"""
    left_out_buckets: Distinct[Annotated[ShortName, RefersTo("buckets")]] = ()
    """buckets whose object events are not logged [each one of the environment's buckets; default empty]"""
    lock: Literal["GOVERNANCE", "COMPLIANCE"] = "GOVERNANCE"
    """COMPLIANCE: no one can remove the lock, not even AWS or the account's root user; GOVERNANCE: who may
    s3:BypassGovernanceRetention can [one of 'GOVERNANCE', 'COMPLIANCE'; default 'GOVERNANCE']"""
    kms_key: KmsKeySettings | None = Field(default_factory=NewKmsKey)
    """encrypts the log; who reads it needs kms:Decrypt of it; the policy of an existing one has to let
    cloudtrail.amazonaws.com use it; None: keys of S3 itself (AES-256) [default NewKmsKey()]"""

    def names(self, name: str, location: AwsLocation) -> Iterator[PhysicalName]:
        """Yield the names of the trail, its bucket and its key."""
        yield PhysicalName("trail", name, own_facts=TRAIL_NAME)
        bucket = bucket_name(name, location)
        yield PhysicalName("bucket", bucket)
        if self.kms_key is not None:
            yield from self.kms_key.names(bucket, location)


class OrganizationTrail(AuditTrailSettings):
    """A trail of the organization, which logs this account too: nothing is made but what asks its log.

    Who does needs the permission to read its bucket, which the policy of the bucket has to give to this account.
    """

    bucket_name: str = Field(pattern=r"^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$")
    """where its log is, e.g. acme-audit-log [required]"""
    key_prefix: Annotated[str, StringConstraints(max_length=200, pattern=r"^([^/](.*[^/])?)?$")] = ""
    """what the keys begin with before /AWSLogs/, without the slash, e.g. trails [at most 200 characters; default '']"""
    organization_id: OrganizationId | None = None
    """None: the keys have none, as the trail is one of this account's; e.g. o-exampleorgid [default None]"""
