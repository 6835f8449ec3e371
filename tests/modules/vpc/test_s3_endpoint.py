import json
from typing import Any

import pytest
from cdktf import TerraformStack

from modules.naming import AwsLocation
from modules.vpc.s3_endpoint import S3Endpoint
from tests.conftest import Synthesized


@pytest.fixture
def endpoint(stack: TerraformStack, location: AwsLocation) -> dict[str, Any]:
    S3Endpoint(
        stack, "s3", name="tb-test-s3", vpc_id="vpc-01234567", route_table_ids=["rtb-1", "rtb-2"], location=location
    )
    return Synthesized(stack).one("aws_vpc_endpoint")


def passes(endpoint: dict[str, Any], action: str, account_id: str | None) -> bool:
    """Return whether a request by a principal of ``account_id`` (None: anonymous) passes the endpoint's policy."""
    for statement in json.loads(endpoint["policy"])["Statement"]:
        actions = statement["Action"]
        wanted = statement.get("Condition", {}).get("StringEquals", {}).get("aws:PrincipalAccount")
        if action in (actions if isinstance(actions, list) else [actions]) and wanted in {None, account_id}:
            return True
    return False


def test_it_is_a_route_of_every_table(endpoint: dict[str, Any]) -> None:
    assert endpoint["vpc_endpoint_type"] == "Gateway"
    assert endpoint["service_name"] == "com.amazonaws.us-east-1.s3"
    assert endpoint["route_table_ids"] == ["rtb-1", "rtb-2"]


@pytest.mark.parametrize(
    ("action", "account_id", "allowed"),
    [
        ("s3:GetObject", "111122223333", True),
        ("s3:PutObject", "111122223333", True),
        ("s3:DeleteObject", "111122223333", True),
        ("s3:ListBucket", "111122223333", True),
        ("s3:PutBucketPolicy", "111122223333", False),
        ("s3:DeleteBucket", "111122223333", False),
        ("s3:PutObjectAcl", "111122223333", False),
        ("s3:GetObject", "999999999999", True),
        ("s3:GetObject", None, True),
        ("s3:PutObject", "999999999999", False),
        ("s3:PutObject", None, False),
        ("s3:ListBucket", "999999999999", False),
    ],
)
def test_data_leaves_only_under_this_account(
    endpoint: dict[str, Any], action: str, account_id: str | None, allowed: bool
) -> None:
    assert passes(endpoint, action, account_id) is allowed
