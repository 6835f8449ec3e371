"""Blocks opened for comparison: documents inside strings become values, and lists are known by what names their items.

A container is known by its name, a statement by its Sid: adding one changes no other.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from handover.late_values import parsed

# What names an item of a list, in this order.
NAMES = ("Sid", "name", "Name", "id", "Id", "sid", "field", "properties.title")


@dataclass(frozen=True)
class Difference:
    """One place where two blocks differ: its path, and what is there in each (None: nothing)."""

    path: str
    before: Any
    after: Any


def opened(value: Any) -> Any:
    """Return a value without comments, with every document in it opened."""
    if isinstance(value, Mapping):
        return {key: opened(item) for key, item in value.items() if key != "//"}
    if isinstance(value, list):
        return [opened(item) for item in value]
    if isinstance(value, str) and value[:1] in ("{", "["):
        try:
            return opened(parsed(value))
        except ValueError:
            return value
    return value


def differences(before: Any, after: Any, path: str = "") -> Iterator[Difference]:
    """Yield where two opened values differ, each as deep as it can be told."""
    if before == after:
        return
    if {type(before), type(after)} == {dict, list}:  # a block, and a list of blocks
        before, after = (side if isinstance(side, list) else [side] for side in (before, after))
    one, two = children(before, path), children(after, path)
    if one is None or two is None or bool(_is_named(before)) != bool(_is_named(after)):
        yield Difference(path, before, after)
        return
    if one and two and ("" in one) != ("" in two):  # one block, and several of them
        one, two = (
            {key or "0": (inner if key else f"{path}[0]", item) for key, (inner, item) in side.items()}
            for side in (one, two)
        )
    for key, (inner, item) in (two | one).items():
        if key in one and key in two:
            yield from differences(item, two[key][1], inner)
        else:
            yield Difference(inner, *(side[key][1] if key in side else None for side in (one, two)))


def children(value: Any, path: str) -> dict[str, tuple[str, Any]] | None:
    """Return what is inside a value by its name, each with its path; None where that cannot be told."""
    if isinstance(value, Mapping):
        return {key: (f"{path}.{key}" if path else key, item) for key, item in value.items()}
    if not isinstance(value, list) or not all(isinstance(item, Mapping) for item in value):
        return None
    if len(value) == 1 and not _is_named(value):
        return {"": (path, value[0])}
    name = _is_named(value)
    keyed = {str(_named(item, name)) if name else str(index): item for index, item in enumerate(value)}
    return {key: (f"{path}[{key}]", item) for key, item in keyed.items()}


def plain(path: str) -> str:
    """Return a path without the names and numbers of items, e.g. ``volume.efs_volume_configuration``."""
    kept, depth = [], 0
    for letter in path:
        depth += letter == "["
        if not depth:
            kept.append(letter)
        depth -= letter == "]"
    return "".join(kept)


def _named(item: Any, name: str) -> Any:
    for step in name.split("."):
        item = item.get(step) if isinstance(item, Mapping) else None
    return item


def _is_named(value: Any) -> str:
    """Return what names the items of a list, each differently; empty where nothing does."""
    if not isinstance(value, list) or not value or not all(isinstance(item, Mapping) for item in value):
        return ""
    for name in NAMES:
        names = [_named(item, name) for item in value]
        if all(isinstance(item, str) for item in names) and len(set(names)) == len(names):
            return name
    return ""
