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
from multiprocessing import get_context
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as some

from modules.markers import Replaces, marked
from modules.problems import SettingsError
from modules.settings import Settings
from reference.handover_compared import disagreements, said_of
from reference.planned_edits import FellShortError, Stacks, affected_stacks, apply_all, planned, synthesized
from rehearsal.command import NOT_REHEARSED, missing
from rehearsal.plan_reading import Change
from rehearsal.processes import ended_by_signals
from rehearsal.provider import NotRehearsedError
from rehearsal.setting_up import set_up
from stacks.environment import Environment
from stacks.loading import load_environments
from tests.generated import objects_in, replaced, value_of
from tests.shipped import PACKAGES

DRAWN = 15  # values of a setting
SYNTHESIZED = 4  # of them, until one changes what is emitted
AT_ONCE = 40  # edits in one plan


@dataclass(frozen=True)
class Place:
    """Where a setting stands in an environment, and what it may be changed to."""

    path: tuple[Any, ...]
    kind: type[Settings]
    name: str
    examples: tuple[Any, ...]

    def __str__(self) -> str:
        return f"{self.kind.__name__}.{self.name}"


@dataclass(frozen=True)
class Generated:
    """An edit of one setting: where, to what, and the stacks that come of it."""

    place: Place
    value: Any
    stacks: Stacks

    def __str__(self) -> str:
        return f"{self.place} = {self.value!r}"


def places(base: Environment, known: Mapping[tuple[type[Settings], str], Sequence[Any]]) -> Iterator[Place]:
    """Yield every optional setting of every class that ``base`` uses, once; ``known``: values of others."""
    seen: set[type[Settings]] = set()
    for path, kept in objects_in(base):
        kind = type(kept)
        if kind not in seen and kind is not Environment:
            seen.add(kind)
            for name, field in kind.model_fields.items():
                if not field.is_required():
                    yield Place(path, kind, name, (*known.get((kind, name), ()),))


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


def generated(base: Environment, stacks: Stacks, place: Place, folder: Path) -> Generated | None:
    """Return an edit of a setting that is accepted and changes something, if one is found."""
    tries = 0
    for value in (*place.examples, *values(place.kind, place.name)):
        with suppress(SettingsError, ValueError):
            environment = replaced(base, (*place.path, place.name), value)
            if environment == base:
                continue
            after = synthesized(environment, folder)
            if affected_stacks(stacks, after):
                return Generated(place, value, after)
            tries += 1
        if tries == SYNTHESIZED:
            break
    return None


def all_generated(base: Environment, stacks: Stacks, found: Sequence[Place], folder: Path) -> list[Generated]:
    """Return edits of all settings that have one."""
    with ProcessPoolExecutor(
        os.cpu_count(), get_context("spawn"), signal.signal, (signal.SIGINT, signal.SIG_IGN)
    ) as pool:
        running = [
            pool.submit(generated, base, stacks, place, folder / str(number)) for number, place in enumerate(found)
        ]
        return [edit for one in running if (edit := one.result())]


def contradictions(edit: Generated, changes: Iterable[Change]) -> Iterator[str]:
    """Yield where what is said of a setting and what its edit does differ."""
    said = marked(edit.place.kind, Replaces).get(edit.place.name)
    gone = [change for change in changes if change.action.startswith(("replaced", "destroyed"))]
    if gone and not said:
        yield f"says nothing of what it does: {'; '.join(map(str, gone))}"
    if said and not said.when and not gone:
        yield f"is said to replace the {said.what}, and does not"


def rehearsed(base: Environment, found: Sequence[Place], folder: Path) -> tuple[int, int]:
    """Rehearse edits of one environment, and say what contradicts; return how many edits, and how many do."""
    before = synthesized(base, folder / "base")
    (folder / "rehearsal").mkdir()
    with set_up(before, folder / "rehearsal", os.environ) as (rehearsal, executor, versions):
        print(f"{base.name}: {versions}", flush=True)
        applying = executor.submit(apply_all, rehearsal, before)
        edits = all_generated(base, before, found, folder / "edits")
        applying.result()
        print(f"{base.name}: planning {len(edits)} edits of {len(found)} optional settings", flush=True)
        contradicting = 0
        for start in range(0, len(edits), AT_ONCE):
            some_edits = {str(edit.place): edit for edit in edits[start : start + AT_ONCE]}
            stacks = {name: edit.stacks for name, edit in some_edits.items()}
            changes, refused = planned(rehearsal, before, stacks, folder / f"plans-{start}")
            for name, problem in refused.items():
                print(f"not planned: {some_edits[name]}: {problem}", flush=True)
            for name, own in changes.items():
                edit = some_edits[name]
                lines = [
                    *contradictions(edit, own),
                    *disagreements(own, said_of(before.values(), edit.stacks.values())),
                ]
                contradicting += bool(lines)
                if lines:
                    print(f"{edit}", *lines, sep="\n  ", flush=True)
    return len(edits), contradicting


def main() -> int:
    """Rehearse; return the exit status: 0 nothing contradicts, 1 something does, 3 not rehearsed."""
    parser = argparse.ArgumentParser(prog="python -m tests.rehearse_settings", description=__doc__)
    parser.add_argument("names", nargs="*", default=["prod"], metavar="NAME", help="an environment or example; prod")
    parser.add_argument("--only", default="", metavar="TEXT", help="only settings whose Class.name has it")
    options = parser.parse_args()
    environments = {
        environment.name: environment for package in PACKAGES for environment in load_environments(package=package)
    }
    lacking = missing(os.environ)
    edits = contradicting = 0
    seen: set[type[Settings]] = set()
    try:
        for name in () if lacking else options.names:
            base = environments[name].model_copy(update={"production": False})
            found = [place for place in places(base, known_values(environments.values())) if place.kind not in seen]
            seen |= {place.kind for place in found}
            found = [place for place in found if options.only in str(place)]
            with ended_by_signals(), TemporaryDirectory(prefix="terrabatch-settings-") as folder:
                counts = rehearsed(base, found, Path(folder))
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
