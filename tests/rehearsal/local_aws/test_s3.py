"""What is added of S3 is what AWS's API says."""

from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.rehearsal.local_aws.asking import client


@pytest.mark.parametrize("given", [{"EventBridgeConfiguration": {}}, {}])
def test_a_bucket_says_whether_its_events_go_to_eventbridge(given: dict[str, Any]) -> None:
    s3 = client("s3")
    s3.create_bucket(Bucket="bucket")
    s3.put_bucket_notification_configuration(Bucket="bucket", NotificationConfiguration=given)
    shown = s3.get_bucket_notification_configuration(Bucket="bucket")
    assert {name: value for name, value in shown.items() if name != "ResponseMetadata"} == given


def test_a_bucket_keeps_its_intelligent_tiering_by_id() -> None:
    s3 = client("s3")
    s3.create_bucket(Bucket="bucket")
    with pytest.raises(ClientError, match="NoSuchConfiguration"):
        s3.get_bucket_intelligent_tiering_configuration(Bucket="bucket", Id="a")
    tiers = [{"Days": 90, "AccessTier": "ARCHIVE_ACCESS"}]
    given = {"Id": "a", "Filter": {"Prefix": "raw/"}, "Status": "Enabled", "Tierings": tiers}
    s3.put_bucket_intelligent_tiering_configuration(Bucket="bucket", Id="a", IntelligentTieringConfiguration=given)
    shown = s3.get_bucket_intelligent_tiering_configuration(Bucket="bucket", Id="a")
    assert shown["IntelligentTieringConfiguration"] == given
    s3.delete_bucket_intelligent_tiering_configuration(Bucket="bucket", Id="a")
    with pytest.raises(ClientError, match="NoSuchConfiguration"):
        s3.get_bucket_intelligent_tiering_configuration(Bucket="bucket", Id="a")
