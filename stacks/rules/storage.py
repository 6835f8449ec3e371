"""What buckets and file systems need of their neighbours."""

from collections.abc import Iterator

from modules.problems import Problem
from modules.s3.access_logs import access_log_problems
from modules.s3.settings import BucketSettings, ExistingBucket
from stacks.environment_settings import EnvironmentSettings


def check_access_log_buckets(environment: EnvironmentSettings) -> Iterator[Problem]:
    """Refuse a bucket for access logs that S3 would not write to, or that would log its own logs."""
    for bucket_name, bucket in environment.buckets.items():
        target_name = bucket.access_log_bucket if isinstance(bucket, BucketSettings) else None
        if target_name is None:
            continue
        target = environment.buckets.get(target_name)
        encrypted = (isinstance(target, BucketSettings) and target.kms_key is not None) or (
            isinstance(target, ExistingBucket) and target.kms_key_arn is not None
        )
        logged = isinstance(target, BucketSettings) and target.access_log_bucket is not None
        path = f"buckets.{bucket_name}.access_log_bucket"
        yield from access_log_problems(path, target_name, encrypted=encrypted, logged=logged)


def check_file_system_network(environment: EnvironmentSettings) -> Iterator[Problem]:
    """Refuse file systems that nobody could reach."""
    if environment.file_systems and environment.network is None:
        names = ", ".join(sorted(environment.file_systems))
        yield Problem(
            "network", "be given where there are file_systems", "None", f"otherwise nothing can mount {names}"
        )
