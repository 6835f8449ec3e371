"""A resource of Terraform as the requests that create it: names matched by their spelling, exceptions by a table."""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from tests.emitted.shapes import Shape

# Terraform's alone, on every resource.
TERRAFORM = {"count", "depends_on", "for_each", "lifecycle", "provider", "provisioner", "timeouts"}


@dataclass(frozen=True)
class Limit:
    """What AWS's documentation says of a value and no model does."""

    source: str
    least: float | None = None
    most: float | None = None
    pattern: str | None = None
    words: tuple[str, ...] = ()
    kind: str = "any"


@dataclass(frozen=True)
class Row:
    """How one type of resource is created."""

    requests: tuple[str, ...] = ()
    schema: str | None = None
    # Path in Terraform → name in the request: of a member beside where it stands, or with "/" from the request's root.
    names: Mapping[str, str] = field(default_factory=dict)
    # Paths that no request has, with the reason.
    elsewhere: Mapping[str, str] = field(default_factory=dict)
    # Members of the request that are searched for what stands at the top in Terraform.
    inside: tuple[str, ...] = ()
    # Required members that the provider fills in, with the reason.
    filled: Mapping[str, str] = field(default_factory=dict)
    limits: Mapping[str, Limit] = field(default_factory=dict)
    # Findings of a model that is wrong: path in the request → reason.
    wrong: Mapping[str, str] = field(default_factory=dict)


class Request:
    """What one request would be told, and which attributes of the resource are in it."""

    def __init__(self, row: Row, shape: Shape, operation: str = "") -> None:
        """``operation`` is none for a type schema, whose documents spell their keys otherwise than the API."""
        self.row = row
        self.shape = shape
        self.operation = operation.rpartition(".")[2]
        self.parameters: dict[str, Any] = {}
        # Paths in Terraform, of every single value and of JSON documents.
        self.placed: set[str] = set()
        self.unknown_keys: set[str] = set()

    def add(self, resource: Mapping[str, Any]) -> "Request":
        """Put every attribute that this request has a place for into it."""
        for key, value in resource.items():
            if key not in TERRAFORM and key != "//":
                self._put(self.parameters, self.shape, key, value, key)
        return self

    def _put(self, target: dict[str, Any], shape: Shape, key: str, value: Any, path: str) -> None:
        name = self._name(shape, key, path)
        if name == ".":
            for inner, item in (value[0] if isinstance(value, list) else value).items():
                self._put(target, shape, inner, item, f"{path}.{inner}")
        elif name is not None:
            if name.startswith("/"):
                target, shape, name = self.parameters, self.shape, name[1:]
            *outer, last = name.split(".")
            for step in outer:
                shape, target = self._inner(shape, target, step)
            inner_shape = shape.item if shape.kind == "map" else shape.members[last]
            target[last] = _merged(target.get(last), self._fit(value, inner_shape, path))

    def _name(self, shape: Shape, key: str, path: str) -> str | None:
        """Return where in ``shape`` an attribute is put: what the table says, or what is spelled alike."""
        known = self.row.names.get(f"{self.operation}:{path}") or self.row.names.get(path)
        if known is not None:
            there = (
                name
                for name in known.split("|")
                if name == "." or has(self.shape if name.startswith("/") else shape, name.removeprefix("/"))
            )
            return next(there, None)
        name = member_named(key, shape)
        if name is None and "." not in path:
            for outer in self.row.inside:
                within = at(shape, outer)
                if within is not None and within.kind == "list":
                    within = within.item
                found = member_named(key, within) if within is not None else None
                name = name or (found and f"{outer}.{found}")
        return name

    @staticmethod
    def _inner(shape: Shape, target: dict[str, Any], step: str) -> tuple[Shape, dict[str, Any]]:
        shape = shape.members[step]
        if shape.kind == "list":
            return shape.item, target.setdefault(step, [{}])[0]
        return shape, target.setdefault(step, {})

    def _fit(self, value: Any, shape: Shape, path: str) -> Any:
        if isinstance(value, str) and value[:1] in ("{", "[") and shape.kind in ("structure", "list"):
            value = json.loads(value)
            if self.operation:
                return self._document(value, shape, path)
        if isinstance(value, list) and len(value) == 1 and shape.kind in ("structure", "map"):
            value = value[0]
        match shape.kind, value:
            case "structure", Mapping() if value:
                made: dict[str, Any] = {}
                for key, item in value.items():
                    self._put(made, shape, key, item, f"{path}.{key}")
                return made
            case "list", Mapping() if shape.item.kind == "structure" and _is_pair(shape.item):
                self.placed.update(leaves(value, path))
                name, text = sorted(shape.item.members)  # Key and Value, Name and Value, name and value
                return [{name: key, text: item} for key, item in value.items()]
            case "list", list():
                return [self._fit(item, shape.item, path) for item in value]
            case "list", _:
                return [self._fit(value, shape.item, path)]
            case "string", list():
                self.placed.update(leaves(value, path))
                return ",".join(value)
            case _:
                self.placed.update(leaves(value, path))
                return value

    def _document(self, value: Any, shape: Shape, path: str) -> Any:
        """Return a JSON document as it is; its keys are the API's own, and each must be one that the API has."""
        self.placed.add(path)
        self.unknown_keys |= set(unknown_keys(value, shape, path))
        return value


def _merged(old: Any, new: Any) -> Any:
    if isinstance(old, list) and isinstance(new, list):
        return old + new
    return old | new if isinstance(old, dict) and isinstance(new, dict) else new


def unknown_keys(value: Any, shape: Shape, path: str) -> Iterator[str]:
    """Yield the path of every key of a JSON document that is no member of its structure; one without any is free."""
    if shape.kind == "structure" and not shape.members:
        return
    if isinstance(value, list):
        for item in value:
            yield from unknown_keys(item, shape.item, path)
    elif isinstance(value, Mapping):
        for key, item in value.items():
            if shape.kind == "map":
                yield from unknown_keys(item, shape.item, f"{path}.{key}")
            elif key in shape.members:
                yield from unknown_keys(item, shape.members[key], f"{path}.{key}")
            else:
                yield f"{path}.{key}"


def has(shape: Shape, path: str) -> bool:
    """Return whether there is something at ``path`` in a shape, through lists too."""
    return at(shape, path) is not None


def at(shape: Shape, path: str) -> Any:
    """Return the shape at ``path``, through lists too, or None."""
    found: Shape | None = shape
    for step in path.split("."):
        if found is not None and found.kind == "list":
            found = found.item
        if found is not None and found.kind == "map":
            found = found.item if step in found.keys.words else None
        else:
            found = found.members.get(step) if found is not None else None
    return found


def leaves(value: Any, path: str) -> Iterator[str]:
    """Yield the path of every single value, without the numbers of entries."""
    if isinstance(value, Mapping) and value:
        for key, item in value.items():
            yield from leaves(item, f"{path}.{key}")
    elif isinstance(value, list) and value:
        for item in value:
            yield from leaves(item, path)
    else:
        yield path


def _is_pair(shape: Shape) -> bool:
    """Return whether a structure is a key with its value, as maps are told to APIs that have none."""
    return {name.lower() for name in shape.members} in ({"key", "value"}, {"name", "value"})


def member_named(key: str, shape: Shape) -> str | None:
    """Return the member that Terraform's name stands for: the same letters, in the singular or plural."""
    names = shape.members or (shape.keys.words if shape.kind == "map" else ())
    spelled = {re.sub(r"[^a-z0-9]", "", name.lower()): name for name in names}
    plain = key.replace("_", "").lower()
    plurals = (plain, plain + "s", plain + "es", plain.removesuffix("y") + "ies", plain.removesuffix("s"))
    return next((spelled[word] for word in plurals if word in spelled), None)
