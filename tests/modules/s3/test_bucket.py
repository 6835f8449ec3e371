from typing import Any

from cdktf import TerraformStack

from modules.kms.settings import ExistingKmsKey, NewKmsKey
from modules.naming import AwsLocation
from modules.s3.bucket import Bucket
from modules.s3.settings import (
    BucketSettings,
    ExistingBucket,
    IntelligentTiering,
    LifecycleRule,
    Notification,
)
from modules.sqs.message_queue import MessageQueue
from modules.sqs.settings import MessageQueueSettings
from tests.conftest import Synthesized
from tests.policies import findings, statements
from tests.problems import refused

NAME = "terrabatch-test-models-111122223333"
KEY = "arn:aws:kms:us-east-1:111122223333:key/11111111-2222-3333-4444-555555555555"
# parliament takes no number with a point; S3's own examples compare with "1.2".
POINT = "requires a value of type Numeric but given ['1.2']"


def made(stack: TerraformStack, location: AwsLocation, settings: BucketSettings, **options: Any) -> Bucket:
    return Bucket(stack, "models", name=NAME, settings=settings, location=location, **options)


def test_by_default_a_bucket_is_private_encrypted_and_versioned(stack: TerraformStack, location: AwsLocation) -> None:
    made(stack, location, BucketSettings())
    synthesized = Synthesized(stack)
    assert synthesized.types() == [
        "aws_s3_bucket",
        "aws_s3_bucket_lifecycle_configuration",
        "aws_s3_bucket_ownership_controls",
        "aws_s3_bucket_policy",
        "aws_s3_bucket_public_access_block",
        "aws_s3_bucket_server_side_encryption_configuration",
        "aws_s3_bucket_versioning",
    ]
    assert synthesized.one("aws_s3_bucket") == {"bucket": NAME}
    reference = {"bucket": f"${{aws_s3_bucket.{_id(synthesized, 'aws_s3_bucket')}.id}}"}
    assert synthesized.one("aws_s3_bucket_public_access_block") == reference | {
        "block_public_acls": True,
        "block_public_policy": True,
        "ignore_public_acls": True,
        "restrict_public_buckets": True,
    }
    assert synthesized.one("aws_s3_bucket_server_side_encryption_configuration") == reference | {
        "rule": [
            {
                "apply_server_side_encryption_by_default": {"sse_algorithm": "AES256"},
                "blocked_encryption_types": ["SSE-C"],
            }
        ]
    }
    versioning = synthesized.one("aws_s3_bucket_versioning")
    assert versioning["versioning_configuration"] == {"status": "Enabled"}
    ownership = synthesized.one("aws_s3_bucket_ownership_controls")
    assert ownership["rule"] == {"object_ownership": "BucketOwnerEnforced"}


def test_access_block_policy_and_ownership_follow_one_another(stack: TerraformStack, location: AwsLocation) -> None:
    made(stack, location, BucketSettings())
    synthesized = Synthesized(stack)
    block, policy = (
        f"{type_}.{_id(synthesized, type_)}" for type_ in ("aws_s3_bucket_public_access_block", "aws_s3_bucket_policy")
    )
    assert synthesized.one("aws_s3_bucket_policy")["depends_on"] == [block]
    assert synthesized.one("aws_s3_bucket_ownership_controls")["depends_on"] == [policy]


def test_what_comes_without_tls_or_with_an_old_one_is_refused(stack: TerraformStack, location: AwsLocation) -> None:
    made(stack, location, BucketSettings())
    synthesized = Synthesized(stack)
    document = synthesized.one("aws_s3_bucket_policy")["policy"]
    arn = f"${{aws_s3_bucket.{_id(synthesized, 'aws_s3_bucket')}.arn}}"
    denied = {"Effect": "Deny", "Principal": {"AWS": "*"}, "Action": "s3:*", "Resource": [arn, f"{arn}/*"]}
    assert statements(document) == {
        "DenyWithoutTls": denied | {"Condition": {"Bool": {"aws:SecureTransport": "false"}}},
        "DenyOldTls": denied | {"Condition": {"NumericLessThan": {"s3:TlsVersion": "1.2"}}},
    }
    assert {finding for finding in findings(document) if POINT not in finding} <= {
        # Two actions of "*" that are not made on buckets of this kind.
        "UNKNOWN_CONDITION_FOR_ACTION: Unknown condition s3:TlsVersion for action s3:InitiateReplication",
        "UNKNOWN_CONDITION_FOR_ACTION: Unknown condition s3:TlsVersion for action s3:PutAccessPointPublicAccessBlock",
    }


def test_versions_are_suspended_not_disabled(stack: TerraformStack, location: AwsLocation) -> None:
    made(stack, location, BucketSettings(versioning=False))
    versioning = Synthesized(stack).one("aws_s3_bucket_versioning")
    assert versioning["versioning_configuration"] == {"status": "Suspended"}


def test_uploads_old_versions_and_markers_are_cleared_away(stack: TerraformStack, location: AwsLocation) -> None:
    made(stack, location, BucketSettings(noncurrent_expire_after_days=14, abort_incomplete_uploads_after_days=2))
    synthesized = Synthesized(stack)
    lifecycle = synthesized.one("aws_s3_bucket_lifecycle_configuration")
    assert lifecycle["depends_on"] == [f"aws_s3_bucket_versioning.{_id(synthesized, 'aws_s3_bucket_versioning')}"]
    assert lifecycle["rule"] == [
        {
            "id": "WholeBucket",
            "status": "Enabled",
            "filter": [{"prefix": ""}],
            "abort_incomplete_multipart_upload": [{"days_after_initiation": 2}],
            "expiration": [{"expired_object_delete_marker": True}],
            "noncurrent_version_expiration": [{"noncurrent_days": 14}],
        }
    ]


def test_old_versions_can_be_kept_for_ever(stack: TerraformStack, location: AwsLocation) -> None:
    made(stack, location, BucketSettings(noncurrent_expire_after_days=None))
    (rule,) = Synthesized(stack).one("aws_s3_bucket_lifecycle_configuration")["rule"]
    assert "noncurrent_version_expiration" not in rule


def test_lifecycle_rules_stand_in_the_order_of_their_names(stack: TerraformStack, location: AwsLocation) -> None:
    settings = BucketSettings(
        lifecycle={
            "tmp": LifecycleRule(prefix="tmp/", expire_after_days=3, noncurrent_expire_after_days=1),
            "done": LifecycleRule(prefix="done/", transition_after_days={"GLACIER_IR": 60, "STANDARD_IA": 30}),
        }
    )
    made(stack, location, settings)
    _whole_bucket, done, tmp = Synthesized(stack).one("aws_s3_bucket_lifecycle_configuration")["rule"]
    assert done == {
        "id": "done",
        "status": "Enabled",
        "filter": [{"prefix": "done/"}],
        "transition": [
            {"days": 30, "storage_class": "STANDARD_IA"},
            {"days": 60, "storage_class": "GLACIER_IR"},
        ],
    }
    assert tmp == {
        "id": "tmp",
        "status": "Enabled",
        "filter": [{"prefix": "tmp/"}],
        "expiration": [{"days": 3}],
        "noncurrent_version_expiration": [{"noncurrent_days": 1}],
    }


def test_archive_tiers_are_resources_of_their_own(stack: TerraformStack, location: AwsLocation) -> None:
    settings = BucketSettings(
        intelligent_tiering={
            "old": IntelligentTiering(prefix="old/", archive_access_after_days=90),
            "rest": IntelligentTiering(archive_access_after_days=180, deep_archive_access_after_days=365),
        }
    )
    made(stack, location, settings)
    synthesized = Synthesized(stack)
    old = synthesized.named("aws_s3_bucket_intelligent_tiering_configuration", "old")
    assert old["filter"] == {"prefix": "old/"}
    assert old["tiering"] == [{"access_tier": "ARCHIVE_ACCESS", "days": 90}]
    rest = synthesized.named("aws_s3_bucket_intelligent_tiering_configuration", "rest")
    assert "filter" not in rest
    assert rest["tiering"] == [
        {"access_tier": "ARCHIVE_ACCESS", "days": 180},
        {"access_tier": "DEEP_ARCHIVE_ACCESS", "days": 365},
    ]


def test_notifications_go_to_the_queues_they_name(stack: TerraformStack, location: AwsLocation) -> None:
    settings = BucketSettings(
        notifications={
            "new": Notification(queue="requests", prefix="in/", suffix=".json"),
            "gone": Notification(
                queue="requests", events=("s3:ObjectRemoved:DeleteMarkerCreated", "s3:ObjectRemoved:Delete")
            ),
        }
    )
    queue = MessageQueue(
        stack, "requests", settings=MessageQueueSettings(visibility_timeout_seconds=30), location=location
    )
    made(stack, location, settings, queues={"requests": queue})
    synthesized = Synthesized(stack)
    arn = f"${{{synthesized.address('aws_sqs_queue', 'test-requests')}.arn}}"
    assert f"arn:aws:s3:::{NAME}" in synthesized.document["resource"]["aws_sqs_queue_policy"].popitem()[1]["policy"]
    assert synthesized.one("aws_s3_bucket_notification")["queue"] == [
        {
            "id": "gone",
            "queue_arn": arn,
            "events": ["s3:ObjectRemoved:Delete", "s3:ObjectRemoved:DeleteMarkerCreated"],
        },
        {
            "id": "new",
            "queue_arn": arn,
            "events": ["s3:ObjectCreated:*"],
            "filter_prefix": "in/",
            "filter_suffix": ".json",
        },
    ]


def test_a_key_of_its_own_encrypts_with_few_calls(stack: TerraformStack, location: AwsLocation) -> None:
    bucket = made(stack, location, BucketSettings(kms_key=NewKmsKey()))
    synthesized = Synthesized(stack)
    key = f"${{aws_kms_key.{_id(synthesized, 'aws_kms_key')}.arn}}"
    (rule,) = synthesized.one("aws_s3_bucket_server_side_encryption_configuration")["rule"]
    assert rule == {
        "apply_server_side_encryption_by_default": {"sse_algorithm": "aws:kms", "kms_master_key_id": key},
        "bucket_key_enabled": True,
        "blocked_encryption_types": ["SSE-C"],
    }
    assert synthesized.one("aws_kms_alias")["name"] == f"alias/{NAME}"
    assert bucket.kms_key_arn is not None


def test_an_existing_key_is_used_as_it_is(stack: TerraformStack, location: AwsLocation) -> None:
    made(stack, location, BucketSettings(kms_key=ExistingKmsKey(key_arn=KEY)))
    synthesized = Synthesized(stack)
    (rule,) = synthesized.one("aws_s3_bucket_server_side_encryption_configuration")["rule"]
    assert rule["apply_server_side_encryption_by_default"]["kms_master_key_id"] == KEY
    assert "aws_kms_key" not in synthesized.types()


def test_a_protected_bucket_and_its_key_cannot_be_destroyed(stack: TerraformStack, location: AwsLocation) -> None:
    made(stack, location, BucketSettings(kms_key=NewKmsKey(), tags={"team": "vision"}), prevent_destroy=True)
    synthesized = Synthesized(stack)
    bucket, key = synthesized.one("aws_s3_bucket"), synthesized.one("aws_kms_key")
    # A bucket that S3 does not let go, as it has objects, keeps their key.
    assert bucket.pop("depends_on") == ["aws_kms_key.models_key_BA9D2D21"]
    assert bucket == {"bucket": NAME, "tags": {"team": "vision"}, "lifecycle": {"prevent_destroy": True}}
    assert key["lifecycle"] == {"prevent_destroy": True}


def test_objects_go_with_the_bucket_only_if_that_is_wanted(stack: TerraformStack, location: AwsLocation) -> None:
    made(stack, location, BucketSettings(force_destroy=True))
    assert Synthesized(stack).one("aws_s3_bucket") == {"bucket": NAME, "force_destroy": True}


def test_access_is_logged_under_the_name_of_the_bucket(stack: TerraformStack, location: AwsLocation) -> None:
    logs = Bucket(stack, "logs", name="access-logs", settings=BucketSettings(), location=location)
    made(stack, location, BucketSettings(access_log_bucket="logs"), buckets={"logs": logs})
    synthesized = Synthesized(stack)
    ids = {resource["bucket"]: id_ for id_, resource in synthesized.document["resource"]["aws_s3_bucket"].items()}
    policies = {
        policy["bucket"].split(".")[1]: id_
        for id_, policy in synthesized.document["resource"]["aws_s3_bucket_policy"].items()
    }
    assert synthesized.one("aws_s3_bucket_logging") == {
        "bucket": f"${{aws_s3_bucket.{ids[NAME]}.id}}",
        "target_bucket": f"${{aws_s3_bucket.{ids['access-logs']}.bucket}}",
        "target_prefix": f"{NAME}/",
        # S3 refuses a target that it may not write to.
        "depends_on": [f"aws_s3_bucket_policy.{policies[ids['access-logs']]}"],
    }
    allowed = [
        statement
        for policy in synthesized.all("aws_s3_bucket_policy")
        for statement in statements(policy["policy"]).values()
        if statement["Effect"] == "Allow"
    ]
    assert allowed == [
        {
            "Effect": "Allow",
            "Principal": {"Service": "logging.s3.amazonaws.com"},
            "Action": "s3:PutObject",
            "Resource": f"${{aws_s3_bucket.{ids['access-logs']}.arn}}/{NAME}/*",
            "Condition": {
                "ArnEquals": {"aws:SourceArn": f"${{aws_s3_bucket.{ids[NAME]}.arn}}"},
                "StringEquals": {"aws:SourceAccount": "111122223333"},
            },
        }
    ]


def test_access_can_be_logged_to_a_bucket_of_somebody_else(stack: TerraformStack, location: AwsLocation) -> None:
    logs = Bucket.from_bucket_arn(stack, "logs", settings=ExistingBucket(bucket_arn="arn:aws:s3:::their-logs"))
    made(stack, location, BucketSettings(access_log_bucket="logs"), buckets={"logs": logs})
    logging = Synthesized(stack).one("aws_s3_bucket_logging")
    assert logging["target_bucket"] == "their-logs"
    assert "depends_on" not in logging


def test_load_balancers_of_this_account_write_their_logs_below_their_names(
    stack: TerraformStack, location: AwsLocation
) -> None:
    bucket = made(stack, location, BucketSettings())
    assert bucket.allow_load_balancer_log("api") is bucket.allow_load_balancer_log("api")
    bucket.allow_load_balancer_log("web")
    found = statements(Synthesized(stack).one("aws_s3_bucket_policy")["policy"]).values()
    allowed = [statement for statement in found if statement["Effect"] == "Allow"]
    arn = f"${{aws_s3_bucket.{_id(Synthesized(stack), 'aws_s3_bucket')}.arn}}"
    assert allowed == [
        {
            "Effect": "Allow",
            "Principal": {"Service": "logdelivery.elasticloadbalancing.amazonaws.com"},
            "Action": "s3:PutObject",
            "Resource": f"{arn}/{name}/AWSLogs/111122223333/*",
        }
        for name in ("api", "web")
    ]


def test_a_name_that_s3_refuses_is_refused_first(stack: TerraformStack, location: AwsLocation) -> None:
    settings = BucketSettings()
    assert refused(lambda: Bucket(stack, "models", name="sthree-models", settings=settings, location=location)) == [
        "name: got 'sthree-models'"
    ]


def _id(synthesized: Synthesized, type_: str) -> str:
    (id_,) = synthesized.document["resource"][type_]
    return str(id_)
