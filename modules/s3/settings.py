"""Settings of S3 buckets: ours, with all that happens to their objects, and somebody else's.

Source: PutBucketLifecycleConfiguration, PutBucketIntelligentTieringConfiguration and
PutBucketNotificationConfiguration in the S3 API reference; "Constraints and considerations for transitions" and
"Configuring event notifications using object key name filtering" in the S3 user guide.
"""

from collections.abc import Iterator
from itertools import combinations, pairwise
from typing import Annotated, ClassVar, Literal, get_args

from pydantic import Field, StringConstraints

from modules.arn_parts import arn_parts, arn_pattern
from modules.checks import more_than
from modules.kms.settings import KmsKeyArn, KmsKeySettings
from modules.markers import ArnOf, RefersTo, production
from modules.named_settings import NamedSettings
from modules.names import PhysicalName
from modules.naming import AwsLocation, ShortName, Tags
from modules.problems import Problem, format_value
from modules.s3.events import Event, has_overlap
from modules.settings import Distinct, Settings

# Keys have up to 1,024 characters; one that starts with a slash is nearly always a slip.
KeyPrefix = Annotated[str, StringConstraints(max_length=1_024, pattern=r"^([^/].*)?$")]
# The characters S3 calls safe, less the asterisk, which filters do not take; others are percent-encoded.
KeyFilter = Annotated[str, StringConstraints(max_length=1_024, pattern=r"^[0-9A-Za-z!_.'()/%+-]*$")]

# What S3 knows the rules of a bucket by.
RuleName = Annotated[ShortName, Field(max_length=255)]
TieringName = Annotated[ShortName, Field(max_length=64)]

# In the order of the only direction in which S3 moves objects.
StorageClass = Literal["STANDARD_IA", "INTELLIGENT_TIERING", "ONEZONE_IA", "GLACIER_IR", "GLACIER", "DEEP_ARCHIVE"]
STORAGE_CLASSES: tuple[str, ...] = get_args(StorageClass)
# S3 moves nothing into these before it is this old, and nothing out of them before it was there as long.
LEAST_DAYS = {"STANDARD_IA": 30, "ONEZONE_IA": 30}

Days = Annotated[int, Field(ge=0)]


class LifecycleRule(Settings):
    """What happens to the objects under a prefix as they age, counted in days since they were written."""

    prefix: KeyPrefix = ""
    """"": every object; models/ is not a folder but the start of a key [at most 1,024 characters; default '']"""
    transition_after_days: dict[StorageClass, Days] = Field(default_factory=dict)
    """storage class to age; a job cannot read GLACIER and DEEP_ARCHIVE before a restore; objects under 128 KiB stay
    where they are [each name one of 'STANDARD_IA', 'INTELLIGENT_TIERING', 'ONEZONE_IA', 'GLACIER_IR', 'GLACIER',
    'DEEP_ARCHIVE'; each value at least 0; default empty]"""
    expire_after_days: int | None = Field(default=None, ge=1)
    """the age at which an object is deleted; with versioning it becomes a noncurrent version [at least 1; default
    None]"""
    noncurrent_expire_after_days: int | None = Field(default=None, ge=1)
    """days a version is kept after it was overwritten or deleted; then it is gone [at least 1; default None]"""

    def check_lifecycle_rule(self) -> Iterator[Problem]:
        """Check that the rule does something, and in an order that S3 accepts."""
        if not (self.transition_after_days or self.expire_after_days or self.noncurrent_expire_after_days):
            yield self.problem(
                "expire_after_days", "be given", "otherwise the rule does nothing", fix="give this age or another"
            )
        order = sorted(self.transition_after_days.items(), key=lambda item: STORAGE_CLASSES.index(item[0]))
        yield from _transition_problems(order)
        last = max(self.transition_after_days.values(), default=0)
        if self.expire_after_days is not None and order and self.expire_after_days <= last:
            rule = f"be more than {last:,} days, the last of transition_after_days"
            yield self.problem("expire_after_days", rule, "S3 cannot transition an object that has expired")


def _transition_problems(order: list[tuple[StorageClass, int]]) -> Iterator[Problem]:
    for name, days in order[:1]:
        if days < LEAST_DAYS.get(name, 0):
            path, rule = f"transition_after_days.{name}", f"be at least {LEAST_DAYS[name]} days"
            yield Problem(path, rule, format_value(days), "S3 transitions no younger object to infrequent access")
    for (warmer, since), (name, days) in pairwise(order):
        least = max(since + LEAST_DAYS.get(warmer, 1), LEAST_DAYS.get(name, 0))
        if days < least:
            rule = f"be at least {least:,} days, as {warmer} comes after {since:,}"
            reason = f"objects move from {warmer} to {name}, and stay in each class for its minimum time"
            yield Problem(f"transition_after_days.{name}", rule, format_value(days), reason)


class IntelligentTiering(Settings):
    """When objects of the class INTELLIGENT_TIERING under a prefix are archived, in days without access."""

    prefix: KeyPrefix = ""
    """"": every object of that class [at most 1,024 characters; default '']"""
    archive_access_after_days: int | None = Field(default=None, ge=90, le=730)
    """a job cannot read such an object before it is restored: hours [from 90 to 730; default None]"""
    deep_archive_access_after_days: int | None = Field(default=None, ge=180, le=730)
    """a job cannot read such an object before it is restored: up to two days [from 180 to 730; default None]"""

    check_order: ClassVar = more_than(
        "deep_archive_access_after_days", "archive_access_after_days", "objects move to archive access first"
    )

    def check_intelligent_tiering(self) -> Iterator[Problem]:
        """Check that there is a tier."""
        if self.archive_access_after_days is None and self.deep_archive_access_after_days is None:
            yield self.problem(
                "archive_access_after_days", "be given", fix="or give deep_archive_access_after_days, or both"
            )


class AnyNotification(Settings, abstract=True):
    """Base of messages about what happens to objects; at least one for each event, now and then two."""

    events: Distinct[Event] = ("s3:ObjectCreated:*",)
    """what is told [each one of 's3:IntelligentTiering', 's3:LifecycleExpiration:*', 's3:LifecycleExpiration:Delete',
    's3:LifecycleExpiration:DeleteMarkerCreated', 's3:LifecycleTransition', 's3:ObjectAcl:Put', 's3:ObjectAnnotation:*',
    's3:ObjectAnnotation:Delete', 's3:ObjectAnnotation:Put', 's3:ObjectCreated:*',
    's3:ObjectCreated:CompleteMultipartUpload', 's3:ObjectCreated:Copy', 's3:ObjectCreated:Post',
    's3:ObjectCreated:Put', 's3:ObjectRemoved:*', 's3:ObjectRemoved:Delete', 's3:ObjectRemoved:DeleteMarkerCreated',
    's3:ObjectRestore:*', 's3:ObjectRestore:Completed', 's3:ObjectRestore:Delete', 's3:ObjectRestore:Post',
    's3:ObjectRetention:Put', 's3:ObjectTagging:*', 's3:ObjectTagging:Delete', 's3:ObjectTagging:Put',
    's3:ReducedRedundancyLostObject', 's3:Replication:*', 's3:Replication:OperationFailedReplication',
    's3:Replication:OperationMissedThreshold', 's3:Replication:OperationNotTracked',
    's3:Replication:OperationReplicatedAfterThreshold'; default 's3:ObjectCreated:*']"""
    prefix: KeyFilter = ""
    """only keys that start so; percent-encoded, a space as + [at most 1,024 characters; default '']"""
    suffix: KeyFilter = ""
    """only keys that end so; percent-encoded, a space as + [at most 1,024 characters; default '']"""

    def check_notification(self) -> Iterator[Problem]:
        """Check that something is told."""
        if not self.events:
            yield Problem("events", "have at least 1 item", "none", fix="leave it out for all created objects")


class Notification(AnyNotification):
    """Messages to a queue about what happens to objects; at least one for each event, now and then two."""

    queue: Annotated[ShortName, RefersTo("queues")]
    """a standard queue of this environment: S3 knows no FIFO queues [one of the environment's queues; required]"""


class TopicNotification(AnyNotification):
    """Messages to a topic of somebody else about what happens to objects, and so to all that subscribe to it."""

    topic: Annotated[ShortName, RefersTo("topics")]
    """the topic, whose owner lets S3 publish there, as the output topic_policies says [one of the environment's topics;
    required]"""


def bucket_name(name: str, location: AwsLocation) -> str:
    """Return a bucket's name, which must be the only one of its kind among all AWS accounts."""
    return f"{name}-{location.account_id}"


class AnyBucketSettings(Settings, abstract=True):
    """Base of everything that may stand in an environment's ``buckets``."""


class BucketSettings(NamedSettings, AnyBucketSettings):
    """A private bucket: encrypted, TLS only, versioned, no public access, owned by its account alone."""

    versioning: Annotated[bool, production(True, "a mistake could not be undone")] = True
    """False: what is overwritten or deleted is gone [default True; must be True in production]"""
    noncurrent_expire_after_days: int | None = Field(default=30, ge=1)
    """how long a mistake can be undone; None: old versions are kept, and paid for, indefinitely [at least 1; default
    30]"""
    abort_incomplete_uploads_after_days: int = Field(default=7, ge=1)
    """parts of an upload that was never finished are invisible, but paid for [at least 1; default 7]"""
    lifecycle: dict[RuleName, LifecycleRule] = Field(default_factory=dict, max_length=999)
    """S3 takes 1,000 rules; one is for the bucket as a whole [at most 999 entries; each name at most 255 characters;
    default empty]"""
    intelligent_tiering: dict[TieringName, IntelligentTiering] = Field(default_factory=dict, max_length=1_000)
    """only for objects of the class INTELLIGENT_TIERING [at most 1,000 entries; each name at most 64 characters;
    default empty]"""
    notifications: dict[RuleName, AnyNotification] = Field(default_factory=dict, max_length=100)
    """messages to queues and topics; S3 takes 100 [at most 100 entries; each name at most 255 characters; default
    empty]"""
    event_bridge: bool = False
    """True: all events of the bucket go to EventBridge, for rules of others; False: only if a rule of this environment
    needs them [default False]"""
    access_log_bucket: Annotated[ShortName, RefersTo("buckets")] | None = None
    """who asked for what, an object a few minutes; None: not recorded [one of the environment's buckets; default
    None]"""
    kms_key: KmsKeySettings | None = None
    """None: keys of S3 itself (AES-256), without charge [default None]"""
    force_destroy: Annotated[bool, production(False, "it deletes the objects")] = False
    """True: destroying the bucket destroys its objects [default False; must be False in production]"""
    tags: Tags = Field(default_factory=dict)
    """on the bucket [at most 46 entries; each name 1 to 128 characters; each value at most 256 characters; default
    empty]"""

    def names(self, name: str, location: AwsLocation) -> Iterator[PhysicalName]:
        """Yield the names of the bucket and its key."""
        bucket = name if self.physical_name else bucket_name(name, location)
        yield PhysicalName("bucket", bucket)
        if self.kms_key is not None:
            yield from self.kms_key.names(bucket, location)

    def check_notifications(self) -> Iterator[Problem]:
        """Check that S3 could tell which notification an object belongs to."""
        for (first, one), (second, other) in combinations(sorted(self.notifications.items()), 2):
            if _can_share_keys(one, other) and has_overlap(one.events, other.events):
                path, rule = f"notifications.{second}", f"differ from notifications.{first} in prefix, suffix or events"
                got = f"prefix {other.prefix!r} and {one.prefix!r}, suffix {other.suffix!r} and {one.suffix!r}"
                yield Problem(path, rule, got, "S3 refuses two notifications of the same event of the same object")

    def check_lifecycle(self) -> Iterator[Problem]:
        """Check that no lifecycle rule comes after the objects are gone."""
        limit = self.noncurrent_expire_after_days
        for name, rule in sorted(self.lifecycle.items()):
            days = rule.noncurrent_expire_after_days
            if limit is not None and days is not None and days >= limit:
                yield Problem(
                    f"lifecycle.{name}.noncurrent_expire_after_days",
                    f"be less than the bucket's noncurrent_expire_after_days ({limit:,} days)",
                    format_value(days),
                    "the earlier of the two applies, so this one never would",
                )


def _can_share_keys(one: AnyNotification, other: AnyNotification) -> bool:
    """Return whether a key can pass both filters, as S3 judges it: prefix and suffix each on its own."""
    prefixes = one.prefix.startswith(other.prefix) or other.prefix.startswith(one.prefix)
    suffixes = one.suffix.endswith(other.suffix) or other.suffix.endswith(one.suffix)
    return prefixes and suffixes


class ExistingAccessPoint(AnyBucketSettings):
    """An access point to a bucket that somebody else owns: programs give its ARN, or its alias, for a bucket's name.

    The bucket's policy has to leave to its access points who may do what.
    """

    access_point_arn: Annotated[str, ArnOf("access point", "programs reach access points of their own region")] = Field(
        pattern=arn_pattern("s3", r"accesspoint/[a-z0-9][a-z0-9-]{1,48}[a-z0-9]")
    )
    """e.g. arn:aws:s3:us-east-1:111122223333:accesspoint/embeddings [required]"""
    kms_key_arn: Annotated[KmsKeyArn | None, ArnOf("key")] = None
    """the key that encrypts the bucket, if any: grants then include its use [default None]"""


class ExistingBucket(AnyBucketSettings):
    """A bucket that somebody else owns: it can be read, written and referred to, not changed."""

    bucket_arn: Annotated[str, ArnOf("bucket")] = Field(
        pattern=r"^arn:aws[a-z-]*:s3:::[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$"
    )
    """the bucket's ARN [required]"""
    kms_key_arn: Annotated[KmsKeyArn | None, ArnOf("key")] = None
    """the key that encrypts it, if any: grants then include its use [default None]"""

    @property
    def bucket_name(self) -> str:
        """What its owner called it."""
        return arn_parts(self.bucket_arn).resource
