import pytest

from modules.kms.permissions import DECRYPT, key_statements, through_service
from modules.naming import AwsLocation

KEY = "arn:aws:kms:eu-west-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab"
TOKEN = "${aws_kms_key.key.arn}"


@pytest.mark.parametrize(
    ("regions", "condition"),
    [
        (["us-east-1"], {"StringEquals": {"kms:ViaService": "s3.us-east-1.amazonaws.com"}}),
        (["us-gov-west-1"], {"StringEquals": {"kms:ViaService": "s3.us-gov-west-1.amazonaws.com"}}),
        (
            ["us-west-2", "us-east-1", "us-west-2"],
            {"StringEquals": {"kms:ViaService": ["s3.us-east-1.amazonaws.com", "s3.us-west-2.amazonaws.com"]}},
        ),
        (["cn-north-1"], {"StringLike": {"kms:ViaService": "s3.cn-north-1.*"}}),
        (["us-iso-east-1"], {"StringLike": {"kms:ViaService": "s3.us-iso-east-1.*"}}),
    ],
)
def test_a_key_is_used_through_a_service_in_the_keys_region(regions: list[str], condition: object) -> None:
    assert through_service("s3", regions) == condition


def test_the_region_of_an_existing_key_is_in_its_arn_and_that_of_a_made_one_is_known() -> None:
    (existing,) = key_statements("Read", DECRYPT, KEY, "s3")
    (made,) = key_statements("Read", DECRYPT, TOKEN, "s3", AwsLocation("us-east-1", "111122223333"))
    assert existing["Condition"] == {"StringEquals": {"kms:ViaService": "s3.eu-west-1.amazonaws.com"}}
    assert made["Condition"] == {"StringEquals": {"kms:ViaService": "s3.us-east-1.amazonaws.com"}}


@pytest.mark.parametrize(("key_arn", "actions"), [(None, DECRYPT), (KEY, ())])
def test_without_a_key_or_without_use_for_it_there_is_no_right(key_arn: str | None, actions: tuple[str, ...]) -> None:
    assert key_statements("Read", actions, key_arn, "s3") == []
