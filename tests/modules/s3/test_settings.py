from typing import Any, get_args

import botocore.session
import pytest

from modules.s3.events import Event
from modules.s3.settings import (
    BucketSettings,
    ExistingBucket,
    IntelligentTiering,
    LifecycleRule,
    Notification,
    StorageClass,
)
from modules.source import description
from tests.problems import message

PUT: tuple[Event, ...] = ("s3:ObjectCreated:Put",)
REMOVED: tuple[Event, ...] = ("s3:ObjectRemoved:*",)


def test_the_storage_classes_are_those_of_the_s3_api() -> None:
    model = botocore.session.get_session().get_service_model("s3")
    assert set(get_args(StorageClass)) == set(model.shape_for("TransitionStorageClass").enum)


def test_a_bucket_needs_no_settings_and_is_safe() -> None:
    settings = BucketSettings()
    assert settings.versioning
    assert not settings.force_destroy
    assert settings.noncurrent_expire_after_days == 30
    assert settings.abort_incomplete_uploads_after_days == 7


@pytest.mark.parametrize(
    ("field", "description"),
    [
        ("noncurrent_expire_after_days", description(BucketSettings, "noncurrent_expire_after_days")),
        (
            "abort_incomplete_uploads_after_days",
            description(BucketSettings, "abort_incomplete_uploads_after_days"),
        ),
    ],
)
def test_nothing_goes_before_a_day_has_passed(field: str, description: str) -> None:
    values: dict[str, Any] = {field: 1}
    assert getattr(BucketSettings(**values), field) == 1
    assert (
        message(BucketSettings, **{field: 0})
        == f"BucketSettings: {field} must be at least 1 days, got 0; {description}"
    )


@pytest.mark.parametrize(
    "transitions",
    [
        {"STANDARD_IA": 30},
        {"ONEZONE_IA": 30},
        {"GLACIER_IR": 0},
        {"INTELLIGENT_TIERING": 0, "GLACIER": 1},
        {"GLACIER": 60, "STANDARD_IA": 30},
        {"STANDARD_IA": 30, "INTELLIGENT_TIERING": 60, "GLACIER_IR": 61, "GLACIER": 62, "DEEP_ARCHIVE": 63},
    ],
)
def test_objects_move_to_ever_colder_classes(transitions: dict[StorageClass, int]) -> None:
    assert LifecycleRule(transition_after_days=transitions).transition_after_days == transitions


@pytest.mark.parametrize("name", ["STANDARD_IA", "ONEZONE_IA"])
def test_infrequent_access_takes_nothing_younger_than_30_days(name: str) -> None:
    assert message(LifecycleRule, transition_after_days={name: 29}) == (
        f"LifecycleRule: transition_after_days.{name} must be at least 30 days, got 29; "
        "S3 moves nothing younger to infrequent access"
    )


@pytest.mark.parametrize(
    ("transitions", "warmer", "colder", "least"),
    [
        ({"STANDARD_IA": 30, "GLACIER": 59}, "STANDARD_IA", "GLACIER", 60),
        ({"ONEZONE_IA": 90, "DEEP_ARCHIVE": 119}, "ONEZONE_IA", "DEEP_ARCHIVE", 120),
        ({"INTELLIGENT_TIERING": 10, "GLACIER_IR": 10}, "INTELLIGENT_TIERING", "GLACIER_IR", 11),
        ({"INTELLIGENT_TIERING": 10, "ONEZONE_IA": 29}, "INTELLIGENT_TIERING", "ONEZONE_IA", 30),
        ({"GLACIER": 100, "GLACIER_IR": 200}, "GLACIER_IR", "GLACIER", 201),
    ],
)
def test_objects_stay_in_each_class_for_its_least_time(
    transitions: dict[str, int], warmer: str, colder: str, least: int
) -> None:
    assert message(LifecycleRule, transition_after_days=transitions) == (
        f"LifecycleRule: transition_after_days.{colder} must be at least {least} days, as {warmer} comes after "
        f"{transitions[warmer]}, got {transitions[colder]}; objects go from {warmer} to {colder}, never back, and stay "
        "in each for its least time"
    )


def test_objects_expire_after_their_last_move() -> None:
    rule = LifecycleRule(transition_after_days={"GLACIER_IR": 90}, expire_after_days=91)
    assert rule.expire_after_days == 91
    assert message(LifecycleRule, transition_after_days={"GLACIER_IR": 90}, expire_after_days=90) == (
        "LifecycleRule: expire_after_days must be more than 90 days, the last of transition_after_days, "
        "got 90; S3 refuses to move what is already deleted"
    )


def test_a_rule_does_something() -> None:
    assert LifecycleRule(noncurrent_expire_after_days=1).noncurrent_expire_after_days == 1
    assert message(LifecycleRule, prefix="tmp/") == (
        "LifecycleRule: expire_after_days must be given, got None; or another age: as it is, the rule does nothing"
    )


def test_a_prefix_has_at_most_1024_characters_and_no_slash_first() -> None:
    assert LifecycleRule(prefix="x" * 1_024, expire_after_days=1).prefix == "x" * 1_024
    assert "prefix must have at most 1,024 characters" in message(
        LifecycleRule, prefix="x" * 1_025, expire_after_days=1
    )
    assert message(LifecycleRule, prefix="/tmp", expire_after_days=1) == (
        "LifecycleRule: prefix must match ^([^/].*)?$, got '/tmp'; "
        '"": every object; models/ is not a folder but the start of a key'
    )


def test_s3_takes_999_rules_besides_our_own() -> None:
    rules = {f"rule-{number}": LifecycleRule(expire_after_days=1) for number in range(1_000)}
    assert message(BucketSettings, lifecycle=rules) == (
        "BucketSettings: lifecycle must have at most 999 items, got 1,000; "
        "S3 takes 1,000 rules; one is for the bucket as a whole"
    )
    del rules["rule-0"]
    assert len(BucketSettings(lifecycle=rules).lifecycle) == 999


def test_an_expiry_that_the_whole_bucket_forestalls_is_refused() -> None:
    rule = LifecycleRule(noncurrent_expire_after_days=30)
    assert BucketSettings(lifecycle={"tmp": rule}, noncurrent_expire_after_days=31)
    assert BucketSettings(lifecycle={"tmp": rule}, noncurrent_expire_after_days=None)
    assert message(BucketSettings, lifecycle={"tmp": rule}, noncurrent_expire_after_days=30) == (
        "BucketSettings: lifecycle.tmp.noncurrent_expire_after_days must be less than the bucket's "
        "noncurrent_expire_after_days (30 days), got 30; the earlier of two expiries wins, so this one would never come"
    )


@pytest.mark.parametrize(
    ("field", "least", "fix"),
    [
        ("archive_access_after_days", 90, "hours"),
        ("deep_archive_access_after_days", 180, "up to two days"),
    ],
)
def test_the_archive_tiers_have_ranges(field: str, least: int, fix: str) -> None:
    for days in (least, 730):
        values: dict[str, Any] = {field: days}
        assert getattr(IntelligentTiering(**values), field) == days
    for days in (least - 1, 731):
        assert message(IntelligentTiering, **{field: days}) == (
            f"IntelligentTiering: {field} must be from {least} to 730 days, got {days}; "
            f"a job cannot read such an object before it is restored: {fix}"
        )


def test_tiers_are_given_and_the_deeper_one_comes_later() -> None:
    assert message(IntelligentTiering) == (
        "IntelligentTiering: archive_access_after_days must be given, got None; "
        "or give deep_archive_access_after_days, or both"
    )
    assert IntelligentTiering(archive_access_after_days=180, deep_archive_access_after_days=181)
    assert message(IntelligentTiering, archive_access_after_days=180, deep_archive_access_after_days=180) == (
        "IntelligentTiering: deep_archive_access_after_days must be more than archive_access_after_days "
        "(180 days), got 180; objects go through the archive into the deep archive"
    )


def test_a_notification_tells_something() -> None:
    assert Notification(queue="requests").events == ("s3:ObjectCreated:*",)
    assert message(Notification, queue="requests", events=()) == (
        "Notification: events must have at least 1 item, got none; leave it out for every object that is created"
    )
    assert "events[0] must be one of 's3:IntelligentTiering', " in message(
        Notification, queue="requests", events=("s3:ObjectMade:*",)
    )


@pytest.mark.parametrize("value", ["in/*", "a b", "dt=1", "ä"])
def test_filters_have_safe_characters_only(value: str) -> None:
    assert Notification(queue="requests", prefix="in/a+b%3D(1)!_.'-").prefix
    assert message(Notification, queue="requests", suffix=value) == (
        f"Notification: suffix must match ^[0-9A-Za-z!_.'()/%+-]*$, got {value!r}; "
        "only keys that end so; percent-encoded, a space as +"
    )


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (Notification(queue="a", prefix="in/"), Notification(queue="b", prefix="out/")),
        (Notification(queue="a", suffix=".json"), Notification(queue="b", suffix=".csv")),
        (Notification(queue="a", prefix="in/", suffix=".a"), Notification(queue="b", suffix=".b")),
        (Notification(queue="a"), Notification(queue="b", events=REMOVED)),
    ],
)
def test_notifications_side_by_side_pass(one: Notification, other: Notification) -> None:
    assert len(BucketSettings(notifications={"one": one, "other": other}).notifications) == 2


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (Notification(queue="a"), Notification(queue="b")),
        (Notification(queue="a", prefix="in/"), Notification(queue="b", prefix="in/new/")),
        (Notification(queue="a", prefix="in/"), Notification(queue="b", suffix=".json")),
        (Notification(queue="a", suffix=".gz"), Notification(queue="b", suffix=".json.gz", events=PUT)),
    ],
)
def test_two_notifications_of_one_event_of_one_object_are_refused(one: Notification, other: Notification) -> None:
    assert message(BucketSettings, notifications={"one": one, "other": other}) == (
        "BucketSettings: notifications.other must differ from notifications.one in prefix, suffix or events, "
        f"got prefix {other.prefix!r} and {one.prefix!r}, suffix {other.suffix!r} and {one.suffix!r}; "
        "S3 refuses two notifications of one event of one object"
    )


def test_a_bucket_has_at_most_100_notifications() -> None:
    notifications = {f"n{n}": Notification(queue="a", prefix=f"{n:03}/") for n in range(101)}
    assert message(BucketSettings, notifications=notifications) == (
        "BucketSettings: notifications must have at most 100 items, got 101; S3 takes 100"
    )
    del notifications["n0"]
    assert len(BucketSettings(notifications=notifications).notifications) == 100


@pytest.mark.parametrize("arn", ["arn:aws:s3:::models", "arn:aws-cn:s3:::my.models", "arn:aws:s3:::abc"])
def test_an_existing_bucket_has_an_arn(arn: str) -> None:
    assert ExistingBucket(bucket_arn=arn).bucket_arn == arn


@pytest.mark.parametrize("arn", ["models", "arn:aws:s3:::models/*", "arn:aws:s3:us-east-1::models", "arn:aws:s3:::ab"])
def test_what_is_no_arn_of_a_bucket_is_refused(arn: str) -> None:
    assert message(ExistingBucket, bucket_arn=arn) == (
        r"ExistingBucket: bucket_arn must match ^arn:aws[a-z-]*:s3:::[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$, "
        f"got {arn!r}; the bucket's ARN"
    )
