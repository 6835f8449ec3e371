"""Which AWS services send to a queue of an environment: those of its own settings, and what other settings send there.

The policies of the queue and of its key, and the rules about both, all ask here.
"""

from collections.abc import Iterator

from modules.s3.settings import BucketSettings
from modules.sqs.senders import Sender, senders_of
from modules.sqs.settings import S3, MessageQueueSettings
from stacks.environment_settings import EnvironmentSettings


def queue_senders(environment: EnvironmentSettings, name: str, settings: MessageQueueSettings) -> list[Sender]:
    """Return every service that may send to the queue of this short name, once for each of its sources."""
    others = dict.fromkeys(sender for _, sender in other_senders(environment, name))
    return [*senders_of(settings, environment.account_id), *others]


def other_senders(environment: EnvironmentSettings, name: str) -> Iterator[tuple[str, Sender]]:
    """Yield what sends to a queue because a setting of something else says so, with the path of that setting."""
    for bucket_name, bucket in sorted(environment.buckets.items()):
        if isinstance(bucket, BucketSettings):
            for short_name, notification in sorted(bucket.notifications.items()):
                if notification.queue == name:
                    sender = Sender(S3, environment.bucket_arn(bucket_name), environment.account_id)
                    yield f"buckets.{bucket_name}.notifications.{short_name}.queue", sender
