"""Resources that seem to have another address only: Terraform would destroy the one and make the other."""

import json
from collections.abc import Iterator, Mapping, Sequence

from handover.comparing import Change, Key, Resource
from handover.replacement import table

ALIKE = 0.75  # of all arguments
Move = tuple[str, str, str]


def moves(changes: Sequence[Change], old: Mapping[Key, Resource], new: Mapping[Key, Resource]) -> list[Move]:
    """Return part, address before and address after of what may be moved: nothing in it would be replaced."""
    gone = [_key(change) for change in changes if change.action == "removed"]
    made = [_key(change) for change in changes if change.action == "added"]
    pairs = sorted(_pairs(gone, made, old, new), reverse=True)
    found, taken = [], set[Key]()
    for _, before, after in pairs:
        if before not in taken and after not in taken:
            taken |= {before, after}
            found.append((before[0], old[before].address, new[after].address))
    return sorted(found)


def _key(change: Change) -> Key:
    type_, _, name = change.address.partition(".")
    return change.part, type_, name


def _pairs(
    gone: Sequence[Key], made: Sequence[Key], old: Mapping[Key, Resource], new: Mapping[Key, Resource]
) -> Iterator[tuple[float, Key, Key]]:
    for before in gone:
        for after in made:
            if before[:2] == after[:2]:
                one, two = (_arguments(resource) for resource in (old[before], new[after]))
                fixed = table().get(before[1], {}).get("replace", ())
                if all(one.get(name) == two.get(name) for name in fixed if "." not in name):
                    same = sum(one.get(name) == two.get(name) for name in one.keys() | two.keys())
                    if same >= ALIKE * len(one.keys() | two.keys()):
                        yield same / len(one.keys() | two.keys()), before, after


def _arguments(resource: Resource) -> dict[str, str]:
    return {name: json.dumps(value, sort_keys=True) for name, value in resource.block.items() if name != "lifecycle"}
