"""What buckets and file systems need of their neighbours."""

from collections.abc import Iterator

from modules.containers.settings import FileSystemMount
from modules.ecs.settings.exposure import OwnLoadBalancer
from modules.ecs.settings.services import ReplicaService
from modules.iam.access_settings import BUCKET_VERBS
from modules.marked_values import marked_values
from modules.markers import RefersTo
from modules.problems import Problem, format_value, unknown_name
from modules.s3.access_logs import access_log_problems
from modules.s3.settings import AnyBucketSettings, BucketSettings, ExistingAccessPoint, ExistingBucket
from modules.vpc.settings import ExistingNetwork
from stacks.environment_settings import EnvironmentSettings
from stacks.rules.entries import everywhere


def check_access_log_buckets(environment: EnvironmentSettings) -> Iterator[Problem]:
    """Refuse a bucket for access logs that S3 would not write to, or that would log its own logs."""
    for bucket_name, bucket in environment.buckets.items():
        target_name = bucket.access_log_bucket if isinstance(bucket, BucketSettings) else None
        if target_name is None:
            continue
        target = environment.buckets.get(target_name)
        logged = isinstance(target, BucketSettings) and target.access_log_bucket is not None
        path = f"buckets.{bucket_name}.access_log_bucket"
        yield from access_log_problems(path, target_name, encrypted=_is_encrypted(target), logged=logged)
    for name, service in environment.services.items():
        balancing = service.load_balancing if isinstance(service, ReplicaService) else None
        if isinstance(balancing, OwnLoadBalancer) and balancing.access_log_bucket is not None:
            yield from access_log_problems(
                f"services.{name}.load_balancing.access_log_bucket",
                balancing.access_log_bucket,
                encrypted=_is_encrypted(environment.buckets.get(balancing.access_log_bucket)),
                logged=False,
                sender="Elastic Load Balancing",
            )


def _is_encrypted(bucket: AnyBucketSettings | None) -> bool:
    if isinstance(bucket, ExistingBucket | ExistingAccessPoint):
        return bucket.kms_key_arn is not None
    return isinstance(bucket, BucketSettings) and bucket.kms_key is not None


@everywhere
def check_mounts(environment: EnvironmentSettings, path: str, mount: FileSystemMount) -> Iterator[Problem]:
    """Check that each access point is one of its file system."""
    points = environment.file_systems[mount.file_system].access_points
    if mount.access_point not in points:
        yield unknown_name(f"{path}.access_point", mount.access_point, points, f"access points of {mount.file_system}")


def check_access_points(environment: EnvironmentSettings) -> Iterator[Problem]:
    """Refuse an access point in the place of a bucket, where programs are not those who name it."""
    for path, name, marker in marked_values(environment, RefersTo):
        of_programs = any(f".access.{verb}[" in path for verb in BUCKET_VERBS)
        is_point = marker.kind == "buckets" and isinstance(environment.buckets.get(name), ExistingAccessPoint)
        if is_point and not of_programs:
            got, reason = f"{name!r}, an ExistingAccessPoint", "only programs go through access points"
            yield Problem(path, "name a bucket", got, reason)


def check_file_system_network(environment: EnvironmentSettings) -> Iterator[Problem]:
    """Refuse file systems that nobody could reach."""
    names, network = ", ".join(sorted(environment.file_systems)), environment.network
    if names and network is None:
        yield Problem(
            "network", "be given where there are file_systems", "None", f"otherwise nothing can mount {names}"
        )
    if names and isinstance(network, ExistingNetwork) and not network.zonal_subnet_ids:
        path, zones = "network.availability_zones", sorted(network.availability_zones.values())
        rule, reason = "have a zone that is no Local Zone", f"EFS is in none of these: nothing could mount {names}"
        yield Problem(path, rule, format_value(zones), reason)
