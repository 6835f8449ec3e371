"""Everything that AWS would refuse of one emitted resource, or that nothing here knows."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from tests.emitted.documents import dropped_keys
from tests.emitted.requests import TERRAFORM, Request, Row, leaves
from tests.emitted.shapes import request_shape, schema_shape
from tests.emitted.table import ROWS
from tests.emitted.validation import Finding, findings, limit_findings

# What CloudFormation has its own way of: names are given by itself, and other things are nested differently.
OWN = ("is a ",)


def resource_findings(type_: str, resource: Mapping[str, Any]) -> Iterator[Finding]:
    """Yield what is wrong with one resource, by the table's row of its type."""
    if type_ not in ROWS:
        yield Finding("", type_, "is a type that the table knows how to create")
        return
    row = ROWS[type_]
    requests = {
        operation: Request(row, request_shape(operation), operation).add(resource) for operation in row.requests
    }
    yield from _unmatched(resource, row, requests)
    for operation, request in requests.items():
        # What is told by a second request alone is often not told at all.
        others = set().union(*(other.placed for name, other in requests.items() if name != operation))
        if operation == row.requests[0] or request.placed - others:
            found = findings(request.parameters, request.shape)
            yield from (item for item in found if item.path not in row.filled and item.path not in row.wrong)
            yield from (Finding(path, None, f"is a key that {operation} has") for path in sorted(request.unknown_keys))
            for path in sorted(set(dropped_keys(operation, request.parameters))):
                yield Finding(path, None, "is a key that the provider knows; it drops others silently")
    if row.schema:
        schema = Request(row, schema_shape(row.schema)).add(resource)
        found = findings(schema.parameters, schema.shape)
        known = (item for item in found if not item.rule.startswith(OWN) and item.path not in {*row.filled, *row.wrong})
        yield from (item._replace(path=f"{row.schema} {item.path}") for item in known)
    for path, limit in row.limits.items():
        yield from limit_findings(list(values_at(resource, path, entries=limit.kind == "entries")), limit, path)


def _unmatched(resource: Mapping[str, Any], row: Row, requests: Mapping[str, Request]) -> Iterator[Finding]:
    """Yield every attribute that no request has a place for and the table has no reason for."""
    placed = {*row.elsewhere, *(path for request in requests.values() for path in request.placed)}
    paths = {
        path: None for key, value in resource.items() if key not in {*TERRAFORM, "//"} for path in leaves(value, key)
    }
    for path in paths:
        if not any(path == known or path.startswith(f"{known}.") for known in placed) and not _is_tag(path):
            yield Finding(path, None, "is an attribute of a request; the table has no place for it and no reason")


def _is_tag(path: str) -> bool:
    """Return whether an attribute is a tag, which ``sizes.py`` measures on all resources alike."""
    return path.partition(".")[0] in {"tags", "tag_specifications"}


def values_at(value: Any, path: str, *, entries: bool = False) -> Iterator[Any]:
    """Yield every value at a path, through lists and JSON documents; with ``entries``, the lists themselves."""
    if isinstance(value, str) and path and value[:1] in ("{", "["):
        value = json.loads(value)
    if isinstance(value, list) and (path or not entries):
        for item in value:
            yield from values_at(item, path, entries=entries)
    elif not path:
        yield value
    elif isinstance(value, Mapping):
        key, _, rest = path.partition(".")
        if key in value:
            yield from values_at(value[key], rest, entries=entries)
