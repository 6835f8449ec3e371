"""``python -m reference.rehearse_edits``: rehearse the edits of production, and write docs/edits.md or compare it."""

import argparse
import gc
import os
import shutil
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path

from reference.edits import EDITS, ROOT, Edit, edited, joined, production_source
from reference.edits_page import edits_page, rows_of, versions_of
from reference.handover_compared import as_pinned, disagreements, said_of
from reference.planned_edits import FellShortError, Stacks, apply_all, planned, synthesized
from rehearsal.command import NOT_REHEARSED, missing
from rehearsal.plan_reading import Change
from rehearsal.processes import ended_by_signals
from rehearsal.provider import NotRehearsedError
from rehearsal.rehearsing import Rehearsal
from rehearsal.setting_up import set_up

PAGE = ROOT / "docs" / "edits.md"


def main() -> int:
    """Write or compare the page; return the exit status: 0 done or as it was, 1 not so, 3 not rehearsed."""
    parser = argparse.ArgumentParser(prog="python -m reference.rehearse_edits", description=__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing; say what is different now")
    check = parser.parse_args().check
    lacking, page, differing = missing(os.environ), "", list[str]()
    folder = Path(tempfile.mkdtemp(prefix="terrabatch-edits-"))
    if not lacking:
        try:
            with ended_by_signals():
                page, differing = _page(folder)
        except NotRehearsedError as error:
            lacking = str(error)
        except FellShortError as error:
            print(error, file=sys.stderr)
    is_whole = rows_of(page).keys() == all_wishes()
    if lacking or is_whole:
        shutil.rmtree(folder)
    else:
        print(f"states and logs: {folder}", file=sys.stderr)
    if lacking:
        print(f"not rehearsed: {lacking}", file=sys.stderr)
        return NOT_REHEARSED
    print(*differing, f"the hand-over says otherwise in {len(differing)} places", sep="\n")
    if not check and page:
        PAGE.write_text(page, encoding="utf-8")
    is_well = is_whole and not differing
    return compare(PAGE.read_text(encoding="utf-8"), page) or not is_well if check and page else int(not is_well)


def all_wishes() -> set[str]:
    """Return what the page tells of: each edit, and what is undone."""
    return {change.wish for change in EDITS} | {taken_back(change) for change in EDITS if change.taken_back}


def compare(old: str, new: str) -> int:
    """Say what differs from what the page has; return 1 if it does with the same versions, 0 otherwise."""
    before, after = rows_of(old), rows_of(new)
    different = [wish for wish in {**before, **after} if before.get(wish) != after.get(wish)]
    for wish in different:
        print(f"{wish}\n  was: {before.get(wish, 'not there')}\n  is:  {after.get(wish, 'not there')}")
    same_versions = versions_of(old) == versions_of(new)
    print(f"{len(after)} edits, {len(different)} with another result{'' if same_versions else ', with other versions'}")
    return 1 if different and same_versions else 0


def _page(folder: Path) -> tuple[str, list[str]]:
    """Return the page, and where the hand-over says something else.

    There are two local AWS: one has production, the other production with all edits that are taken back.
    """
    source = production_source()
    undone = [change for change in EDITS if change.taken_back]
    base = synthesized(edited(Edit("", ()), source), folder / "stacks")
    full = synthesized(edited(joined(undone), source), folder / "full-stacks")
    with (
        set_up(base, _made(folder / "base"), os.environ) as (rehearsal, executor, versions),
        set_up(full, _made(folder / "full"), os.environ) as (other, _, _),
    ):
        print(f"{versions}\napplying production", flush=True)
        applying = [executor.submit(apply_all, rehearsal, base), executor.submit(apply_all, other, full)]
        edits = {
            change.wish: synthesized(edited(change, source), folder / str(number))
            for number, change in enumerate(EDITS)
        }
        rests = {
            taken_back(change): synthesized(
                edited(joined(kept for kept in undone if kept != change), source), folder / f"back-{number}"
            )
            for number, change in enumerate(undone)
        }
        for done in applying:
            done.result()
        results, differing = _told(rehearsal, base, edits, folder / "over", versions.provider)
        undone_results, more = _told(other, full, rests, folder / "over-full", versions.provider)
    results |= undone_results
    wishes = [wish for change in EDITS for wish in (change.wish, taken_back(change)) if wish in results]
    return edits_page(versions, {wish: results[wish] for wish in wishes}), [*differing, *more]


def _made(folder: Path) -> Path:
    folder.mkdir()
    return folder


def taken_back(change: Edit) -> str:
    """Return what it is called when an edit is undone."""
    return f"{change.wish}, taken back"


def _told(
    rehearsal: Rehearsal, base: Stacks, edits: Mapping[str, Stacks], aside: Path, provider: str
) -> tuple[dict[str, list[Change]], list[str]]:
    """Return what edits do, and where the hand-over says something else of them."""
    changes, refused = planned(rehearsal, base, edits, aside)
    for wish, problem in refused.items():
        print(f"{wish} fell short: {problem}", file=sys.stderr, flush=True)
    differing: list[str] = []
    for wish, own in changes.items():
        said = said_of(base.values(), edits[wish].values())
        changes[wish] = as_pinned(own, said, provider)
        differing += [f"{wish}: {line}" for line in disagreements(changes[wish], said)]
    return changes, differing


if __name__ == "__main__":
    gc.disable()
    sys.exit(main())
