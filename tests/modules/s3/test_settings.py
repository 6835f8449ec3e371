from typing import Any, get_args

import botocore.session
import pytest

from modules.s3.events import Event
from modules.s3.settings import (
    AnyNotification,
    BucketSettings,
    ExistingBucket,
    IntelligentTiering,
    LifecycleRule,
    Notification,
    StorageClass,
)
from tests.problems import refused

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
    "field",
    [
        "noncurrent_expire_after_days",
        "abort_incomplete_uploads_after_days",
    ],
)
def test_nothing_goes_before_a_day_has_passed(field: str) -> None:
    values: dict[str, Any] = {field: 1}
    assert getattr(BucketSettings(**values), field) == 1
    assert refused(BucketSettings, **{field: 0}) == [f"{field}: 1, got 0"]


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
    assert refused(LifecycleRule, transition_after_days={name: 29}) == [f"transition_after_days.{name}: 30, got 29"]


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
    assert refused(LifecycleRule, transition_after_days=transitions) == [
        f"transition_after_days.{colder}: {least}, {transitions[warmer]}, got {transitions[colder]}"
    ]


def test_objects_expire_after_their_last_move() -> None:
    rule = LifecycleRule(transition_after_days={"GLACIER_IR": 90}, expire_after_days=91)
    assert rule.expire_after_days == 91
    assert refused(LifecycleRule, transition_after_days={"GLACIER_IR": 90}, expire_after_days=90) == [
        "expire_after_days: 90, got 90"
    ]


def test_a_rule_does_something() -> None:
    assert LifecycleRule(noncurrent_expire_after_days=1).noncurrent_expire_after_days == 1
    assert refused(LifecycleRule, prefix="tmp/") == ["expire_after_days: got None"]


def test_a_prefix_has_at_most_1024_characters_and_no_slash_first() -> None:
    assert LifecycleRule(prefix="x" * 1_024, expire_after_days=1).prefix == "x" * 1_024
    assert refused(LifecycleRule, prefix="x" * 1_025, expire_after_days=1)[0].startswith("prefix: 1,024, got ")
    assert refused(LifecycleRule, prefix="/tmp", expire_after_days=1) == ["prefix: got '/tmp'"]


def test_s3_takes_999_rules_besides_our_own() -> None:
    rules = {f"rule-{number}": LifecycleRule(expire_after_days=1) for number in range(1_000)}
    assert refused(BucketSettings, lifecycle=rules) == ["lifecycle: 999, got 1,000"]
    del rules["rule-0"]
    assert len(BucketSettings(lifecycle=rules).lifecycle) == 999


def test_an_expiry_that_the_whole_bucket_forestalls_is_refused() -> None:
    rule = LifecycleRule(noncurrent_expire_after_days=30)
    assert BucketSettings(lifecycle={"tmp": rule}, noncurrent_expire_after_days=31)
    assert BucketSettings(lifecycle={"tmp": rule}, noncurrent_expire_after_days=None)
    assert refused(BucketSettings, lifecycle={"tmp": rule}, noncurrent_expire_after_days=30) == [
        "lifecycle.tmp.noncurrent_expire_after_days: 30, got 30"
    ]


@pytest.mark.parametrize(
    ("field", "least"),
    [
        ("archive_access_after_days", 90),
        ("deep_archive_access_after_days", 180),
    ],
)
def test_the_archive_tiers_have_ranges(field: str, least: int) -> None:
    for days in (least, 730):
        values: dict[str, Any] = {field: days}
        assert getattr(IntelligentTiering(**values), field) == days
    for days in (least - 1, 731):
        assert refused(IntelligentTiering, **{field: days}) == [f"{field}: {least}, 730, got {days}"]


def test_tiers_are_given_and_the_deeper_one_comes_later() -> None:
    assert refused(IntelligentTiering) == ["archive_access_after_days: got None"]
    assert IntelligentTiering(archive_access_after_days=180, deep_archive_access_after_days=181)
    assert refused(IntelligentTiering, archive_access_after_days=180, deep_archive_access_after_days=180) == [
        "deep_archive_access_after_days: 180, got 180"
    ]


def test_a_notification_tells_something() -> None:
    assert Notification(queue="requests").events == ("s3:ObjectCreated:*",)
    assert refused(Notification, queue="requests", events=()) == ["events: 1, got none"]
    assert refused(Notification, queue="requests", events=("s3:ObjectMade:*",)) == ["events[0]: got 's3:ObjectMade:*'"]


@pytest.mark.parametrize("value", ["in/*", "a b", "dt=1", "ä"])
def test_filters_have_safe_characters_only(value: str) -> None:
    assert Notification(queue="requests", prefix="in/a+b%3D(1)!_.'-").prefix
    assert refused(Notification, queue="requests", suffix=value) == [f"suffix: got {value!r}"]


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
    assert refused(BucketSettings, notifications={"one": one, "other": other}) == [
        f"notifications.other: got prefix {other.prefix!r} and {one.prefix!r}, "
        f"suffix {other.suffix!r} and {one.suffix!r}"
    ]


def test_a_bucket_has_at_most_100_notifications() -> None:
    notifications: dict[str, AnyNotification] = {
        f"n{n}": Notification(queue="a", prefix=f"{n:03}/") for n in range(101)
    }
    assert refused(BucketSettings, notifications=notifications) == ["notifications: 100, got 101"]
    del notifications["n0"]
    assert len(BucketSettings(notifications=notifications).notifications) == 100


@pytest.mark.parametrize("arn", ["arn:aws:s3:::models", "arn:aws-cn:s3:::my.models", "arn:aws:s3:::abc"])
def test_an_existing_bucket_has_an_arn(arn: str) -> None:
    assert ExistingBucket(bucket_arn=arn).bucket_arn == arn


@pytest.mark.parametrize("arn", ["models", "arn:aws:s3:::models/*", "arn:aws:s3:us-east-1::models", "arn:aws:s3:::ab"])
def test_what_is_no_arn_of_a_bucket_is_refused(arn: str) -> None:
    assert refused(ExistingBucket, bucket_arn=arn) == [f"bucket_arn: got {arn!r}"]
