"""``python -m tests.rehearse_settings``: one generated edit of every optional setting of production, planned over it.

What the provider replaces is compared with what settings say a change of them replaces (``Replaces``).
"""

import gc
import os
import sys
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Executor
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as some

from modules.markers import Replaces, marked
from modules.problems import SettingsError
from modules.settings import Settings
from reference.planned_edits import (
    FellShortError,
    Stacks,
    apply_all,
    changed_stacks,
    planned,
    synthesized,
)
from rehearsal.command import NOT_REHEARSED, missing
from rehearsal.plan_reading import Change
from rehearsal.processes import ended_by_signals
from rehearsal.provider import NotRehearsedError
from rehearsal.rehearsing import Rehearsal
from rehearsal.setting_up import set_up
from stacks.environment import Environment
from stacks.loading import load_environments
from tests.generated import objects_in, replaced, value_of

TRIES = 15
"""Values that are drawn for a setting until one is accepted and changes what is emitted."""


@dataclass(frozen=True)
class Generated:
    """An edit of one setting: whose it is, what it is changed to, and the stacks that come of it."""

    kind: type[Settings]
    name: str
    value: Any
    stacks: Stacks

    def __str__(self) -> str:
        return f"{self.kind.__name__}.{self.name}"


def optional_settings(base: Environment) -> Iterator[tuple[tuple[Any, ...], Settings, str]]:
    """Yield every optional setting of every class that ``base`` uses, once: the way to an object, it, and the name."""
    seen: set[type[Settings]] = set()
    for path, kept in objects_in(base):
        if type(kept) not in seen and not isinstance(kept, Environment):
            seen.add(type(kept))
            fields = type(kept).model_fields.items()
            yield from ((path, kept, name) for name, field in fields if not field.is_required())


def values(kind: type[Settings], name: str) -> list[Any]:
    """Return some values of a setting, the same every time."""
    found: list[Any] = []

    @settings(
        derandomize=True,
        database=None,
        max_examples=TRIES,
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


def generated(base: Environment, stacks: Stacks, folder: Path) -> Iterator[Generated]:
    """Yield an edit for every optional setting that has one which is accepted and changes something."""
    for number, (path, kept, name) in enumerate(optional_settings(base)):
        for value in values(type(kept), name):
            try:
                environment = replaced(base, (*path, name), value)
                after = synthesized(environment, folder / str(number))
            except (SettingsError, ValueError):
                continue
            if changed_stacks(stacks, after):
                yield Generated(type(kept), name, value, after)
                break


def contradictions(edit: Generated, changes: Iterable[Change]) -> Iterator[str]:
    """Yield where what is said of a setting and what its edit does differ."""
    said = marked(edit.kind, Replaces).get(edit.name)
    gone = [change for change in changes if change.action.startswith(("replaced", "destroyed"))]
    if gone and not said:
        yield f"{edit} = {edit.value!r} says nothing of what it does: {'; '.join(map(str, gone))}"
    if said and not said.when and not gone:
        yield f"{edit} = {edit.value!r} is said to replace the {said.what}, and does not"


def compare(rehearsal: Rehearsal, executor: Executor, base: Stacks, edits: Sequence[Generated], aside: Path) -> int:
    """Plan all edits, say what contradicts; return how many do."""
    plans = [
        executor.submit(planned, rehearsal, base, edit.stacks, aside / str(number)) for number, edit in enumerate(edits)
    ]
    found = 0
    for edit, plan in zip(edits, plans, strict=True):
        try:
            lines = list(contradictions(edit, plan.result()))
        except FellShortError as error:  # it reads what is there only once another stack is applied
            print(f"not compared: {edit} = {edit.value!r}: {error}", flush=True)
            continue
        found += len(lines)
        for line in lines:
            print(line, flush=True)
    return found


def main() -> int:
    """Rehearse; return the exit status: 0 nothing contradicts, 1 something does, 3 not rehearsed."""
    lacking = missing(os.environ)
    if lacking:
        print(f"not rehearsed: {lacking}", file=sys.stderr)
        return NOT_REHEARSED
    (production,) = load_environments(["prod"])
    environment = production.model_copy(update={"production": False})
    try:
        with ended_by_signals(), TemporaryDirectory(prefix="terrabatch-settings-") as folder:
            base = synthesized(environment, Path(folder, "base"))
            Path(folder, "rehearsal").mkdir()
            with set_up(base, Path(folder, "rehearsal"), os.environ) as (rehearsal, executor, versions):
                print(versions, flush=True)
                applying = executor.submit(apply_all, rehearsal, executor, base)
                edits = list(generated(environment, base, Path(folder, "edits")))
                applying.result()
                print(f"planning {len(edits)} edits", flush=True)
                found = compare(rehearsal, executor, base, edits, Path(folder, "aside"))
    except NotRehearsedError as error:
        print(f"not rehearsed: {error}", file=sys.stderr)
        return NOT_REHEARSED
    total = sum(1 for _ in optional_settings(environment))
    print(f"{len(edits)} of {total} optional settings edited, {found} contradictions")
    return 1 if found else 0


if __name__ == "__main__":
    gc.disable()
    sys.exit(main())
