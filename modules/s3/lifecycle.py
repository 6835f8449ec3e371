"""The lifecycle rules of a bucket, as ``aws_s3_bucket_lifecycle_configuration`` takes them."""

from cdktf_cdktf_provider_aws.s3_bucket_lifecycle_configuration import (
    S3BucketLifecycleConfigurationRule,
    S3BucketLifecycleConfigurationRuleAbortIncompleteMultipartUpload,
    S3BucketLifecycleConfigurationRuleExpiration,
    S3BucketLifecycleConfigurationRuleFilter,
    S3BucketLifecycleConfigurationRuleNoncurrentVersionExpiration,
    S3BucketLifecycleConfigurationRuleTransition,
)

from modules.s3.settings import BucketSettings, LifecycleRule

# No short name has capitals, so no rule of the user's is called so.
WHOLE_BUCKET = "WholeBucket"


def lifecycle_rules(settings: BucketSettings) -> list[S3BucketLifecycleConfigurationRule]:
    """Return the rule for the bucket as a whole, then those of ``settings.lifecycle`` in the order of their names."""
    return [
        _whole_bucket(settings),
        *(_rule(name, rule) for name, rule in sorted(settings.lifecycle.items())),
    ]


def _whole_bucket(settings: BucketSettings) -> S3BucketLifecycleConfigurationRule:
    return S3BucketLifecycleConfigurationRule(
        id=WHOLE_BUCKET,
        status="Enabled",
        # Written out: a rule without a filter is of the old kind, which S3 hands back in another form.
        filter=[S3BucketLifecycleConfigurationRuleFilter(prefix="")],
        abort_incomplete_multipart_upload=[
            S3BucketLifecycleConfigurationRuleAbortIncompleteMultipartUpload(
                days_after_initiation=settings.abort_incomplete_uploads_after_days
            )
        ],
        # A delete marker that hides nothing any more slows listings down.
        expiration=[S3BucketLifecycleConfigurationRuleExpiration(expired_object_delete_marker=True)],
        noncurrent_version_expiration=_noncurrent(settings.noncurrent_expire_after_days),
    )


def _rule(name: str, rule: LifecycleRule) -> S3BucketLifecycleConfigurationRule:
    return S3BucketLifecycleConfigurationRule(
        id=name,
        status="Enabled",
        filter=[S3BucketLifecycleConfigurationRuleFilter(prefix=rule.prefix)],
        transition=[
            S3BucketLifecycleConfigurationRuleTransition(storage_class=storage_class, days=days)
            for storage_class, days in sorted(rule.transition_after_days.items(), key=lambda item: item[1])
        ]
        or None,
        expiration=[S3BucketLifecycleConfigurationRuleExpiration(days=rule.expire_after_days)]
        if rule.expire_after_days
        else None,
        noncurrent_version_expiration=_noncurrent(rule.noncurrent_expire_after_days),
    )


def _noncurrent(days: int | None) -> list[S3BucketLifecycleConfigurationRuleNoncurrentVersionExpiration] | None:
    if days is None:
        return None
    return [S3BucketLifecycleConfigurationRuleNoncurrentVersionExpiration(noncurrent_days=days)]
