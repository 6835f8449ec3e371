"""Plan edits of an environment over what was applied of it."""

from collections.abc import Mapping
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


def affected_stacks(before: Stacks, after: Stacks) -> list[str]:
    """Return the stacks of ``after`` that are different from what they were, or new, and those that read such."""
    affected = {name for name, stack in after.items() if name not in before or before[name].document != stack.document}
    while more := {name for name, stack in after.items() if stack.needs & affected} - affected:
        affected |= more
    return sorted(affected)


def planned(
    rehearsal: Rehearsal, before: Stacks, edits: Mapping[str, Stacks], aside: Path
) -> tuple[dict[str, list[Change]], dict[str, str]]:
    """Return what each edit changes, and why those that are not among them cannot be planned.

    ``before`` is what was applied and kept, ``aside`` a folder for what is planned.
    """
    owners: dict[str, str] = {}
    modules: dict[str, Module] = {}
    for number, (edit, after) in enumerate(edits.items()):
        names = {stack: f"e{number}-{stack}" for stack in affected_stacks(before, after)}
        modules |= {name: rehearsal.module(after[stack], after, names) for stack, name in names.items()}
        owners |= dict.fromkeys(names.values(), edit)
    changes: dict[str, list[Change]] = {edit: [] for edit in edits}
    refused: dict[str, str] = {}
    account_id = next(iter(before.values())).account_id
    while rest := {name: module for name, module in modules.items() if owners[name] not in refused}:
        try:
            found = rehearsal.plan_together(rest, account_id, aside / str(len(refused)))
        except TerraformError as error:
            blamed = [(owners[name], problem) for problem in error.problems for name in named_in([problem], rest)]
            if not blamed:
                raise
            refused |= dict(reversed(blamed))
            continue
        for name, own in found.items():
            changes[owners[name]] += own
        break
    return {edit: own for edit, own in changes.items() if edit not in refused}, refused
