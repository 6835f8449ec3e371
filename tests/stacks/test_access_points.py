"""Parts of buckets: access points of others, and keys that begin with something that is no folder."""

from typing import Any

import pytest

from modules.events.settings import RuleSettings
from modules.events.sources import ObjectCreated
from modules.iam.access_settings import Access, BucketAccess
from modules.s3.settings import BucketSettings, ExistingAccessPoint
from modules.targets.settings import QueueMessage
from stacks.environment import Environment
from tests.policies import statements
from tests.problems import refused
from tests.stacks.environments import environment, fargate_job
from tests.synthesized import synthesized

ARN = "arn:aws:s3:us-east-1:111122223333:accesspoint/embeddings"
KEY = "arn:aws:kms:us-east-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab"


def reading(buckets: dict[str, Any], **access: Any) -> Environment:
    job = fargate_job(access=Access(**access))
    return environment(buckets=buckets, job_definitions={"embed": job})


def permissions(settings: Environment) -> dict[str, Any]:
    """Return what the job may do with buckets, by Sid."""
    return {
        sid: statement
        for id_, policy in synthesized(settings)["test-batch"]["resource"]["aws_iam_role_policy"].items()
        if id_.startswith("job_definitions_embed_job-role_") and "start" not in id_
        for sid, statement in statements(policy["policy"]).items()
    }


def test_permissions_to_an_access_point_are_those_to_a_bucket_in_its_words() -> None:
    point = ExistingAccessPoint(access_point_arn=ARN, kms_key_arn=KEY)
    whole = [BucketAccess(bucket="theirs", prefix="in/")]
    found = permissions(reading({"theirs": point}, read=whole, write=[BucketAccess(bucket="theirs")], delete=whole))
    assert found["ListObjects"]["Resource"] == ARN
    assert found["ReadObjects"]["Resource"] == f"{ARN}/object/in/*"
    assert found["WriteObjects"]["Resource"] == f"{ARN}/object/*"
    assert found["DeleteObjects"]["Resource"] == f"{ARN}/object/in/*"
    assert found["ReadWithKey"]["Resource"] == KEY


@pytest.mark.parametrize(
    "arn",
    [
        "arn:aws:s3:us-east-1:111122223333:accesspoint/Big",
        "arn:aws:s3:us-east-1:111122223333:accesspoint/ab",
        "arn:aws:s3:::theirs",
        "arn:aws:s3::111122223333:accesspoint/global.mrap",
    ],
)
def test_an_access_point_is_named_by_its_arn(arn: str) -> None:
    assert refused(ExistingAccessPoint, access_point_arn=arn) == [f"access_point_arn: got {arn!r}"]


def test_an_access_point_is_of_the_region_and_may_be_of_another_account() -> None:
    def of(region: str) -> Environment:
        arn = f"arn:aws:s3:{region}:444455556666:accesspoint/embeddings"
        return reading({"theirs": ExistingAccessPoint(access_point_arn=arn)}, read=[BucketAccess(bucket="theirs")])

    assert of("us-east-1")
    (problem,) = refused(of, region="eu-west-1")
    assert problem.startswith("buckets.theirs.access_point_arn: ")


def test_keys_may_begin_with_what_is_no_folder() -> None:
    found = permissions(reading({"data": BucketSettings()}, read=[BucketAccess(bucket="data", key_start="runs/2026-")]))
    assert found["ReadObjects"]["Resource"].endswith("/runs/2026-*")
    assert found["ListObjects"]["Condition"] == {"StringLike": {"s3:prefix": "runs/2026-*"}}


def test_a_part_of_a_bucket_begins_in_one_place() -> None:
    assert BucketAccess(bucket="data", key_start="a")
    assert refused(BucketAccess, bucket="data", prefix="a/", key_start="a") == ["key_start: got 'a'"]
    assert refused(BucketAccess, bucket="data", prefix="a") == ["prefix: got 'a'"]
    assert refused(BucketAccess, bucket="data", key_start="a*") == ["key_start: got 'a*'"]


def test_only_programs_go_through_an_access_point() -> None:
    def asked(bucket: str) -> Environment:
        event = ObjectCreated(bucket=bucket, prefixes=["new/"])
        return environment(
            buckets={"theirs": ExistingAccessPoint(access_point_arn=ARN), "more": BucketSettings()},
            rules={"new": RuleSettings(event=event, target=QueueMessage(queue="requests"))},
        )

    assert asked("more")
    assert refused(asked, bucket="theirs") == ["rules.new.event.bucket: got 'theirs', an ExistingAccessPoint"]
