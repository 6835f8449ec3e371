"""``python -m reference.rehearse_edits``: rehearse the edits of production, and write docs/edits.md or compare it."""

import argparse
import gc
import json
import os
import re
import sys
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import Executor
from pathlib import Path
from tempfile import TemporaryDirectory

from reference.edits import EDITS, ROOT, SOURCE, Edit, edited
from reference.edits_page import edits_page, rows_of, versions_of
from rehearsal.command import NOT_REHEARSED, missing
from rehearsal.plan_reading import Change
from rehearsal.processes import ended_by_signals
from rehearsal.provider import NotRehearsedError
from rehearsal.rehearsing import Outcome, Rehearsal, in_order, needs_of
from rehearsal.setting_up import Versions, set_up
from rehearsal.stacks import Stack, read_stacks, state_writers
from stacks.environment import Environment
from stacks.synthesis import synthesize

PAGE = ROOT / "docs" / "edits.md"
Stacks = Mapping[str, Stack]


class FellShortError(Exception):
    """Something could not be applied or planned."""


def main() -> int:
    """Write or compare the page; return the exit status: 0 done or as it was, 1 not so, 3 not rehearsed."""
    parser = argparse.ArgumentParser(prog="python -m reference.rehearse_edits", description=__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing; say what is different now")
    check = parser.parse_args().check
    lacking = missing(os.environ)
    if not lacking:
        try:
            with ended_by_signals(), TemporaryDirectory(prefix="terrabatch-edits-") as folder:
                page = _page(Path(folder))
        except NotRehearsedError as error:
            lacking = str(error)
        except FellShortError as error:
            print(error, file=sys.stderr)
            return 1
    if lacking:
        print(f"not rehearsed: {lacking}", file=sys.stderr)
        return NOT_REHEARSED
    return compare(PAGE.read_text(encoding="utf-8"), page) if check else _write(page)


def _write(page: str) -> int:
    PAGE.write_text(page, encoding="utf-8")
    return 0


def compare(old: str, new: str) -> int:
    """Say what differs from what the page has; return 1 if it does with the same versions, 0 otherwise."""
    before, after = rows_of(old), rows_of(new)
    different = [wish for wish in {**before, **after} if before.get(wish) != after.get(wish)]
    for wish in different:
        print(f"{wish}\n  was: {before.get(wish, 'not there')}\n  is:  {after.get(wish, 'not there')}")
    same_versions = versions_of(old) == versions_of(new)
    print(f"{len(after)} edits, {len(different)} with another result{'' if same_versions else ', with other versions'}")
    return 1 if different and same_versions else 0


def _page(folder: Path) -> str:
    source = SOURCE.read_text(encoding="utf-8")
    base = _synthesized(edited(Edit("", ()), source), folder / "base")
    edits = {change: _synthesized(edited(change, source), folder / str(number)) for number, change in enumerate(EDITS)}
    (folder / "rehearsal").mkdir()
    with set_up(base, folder / "rehearsal", os.environ) as (rehearsal, executor, versions):
        print(f"{versions}\napplying production", flush=True)
        for name, outcome in in_order(executor, needs_of(base), lambda name: rehearsal.apply(base[name], base)):
            if outcome is None or not outcome.is_well:
                raise FellShortError(f"{name}: {outcome.problems or outcome.changes if outcome else 'not reached'}")
        return _told(rehearsal, executor, versions, base, edits, folder / "aside")


def _synthesized(environment: Environment, folder: Path) -> Stacks:
    synthesize([environment], folder, complete=True)
    return read_stacks(folder)


def _told(
    rehearsal: Rehearsal,
    executor: Executor,
    versions: Versions,
    base: Stacks,
    edits: Mapping[Edit, Stacks],
    aside: Path,
) -> str:
    """Plan all edits over production; those that have to be applied to be planned whole are, one after the other."""
    alone = {change: stacks for change, stacks in edits.items() if not _is_layered(change, base, stacks)}
    planned = {
        change: executor.submit(_planned, rehearsal, _changed(base, stacks), stacks, aside / str(number))
        for number, (change, stacks) in enumerate(alone.items())
    }
    results: dict[str, list[Change]] = {}
    for change in edits:
        if change in planned:
            results[change.wish] = planned[change].result()
            print(change.wish, flush=True)
    for change, stacks in edits.items():
        if change not in planned:
            results[change.wish] = _applied(rehearsal, _changed(base, stacks), stacks)
            back = _applied(rehearsal, _changed(stacks, base), base)
            print(change.wish, flush=True)
            if change.taken_back:
                results[f"{change.wish}, taken back"] = back
    order = [wish for change in edits for wish in (change.wish, f"{change.wish}, taken back") if wish in results]
    return edits_page(versions, {wish: results[wish] for wish in order})


def _is_layered(change: Edit, base: Stacks, stacks: Stacks) -> bool:
    """Return whether an edit has stacks that read what others only give once it is applied, or is to be undone."""
    return change.taken_back or any(
        output not in base[writer].document.get("output", {})
        for name in _changed(base, stacks)
        for label, writer in state_writers(stacks)[name].items()
        for output in re.findall(rf"{label}\.outputs\.([\w-]+)", json.dumps(stacks[name].document))
    )


def _changed(before: Stacks, after: Stacks) -> list[str]:
    """Return the stacks that are different, each after those it reads."""
    different = {name for name, stack in after.items() if name not in before or before[name].document != stack.document}
    order: list[str] = []
    while len(order) < len(different):
        order += sorted(name for name in different - set(order) if after[name].needs & different <= set(order))
    return order


def _planned(rehearsal: Rehearsal, names: list[str], stacks: Stacks, aside: Path) -> list[Change]:
    return list(_changes(rehearsal.plan(stacks[name], stacks, aside) for name in names))


def _applied(rehearsal: Rehearsal, names: list[str], stacks: Stacks) -> list[Change]:
    return list(_changes(rehearsal.then(stacks[name], stacks) for name in names))


def _changes(outcomes: Iterable[Outcome]) -> Iterator[Change]:
    for outcome in outcomes:
        if outcome.problems:
            raise FellShortError(f"{outcome.stack}: {'; '.join(outcome.problems)}")
        yield from outcome.changes


if __name__ == "__main__":
    gc.disable()
    sys.exit(main())
