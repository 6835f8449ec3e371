"""Terraform JSON in Terraform's own language: the same blocks, values and expressions, written as a person would."""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from handover.native_text import aligned, expression, quoted

TABLE = Path(__file__).with_name("blocks.json")
# What Terraform itself has in blocks of a kind: which arguments are blocks, and which name things and are no values.
COMMON = frozenset({"lifecycle", "precondition", "postcondition", "provisioner", "connection"})
BLOCKS = {
    "terraform": {"backend", "cloud", "required_providers", "workspaces"},
    "provider": {"default_tags", "assume_role", "assume_role_with_web_identity", "endpoints", "ignore_tags"},
    "variable": {"validation"},
}
NAMES = frozenset({"depends_on", "ignore_changes", "replace_triggered_by", "provider", "providers"})
OWN_NAMES = {"variable": {"type"}, "moved": {"from", "to"}, "import": {"to"}, "removed": {"from"}}
LABELS = {"resource": 2, "data": 2, "provider": 1, "variable": 1, "output": 1, "module": 1}
KNOWN = {*LABELS, "//", "terraform", "locals", "moved", "import", "removed"}


class UnwritableError(Exception):
    """It is not known how that is written."""


class Kind:
    """What is known of the blocks of one kind: ``resource`` of a type, ``variable`` and so on."""

    def __init__(self, kind: str, type_: str = "") -> None:
        of_type = _table().get(type_) if kind in ("resource", "data") and type_ != "terraform_remote_state" else []
        if of_type is None:
            raise UnwritableError(f"{type_} has no row in {TABLE.name}")
        self.blocks = COMMON | BLOCKS.get(kind, set()) | set(of_type)
        self.names = NAMES | OWN_NAMES.get(kind, set())


@cache
def _table() -> Mapping[str, list[str]]:
    return dict(json.loads(TABLE.read_text(encoding="utf-8")))


def native(document: Mapping[str, Any]) -> str:
    """Return a file of Terraform JSON in the native syntax. Raises UnwritableError."""
    if unknown := document.keys() - KNOWN:
        raise UnwritableError(f"{sorted(unknown)[0]} is no block that is known here")
    blocks = (lines for kind, value in document.items() if kind != "//" for lines in _written(kind, value))
    return "\n".join("\n".join(lines) + "\n" for lines in blocks)


def _written(kind: str, value: Any) -> Iterator[list[str]]:
    for labels, block in _labelled(value, LABELS.get(kind, 0), ()):
        known = Kind(kind, labels[0] if labels else "")
        comment = [f"# {path}"] if (path := block.get("//")) else []
        yield [*comment, *_block(kind, labels, block, known)]


def _labelled(value: Any, depth: int, labels: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], Mapping[str, Any]]]:
    if isinstance(value, Sequence):
        for item in value:
            yield from _labelled(item, depth, labels)
    elif depth:
        for label, item in value.items():
            yield from _labelled(item, depth - 1, (*labels, label))
    else:
        yield labels, value


def _block(name: str, labels: Sequence[str], content: Mapping[str, Any], known: Kind) -> Iterator[str]:
    head = " ".join([name, *map(quoted, labels)])
    first, *rest = [*_body(content, known), ""]
    lines = [first, *rest] if first else rest  # no empty line before a block that comes first
    yield from [f"{head} {{", *(f"  {line}" if line else "" for line in lines[:-1]), "}"] if lines else [f"{head} {{}}"]


def _body(content: Mapping[str, Any], known: Kind) -> Iterator[str]:
    """Yield values first, then blocks, as people write it."""
    values = {key: value for key, value in content.items() if key != "//" and not _is_block(key, value, known)}
    yield from aligned((key, _value(key, value, known)) for key, value in values.items())
    for key, value in content.items():
        if _is_block(key, value, known):
            for name, labels, block in _inner(key, value):
                yield from ["", *_block(name, labels, block, known)]


def _is_block(key: str, value: Any, known: Kind) -> bool:
    items = value if isinstance(value, list) else [value]
    return key in known.blocks and all(isinstance(item, Mapping) for item in items)


def _inner(key: str, value: Any) -> Iterator[tuple[str, list[str], Mapping[str, Any]]]:
    if key == "backend":
        yield from (("backend", [kind], block) for kind, block in value.items())
    else:
        yield from ((key, [], block) for block in (value if isinstance(value, list) else [value]))


def _value(key: str, value: Any, known: Kind) -> list[str]:
    if key not in known.names:
        return expression(value)
    if isinstance(value, str):
        return [_name(value)]
    if isinstance(value, Mapping):
        return ["{", *(f"  {name} = {_name(item)}" for name, item in value.items()), "}"]
    return [f"[{', '.join(map(_name, value))}]"]


def _name(text: str) -> str:
    found = re.fullmatch(r"\$\{(.*)\}", text)
    name = found[1] if found else text
    if not name or any(character in name for character in "\n#"):
        raise UnwritableError(f"{text!r} names nothing")
    return name
