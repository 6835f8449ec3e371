"""Which queues and buckets of an environment are logged, and where its log is."""

from typing import Any

import pytest

from modules.cloudtrail.settings import AuditTrailSettings, NewTrail, OrganizationTrail
from modules.operations.settings import Operations
from modules.s3.settings import BucketSettings, ExistingAccessPoint, ExistingBucket
from modules.sqs.settings import ExistingQueue, FifoMessageQueueSettings, MessageQueueSettings
from stacks.audited import log_root, logged_selectors
from stacks.environment import Environment
from tests.stacks.environments import empty_environment
from tests.synthesized import synthesized

QUEUES = "arn:aws:sqs:us-east-1:111122223333"


def audited(settings: AuditTrailSettings, **changes: Any) -> Environment:
    return empty_environment(operations=Operations(audit_trail=settings), **changes)


def logged(settings: NewTrail, **changes: Any) -> dict[str, list[str]]:
    selectors = logged_selectors(audited(settings, **changes), settings)
    found = [(item.name, {**item.equals, **item.starts_with}) for item in selectors]
    return {name: list(fields["resources.ARN"]) for name, fields in found if "resources.ARN" in fields}


def test_queues_are_logged_with_their_dead_letters_unless_they_are_left_out() -> None:
    queues = {
        "a": MessageQueueSettings(visibility_timeout_seconds=30),
        "b": FifoMessageQueueSettings(visibility_timeout_seconds=30, max_receive_count=None),
        "theirs": ExistingQueue(queue_arn=f"{QUEUES}:theirs", visibility_timeout_seconds=30),
        "far": ExistingQueue(queue_arn="arn:aws:sqs:us-east-1:444455556666:far", visibility_timeout_seconds=30),
        "busy": MessageQueueSettings(visibility_timeout_seconds=30),
    }
    assert logged(NewTrail(left_out_queues=["busy"]), queues=queues) == {
        "Messages of queues": [
            f"{QUEUES}:terrabatch-test-a",
            f"{QUEUES}:terrabatch-test-a-dlq",
            f"{QUEUES}:terrabatch-test-b.fifo",
            f"{QUEUES}:theirs",
        ]
    }


def test_buckets_are_logged_by_their_names_and_access_points_by_their_arns() -> None:
    point = "arn:aws:s3:us-east-1:111122223333:accesspoint/shared"
    buckets = {
        "a": BucketSettings(),
        "theirs": ExistingBucket(bucket_arn="arn:aws:s3:::theirs"),
        "shared": ExistingAccessPoint(access_point_arn=point),
        "logs": BucketSettings(),
    }
    assert logged(NewTrail(left_out_buckets=["logs"]), buckets=buckets) == {
        "Objects of buckets": ["arn:aws:s3:::terrabatch-test-a-111122223333/", "arn:aws:s3:::theirs/"],
        "Objects through access points": [point],
    }


@pytest.mark.parametrize(
    ("settings", "root"),
    [
        (NewTrail(), "terrabatch-test-audit-111122223333/AWSLogs/111122223333"),
        (OrganizationTrail(bucket_name="acme-audit-logs"), "acme-audit-logs/AWSLogs/111122223333"),
        (
            OrganizationTrail(bucket_name="acme-audit-logs", key_prefix="a/b", organization_id="o-a1b2c3d4e5"),
            "acme-audit-logs/a/b/AWSLogs/o-a1b2c3d4e5/111122223333",
        ),
    ],
)
def test_the_log_is_where_cloudtrail_writes_it(settings: AuditTrailSettings, root: str) -> None:
    environment = audited(settings)
    assert log_root(environment, settings) == f"s3://{root}/CloudTrail"
    (stack,) = synthesized(environment).values()
    assert ("aws_cloudtrail" in stack["resource"]) is isinstance(settings, NewTrail)
    (table,) = stack["resource"]["aws_glue_catalog_table"].values()
    assert table["storage_descriptor"]["location"] == f"s3://{root}/CloudTrail/"
    assert stack["output"]["operations"]["value"]["audit_workgroup"] == "terrabatch-test-audit"
