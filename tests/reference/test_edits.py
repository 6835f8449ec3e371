"""The edits of docs/edits.md can be made, are told readably, and are compared. What they do is rehearsed elsewhere."""

from pathlib import Path
from typing import Any, cast

import pytest

from modules.problems import SettingsError
from reference.edits import EDITS, Edit, edit, edited, production_source
from reference.edits_page import edits_page, rows_of, versions_of
from reference.planned_edits import changed_stacks, planned, with_readers
from reference.rehearse_edits import PAGE, all_wishes, compare
from rehearsal.plan_reading import Change
from rehearsal.setting_up import Versions
from rehearsal.stacks import Stack
from rehearsal.terraform import TerraformError
from stacks.environment import Environment

TEXT = production_source()
VERSIONS = Versions("1.11.4", "5.100.0", "6.25.0")


@pytest.fixture(scope="module")
def production() -> Environment:
    return edited(Edit("nothing", ()), TEXT)


@pytest.mark.parametrize("change", EDITS, ids=lambda change: change.wish)
def test_every_edit_makes_another_good_production(change: Edit, production: Environment) -> None:
    assert edited(change, TEXT) != production


def test_there_are_thirty_edits_of_different_wishes() -> None:
    assert len({change.wish for change in EDITS}) == len(EDITS) >= 30


def test_the_page_tells_every_edit() -> None:
    assert rows_of(PAGE.read_text(encoding="utf-8")).keys() == all_wishes()


def test_a_text_that_is_not_there_once_is_refused() -> None:
    for text, count in (("no such text", 0), ("MessageQueueSettings", TEXT.count("MessageQueueSettings"))):
        with pytest.raises(ValueError, match=f"is {count} times in production"):
            edited(edit("a wish", text, "another"), TEXT)


def test_an_edit_that_is_refused_says_why() -> None:
    with pytest.raises(SettingsError, match="visibility_timeout_seconds"):
        edited(edit("a wish", "visibility_timeout_seconds=900", "visibility_timeout_seconds=1"), TEXT)


def test_changes_are_told_worst_first_and_like_ones_together() -> None:
    changes = [
        Change("a.1", "aws_a", "updated in place", ("tags", "tags_all")),
        Change("a.2", "aws_a", "updated in place", ("tags_all",)),
        Change("a.3", "aws_a", "created"),
        Change("b.1", "aws_b", "replaced, the old one first", ("rule.0.name", "rule.1.name")),
        Change("output.a", "output", "updated in place"),
    ]
    assert rows_of(edits_page(VERSIONS, {"a wish": changes})) == {
        "a wish": "**replaced, the old one first**: `aws_b` (rule.name)<br>**created**: `aws_a`<br>"
        "**updated in place**: `aws_a` 2x (tags)"
    }


def test_what_changes_nothing_is_told() -> None:
    output = Change("output.a", "output", "updated in place")
    assert list(rows_of(edits_page(VERSIONS, {"a": [], "b": [output]})).values()) == ["nothing", "nothing, but outputs"]


def test_the_page_says_with_what_it_was_written() -> None:
    assert versions_of(edits_page(VERSIONS, {})) == "Terraform 1.11.4 and AWS provider 5.100.0"


@pytest.mark.parametrize(
    ("versions", "action", "status"),
    [
        (VERSIONS, "created", 0),
        (VERSIONS, "destroyed", 1),
        (Versions("1.11.4", "6.25.0", "6.25.0"), "destroyed", 0),
    ],
)
def test_another_result_counts_with_the_same_versions(
    versions: Versions, action: str, status: int, capsys: pytest.CaptureFixture[str]
) -> None:
    old = edits_page(VERSIONS, {"a wish": [Change("a.1", "aws_a", "created")]})
    assert compare(old, edits_page(versions, {"a wish": [Change("a.1", "aws_a", action)]})) == status
    told = "a wish\n  was: **created**: `aws_a`\n  is:  **destroyed**: `aws_a`\n"
    assert (told in capsys.readouterr().out) == (action == "destroyed")


def layered(subnet: str) -> dict[str, Stack]:
    """Return two stacks, of which one reads the other."""
    return {
        "network": Stack("network", {"subnet": subnet}, frozenset()),
        "batch": Stack("batch", {"subnet": subnet}, frozenset({"network"})),
    }


def test_stacks_that_differ_are_planned_and_those_that_read_them() -> None:
    before, after = layered("a"), layered("b")
    assert changed_stacks(before, before) == set()
    assert changed_stacks({}, before) == {"batch", "network"}
    assert changed_stacks(before, {**before, "network": after["network"]}) == {"network"}
    assert with_readers(["network"], before) == {"batch", "network"}
    assert with_readers(["batch"], before) == {"batch"}


class Planner:
    """A rehearsal whose plans are told beforehand: by module, the changes; one that is refused has none."""

    def __init__(self, changes: dict[str, list[Change]]) -> None:
        self.changes, self.plans = changes, list[set[str]]()

    def module(self, stack: Stack, stacks: object, names: object) -> str:
        del stacks, names
        return stack.name

    def plan_together(self, modules: dict[str, str], folder: Path) -> dict[str, list[Change]]:
        del folder
        self.plans.append({*modules})
        if refused := sorted(modules.keys() - self.changes.keys()):
            raise TerraformError([f"no such type with module.{name}.a.b," for name in refused])
        return {name: self.changes[name] for name in modules}


OUTPUT = Change("output.a", "output", "updated in place")
UPDATED = Change("a.b", "a", "updated in place")


def test_what_reads_other_outputs_is_planned_too() -> None:
    planner = Planner({"e0-network": [UPDATED, OUTPUT], "e1-network": [UPDATED], "e0-batch": [UPDATED]})
    after = {**layered("a"), "network": layered("b")["network"]}
    changes, refused = planned(cast("Any", planner), layered("a"), {"outputs": after, "none": after}, Path("aside"))
    assert (changes, refused) == ({"outputs": [UPDATED, UPDATED, OUTPUT], "none": [UPDATED]}, {})
    assert planner.plans == [{"e0-network", "e1-network"}, {"e0-network", "e0-batch"}]


def test_an_edit_that_cannot_be_planned_leaves_the_others() -> None:
    planner = Planner({"e0-batch": [UPDATED]})
    edits = {kind: {**layered("a"), kind: layered("b")[kind]} for kind in ("batch", "network")}
    changes, refused = planned(cast("Any", planner), layered("a"), edits, Path("aside"))
    assert changes == {"batch": [UPDATED]}
    assert refused == {"network": "no such type with module.e1-network.a.b,"}
