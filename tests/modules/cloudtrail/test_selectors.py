from typing import Any

import pytest

from modules.cloudtrail.selectors import event_selectors

NOTHING: dict[str, Any] = {"management": False, "queues": [], "buckets": [], "access_points": []}
QUEUE = "arn:aws:sqs:us-east-1:111122223333:a"
BUCKET = "arn:aws:s3:::a"
POINT = "arn:aws:s3:us-east-1:111122223333:accesspoint/a"


@pytest.mark.parametrize(
    ("given", "equals", "starts_with"),
    [
        ({"management": True}, {"eventCategory": ["Management"]}, {}),
        (
            {"queues": [QUEUE]},
            {"eventCategory": ["Data"], "resources.type": ["AWS::SQS::Queue"], "resources.ARN": [QUEUE]},
            {},
        ),
        # With its slash: a bucket whose name only begins so is another one.
        (
            {"buckets": [BUCKET]},
            {"eventCategory": ["Data"], "resources.type": ["AWS::S3::Object"]},
            {"resources.ARN": [f"{BUCKET}/"]},
        ),
        (
            {"access_points": [POINT]},
            {"eventCategory": ["Data"], "resources.type": ["AWS::S3::AccessPoint"]},
            {"resources.ARN": [POINT]},
        ),
    ],
)
def test_each_kind_of_event_is_told_from_the_rest(given: Any, equals: Any, starts_with: Any) -> None:
    (selector,) = event_selectors(**NOTHING | given)
    assert (selector.equals, selector.starts_with) == (equals, starts_with)
    assert selector.values == sum(map(len, [*equals.values(), *starts_with.values()]))


def test_nothing_is_logged_of_what_there_is_none() -> None:
    assert event_selectors(**NOTHING) == []
