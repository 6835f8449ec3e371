"""What is compared when settings are rehearsed: what a setting says, and what its edit does."""

import pytest

from handover.comparing import Change as Said
from modules.ec2.settings import LaunchTemplateSettings
from modules.efs.settings import AccessPointSettings
from modules.sqs.settings import MessageQueueSettings
from rehearsal.plan_reading import Change
from stacks.loading import load_environments
from tests.rehearse_settings import Generated, Place, contradictions, known_values, places, values

SAID = Generated(Place((), AccessPointSettings, "permissions", (), "0755"), "'0700'", {})
SILENT = Generated(Place((), MessageQueueSettings, "receive_wait_seconds", ()), "5", {})
REPLACED = Change("a.b", "a", "replaced, the old one first", ("name",))
LOST = Said("replaced", "queues", "a.b", "", lost="all messages in it")
UPDATED = Change("a.b", "a", "updated in place", ("name",))


@pytest.mark.parametrize(
    ("edit", "change"), [(SAID, REPLACED), (SILENT, UPDATED), (SILENT, Change("a.b", "a", "created"))]
)
def test_what_is_as_it_is_said_is_no_contradiction(edit: Generated, change: Change) -> None:
    assert list(contradictions(edit, [change], [])) == []


@pytest.mark.parametrize(
    ("edit", "change", "told"),
    [
        (SAID, UPDATED, "is said to replace the access point, and does not"),
        (SILENT, REPLACED, f"says nothing of what it does: {REPLACED}"),
    ],
)
def test_what_is_not_as_it_is_said_is_told(edit: Generated, change: Change, told: str) -> None:
    assert list(contradictions(edit, [change], [LOST])) == [told]


@pytest.mark.parametrize("action", ["destroyed", REPLACED.action])
@pytest.mark.parametrize("lost", ["", "all messages in it"])
def test_what_goes_is_told_of_where_something_is_lost(action: str, lost: str) -> None:
    change, said = Change("a.b", "a", action), Said("removed", "queues", "a.b", "", lost=lost)
    assert bool(list(contradictions(SILENT, [change], [said]))) == bool(lost)
    assert list(contradictions(SAID, [change], [said])) == []


def test_what_is_not_there_cannot_be_replaced() -> None:
    new = Generated(Place((), AccessPointSettings, "permissions", ()), "'0700'", {})
    assert list(contradictions(new, [UPDATED], [])) == []


def test_instances_are_no_resources_that_could_be_replaced() -> None:
    tags = Generated(Place((), LaunchTemplateSettings, "tags", (), {"a": "b"}), "{}", {})
    assert list(contradictions(tags, [UPDATED], [])) == []


def test_every_optional_setting_of_production_is_edited_once() -> None:
    (production,) = load_environments(["prod"])
    known = known_values([production])
    found = {(place.kind, place.name): place.examples for place in places(production, known)}
    assert len(found) == len(list(places(production, known))) > 100
    assert (MessageQueueSettings, "receive_wait_seconds") in found
    assert (MessageQueueSettings, "visibility_timeout_seconds") not in found


def test_values_are_the_same_every_time() -> None:
    drawn = values(MessageQueueSettings, "receive_wait_seconds")
    assert drawn == values(MessageQueueSettings, "receive_wait_seconds")
    assert set(drawn) <= set(range(21))
    assert len(set(drawn)) > 1
