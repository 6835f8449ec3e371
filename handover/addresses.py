"""Addresses that change: resources that are called otherwise now, and those that Terraform takes over.

Terraform learns of both from ``moved`` and ``import`` blocks, which do nothing once they are applied.
"""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from handover.expressions import references, texts
from handover.platforms import STATE_ADDRESSES, Document, Platform, RootModule, construct_path

# The part of an environment, type and name: resources of two environments are the same ones where these are.
Key = tuple[str, str, str]


def key_of(part: str, address: str) -> Key:
    """Return the key of the resource with an address in a part of an environment."""
    type_, _, name = address.partition(".")
    return part, type_, name


def adopted(platform: Platform) -> set[Key]:
    """Return what Terraform is told to take over."""
    return {key_of(module.part, block["to"]) for module in platform.modules for block in _blocks(module, "import")}


def moved_on(before: Platform, after: Platform) -> Platform:
    """Return an environment as Terraform sees it once it has read the ``moved`` blocks of ``after``."""
    told = {module.part: module for module in after.modules}
    moved = Platform(before.name, tuple(_moved(module, told.get(module.part)) for module in before.modules))
    reads, now = read_values(moved), read_values(after)
    return replace(before, modules=tuple(_read_alike(module, reads, now) for module in moved.modules))


def moved_entries(before: Platform, after: Platform) -> list[str]:
    """Return the paths of what has another address now, with those before."""
    told = {module.part: module for module in after.modules}
    found = {
        paths(construct_path(_at(module.document, old)), construct_path(_at(told[module.part].document, new)))
        for module in before.modules
        if module.part in told
        for old, new in _moves(module, told[module.part]).items()
    }
    return [f"{old} → {new}" for old, new in sorted(found)]


def settled(before: Platform, after: Platform) -> list[str]:
    """Return what is told of addresses and is done in ``before``: its author can take it out."""
    there = {key_of(module.part, address) for module in before.modules for address in _addresses(module.document)}
    found = {
        f"{construct_path(_at(module.document, block['to'])).replace('/', '.')} in {kind}"
        for module in after.modules
        for kind, name in (("moved", "moved"), ("imported", "import"))
        for block in _blocks(module, name)
        if key_of(module.part, block["to"]) in there
    }
    return sorted(line for line in found if not any(line.startswith(f"{other.split(' ')[0]}.") for other in found))


def paths(old: str, new: str) -> tuple[str, str]:
    """Return two paths as settings have them, without what both end in."""
    one, two = old.split("/"), new.split("/")
    while len(one) > 2 and len(two) > 2 and one[-1] == two[-1]:
        one, two = one[:-1], two[:-1]
    return ".".join(one), ".".join(two)


def read_values(platform: Platform) -> dict[str, dict[str, tuple[str, Any]]]:
    """Return what the local values of each part read of others: the other part, and what its output has there."""
    documents = {module.part: module.document for module in platform.modules}
    found: dict[str, dict[str, tuple[str, Any]]] = {}
    for part, document in documents.items():
        for name, value in document.get("locals", {}).items():
            for address, rest in (reference for text in texts(value) for reference in references(text)):
                other = address.rpartition(".")[2]
                if address.startswith(STATE_ADDRESSES) and other in documents:
                    inside = _inside(documents[other].get("output", {}), rest)
                    if inside is not None:
                        found.setdefault(part, {})[name] = other, inside
    return found


def _inside(outputs: Mapping[str, Any], rest: str) -> Any:
    """Return what is at a place such as ``.outputs.queues.a.arn``; nothing for a whole output."""
    _, name, *steps = (
        rest.replace("[", ".").replace("]", "").lstrip(".").split(".") if rest.count(".") > 2 else ("", "")
    )
    value = outputs.get(name, {}).get("value")
    for step in steps:
        value = value.get(step) if isinstance(value, Mapping) else value[int(step)] if isinstance(value, list) else None
    return value


def _moved(module: RootModule, after: RootModule | None) -> RootModule:
    moves = _moves(module, after) if after else {}
    if not after or not moves:
        return module
    document = _renamed(module.document, moves)
    for old, new in moves.items():
        (type_, _, name), (_, _, to) = old.partition("."), new.partition(".")
        items = document["resource"][type_]
        items[to] = items.pop(name) | {"//": construct_path(_at(after.document, new))}
    return replace(module, document=document)


def _moves(module: RootModule, after: RootModule) -> dict[str, str]:
    """Return the addresses that a root module's resources have then, by those before."""
    there = set(_addresses(module.document))
    return {
        block["from"]: block["to"]
        for block in _blocks(after, "moved")
        if block["from"] in there and block["to"] not in there
    }


def _read_alike(module: RootModule, reads: Mapping[str, Any], now: Mapping[str, Any]) -> RootModule:
    """Return a root module whose local values are called as those that read the same now."""
    names = {json.dumps(value): name for name, value in now.get(module.part, {}).items()}
    old = reads.get(module.part, {})
    other = {
        f"local.{name}": f"local.{names[text]}"
        for name, value in old.items()
        if (text := json.dumps(value)) in names and name not in now.get(module.part, {})
    }
    if not other:
        return module
    document = _renamed(module.document, other)
    bare = {name.removeprefix("local."): new.removeprefix("local.") for name, new in other.items()}
    document["locals"] = {bare.get(name, name): value for name, value in document["locals"].items()}
    return replace(module, document=document)


def _renamed(document: Document, names: Mapping[str, str]) -> dict[str, Any]:
    """Return a document in which all that refers to these names refers to others."""
    pattern = re.compile(rf"(?<![\w.-])(?:{'|'.join(map(re.escape, names))})(?![\w-])")
    return dict(json.loads(pattern.sub(lambda found: names[found[0]], json.dumps(document))))


def _blocks(module: RootModule, name: str) -> Iterator[Mapping[str, Any]]:
    yield from module.document.get(name, [])


def _addresses(document: Document) -> Iterator[str]:
    yield from (f"{type_}.{name}" for type_, items in document.get("resource", {}).items() for name in items)


def _at(document: Document, address: str) -> Document:
    type_, _, name = address.partition(".")
    return dict(document.get("resource", {}).get(type_, {}).get(name, {}))
