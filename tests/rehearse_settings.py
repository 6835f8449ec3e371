"""``python -m tests.rehearse_settings``: one generated edit of every optional setting, planned over what was applied.

What the provider replaces is compared with what settings say a change of them replaces (``Replaces``), and all that it
plans with what the hand-over says without it.
"""

import argparse
import gc
import os
import signal
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from multiprocessing import get_context
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as some

from handover.comparing import Change as Said
from modules.markers import Replaces, marked
from modules.problems import SettingsError
from modules.settings import Settings
from reference.handover_compared import as_pinned, disagreements, said_of
from reference.planned_edits import FellShortError, Stacks, apply_all, changed_stacks, planned, synthesized
from rehearsal.command import NOT_REHEARSED, missing
from rehearsal.plan_reading import REPLACED, Change
from rehearsal.processes import ended_by_signals
from rehearsal.provider import NotRehearsedError
from rehearsal.rehearsing import Rehearsal
from rehearsal.setting_up import set_up
from rehearsal.stacks import read_stacks
from stacks.environment import Environment
from stacks.loading import load_environments
from tests.generated import objects_in, replaced, value_of
from tests.shipped import PACKAGES

DRAWN = 15  # values of a setting
SYNTHESIZED = 4  # of them, until one changes what is emitted
AT_ONCE = 40  # edits in one plan
# What Terraform has no resource of its own for.
NO_RESOURCES = {"instances"}


@dataclass(frozen=True)
class Place:
    """Where a setting stands in an environment, what others give it, and what it is."""

    path: tuple[Any, ...]
    kind: type[Settings]
    name: str
    examples: tuple[Any, ...]
    value: Any = None

    def __str__(self) -> str:
        return f"{self.kind.__name__}.{self.name}"


@dataclass(frozen=True)
class Generated:
    """An edit of one setting: where, to what, and the stacks that come of it."""

    place: Place
    value: str
    stacks: Stacks

    def __str__(self) -> str:
        return f"{self.place} = {self.value}"


def places(base: Environment, known: Mapping[tuple[type[Settings], str], Sequence[Any]]) -> Iterator[Place]:
    """Yield every optional setting of every class that ``base`` uses, once; ``known``: values of others."""
    seen: set[type[Settings]] = set()
    for path, kept in objects_in(base):
        kind = type(kept)
        if kind not in seen and kind is not Environment:
            seen.add(kind)
            for name, field in kind.model_fields.items():
                if not field.is_required():
                    yield Place(path, kind, name, (*known.get((kind, name), ()),), kept.__dict__[name])


def known_values(environments: Iterable[Environment]) -> dict[tuple[type[Settings], str], list[Any]]:
    """Return the values that environments give to each setting."""
    found: dict[tuple[type[Settings], str], list[Any]] = {}
    for environment in environments:
        for _, kept in objects_in(environment):
            for name in kept.model_fields_set:
                values = found.setdefault((type(kept), name), [])
                if kept.__dict__[name] not in values:
                    values.append(kept.__dict__[name])
    return found


def values(kind: type[Settings], name: str) -> list[Any]:
    """Return some values of a setting, the same every time."""
    found: list[Any] = []

    @settings(
        derandomize=True,
        database=None,
        max_examples=DRAWN,
        phases=[Phase.generate],
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(some.data())
    def collect(data: some.DataObject) -> None:
        with suppress(SettingsError):
            found.append(data.draw(value_of(kind, name)))

    collect()
    return found


@cache
def subject(name: str) -> tuple[Environment, Sequence[Place]]:
    """Return an environment that edits are made of, and its optional settings."""
    environments = [environment for package in PACKAGES for environment in load_environments(package=package)]
    (environment,) = (environment for environment in environments if environment.name == name)
    base = environment.model_copy(update={"production": False})
    return base, [*places(base, known_values(environments))]


def generated(name: str, number: int, folder: Path) -> str:
    """Write the stacks of an edit that is accepted and changes something; return its value, if there is one."""
    base, found = subject(name)
    place, tries = found[number], 0
    before = read_stacks(folder.parent / "base")
    for value in (*place.examples, *values(place.kind, place.name)):
        with suppress(SettingsError, ValueError):
            environment = replaced(base, (*place.path, place.name), value)
            if environment != base:
                tries += 1
                if changed_stacks(before, synthesized(environment, folder)):
                    return repr(value)[:200]
        if tries == SYNTHESIZED:
            break
    return ""


def all_generated(name: str, numbers: Sequence[int], folder: Path) -> list[Generated]:
    """Return edits of all settings that have one."""
    method, ignored = get_context("spawn"), (signal.SIGINT, signal.SIG_IGN)
    with ProcessPoolExecutor(os.cpu_count(), method, signal.signal, ignored) as pool:
        running = {number: pool.submit(generated, name, number, folder / str(number)) for number in numbers}
        _, found = subject(name)
        return [
            Generated(found[number], value, read_stacks(folder / str(number)))
            for number, one in running.items()
            if (value := one.result())
        ]


def contradictions(edit: Generated, changes: Iterable[Change], said: Iterable[Said]) -> Iterator[str]:
    """Yield where what a setting says and what its edit does differ.

    What is replaced or destroyed counts where something is lost with it: a rule turned off is no loss.
    """
    marker = marked(edit.place.kind, Replaces).get(edit.place.name)
    losing = {change.address for change in said if change.lost and change.action != "revised"}
    gone = [change for change in changes if change.action in (*REPLACED, "destroyed")]
    if lost := [change for change in gone if change.address in losing and not marker]:
        yield f"says nothing of what it does: {'; '.join(map(str, lost))}"
    was_there = edit.place.value not in (None, (), {})
    if marker and not marker.when and marker.what not in NO_RESOURCES and was_there and not gone:
        yield f"is said to replace the {marker.what}, and does not"


def rehearsed(name: str, numbers: Sequence[int], folder: Path) -> tuple[int, int]:
    """Rehearse edits of one environment, and say what contradicts; return how many edits, and how many do."""
    base, _ = subject(name)
    before = synthesized(base, folder / "base")
    (folder / "rehearsal").mkdir()
    with set_up(before, folder / "rehearsal", os.environ) as (rehearsal, executor, versions):
        print(f"{name}: {versions}", flush=True)
        applying = executor.submit(apply_all, rehearsal, before)
        edits = all_generated(name, numbers, folder)
        applying.result()
        print(f"{name}: planning edits of {len(edits)} of {len(numbers)} optional settings", flush=True)
        return len(edits), compare(rehearsal, before, edits, folder / "plans", versions.provider)


def compare(rehearsal: Rehearsal, before: Stacks, edits: Sequence[Generated], aside: Path, provider: str) -> int:
    """Plan edits, and say what contradicts; return how many do."""
    contradicting = 0
    for start in range(0, len(edits), AT_ONCE):
        some_edits = {str(edit.place): edit for edit in edits[start : start + AT_ONCE]}
        stacks = {place: edit.stacks for place, edit in some_edits.items()}
        changes, refused = planned(rehearsal, before, stacks, aside / str(start))
        contradicting += len(refused)
        for place, problem in refused.items():
            print(f"{some_edits[place]}\n  is accepted, and Terraform refuses it: {problem}", flush=True)
        for place, own in changes.items():
            edit = some_edits[place]
            said = said_of(before.values(), edit.stacks.values())
            pinned = as_pinned(own, said, provider)
            if lines := [*contradictions(edit, pinned, said), *disagreements(pinned, said)]:
                contradicting += 1
                print(edit, *lines, sep="\n  ", flush=True)
    return contradicting


def main() -> int:
    """Rehearse; return the exit status: 0 nothing contradicts, 1 something does, 3 not rehearsed."""
    parser = argparse.ArgumentParser(prog="python -m tests.rehearse_settings", description=__doc__)
    parser.add_argument("names", nargs="*", default=["prod"], metavar="NAME", help="an environment or example; prod")
    parser.add_argument("--only", default="", metavar="TEXT", help="only settings whose Class.name has it")
    options = parser.parse_args()
    lacking = missing(os.environ)
    edits = contradicting = 0
    seen: set[type[Settings]] = set()
    try:
        for name in () if lacking else options.names:
            _, found = subject(name)
            numbers = [
                number for number, place in enumerate(found) if place.kind not in seen and options.only in str(place)
            ]
            seen |= {place.kind for place in found}
            with ended_by_signals(), TemporaryDirectory(prefix="terrabatch-settings-") as folder:
                counts = rehearsed(name, numbers, Path(folder))
            edits, contradicting = edits + counts[0], contradicting + counts[1]
    except NotRehearsedError as error:
        lacking = str(error)
    except FellShortError as error:
        print(error, file=sys.stderr)
        return 1
    if lacking:
        print(f"not rehearsed: {lacking}", file=sys.stderr)
        return NOT_REHEARSED
    print(f"{edits} optional settings edited, {contradicting} contradictions")
    return 1 if contradicting else 0


if __name__ == "__main__":
    gc.disable()
    sys.exit(main())
