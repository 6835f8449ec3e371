"""Fit a stack to a provider older than the one it was made for, by what that provider's own schema knows.

What was renamed since gets its old name, what was widened its old limit, and what is unknown is left out and counted.
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from rehearsal.leaving_out import leave_out
from rehearsal.plan_reading import REPLACED, Change

Document = dict[str, Any]

# How Terraform refers to what a document has under these.
PREFIX = {"resource": "", "data": "data."}

# Terraform's own, in every resource and data source.
META_ARGUMENTS = {"//", "connection", "count", "depends_on", "for_each", "lifecycle", "provider", "provisioner"}

RENAMED = {
    ("aws_batch_compute_environment", "name"): "compute_environment_name",
    ("aws_batch_compute_environment", "name_prefix"): "compute_environment_name_prefix",
}
# What an attribute that is only read was called.
READ_AS = {("aws_ecs_service", "arn"): "id"}
# Values that providers before 6 refuse, by the argument whose list they are in.
NEWER_VALUES = {"aws_ecs_task_definition": {"requires_compatibilities": "MANAGED_INSTANCES"}}
# Largest values that providers before 6 let through; SQS itself takes more since August 2025.
OLD_LIMITS = {("aws_sqs_queue", "max_message_size"): 262_144}

# What providers before a version replace and newer ones update in place, by type and argument. Source: the provider's
# changelog.
REPLACED_BEFORE = {("aws_batch_compute_environment", "compute_resources"): (6, 10)}


def replaces_no_more(change: Change, version: str) -> bool:
    """Return whether a provider of this version replaces what newer ones may update in place."""
    arguments = {name.partition(".")[0] for name in change.attributes}
    first = [REPLACED_BEFORE.get((change.type, argument), (0,)) for argument in arguments]
    return change.action in REPLACED and bool(first) and tuple(map(int, version.split("."))) < min(first)


def fit(document: Document, schema: Document) -> Counter[str]:
    """Fit ``document`` in place to the ``schema`` of a provider; return how often what was left out or changed.

    ``schema`` is that provider's entry in what ``terraform providers schema -json`` prints.
    """
    changed: Counter[str] = Counter()
    inexpressible: set[str] = set()
    for kind, schemas in (("resource", "resource_schemas"), ("data", "data_source_schemas")):
        for type_, bodies in list(document.get(kind, {}).items()):
            if not type_.startswith("aws_"):
                continue
            known = schema[schemas].get(type_)
            if known is None:
                inexpressible |= {f"{PREFIX[kind]}{type_}.{name}" for name in bodies}
                continue
            for name, body in bodies.items():
                _rename(type_, body, known["block"], changed)
                _keep_known(type_, body, known["block"], changed)
                _limit(type_, body, schema, changed)
                newer = _is_before_6(schema) and _has_newer_value(type_, body)
                if newer or not _is_complete(body, known["block"]):
                    inexpressible.add(f"{PREFIX[kind]}{type_}.{name}")
    _rename_references(document, schema)
    return changed + leave_out(document, inexpressible, "unknown to this provider")


def _has_newer_value(type_: str, body: Document) -> bool:
    return any(value in body.get(name, ()) for name, value in NEWER_VALUES.get(type_, {}).items())


def _is_complete(body: Document, block: Document) -> bool:
    """Return whether a resource has all that it must have, whatever was left out of it."""
    attributes = {name for name, attribute in block.get("attributes", {}).items() if attribute.get("required")}
    blocks = {name for name, nested in block.get("block_types", {}).items() if nested.get("min_items")}
    return attributes | blocks <= body.keys()


def _rename(type_: str, body: Document, block: Document, changed: Counter[str]) -> None:
    for (of, new), old in RENAMED.items():
        if of == type_ and new in body and new not in block["attributes"]:
            body[old] = body.pop(new)
            changed[f"{type_}.{new} (called {old} then)"] += 1


def _keep_known(path: str, body: Document, block: Document, changed: Counter[str], *, nested: bool = False) -> None:
    attributes, blocks = block.get("attributes", {}), block.get("block_types", {})
    for name in list(body):
        if name in attributes or (not nested and name in META_ARGUMENTS):
            continue
        if name not in blocks:
            del body[name]
            changed[f"{path}.{name} (unknown to this provider)"] += 1
            continue
        for child in _blocks(body[name]):
            _keep_known(f"{path}.{name}", child, blocks[name]["block"], changed, nested=True)


def _blocks(value: object) -> Iterator[Document]:
    """Yield the blocks of a nested block, however it is written; a dynamic one stays as it is."""
    for child in value if isinstance(value, list) else [value]:
        if isinstance(child, dict):
            yield child


def _limit(type_: str, body: Document, schema: Document, changed: Counter[str]) -> None:
    if _is_before_6(schema):
        for (of, name), largest in OLD_LIMITS.items():
            if of == type_ and isinstance(body.get(name), int) and body[name] > largest:
                changed[f"{type_}.{name} (lowered to {largest:,})"] += 1
                body[name] = largest


def _is_before_6(schema: Document) -> bool:
    """Return whether a schema is older than AWS provider 6, which gave every regional resource a region."""
    queue: Mapping[str, Any] = schema["resource_schemas"].get("aws_sqs_queue", {})
    return bool(queue) and "region" not in queue["block"]["attributes"]


def _rename_references(document: Document, schema: Document) -> None:
    for (type_, new), old in {**RENAMED, **READ_AS}.items():
        known = schema["resource_schemas"].get(type_)
        if known is not None and new not in known["block"]["attributes"]:
            _replace_texts(document, re.compile(rf"\b({type_}\.[\w-]+)\.{new}\b"), rf"\1.{old}")


def _replace_texts(value: Any, pattern: re.Pattern[str], replacement: str) -> None:
    for key, child in value.items() if isinstance(value, dict) else enumerate(value):
        if isinstance(child, str):
            value[key] = pattern.sub(replacement, child)
        elif isinstance(child, (dict, list)):
            _replace_texts(child, pattern, replacement)
