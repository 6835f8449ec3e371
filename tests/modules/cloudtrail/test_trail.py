"""A trail writes to its bucket, and nobody changes or deletes what is there."""

from typing import Any

from cdktf import TerraformStack

from modules.cloudtrail.selectors import event_selectors
from modules.cloudtrail.settings import NewTrail
from modules.cloudtrail.trail import Trail
from modules.naming import AwsLocation
from tests.conftest import Synthesized
from tests.policies import statements

ARN = "arn:aws:cloudtrail:us-east-1:111122223333:trail/tb-prod-audit"


def made(stack: TerraformStack, location: AwsLocation, **options: Any) -> Synthesized:
    settings = NewTrail(**options)
    selectors = event_selectors(
        management=settings.management_events, queues=[], buckets=["arn:aws:s3:::a"], access_points=[]
    )
    Trail(stack, "audit", name="tb-prod-audit", settings=settings, location=location, selectors=selectors)
    return Synthesized(stack)


def test_files_are_signed_encrypted_and_locked_before_the_trail_is_told_of_them(
    stack: TerraformStack, location: AwsLocation
) -> None:
    synthesized = made(stack, location, retention_days=90)
    trail, lock = synthesized.one("aws_cloudtrail"), synthesized.one("aws_s3_bucket_object_lock_configuration")
    assert lock["rule"] == {"default_retention": {"mode": "GOVERNANCE", "days": 90}}
    assert trail["enable_log_file_validation"] is True
    assert trail["kms_key_id"].endswith(".arn}")
    needed = {address.partition(".")[0] for address in trail["depends_on"]}
    assert needed == {"aws_s3_bucket_policy", "aws_s3_bucket_object_lock_configuration"}
    rules = synthesized.one("aws_s3_bucket_lifecycle_configuration")["rule"]
    assert [rule["expiration"] for rule in rules if rule["id"] == "kept"] == [[{"days": 90}]]


def test_the_trail_and_no_other_may_write_to_the_bucket_and_encrypt_with_its_key(
    stack: TerraformStack, location: AwsLocation
) -> None:
    synthesized = made(stack, location)
    of_bucket = statements(synthesized.one("aws_s3_bucket_policy")["policy"])
    of_key = statements(synthesized.one("aws_kms_key")["policy"])
    assert of_bucket["WriteTrail"]["Resource"].endswith("/AWSLogs/111122223333/*")
    assert of_bucket["WriteTrail"]["Condition"] == {
        "ArnEquals": {"aws:SourceArn": ARN},
        "StringEquals": {"s3:x-amz-acl": "bucket-owner-full-control"},
    }
    for statement in (of_bucket["FindTrailBucket"], of_key["EncryptTrail"]):
        assert statement["Condition"] == {"ArnEquals": {"aws:SourceArn": ARN}}
        assert statement["Principal"] == {"Service": "cloudtrail.amazonaws.com"}
    assert of_key["EncryptTrail"]["Action"] == "kms:GenerateDataKey"


def test_only_who_logs_what_is_done_to_the_account_does_so_in_all_regions(
    stack: TerraformStack, location: AwsLocation
) -> None:
    trail = made(stack, location, management_events=False, kms_key=None).one("aws_cloudtrail")
    assert trail["is_multi_region_trail"] is trail["include_global_service_events"] is False
    assert "kms_key_id" not in trail
    (selector,) = trail["advanced_event_selector"]
    assert selector["field_selector"][-1] == {"field": "resources.ARN", "starts_with": ["arn:aws:s3:::a/"]}
