"""What is said of a setting besides its description, in the words of messages."""

import re

import pytest

from modules.batch.settings.compute_environments import InstanceCapacity
from modules.batch.settings.eks_job_definitions import EksContainer
from modules.ecr.settings import RepositorySettings
from modules.ecs.settings.clusters import ExecuteCommand
from modules.efs.settings import AccessPointSettings, FileSystemSettings
from modules.facts import facts, forms
from modules.iam.access_settings import Access
from modules.settings import Settings
from modules.source import description
from modules.sqs.settings import MessageQueueSettings
from reference.classes import settings_classes
from tests.modules.household import Household


@pytest.mark.parametrize(
    ("kind", "name", "expected"),
    [
        (Household, "name", "at most 8 characters; required"),
        (Household, "pets", "default empty"),
        (Household, "pet", "default None"),
        (Household, "wait_seconds", "from 0 to 3,600; default 60"),
        (Household, "rooms", "at most 3 items; default empty"),
        (Household, "ages", "each value each at least 0; default empty"),
        (Household, "heat", "more than 0 and less than 40; default 20.5"),
        (Household, "size", "one of 'small', 'large'; default 'small'"),
        (Household, "open", "default False"),
        (Household, "motto", "at most 5 characters; default ''"),
        (EksContainer, "vcpus", "at least 0.25; a multiple of 0.25; required"),
        (InstanceCapacity, "instance_types", "at least 1 item; default 'default_x86_64'"),
        (
            MessageQueueSettings,
            "dead_letter_queue",
            "one of the environment's queues; default DeadLetterQueueSettings()",
        ),
        (RepositorySettings, "keep_images", "at least 1; default 100"),
        (RepositorySettings, "kms_key", "default None; a change replaces the repository, losing all images"),
        (AccessPointSettings, "uid", "from 0 to 4,294,967,295; required; a change replaces the access point"),
        (FileSystemSettings, "backup", "default True; must be True in production"),
        (Access, "send", "each one of the environment's queues; default empty"),
        (
            RepositorySettings,
            "tags",
            "at most 46 entries; each name 1 to 128 characters; each value at most 256 characters; default empty",
        ),
    ],
)
def test_facts_are_range_default_what_a_change_replaces_and_what_production_wants(
    kind: type[Settings], name: str, expected: str
) -> None:
    assert facts(kind.model_fields[name]) == expected


def test_all_that_may_be_chosen_is_listed() -> None:
    assert facts(ExecuteCommand.model_fields["retention_days"]).startswith("one of 1, 3, 5, 7, 14, 30,")


@pytest.mark.parametrize(
    ("kind", "name", "expected"),
    [
        (Household, "name", ["lower case letters, e.g. red"]),
        (Household, "rooms", ["lower case letters, e.g. red"]),
        (InstanceCapacity, "image_id", ["`^ami-[0-9a-f]{8,17}$`"]),
        (Household, "wait_seconds", []),
        (Household, "light", []),
    ],
)
def test_the_form_of_a_text_is_told_in_words_where_there_are_some(
    kind: type[Settings], name: str, expected: list[str]
) -> None:
    assert forms(kind.model_fields[name]) == expected


def test_what_a_change_replaces_is_said_by_a_marker_not_in_a_description() -> None:
    described = [
        f"{kind.__name__}.{name}"
        for kind in settings_classes()
        for name in kind.model_fields
        if re.search(r"\bchange replaces\b", description(kind, name))
    ]
    assert described == []
