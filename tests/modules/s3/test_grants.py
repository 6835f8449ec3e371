from collections.abc import Callable
from typing import Any

import pytest
from cdktf import TerraformStack

from modules.iam.workload_role import WorkloadRole
from modules.kms.settings import NewKmsKey
from modules.naming import AwsLocation
from modules.s3.bucket import Bucket
from modules.s3.grantable_bucket import GrantableBucket
from modules.s3.settings import BucketSettings, ExistingBucket
from tests.conftest import Synthesized
from tests.policies import findings, statements
from tests.problems import refused

ARN = "arn:aws:s3:::their-models"
KEY = "arn:aws:kms:us-east-1:111122223333:key/11111111-2222-3333-4444-555555555555"

Grant = Callable[[GrantableBucket, WorkloadRole, str], None]
GRANTS: dict[str, Grant] = {
    "read": lambda bucket, role, prefix: bucket.grant_read(role, prefix),
    "write": lambda bucket, role, prefix: bucket.grant_write(role, prefix),
    "delete": lambda bucket, role, prefix: bucket.grant_delete(role, prefix),
}
LIST = {"Effect": "Allow", "Action": "s3:ListBucket", "Resource": ARN}
ACTIONS: dict[str, tuple[str, Any]] = {
    "read": ("ReadObjects", "s3:GetObject"),
    "write": ("WriteObjects", ["s3:AbortMultipartUpload", "s3:ListMultipartUploadParts", "s3:PutObject"]),
    "delete": ("DeleteObjects", "s3:DeleteObject"),
}
KEY_ACTIONS: dict[str, Any] = {"read": "kms:Decrypt", "write": ["kms:Decrypt", "kms:GenerateDataKey"], "delete": None}


@pytest.fixture
def role(stack: TerraformStack) -> WorkloadRole:
    return WorkloadRole(
        stack, "role", name="role", services=["ecs-tasks.amazonaws.com"], account_id=None, description="a job"
    )


def existing(stack: TerraformStack, kms_key_arn: str | None = None) -> GrantableBucket:
    settings = ExistingBucket(bucket_arn=ARN, kms_key_arn=kms_key_arn)
    return Bucket.from_bucket_arn(stack, "models", settings=settings)


@pytest.mark.parametrize("verb", GRANTS)
@pytest.mark.parametrize("prefix", ["", "in/new/"])
@pytest.mark.parametrize("kms_key_arn", [None, KEY])
def test_a_grant_allows_this_and_nothing_else(
    stack: TerraformStack, role: WorkloadRole, verb: str, prefix: str, kms_key_arn: str | None
) -> None:
    GRANTS[verb](existing(stack, kms_key_arn), role, prefix)
    policy = Synthesized(stack).one("aws_iam_role_policy")
    sid, actions = ACTIONS[verb]
    expected: dict[str, Any] = {sid: {"Effect": "Allow", "Action": actions, "Resource": f"{ARN}/{prefix}*"}}
    if verb == "read":
        condition = {"Condition": {"StringLike": {"s3:prefix": "in/new/*"}}} if prefix else {}
        expected["ListObjects"] = LIST | condition
    if kms_key_arn and KEY_ACTIONS[verb]:
        through = {"StringEquals": {"kms:ViaService": "s3.us-east-1.amazonaws.com"}}
        with_key = {"Effect": "Allow", "Action": KEY_ACTIONS[verb], "Resource": KEY, "Condition": through}
        expected[f"{verb.capitalize()}WithKey"] = with_key
    assert statements(policy["policy"]) == expected
    assert findings(policy["policy"]) == set()


def test_a_key_of_the_bucket_is_granted_along(stack: TerraformStack, role: WorkloadRole, location: AwsLocation) -> None:
    settings = BucketSettings(kms_key=NewKmsKey())
    Bucket(stack, "models", name="our-models", settings=settings, location=location).grant_read(role)
    synthesized = Synthesized(stack)
    policy = synthesized.one("aws_iam_role_policy")["policy"]
    (key,) = synthesized.document["resource"]["aws_kms_key"]
    assert statements(policy)["ReadWithKey"]["Resource"] == f"${{aws_kms_key.{key}.arn}}"
    assert findings(policy) == set()


def test_each_prefix_is_a_grant_of_its_own(stack: TerraformStack, role: WorkloadRole) -> None:
    bucket = existing(stack)
    for prefix in ("", "a/b/", "a-b/", "a/b/"):
        bucket.grant_read(role, prefix)
    policies = Synthesized(stack).all("aws_iam_role_policy")
    resources = {statements(policy["policy"])["ReadObjects"]["Resource"] for policy in policies}
    assert resources == {f"{ARN}/*", f"{ARN}/a/b/*", f"{ARN}/a-b/*"}
    assert len(policies) == 3


def test_the_longest_prefix_leaves_a_name_that_iam_takes(stack: TerraformStack, role: WorkloadRole) -> None:
    existing(stack).grant_write(role, "x" * 1_024)
    assert len(Synthesized(stack).one("aws_iam_role_policy")["name"]) <= 128


@pytest.mark.parametrize("prefix", ["models/*", "a?", "${aws:username}/"])
def test_a_prefix_is_no_pattern(stack: TerraformStack, role: WorkloadRole, prefix: str) -> None:
    bucket = existing(stack)
    for grant in GRANTS.values():
        assert refused(grant, bucket=bucket, role=role, prefix=prefix) == [f"prefix: got {prefix!r}"]
    assert "aws_iam_role_policy" not in Synthesized(stack).types()


def test_an_existing_bucket_is_known_by_its_arn(stack: TerraformStack) -> None:
    bucket = existing(stack)
    assert (bucket.bucket_name, bucket.bucket_arn, bucket.kms_key_arn) == ("their-models", ARN, None)
    assert Synthesized(stack).types() == []
