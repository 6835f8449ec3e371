"""The Terraform of every shipped environment as it was last reviewed: one file for each stack.

``make snapshots`` writes them anew. What is missing, different or left over fails. A key that vanishes below
``resource`` is a resource that Terraform destroys.
"""

import json
from pathlib import Path
from typing import Any

import pytest
from syrupy.assertion import SnapshotAssertion
from syrupy.data import SnapshotCollections
from syrupy.extensions.single_file import SingleFileSnapshotExtension, WriteMode
from syrupy.location import PyTestLocation

from stacks.environments import ENVIRONMENTS
from stacks.layout import LayeredStacks
from tests.shipped import shipped_stacks

SNAPSHOTS = Path(__file__).with_name("snapshots")
STACKS = [(environment, part) for environment in ENVIRONMENTS for part in LayeredStacks.stacks]


class StackExtension(SingleFileSnapshotExtension):
    """Keeps the snapshot of a stack in ``snapshots/<environment>/<part>.json``."""

    file_extension = "json"
    _write_mode = WriteMode.TEXT

    def serialize(self, data: Any, **_: Any) -> str:
        """Return a stack's JSON sorted and indented, so that it can be read, and compared line by line."""
        return json.dumps(readable(data), indent=2, sort_keys=True, ensure_ascii=False) + "\n"

    @classmethod
    def dirname(cls, *, test_location: PyTestLocation) -> str:
        return str(SNAPSHOTS / _parameters(test_location)["environment"])

    @classmethod
    def get_file_basename(cls, *, test_location: PyTestLocation, index: Any) -> str:
        del index
        return str(_parameters(test_location)["part"])

    @classmethod
    def matches_test_location(cls, *, test_location: PyTestLocation, snapshot_location: str) -> bool:
        return cls.get_location(test_location=test_location, index=0) == snapshot_location

    def discover_snapshots(self, **_: Any) -> SnapshotCollections:
        """Leave what nothing uses to the test below: syrupy looks for it only beside a test, by the test's name."""
        return SnapshotCollections()


def _parameters(location: PyTestLocation) -> dict[str, Any]:
    test: Any = location.item
    return dict(test.callspec.params)


def readable(value: Any) -> Any:
    """Return ``value`` with JSON inside its strings opened, and without what cdktf notes for itself under "//"."""
    if isinstance(value, dict):
        return {key: readable(item) for key, item in value.items() if key != "//"}
    if isinstance(value, list):
        return [readable(item) for item in value]
    if isinstance(value, str) and value.startswith(("{", "[")):
        try:
            return {"(JSON)": readable(json.loads(value))}
        except ValueError:
            return value
    if isinstance(value, str) and "\n" in value:
        return value.split("\n")
    return value


@pytest.mark.parametrize(("environment", "part"), STACKS)
def test_a_stack_is_as_it_was_reviewed(environment: str, part: str, snapshot: SnapshotAssertion) -> None:
    if _is_emitted(environment, part):
        assert shipped_stacks()[f"{environment}-{part}"] == snapshot(extension_class=StackExtension)


def test_every_snapshot_is_of_a_stack(request: pytest.FixtureRequest) -> None:
    used = {SNAPSHOTS / environment / f"{part}.json" for environment, part in STACKS if _is_emitted(environment, part)}
    unused = {file for file in SNAPSHOTS.rglob("*") if file.is_file()} - used
    if request.config.getoption("update_snapshots"):
        for file in unused:
            file.unlink()
        return

    assert unused == set()


def test_every_stack_is_compared() -> None:
    assert {f"{environment}-{part}" for environment, part in STACKS} >= set(shipped_stacks())


def _is_emitted(environment: str, part: str) -> bool:
    """A stack with nothing in it is not."""
    return f"{environment}-{part}" in shipped_stacks()


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ({"//": {"metadata": 1}, "a": 1}, {"a": 1}),
        ({"policy": '{"b":[1,{"c":"{\\"d\\":2}"}]}'}, {"policy": {"(JSON)": {"b": [1, {"c": {"(JSON)": {"d": 2}}}]}}}),
        (["[1]"], [{"(JSON)": [1]}]),
        ("{not json", "{not json"),
        ("one\ntwo", ["one", "two"]),
        ("${a.b}", "${a.b}"),
        (1, 1),
    ],
)
def test_a_snapshot_shows_what_is_inside_of_strings(value: Any, shown: Any) -> None:
    assert readable(value) == shown
