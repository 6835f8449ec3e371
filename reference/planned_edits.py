"""Plan edits of an environment over what was applied of it."""

from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import Executor
from pathlib import Path

from rehearsal.plan_reading import Change
from rehearsal.rehearsing import Outcome, Rehearsal, in_order, needs_of
from rehearsal.stacks import Stack, read_stacks
from stacks.environment import Environment
from stacks.synthesis import synthesize

Stacks = Mapping[str, Stack]


class FellShortError(Exception):
    """Something could not be applied or planned."""


def synthesized(environment: Environment, folder: Path) -> Stacks:
    """Return the stacks of an environment, which are written to ``folder``."""
    synthesize([environment], folder, complete=True)
    return read_stacks(folder)


def apply_all(rehearsal: Rehearsal, executor: Executor, stacks: Stacks) -> None:
    """Apply stacks, each of which must then plan nothing."""
    for name, outcome in in_order(executor, needs_of(stacks), lambda name: rehearsal.apply(stacks[name], stacks)):
        if outcome is None or not outcome.is_well:
            raise FellShortError(f"{name}: {outcome.problems or outcome.changes if outcome else 'not reached'}")
        rehearsal.keep_what_was_seen(stacks[name])


def changed_stacks(before: Stacks, after: Stacks) -> list[str]:
    """Return the stacks that are different, each after those it reads."""
    different = {name for name, stack in after.items() if name not in before or before[name].document != stack.document}
    order: list[str] = []
    while len(order) < len(different):
        order += sorted(name for name in different - set(order) if after[name].needs & different <= set(order))
    return order


def planned(rehearsal: Rehearsal, before: Stacks, after: Stacks, aside: Path) -> list[Change]:
    """Return what all stacks that differ would change; others may be planned in other folders meanwhile."""
    return list(_changes(rehearsal.plan(after[name], after, aside) for name in changed_stacks(before, after)))


def applied(rehearsal: Rehearsal, before: Stacks, after: Stacks) -> list[Change]:
    """Return what all stacks that differ change, each applied before the next is planned."""
    return list(_changes(rehearsal.then(after[name], after) for name in changed_stacks(before, after)))


def _changes(outcomes: Iterable[Outcome]) -> Iterator[Change]:
    for outcome in outcomes:
        if outcome.problems:
            raise FellShortError(f"{outcome.stack}: {'; '.join(outcome.problems)}")
        yield from outcome.changes
