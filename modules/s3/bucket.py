"""An S3 bucket with all that belongs to it: encryption, versions, policy, lifecycle, tiers, notifications, key.

Since provider version 4 each of these is a resource of its own; the bucket itself holds nothing but its name.
"""

from collections.abc import Iterable, Iterator, Mapping

from cdktf import TerraformResourceLifecycle
from cdktf_cdktf_provider_aws.s3_bucket import S3Bucket
from cdktf_cdktf_provider_aws.s3_bucket_intelligent_tiering_configuration import (
    S3BucketIntelligentTieringConfiguration,
    S3BucketIntelligentTieringConfigurationFilter,
    S3BucketIntelligentTieringConfigurationTiering,
)
from cdktf_cdktf_provider_aws.s3_bucket_lifecycle_configuration import S3BucketLifecycleConfiguration
from cdktf_cdktf_provider_aws.s3_bucket_logging import S3BucketLoggingA
from cdktf_cdktf_provider_aws.s3_bucket_ownership_controls import (
    S3BucketOwnershipControls,
    S3BucketOwnershipControlsRule,
)
from cdktf_cdktf_provider_aws.s3_bucket_policy import S3BucketPolicy
from cdktf_cdktf_provider_aws.s3_bucket_public_access_block import S3BucketPublicAccessBlock
from cdktf_cdktf_provider_aws.s3_bucket_server_side_encryption_configuration import (
    S3BucketServerSideEncryptionConfigurationA,
    S3BucketServerSideEncryptionConfigurationRuleA,
    S3BucketServerSideEncryptionConfigurationRuleApplyServerSideEncryptionByDefaultA,
)
from cdktf_cdktf_provider_aws.s3_bucket_versioning import (
    S3BucketVersioningA,
    S3BucketVersioningVersioningConfiguration,
)
from constructs import Construct

from modules import arns
from modules.defaults import default_location, default_name, not_handed_in
from modules.iam.policy import Statement, allow, deny, deny_without_tls, policy_document
from modules.kms.encryption_key import define_key
from modules.names import require_name
from modules.naming import AwsLocation
from modules.problems import Problem, SettingsError
from modules.s3.access_logs import access_log_problems
from modules.s3.grantable_bucket import GrantableBucket
from modules.s3.lifecycle import lifecycle_rules
from modules.s3.notifications import notification_problems, notify
from modules.s3.settings import BucketSettings, ExistingAccessPoint, ExistingBucket, IntelligentTiering
from modules.sns.topic import Topic
from modules.sqs.queue import Queue


class Bucket(GrantableBucket):
    """Define a private S3 bucket.

    ``queues`` and ``topics`` have what ``settings.notifications`` name; made queues let the bucket send, and S3 is told
    of them once their policies say so. ``buckets`` has the one that ``settings.access_log_bucket`` names; a
    foreign one must allow S3 to write by itself. ``prevent_destroy``: Terraform refuses to destroy the bucket.
    ``event_bridge``: S3 tells EventBridge, too, of all that happens in it.
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        settings: BucketSettings,
        name: str | None = None,
        location: AwsLocation | None = None,
        queues: Mapping[str, Queue] | None = None,
        topics: Mapping[str, Topic] | None = None,
        buckets: Mapping[str, GrantableBucket] | None = None,
        prevent_destroy: bool = False,
        event_bridge: bool = False,
    ) -> None:
        super().__init__(scope, id_)
        location = default_location(scope, location)
        # Nobody else's bucket in the world may have the name.
        name = name or f"{default_name(scope, id_, None)}-{location.account_id}"
        require_name("bucket", name)
        queues, topics, buckets = queues or {}, topics or {}, buckets or {}
        problems = [*notification_problems(settings, queues, topics), *_access_log_problems(settings, buckets)]
        if problems:
            raise SettingsError(self.node.path, problems)
        self._location = self._key_location = location
        self._name = name
        self.key = define_key(self, settings.kms_key, name=name, location=location, prevent_destroy=prevent_destroy)
        self.kms_key_arn = self.key.key_arn if self.key else None
        self.bucket = S3Bucket(
            self,
            "Resource",
            bucket=name,
            force_destroy=settings.force_destroy or None,
            tags=settings.tags or None,
            lifecycle=TerraformResourceLifecycle(prevent_destroy=True) if prevent_destroy else None,
            # Where S3 does not let the bucket go, as it has objects, their key stays, too.
            depends_on=self.key.made or None if self.key else None,
        )
        self.bucket_name, self.bucket_arn = self.bucket.bucket, self.bucket.arn
        self._encrypt()
        everything = [self.bucket_arn, f"{self.bucket_arn}/*"]
        self._policy_statements = [
            deny_without_tls(["s3:*"], everything),
            deny("DenyOldTls", ["s3:*"], everything, {"NumericLessThan": {"s3:TlsVersion": "1.2"}}),
        ]
        self._policy = self._keep_private()
        self.versioning = self._keep_versions(settings)
        tiers = Construct(self, "intelligent_tiering")
        for short_name, tiering in sorted(settings.intelligent_tiering.items()):
            self._tier(tiers, short_name, tiering)
        if settings.notifications or settings.event_bridge or event_bridge:
            notify(
                self,
                self.bucket.id,
                arn=arns.bucket(location, name),
                notifications=settings.notifications,
                queues=queues,
                topics=topics,
                event_bridge=settings.event_bridge or event_bridge,
            )
        self._is_logged = settings.access_log_bucket is not None
        if settings.access_log_bucket is not None:
            self._log_access_to(buckets[settings.access_log_bucket])

    @staticmethod
    def from_bucket_arn(scope: Construct, id_: str, *, settings: ExistingBucket) -> GrantableBucket:
        """Return a bucket that somebody else owns; it can be granted and referred to."""
        return Bucket.from_bucket_attributes(
            scope,
            id_,
            bucket_name=settings.bucket_name,
            bucket_arn=settings.bucket_arn,
            kms_key_arn=settings.kms_key_arn,
        )

    @staticmethod
    def from_access_point(scope: Construct, id_: str, *, settings: ExistingAccessPoint) -> GrantableBucket:
        """Return a bucket of somebody else as one of its access points shows it."""
        arn, key_arn = settings.access_point_arn, settings.kms_key_arn
        bucket = Bucket.from_bucket_attributes(scope, id_, bucket_name=arn, bucket_arn=arn, kms_key_arn=key_arn)
        bucket.is_access_point = True
        return bucket

    @staticmethod
    def from_bucket_attributes(
        scope: Construct,
        id_: str,
        *,
        bucket_name: str,
        bucket_arn: str,
        kms_key_arn: str | None,
        location: AwsLocation | None = None,
    ) -> GrantableBucket:
        """Return a bucket that is made elsewhere; its attributes may be tokens. ``location`` is that of its key."""
        bucket = GrantableBucket(scope, id_)
        bucket.bucket_name, bucket.bucket_arn = bucket_name, bucket_arn
        bucket.kms_key_arn, bucket._key_location = kms_key_arn, location
        return bucket

    def _log_access_to(self, target: GrantableBucket) -> None:
        """Record every request in ``target``, under this bucket's name."""
        S3BucketLoggingA(
            self,
            "access-log",
            bucket=self.bucket.id,
            target_bucket=target.bucket_name,
            target_prefix=f"{self._name}/",
            # S3 refuses a target that it may not write to.
            depends_on=[target._allow_access_log(self)] if isinstance(target, Bucket) else None,
        )

    def _allow_access_log(self, source: "Bucket") -> S3BucketPolicy:
        """Let S3 write the access log of ``source`` here; return the policy that says so."""
        statement = allow(
            f"AccessLog{len(self._policy_statements)}",
            ["s3:PutObject"],
            f"{self.bucket_arn}/{source._name}/*",
            principal={"Service": "logging.s3.amazonaws.com"},
            condition={
                "ArnEquals": {"aws:SourceArn": source.bucket_arn},
                "StringEquals": {"aws:SourceAccount": self._location.account_id},
            },
        )
        return self.add_statements([statement])

    def allow_load_balancer_log(self, prefix: str) -> S3BucketPolicy:
        """Let Elastic Load Balancing write logs of this account's load balancers here; return the policy that says so.

        The account is in the keys of the logs, so that nobody else's load balancer gets in.
        """
        keys = f"{self.bucket_arn}/{prefix}/AWSLogs/{self._location.account_id}/*"
        if not any(statement["Resource"] == keys for statement in self._policy_statements):
            service = {"Service": "logdelivery.elasticloadbalancing.amazonaws.com"}
            sid = f"LoadBalancerLog{len(self._policy_statements)}"
            return self.add_statements([allow(sid, ["s3:PutObject"], keys, principal=service)])
        return self._policy

    def add_statements(self, statements: Iterable[Statement]) -> S3BucketPolicy:
        """Let somebody use the bucket as ``statements`` say; return the policy that says so."""
        self._policy_statements += statements
        self._policy.policy = policy_document(self._policy_statements)
        return self._policy

    def _encrypt(self) -> None:
        key_arn = self.kms_key_arn
        S3BucketServerSideEncryptionConfigurationA(
            self,
            "encryption",
            bucket=self.bucket.id,
            rule=[
                S3BucketServerSideEncryptionConfigurationRuleA(
                    apply_server_side_encryption_by_default=(
                        S3BucketServerSideEncryptionConfigurationRuleApplyServerSideEncryptionByDefaultA(
                            sse_algorithm="aws:kms" if key_arn else "AES256", kms_master_key_id=key_arn
                        )
                    ),
                    # One call to KMS for many objects instead of one for each.
                    bucket_key_enabled=True if key_arn else None,
                    # S3 sets this by itself; provider 6.25.0 would take it away again in every plan.
                    blocked_encryption_types=["SSE-C"],
                )
            ],
        )

    def _keep_private(self) -> S3BucketPolicy:
        """Set access block, policy and ownership one after the other: S3 refuses two such changes at a time."""
        block = S3BucketPublicAccessBlock(
            self,
            "public-access-block",
            bucket=self.bucket.id,
            block_public_acls=True,
            block_public_policy=True,
            ignore_public_acls=True,
            restrict_public_buckets=True,
        )
        policy = S3BucketPolicy(
            self,
            "policy",
            bucket=self.bucket.id,
            policy=policy_document(self._policy_statements),
            depends_on=[block],
        )
        S3BucketOwnershipControls(
            self,
            "ownership-controls",
            bucket=self.bucket.id,
            rule=S3BucketOwnershipControlsRule(object_ownership="BucketOwnerEnforced"),
            depends_on=[policy],
        )
        return policy

    def _keep_versions(self, settings: BucketSettings) -> S3BucketVersioningA:
        versioning = S3BucketVersioningA(
            self,
            "versioning",
            bucket=self.bucket.id,
            versioning_configuration=S3BucketVersioningVersioningConfiguration(
                # Not "Disabled": there is no way back to it once a bucket had versions.
                status="Enabled" if settings.versioning else "Suspended"
            ),
        )
        S3BucketLifecycleConfiguration(
            self,
            "lifecycle",
            bucket=self.bucket.id,
            rule=lifecycle_rules(settings),
            depends_on=[versioning],
        )
        return versioning

    def _tier(self, scope: Construct, short_name: str, settings: IntelligentTiering) -> None:
        tiers = {
            "ARCHIVE_ACCESS": settings.archive_access_after_days,
            "DEEP_ARCHIVE_ACCESS": settings.deep_archive_access_after_days,
        }
        S3BucketIntelligentTieringConfiguration(
            scope,
            short_name,
            bucket=self.bucket.id,
            name=short_name,
            filter=S3BucketIntelligentTieringConfigurationFilter(prefix=settings.prefix) if settings.prefix else None,
            tiering=[
                S3BucketIntelligentTieringConfigurationTiering(access_tier=tier, days=days)
                for tier, days in tiers.items()
                if days is not None
            ],
        )


def _access_log_problems(settings: BucketSettings, buckets: Mapping[str, GrantableBucket]) -> Iterator[Problem]:
    """Yield what keeps S3 from writing the log to the bucket that is to have it."""
    path, name = "access_log_bucket", settings.access_log_bucket
    if name is not None and name not in buckets:
        yield not_handed_in(path, name, "buckets", buckets)
    elif name is not None:
        target = buckets[name]
        logged = isinstance(target, Bucket) and target._is_logged
        yield from access_log_problems(path, name, encrypted=target.kms_key_arn is not None, logged=logged)
