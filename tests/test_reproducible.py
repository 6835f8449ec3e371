"""The same source gives the same bytes: on any machine, in any folder, at any time, in any order."""

import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from modules.settings import Settings
from stacks.loading import load_environments
from stacks.synthesis import synthesize
from tests.processes import PROJECT, files
from tests.starts import Start


def test_another_process_user_folder_time_zone_and_a_read_only_python_change_nothing(
    plain_start: Start, start_elsewhere: Start
) -> None:
    assert start_elsewhere.output == plain_start.output
    assert start_elsewhere.printed == "Read-only file system\n"


def test_the_order_of_entries_changes_nothing(plain_start: Start, tmp_path: Path) -> None:
    environments = [reversed_maps(environment) for environment in reversed(load_environments())]
    assert any(list(one.queues) != sorted(one.queues) for one in environments)
    synthesize(environments, tmp_path, complete=True)
    assert files(tmp_path) == plain_start.output


def test_nothing_of_this_machine_is_in_it(plain_start: Start) -> None:
    machine = [str(PROJECT), str(Path.home()), sys.prefix, "jsii-kernel", "stacktrace"]
    text = b"\n".join(plain_start.output.values()).decode()
    assert [word for word in machine if word in text] == []


def reversed_maps(value: Any) -> Any:
    """Return settings equal to ``value`` whose maps have their entries in the opposite order."""
    if isinstance(value, Settings):
        given = [name for name in type(value).model_fields if name in value.model_fields_set]
        variables = value.__dict__.get("variables", {})
        return type(value)(
            **{name: variables.get((name,), reversed_maps(getattr(value, name))) for name in reversed(given)}
        )
    if isinstance(value, Mapping):
        return {key: reversed_maps(item) for key, item in reversed(list(value.items()))}
    if isinstance(value, tuple):
        return tuple(reversed_maps(item) for item in value)
    return value
