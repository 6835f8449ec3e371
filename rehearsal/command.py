"""The rehearsal of folders of stacks: sets all up, runs it, prints, ends all, and returns the exit status."""

import shutil
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

from rehearsal.account import lacks_moto
from rehearsal.printing import Printer
from rehearsal.processes import ended_by_signals
from rehearsal.provider import NotRehearsedError, find_terraform
from rehearsal.rehearsing import Outcome, Rehearsal, in_order, needs_of, reversed_needs
from rehearsal.setting_up import set_up
from rehearsal.stacks import Stack, read_stacks
from rehearsal.terraform import TerraformError

NOT_REHEARSED = 3


def missing(environ: Mapping[str, str]) -> str:
    """Return what this machine lacks for a rehearsal; empty where nothing is known to be lacking."""
    if lacks_moto():
        return "moto is not installed; run make rehearse, or pip install -r requirements-rehearse.txt"
    try:
        find_terraform(environ)
    except NotRehearsedError as error:
        return str(error)
    return ""


def rehearse(
    folders: Sequence[Path], then: Path | None, environ: Mapping[str, str], *, keep: bool, as_json: bool
) -> int:
    """Rehearse all stacks of ``folders``, then those of ``then`` over them; return the exit status.

    0: all is well; 1: something fell short; 3: nothing could be rehearsed here.
    """
    stacks = {name: stack for folder in folders for name, stack in read_stacks(folder).items()}
    followers = read_stacks(then) if then else {}
    printer = Printer(as_json=as_json)
    with ended_by_signals(), _workspace(printer, keep=keep) as workspace, printer:
        try:
            with set_up(stacks | followers, workspace, environ) as (rehearsal, executor, versions):
                printer.open(versions, workspace)
                for name, outcome in _run(rehearsal, executor, stacks, followers, keep=keep, printer=printer):
                    printer.tell(name, outcome)
        except NotRehearsedError as error:
            print(f"not rehearsed: {error}", file=sys.stderr)
            return NOT_REHEARSED
        except TerraformError as error:
            print(*error.problems, sep="\n", file=sys.stderr)
            return 1
        return printer.close()


def _run(
    rehearsal: Rehearsal,
    executor: ThreadPoolExecutor,
    stacks: Mapping[str, Stack],
    followers: Mapping[str, Stack],
    *,
    keep: bool,
    printer: Printer,
) -> Iterator[tuple[str, Outcome | None]]:
    printer.begin("apply", stacks)
    yield from in_order(executor, needs_of(stacks), lambda name: rehearsal.apply(stacks[name], stacks))
    if followers:
        printer.begin("then", followers)
        yield from in_order(executor, needs_of(followers), lambda name: rehearsal.then(followers[name], followers))
    if not keep:
        last = {**stacks, **followers}
        printer.begin("destroy", last)
        needs = reversed_needs(needs_of(last))
        yield from in_order(executor, needs, lambda name: rehearsal.destroy(last[name], last))


@contextmanager
def _workspace(printer: Printer, *, keep: bool) -> Iterator[Path]:
    """Make a folder for states and logs, which stays on ``keep`` and where not all is well."""
    folder = Path(tempfile.mkdtemp(prefix="terrabatch-rehearsal-"))
    finished = False
    try:
        yield folder
        finished = True
    finally:
        if keep or (printer.is_open and not (finished and printer.is_well)):
            print(f"states and logs: {folder}", file=sys.stderr)
        else:
            shutil.rmtree(folder, ignore_errors=True)
