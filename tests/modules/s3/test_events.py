from typing import get_args

import botocore.session
import pytest

from modules.s3.events import Event, has_overlap


def test_the_events_are_those_of_the_s3_api() -> None:
    model = botocore.session.get_session().get_service_model("s3")
    assert set(get_args(Event)) == set(model.shape_for("Event").enum)


@pytest.mark.parametrize(
    ("events", "others", "overlapping"),
    [
        (["s3:ObjectCreated:*"], ["s3:ObjectCreated:Put"], True),
        (["s3:ObjectCreated:Put"], ["s3:ObjectCreated:*"], True),
        (["s3:ObjectCreated:Put"], ["s3:ObjectCreated:Put"], True),
        (["s3:ObjectCreated:Put"], ["s3:ObjectCreated:Post"], False),
        (["s3:ObjectRemoved:*"], ["s3:ObjectCreated:*"], False),
        (["s3:LifecycleExpiration:*"], ["s3:LifecycleTransition"], False),
        (["s3:ObjectRemoved:*", "s3:ObjectAcl:Put"], ["s3:ObjectCreated:*", "s3:ObjectAcl:Put"], True),
    ],
)
def test_an_event_overlaps_itself_and_what_covers_it(events: list[str], others: list[str], overlapping: bool) -> None:
    assert has_overlap(events, others) is overlapping
