"""Entries that seem to have another name only: Terraform would destroy what there is of the one and make the other."""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from handover.addresses import Key, key_of, paths
from handover.comparing import NOT_SENT, Change, Resource
from handover.replacement import table

ALIKE = 0.75  # of all arguments
NAMES = ("bucket", "name", "family", "creation_token", "name_prefix")


@dataclass(frozen=True)
class Move:
    """An entry that was renamed: its paths before and after, and what it was called, if it is called otherwise now."""

    part: str
    before: str
    after: str
    physical_name: str = ""

    def __str__(self) -> str:
        named = f', and physical_name="{self.physical_name}" in {self.after}' if self.physical_name else ""
        return f'moved={{"{self.before}": "{self.after}"}}{named}'


def moves(changes: Sequence[Change], old: Mapping[Key, Resource], new: Mapping[Key, Resource]) -> list[Move]:
    """Return what an environment can declare as moved: nothing in it would be replaced, but for its name."""
    gone, made = (
        [key_of(change.part, change.address) for change in changes if change.action == action]
        for action in ("removed", "added")
    )
    found, taken = [], set[tuple[str, str]]()
    pairs = _pairs([old[key] for key in gone], [new[key] for key in made])
    for _, move in sorted(pairs, key=lambda pair: (-pair[0], str(pair[1]))):
        ends = {("before", move.before), ("after", move.after)}
        if not ends & taken:
            taken |= ends
            found.append(move)
    return sorted(found, key=str)


def _pairs(gone: Sequence[Resource], made: Sequence[Resource]) -> Iterator[tuple[float, Move]]:
    for before in gone:
        for after in made:
            one, two = paths(before.path, after.path)
            # The main resource of each, which tells what all of the entry is called after.
            if before.key[:2] == after.key[:2] and _is_entry(before, one, two) and _is_entry(after, two, one):
                yield from _pair(before, after, one, two)


def _is_entry(resource: Resource, path: str, other: str) -> bool:
    steps, others = path.split("."), other.split(".")
    is_place = steps[:-1] == others[:-1] and (len(steps) == 2 or steps[-2:-1] == ["access_points"])
    return is_place and resource.path.replace("/", ".") == path


def _pair(before: Resource, after: Resource, one: str, two: str) -> Iterator[tuple[float, Move]]:
    fixed = [name for name in table().get(before.key[1], {}).get("replace", ()) if "." not in name]
    was, named, now = _arguments(before), _arguments(before, one, two), _arguments(after)
    names = was.keys() | now.keys()
    same = sum(now.get(name) in (was.get(name), named.get(name)) for name in names) / max(len(names), 1)
    if same >= ALIKE and all(now.get(name) in (was.get(name), named.get(name)) for name in fixed):
        is_called = [name for name in NAMES if was.get(name) != now.get(name)]
        name = json.loads(was[is_called[0]]).removesuffix(".fifo") if is_called else ""
        yield same, Move(before.key[0], one, two, name.rstrip("-"))


def _arguments(resource: Resource, old: str = "", new: str = "") -> dict[str, str]:
    """Return the arguments of a resource, as they were if its entry had the other name."""
    found = {name: json.dumps(value, sort_keys=True) for name, value in resource.block.items() if name not in NOT_SENT}
    if not old:
        return found
    word = re.compile(rf"(?<![A-Za-z0-9]){re.escape(old.rpartition('.')[2])}(?![A-Za-z0-9])")
    return {name: word.sub(new.rpartition(".")[2], value) for name, value in found.items()}


def other_states(changes: Sequence[Change]) -> list[str]:
    """Return from which part to which other one resources go that keep type and name: each has a state of its own."""
    gone, made = (
        {change.address: change.part for change in changes if change.action == action}
        for action in ("removed", "added")
    )
    counts: dict[tuple[str, str], int] = {}
    for address in gone.keys() & made.keys():
        parts = gone[address], made[address]
        counts[parts] = counts.get(parts, 0) + 1
    return [f"{one} → {two}: {number}" for (one, two), number in sorted(counts.items())]
