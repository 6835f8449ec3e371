from typing import Any

import pytest

from modules.ecr.settings import RepositorySettings
from modules.efs.settings import AccessPointSettings, FileSystemSettings
from modules.kms.settings import NewKmsKey
from modules.s3.settings import AnyBucketSettings, BucketSettings, ExistingBucket, Notification
from modules.sqs.settings import ExistingQueue, FifoMessageQueueSettings, MessageQueueSettings
from modules.vpc.settings import ExistingNetwork
from stacks.environment import Environment
from tests.problems import refused
from tests.stacks.environments import empty_environment
from tests.stacks.rules.service_samples import LOAD_BALANCER, replicas, with_cluster

KEY = "arn:aws:kms:us-east-1:111122223333:key/11111111-2222-3333-4444-555555555555"
WEIGHTS = {"weights": AccessPointSettings(path="/weights", uid=1_000, gid=1_000)}
NETWORK = ExistingNetwork(vpc_id="vpc-01234567", subnet_ids=("subnet-01234567",), security_group_ids=("sg-01234567",))


def notifying(queue: str = "requests") -> dict[str, AnyBucketSettings]:
    return {"inputs": BucketSettings(notifications={"new": Notification(queue=queue)})}


def logging(target: AnyBucketSettings) -> dict[str, AnyBucketSettings]:
    return {"inputs": BucketSettings(access_log_bucket="logs"), "logs": target}


def test_a_standard_queue_of_the_environment_can_be_notified() -> None:
    queues = {"requests": MessageQueueSettings(visibility_timeout_seconds=30)}
    assert empty_environment(queues=queues, buckets=notifying()).buckets == notifying()


def test_a_fifo_queue_cannot_be_notified() -> None:
    queues = {"requests": FifoMessageQueueSettings(visibility_timeout_seconds=30)}
    assert refused(lambda: empty_environment(queues=queues, buckets=notifying())) == [
        "buckets.inputs.notifications.new.queue: got 'requests', a FifoMessageQueueSettings"
    ]


def test_a_queue_of_somebody_else_cannot_be_notified() -> None:
    arn = "arn:aws:sqs:us-east-1:444455556666:requests"
    queues = {"requests": ExistingQueue(queue_arn=arn, visibility_timeout_seconds=30)}
    assert refused(lambda: empty_environment(queues=queues, buckets=notifying())) == [
        "buckets.inputs.notifications.new.queue: got 'requests', an ExistingQueue"
    ]


def test_a_queue_that_is_not_there_is_reported_once() -> None:
    assert refused(lambda: empty_environment(buckets=notifying("request"))) == [
        "buckets.inputs.notifications.new.queue: got 'request'"
    ]


@pytest.mark.parametrize("target", [BucketSettings(), ExistingBucket(bucket_arn="arn:aws:s3:::their-logs")])
def test_a_plain_bucket_can_receive_access_logs(target: AnyBucketSettings) -> None:
    assert empty_environment(buckets=logging(target)).buckets["logs"] == target


@pytest.mark.parametrize(
    "target",
    [
        BucketSettings(kms_key=NewKmsKey()),
        ExistingBucket(bucket_arn="arn:aws:s3:::their-logs", kms_key_arn=KEY),
    ],
)
def test_a_bucket_with_a_key_cannot_receive_access_logs(target: AnyBucketSettings) -> None:
    assert refused(lambda: empty_environment(buckets=logging(target))) == [
        "buckets.inputs.access_log_bucket: got 'logs'"
    ]


def test_a_bucket_that_is_logged_cannot_receive_access_logs() -> None:
    buckets = {"inputs": BucketSettings(access_log_bucket="inputs")}
    assert refused(lambda: empty_environment(buckets=buckets)) == ["buckets.inputs.access_log_bucket: got 'inputs'"]


def test_file_systems_need_a_network() -> None:
    file_systems = {name: FileSystemSettings(access_points=WEIGHTS) for name in ("scratch", "models")}
    assert empty_environment(file_systems=file_systems, network=NETWORK).file_systems == file_systems
    assert refused(lambda: empty_environment(file_systems=file_systems)) == ["network: got None"]


def test_file_systems_are_in_no_local_zone() -> None:
    subnets = ("subnet-0000000a", "subnet-0000000b")
    file_systems = {"models": FileSystemSettings(access_points=WEIGHTS)}

    def within(*zones: str) -> Environment:
        network = ExistingNetwork(
            vpc_id="vpc-01234567", subnet_ids=subnets, availability_zones=dict(zip(subnets, zones, strict=True))
        )
        return empty_environment(file_systems=file_systems, network=network)

    assert within("us-east-1-bos-1a", "us-east-1a")
    assert refused(lambda: within("us-east-1-bos-1a", "us-east-1-bos-1b")) == [
        "network.availability_zones: got ['us-east-1-bos-1a', 'us-east-1-bos-1b']"
    ]


@pytest.mark.parametrize(
    ("kind", "settings", "limit", "suffix"),
    [
        ("buckets", BucketSettings(), 63, "-111122223333"),
        ("file_systems", FileSystemSettings(access_points=WEIGHTS), 64, ""),
        ("repositories", RepositorySettings(), 256, ""),
    ],
)
def test_physical_names_fit(kind: str, settings: object, limit: int, suffix: str) -> None:
    short_name = "x" * (limit - len("terrabatch-test-" + suffix))
    fits: dict[str, Any] = {"network": NETWORK, kind: {short_name: settings}}
    assert empty_environment(**fits)
    too_long: dict[str, Any] = {"network": NETWORK, kind: {f"{short_name}x": settings}}
    assert refused(lambda: empty_environment(**too_long)) == [
        f"{kind}.{short_name}x: {limit}, got {limit + 1} ('terrabatch-test-{short_name}x{suffix}')"
    ]


def test_the_name_of_an_existing_bucket_is_its_owners_affair() -> None:
    existing = ExistingBucket(bucket_arn="arn:aws:s3:::their-logs")
    assert empty_environment(buckets={"x" * 63: existing}).buckets == {"x" * 63: existing}


def test_a_project_whose_buckets_s3_would_refuse_is_refused() -> None:
    assert refused(lambda: empty_environment(project="sthree", buckets={"a": BucketSettings()})) == [
        "buckets.a: got 'sthree-test-a-111122223333'"
    ]


@pytest.mark.parametrize(
    ("kind", "settings", "problem"),
    [
        (
            "buckets",
            BucketSettings(force_destroy=True),
            "force_destroy: got True",
        ),
        (
            "buckets",
            BucketSettings(versioning=False),
            "versioning: got False",
        ),
        (
            "file_systems",
            FileSystemSettings(access_points=WEIGHTS, backup=False),
            "backup: got False",
        ),
        (
            "repositories",
            RepositorySettings(force_delete=True),
            "force_delete: got True",
        ),
        (
            "repositories",
            RepositorySettings(immutable_tags=False),
            "immutable_tags: got False",
        ),
        (
            "repositories",
            RepositorySettings(scan_on_push=False),
            "scan_on_push: got False",
        ),
    ],
)
def test_only_production_refuses_weaker_protection(kind: str, settings: object, problem: str) -> None:
    weakened: dict[str, Any] = {"network": NETWORK, kind: {"models": settings}}
    assert empty_environment(**weakened)
    assert refused(lambda: empty_environment(production=True, **weakened)) == [f"{kind}.models.{problem}"]


def test_production_takes_the_defaults() -> None:
    assert empty_environment(
        production=True,
        network=NETWORK,
        buckets={"models": BucketSettings(), "theirs": ExistingBucket(bucket_arn="arn:aws:s3:::theirs")},
        file_systems={"models": FileSystemSettings(access_points=WEIGHTS)},
        repositories={"models": RepositorySettings()},
    ).production


@pytest.mark.parametrize(
    ("target", "refusals"),
    [
        (BucketSettings(), []),
        # Its own access may be logged: a load balancer is no bucket.
        (BucketSettings(access_log_bucket="others"), []),
        (ExistingBucket(bucket_arn="arn:aws:s3:::their-logs"), []),
        (BucketSettings(kms_key=NewKmsKey()), ["services.api.load_balancing.access_log_bucket: got 'logs'"]),
        (
            ExistingBucket(bucket_arn="arn:aws:s3:::their-logs", kms_key_arn=KEY),
            ["services.api.load_balancing.access_log_bucket: got 'logs'"],
        ),
    ],
)
def test_a_load_balancer_logs_to_a_plain_bucket(target: AnyBucketSettings, refusals: list[str]) -> None:
    service = replicas(load_balancing=LOAD_BALANCER.model_copy(update={"access_log_bucket": "logs"}))
    buckets = {"logs": target, "others": BucketSettings()}

    def made() -> Environment:
        return with_cluster(services={"api": service}, buckets=buckets)

    if refusals:
        assert refused(made) == refusals
    else:
        assert made().buckets == buckets
