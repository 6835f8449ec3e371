"""Every list of the settings either holds nothing twice or is one of the few in which that means something."""

from collections.abc import Iterator
from typing import get_origin

import pytest

import modules.settings
from modules.iam.access_settings import Access
from modules.settings import Settings
from reference.classes import settings_classes
from tests.problems import refused

# Words, rules that are gone through in order, alternatives of which each is as good the second time.
MAY_REPEAT = {"args", "command", "cpu_manufacturers", "entry_point", "evaluate_on_exit", "node_groups"}
# Nothing twice of what is in them by one of its values: a path, a name, a provider, a zone's letter.
RULES_OF_THEIR_OWN = {
    "ENVIRONMENTS",
    "any_of",
    "availability_zones",
    "capacity",
    "compute_environments",
    "default_capacity",
    "depends_on",
    "init_containers",
    "instance_types",
    "mounts",
    "scratch_paths",
    "tmpfs",
    "ulimits",
}


def lists() -> Iterator[tuple[str, bool]]:
    """Yield the name of each list, and whether it holds nothing twice."""
    for settings in settings_classes():
        for name, field in settings.model_fields.items():
            if get_origin(field.annotation) is tuple:
                validators = [getattr(item, "func", None) for item in field.metadata]
                yield name, modules.settings.nothing_repeated in validators


def test_a_list_holds_nothing_twice_unless_that_means_something() -> None:
    assert {name for name, distinct in lists() if not distinct} <= MAY_REPEAT | RULES_OF_THEIR_OWN


ARN = "arn:aws:iam::aws:policy/ReadOnlyAccess"


@pytest.mark.parametrize(
    ("settings", "values", "problem"),
    [
        (
            Access,
            {"consume": ["documents", "documents"], "send": ["documents"]},
            "consume: got ('documents', 'documents')",
        ),
        (
            Access,
            {"policy_arns": [ARN, ARN]},
            f"policy_arns: got {repr((ARN, ARN))[:76]} ...",
        ),
    ],
)
def test_the_same_right_is_given_once(settings: type[Settings], values: dict[str, list[str]], problem: str) -> None:
    assert refused(settings, **values) == [problem]
