"""A trail and the bucket that keeps its log from everybody: ``aws_cloudtrail`` and a locked bucket."""

from collections.abc import Iterator, Mapping, Sequence

from cdktf_cdktf_provider_aws.cloudtrail import Cloudtrail, CloudtrailAdvancedEventSelector
from cdktf_cdktf_provider_aws.s3_bucket_object_lock_configuration import (
    S3BucketObjectLockConfigurationA,
    S3BucketObjectLockConfigurationRuleA,
    S3BucketObjectLockConfigurationRuleDefaultRetentionA,
)
from constructs import Construct

from modules import arns
from modules.blocks import typed_block
from modules.cloudtrail.selectors import EventSelector
from modules.cloudtrail.settings import TRAIL_NAME, NewTrail
from modules.iam.policy import Statement, allow
from modules.iam.services import CLOUDTRAIL
from modules.names import require_name
from modules.naming import AwsLocation
from modules.s3.bucket import Bucket
from modules.s3.settings import BucketSettings, LifecycleRule, bucket_name


class Trail(Construct):
    """Define a trail that logs what ``selectors`` say, with files that can be proved to be as they were written."""

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        name: str,
        settings: NewTrail,
        location: AwsLocation,
        selectors: Sequence[EventSelector],
        prevent_destroy: bool = False,
    ) -> None:
        super().__init__(scope, id_)
        require_name("trail", name, TRAIL_NAME)
        trail_arn = arns.trail(location, name)
        bucket = Bucket(
            self,
            "bucket",
            name=bucket_name(name, location),
            settings=_bucket_settings(settings),
            location=location,
            prevent_destroy=prevent_destroy,
        )
        policy = bucket.add_statements(_log_statements(bucket.bucket_arn, trail_arn, location))
        if bucket.key is not None:
            bucket.key.allow_trail(trail_arn)
        lock = S3BucketObjectLockConfigurationA(
            bucket,
            "object-lock",
            bucket=bucket.bucket.id,
            rule=S3BucketObjectLockConfigurationRuleA(
                default_retention=S3BucketObjectLockConfigurationRuleDefaultRetentionA(
                    mode=settings.lock, days=settings.retention_days
                )
            ),
            # S3 locks versions, and so asks for them first.
            depends_on=[bucket.versioning],
        )
        self.trail = Cloudtrail(
            self,
            "Resource",
            name=name,
            s3_bucket_name=bucket.bucket_name,
            kms_key_id=bucket.kms_key_arn,
            enable_log_file_validation=True,
            # What is global, as the roles of IAM are, is changed in one region only.
            is_multi_region_trail=settings.management_events,
            include_global_service_events=settings.management_events,
            advanced_event_selector=[
                typed_block(CloudtrailAdvancedEventSelector, selector.document) for selector in selectors
            ],
            # CloudTrail refuses a bucket that it may not write to.
            depends_on=[policy, lock],
        )
        self.bucket_name = bucket.bucket_name


def _bucket_settings(settings: NewTrail) -> BucketSettings:
    """Return a bucket whose objects go as soon as their lock lets them."""
    kept = LifecycleRule(expire_after_days=settings.retention_days)
    return BucketSettings(noncurrent_expire_after_days=1, lifecycle={"kept": kept}, kms_key=settings.kms_key)


def _log_statements(bucket_arn: str, trail_arn: str, location: AwsLocation) -> Iterator[Statement]:
    """Yield what lets this trail write here, and no other trail."""
    principal = {"Service": CLOUDTRAIL}
    own: Mapping[str, str] = {"aws:SourceArn": trail_arn}
    yield allow("FindTrailBucket", ["s3:GetBucketAcl"], bucket_arn, principal=principal, condition={"ArnEquals": own})
    yield allow(
        "WriteTrail",
        ["s3:PutObject"],
        f"{bucket_arn}/AWSLogs/{location.account_id}/*",
        principal=principal,
        condition={"ArnEquals": own, "StringEquals": {"s3:x-amz-acl": "bucket-owner-full-control"}},
    )
