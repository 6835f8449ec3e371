"""Environments side by side: which entries each has, and the settings that differ between those that have one."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from reporting.entries import Group, Row
from reporting.values import plain
from stacks.environment_settings import EnvironmentSettings


@dataclass(frozen=True)
class Difference:
    """A setting or an entry that is not the same everywhere: its text in each environment, None where it is not."""

    path: str
    values: tuple[str | None, ...]


def differences(environments: Sequence[Sequence[Group]]) -> Iterator[tuple[str, list[Difference]]]:
    """Yield the names of the groups that differ, each with what differs."""
    names = dict.fromkeys(group.name for groups in environments for group in groups)
    for name in sorted(names, key=["environment", *EnvironmentSettings.model_fields].index):
        inside = [_entries(groups, name) for groups in environments]
        found = [item for path in _union(inside) for item in _of_entry(path, [side.get(path) for side in inside])]
        # What is a map with entries in one environment is plain, since empty, in another.
        if found := [item for item in found if item.path not in names or None not in item.values or item.path == name]:
            yield name, found


def _of_entry(path: str, sides: Sequence[tuple[str, Mapping[str, Row]] | None]) -> Iterator[Difference]:
    kinds = tuple(side and side[0] for side in sides)
    if len(set(kinds)) > 1:
        yield Difference(path, kinds)
    there = [side[1] if side else {} for side in sides]
    known = [rows for side, rows in zip(sides, there, strict=True) if side]
    for place in _union(there):
        values = tuple(plain(rows[place].value) if place in rows else None for rows in there)
        shown = {value for value, side in zip(values, sides, strict=True) if side}
        if len(shown) > 1 and place != "name" and all(_has_parents(place, known, rows) for rows in known):
            yield Difference(place, values)


def _has_parents(path: str, sides: Sequence[Mapping[str, Row]], rows: Mapping[str, Row]) -> bool:
    """Return whether one side has all that stands above a setting elsewhere: else that is what differs."""
    return all(other in rows for side in sides for other in side if path.startswith((f"{other}.", f"{other}[")))


def _entries(groups: Sequence[Group], name: str) -> dict[str, tuple[str, Mapping[str, Row]]]:
    return {
        entry.path: (entry.kind, {row.path: row for row in entry.rows})
        for group in groups
        if group.name == name
        for entry in group.entries
    }


def _union(sides: Sequence[Mapping[str, object]]) -> list[str]:
    return list(dict.fromkeys(path for side in sides for path in side))
