"""Queues, buckets, file systems and images."""

from modules.containers.settings import FileSystemMount
from modules.ecr.image import RepositoryImage
from modules.ecr.settings import RepositorySettings
from modules.efs.settings import AccessPointSettings, FileSystemSettings
from modules.s3.settings import AnyBucketSettings, BucketSettings, LifecycleRule, Notification
from modules.sqs.settings import FifoMessageQueueSettings, MessageQueueSettings, QueueSettings

# It has VOLUME /tmp: else what is mounted there on Fargate is root's, and its user could not write to it.
EMBED = RepositoryImage(repository="embed", tag="1.4.0")
TRAIN = RepositoryImage(repository="train", tag="0.9.2")
WEIGHTS = FileSystemMount(container_path="/models", file_system="weights", access_point="models")

QUEUES: dict[str, QueueSettings] = {
    "documents": MessageQueueSettings(visibility_timeout_seconds=900),
    "images": MessageQueueSettings(visibility_timeout_seconds=600),
    "notices": MessageQueueSettings(visibility_timeout_seconds=60),
    "requests": MessageQueueSettings(visibility_timeout_seconds=60),
    "reports": MessageQueueSettings(visibility_timeout_seconds=300),
    "results": FifoMessageQueueSettings(visibility_timeout_seconds=300, high_throughput=True),
    "failed-jobs": MessageQueueSettings(visibility_timeout_seconds=30),
    "unstarted": MessageQueueSettings(visibility_timeout_seconds=30),
}

BUCKETS: dict[str, AnyBucketSettings] = {
    "data": BucketSettings(
        notifications={
            "documents": Notification(queue="documents", prefix="incoming/documents/"),
            "images": Notification(queue="images", prefix="incoming/images/"),
        },
        lifecycle={
            "incoming": LifecycleRule(prefix="incoming/", expire_after_days=30),
            "embeddings": LifecycleRule(prefix="embeddings/", transition_after_days={"INTELLIGENT_TIERING": 0}),
        },
        access_log_bucket="logs",
    ),
    "logs": BucketSettings(lifecycle={"all": LifecycleRule(expire_after_days=365)}),
}

FILE_SYSTEMS = {
    "weights": FileSystemSettings(
        access_points={"models": AccessPointSettings(path="/models", uid=1_000, gid=1_000, permissions="0755")}
    ),
}

REPOSITORIES = {"embed": RepositorySettings(), "train": RepositorySettings()}
