"""Plan edits of an environment over what was applied of it."""

from collections.abc import Collection, Mapping
from pathlib import Path

from rehearsal.plan_reading import Change
from rehearsal.planning_together import Module, named_in
from rehearsal.rehearsing import Rehearsal
from rehearsal.stacks import Stack, read_stacks
from rehearsal.terraform import TerraformError
from stacks.environment import Environment
from stacks.synthesis import synthesize

Stacks = Mapping[str, Stack]


class FellShortError(Exception):
    """Something could not be applied or planned."""


def synthesized(environment: Environment, folder: Path) -> Stacks:
    """Return the stacks of an environment, which are written to ``folder``."""
    synthesize([environment], folder, complete=True)
    return read_stacks(folder)


def apply_all(rehearsal: Rehearsal, stacks: Stacks) -> None:
    """Apply stacks, which must then plan nothing."""
    try:
        changes = rehearsal.apply_together(stacks)
    except TerraformError as error:
        raise FellShortError(str(error)) from error
    if changes:
        raise FellShortError("\n".join(map(str, changes)))


def changed_stacks(before: Stacks, after: Stacks) -> set[str]:
    """Return the stacks of ``after`` that are different from what they were, or new."""
    return {name for name, stack in after.items() if name not in before or before[name].document != stack.document}


def with_readers(names: Collection[str], stacks: Stacks) -> set[str]:
    """Return stacks, and all that read one of them."""
    found = set(names)
    while more := {name for name, stack in stacks.items() if stack.needs & found} - found:
        found |= more
    return found


def planned(
    rehearsal: Rehearsal, before: Stacks, edits: Mapping[str, Stacks], aside: Path
) -> tuple[dict[str, list[Change]], dict[str, str]]:
    """Return what each edit changes, and why those that are not among them cannot be planned.

    ``before`` is what was applied and kept, ``aside`` a folder for what is planned: first what an edit changes, then
    what reads it, too, where the outputs are others.
    """
    changed = {edit: changed_stacks(before, after) for edit, after in edits.items()}
    found, refused = _planned(rehearsal, edits, changed, aside / "changed")
    told_others = {
        edit: {stack for stack, changes in own.items() if any(change.type == "output" for change in changes)}
        for edit, own in found.items()
    }
    wider = {edit: changed[edit] | with_readers(stacks, edits[edit]) for edit, stacks in told_others.items() if stacks}
    more, more_refused = _planned(rehearsal, edits, wider, aside / "readers")
    refused |= more_refused
    whole = {edit: own for edit, own in (found | more).items() if edit not in refused}
    return {edit: [change for changes in own.values() for change in changes] for edit, own in whole.items()}, refused


def _planned(
    rehearsal: Rehearsal, edits: Mapping[str, Stacks], chosen: Mapping[str, Collection[str]], aside: Path
) -> tuple[dict[str, dict[str, list[Change]]], dict[str, str]]:
    """Return what edits change of the stacks that are chosen, by stack, and why others cannot be planned."""
    owners: dict[str, tuple[str, str]] = {}
    modules: dict[str, Module] = {}
    for number, (edit, stacks) in enumerate(chosen.items()):
        names = {stack: f"e{number}-{stack}" for stack in sorted(stacks)}
        modules |= {name: rehearsal.module(edits[edit][stack], edits[edit], names) for stack, name in names.items()}
        owners |= {name: (edit, stack) for stack, name in names.items()}
    refused: dict[str, str] = {}
    while rest := {name: module for name, module in modules.items() if owners[name][0] not in refused}:
        try:
            changes = rehearsal.plan_together(rest, aside / str(len(refused)))
        except TerraformError as error:
            blamed = [(owners[name][0], problem) for problem in error.problems for name in named_in([problem], rest)]
            if not blamed:
                raise
            refused |= dict(reversed(blamed))
            continue
        found: dict[str, dict[str, list[Change]]] = {edit: {} for edit in chosen if edit not in refused}
        for name, own in changes.items():
            edit, stack = owners[name]
            found[edit][stack] = own
        return found, refused
    return {edit: {} for edit in chosen if edit not in refused}, refused
