from typing import Any

import pytest

from modules.cloudtrail.settings import NewTrail, OrganizationTrail
from modules.naming import AwsLocation
from tests.problems import refused


def test_a_log_is_kept_for_as_long_as_s3_locks_objects() -> None:
    assert [NewTrail(retention_days=days).retention_days for days in (1, 36_500)] == [1, 36_500]
    for days in (0, 36_501):
        assert refused(NewTrail, retention_days=days) == [f"retention_days: 1, 36,500, got {days:,}"]


@pytest.mark.parametrize("prefix", ["/trails", "trails/", "/"])
def test_the_slashes_around_a_prefix_are_not_of_it(prefix: str) -> None:
    settings: dict[str, Any] = {"bucket_name": "acme-audit-logs", "organization_id": "o-a1b2c3d4e5"}
    (problem,) = refused(OrganizationTrail, key_prefix=prefix, **settings)
    assert problem.startswith("key_prefix: ")
    assert OrganizationTrail(key_prefix="a/b", **settings).key_prefix == "a/b"


def test_a_trail_gives_names_to_its_bucket_and_key_and_one_of_others_none() -> None:
    location = AwsLocation("us-east-1", "111122223333")
    names = {name.kind: name.text for name in NewTrail().names("tb-prod-audit", location)}
    bucket = "tb-prod-audit-111122223333"
    assert names == {"trail": "tb-prod-audit", "bucket": bucket, "key alias": f"alias/{bucket}"}
    assert "key alias" not in {name.kind for name in NewTrail(kms_key=None).names("a", location)}
    assert list(OrganizationTrail(bucket_name="acme-audit-logs").names("a", location)) == []
