"""What buckets and file systems need of their neighbours."""

from collections.abc import Iterator

from modules.problems import Problem
from modules.s3.settings import BucketSettings, ExistingBucket
from stacks.environment_settings import EnvironmentSettings


def check_access_log_buckets(environment: EnvironmentSettings) -> Iterator[Problem]:
    """Refuse a bucket for access logs that S3 would not write to, or that would log its own logs."""
    for bucket_name, bucket in _own_buckets(environment):
        if bucket.access_log_bucket is None:
            continue
        path, target_name = f"buckets.{bucket_name}.access_log_bucket", bucket.access_log_bucket
        target = environment.buckets.get(target_name)
        if isinstance(target, BucketSettings) and target.access_log_bucket is not None:
            yield Problem(
                path,
                "name a bucket without access_log_bucket",
                repr(target_name),
                "otherwise each log that is written is logged again",
            )
        encrypted = (isinstance(target, BucketSettings) and target.kms_key is not None) or (
            isinstance(target, ExistingBucket) and target.kms_key_arn is not None
        )
        if encrypted:
            yield Problem(
                path,
                "name a bucket without a KMS key",
                repr(target_name),
                "S3 delivers no access logs to such a bucket",
            )


def check_file_system_network(environment: EnvironmentSettings) -> Iterator[Problem]:
    """Refuse file systems that nobody could reach."""
    if environment.file_systems and environment.network is None:
        names = ", ".join(sorted(environment.file_systems))
        yield Problem(
            "network", "be given where there are file_systems", "None", f"otherwise nothing can mount {names}"
        )


def _own_buckets(environment: EnvironmentSettings) -> Iterator[tuple[str, BucketSettings]]:
    for name, bucket in environment.buckets.items():
        if isinstance(bucket, BucketSettings):
            yield name, bucket
