"""The rehearsal of folders of stacks: sets all up, runs it, prints, ends all, and returns the exit status."""

import shutil
import sys
import tempfile
from collections.abc import Collection, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

from rehearsal.account import lacks_moto, start_account
from rehearsal.existing import existing_things
from rehearsal.printing import Printer, Versions
from rehearsal.processes import Processes, ended_by_signals
from rehearsal.provider import NotRehearsedError, find_provider, find_terraform
from rehearsal.rehearsing import Outcome, Rehearsal, in_order, reversed_needs
from rehearsal.stacks import Stack, read_stacks
from rehearsal.terraform import Terraform, TerraformError

AT_A_TIME = 6  # Terraform and its provider take half a GiB each, and wait most of the time
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


def rehearse(folder: Path, then: Path | None, environ: Mapping[str, str], *, keep: bool, as_json: bool) -> int:
    """Rehearse all stacks of ``folder``, then those of ``then`` over them; return the exit status.

    0: all is well; 1: something fell short; 3: nothing could be rehearsed here.
    """
    stacks = read_stacks(folder)
    followers = read_stacks(then) if then else {}
    printer = Printer(as_json=as_json)
    with ended_by_signals(), _workspace(printer, keep=keep) as workspace, _processes() as processes:
        try:
            rehearsal = _set_up(stacks | followers, workspace, processes, printer, environ)
        except NotRehearsedError as error:
            print(f"not rehearsed: {error}", file=sys.stderr)
            return NOT_REHEARSED
        except TerraformError as error:
            print(*error.problems, sep="\n", file=sys.stderr)
            return 1
        with ThreadPoolExecutor(AT_A_TIME) as executor:
            try:
                for name, outcome in _run(rehearsal, executor, stacks, followers, keep=keep, printer=printer):
                    printer.tell(name, outcome)
            except BaseException:
                processes.end()  # or the executor would wait for what they do
                executor.shutdown(wait=True, cancel_futures=True)
                raise
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
    yield from in_order(executor, _needs(stacks), lambda name: rehearsal.apply(stacks[name], stacks))
    if followers:
        printer.begin("then", followers)
        yield from in_order(executor, _needs(followers), lambda name: rehearsal.then(followers[name], followers))
    if not keep:
        last = {**stacks, **followers}
        printer.begin("destroy", last)
        needs = reversed_needs(_needs(last))
        yield from in_order(executor, needs, lambda name: rehearsal.destroy(last[name], last))


def _needs(stacks: Mapping[str, Stack]) -> dict[str, Collection[str]]:
    return {name: stack.needs for name, stack in stacks.items()}


def _set_up(
    stacks: Mapping[str, Stack], workspace: Path, processes: Processes, printer: Printer, environ: Mapping[str, str]
) -> Rehearsal:
    binary = find_terraform(environ)
    wanted = max((stack.provider_version for stack in stacks.values()), default="")
    provider = find_provider(wanted, binary, environ, processes, workspace)
    terraform = Terraform(binary, provider, processes, workspace, environ)
    accounts = sorted({stack.account_id for stack in stacks.values()})
    urls = {}
    for id_ in accounts:
        things = existing_things(stack for stack in stacks.values() if stack.account_id == id_)
        urls[id_] = start_account(id_, things, workspace / f"aws-{id_}.log", processes, environ)
    schema = terraform.schema(workspace / "schema")
    version = terraform.version(workspace)
    printer.open(Versions(version, provider.version, wanted), workspace)
    return Rehearsal(terraform, schema, workspace, urls)


@contextmanager
def _processes() -> Iterator[Processes]:
    processes = Processes()
    try:
        yield processes
    finally:
        processes.end()


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
