"""Each stack after those it needs, at the same time as those it does not."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, cast

import pytest

from rehearsal.rehearsing import STATE, Outcome, Rehearsal, in_order, reversed_needs
from rehearsal.terraform import TerraformError

NEEDS = {"network": set[str](), "queues": set[str](), "storage": {"queues"}, "batch": {"network", "storage"}}


def order(work: Callable[[str], Outcome], needs: dict[str, set[str]] = NEEDS) -> list[tuple[str, bool]]:
    with ThreadPoolExecutor(4) as executor:
        return [(name, outcome is not None) for name, outcome in in_order(executor, needs, work)]


def well(name: str) -> Outcome:
    return Outcome(name, "apply")


def test_all_are_done_each_after_what_it_needs() -> None:
    names = [name for name, was_done in order(well) if was_done]
    assert sorted(names) == sorted(NEEDS)
    assert names.index("queues") < names.index("storage") < names.index("batch")
    assert names.index("network") < names.index("batch")


def test_what_does_not_need_the_other_runs_beside_it() -> None:
    together = threading.Barrier(2, timeout=30)

    def work(name: str) -> Outcome:
        if name in {"network", "queues"}:
            together.wait()
        return well(name)

    assert len(order(work)) == len(NEEDS)


def test_what_needs_a_stack_that_fell_short_is_not_done() -> None:
    def work(name: str) -> Outcome:
        return Outcome(name, "apply", problems=["refused"] if name == "queues" else [])

    assert sorted(order(work)) == [("batch", False), ("network", True), ("queues", True), ("storage", False)]


def test_a_second_plan_that_is_not_empty_holds_nobody_up() -> None:
    def work(name: str) -> Outcome:
        outcome = well(name)
        outcome.changes.append(object())  # type: ignore[arg-type]
        return outcome

    assert all(was_done for _, was_done in order(work))


def test_a_circle_is_not_waited_for() -> None:
    assert order(well, {"a": {"b"}, "b": {"a"}, "c": set()}) == [("c", True), ("a", False), ("b", False)]


def test_what_is_needed_is_destroyed_last() -> None:
    assert reversed_needs(NEEDS) == {
        "network": {"batch"},
        "queues": {"storage"},
        "storage": {"batch"},
        "batch": set(),
    }


class Forgetful:
    """A Terraform that at first says ``problem`` of a destruction."""

    def __init__(self, problem: str) -> None:
        self.problem, self.asked = problem, list[tuple[str, ...]]()

    def destroy(self, folder: Path, url: str, *options: str) -> None:
        del folder, url
        self.asked.append(options)
        if len(self.asked) == 1:
            raise TerraformError([self.problem])


def destroyed(terraform: Forgetful, folder: Path) -> list[tuple[str, ...]]:
    (folder / STATE).touch()
    Rehearsal(cast("Any", terraform), {}, folder, {})._destroy(Outcome("a", "destroy"), folder, "")
    return terraform.asked


def test_what_is_gone_when_its_deletion_is_sent_again_is_looked_for(tmp_path: Path) -> None:
    assert destroyed(Forgetful("deleting A: api error ResourceNotFound"), tmp_path) == [("-refresh=false",), ()]


def test_what_cannot_be_deleted_falls_short(tmp_path: Path) -> None:
    with pytest.raises(TerraformError):
        destroyed(Forgetful("deleting A: api error DependencyViolation"), tmp_path)
