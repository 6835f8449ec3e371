"""The files of one root module, as a person expects them: ``main``, ``iam``, ``variables``, ``outputs`` and others."""

import json
from collections import defaultdict
from collections.abc import Mapping
from typing import Any

from handover.documents import with_locals
from handover.partial_backends import needed_keys
from handover.platforms import STATES, Document, RootModule, construct_path
from handover.values_example import NAME as EXAMPLE
from handover.values_example import values_example
from handover.versions_file import NAME as VERSIONS
from handover.versions_file import as_native

Files = dict[str, bytes]

ENDING = ".tf.json"
MOVES = {"moved", "import", "removed"}


def module_files(module: RootModule) -> Files:
    """Return the files of a root module by name, each with its content."""
    parts = dict(_parts(module.document))
    native = as_native(parts.get("versions", {}).get("terraform", {}))
    if native is not None:
        del parts["versions"]
    files = {f"{name}{ENDING}": as_json(content) for name, content in sorted(parts.items()) if content}
    if native is not None:
        files[VERSIONS] = native.encode()
    if variables := module.document.get("variable"):
        files[EXAMPLE] = values_example(variables, needed_keys(module)).encode()
    return files


def _parts(document: Document) -> Mapping[str, dict[str, Any]]:
    """Return the document cut into files, by their names."""
    terraform = document.get("terraform", {})
    state = {key: value for key, value in terraform.items() if key in ("backend", "cloud")}
    versions = {key: value for key, value in terraform.items() if key not in state}
    parts: dict[str, dict[str, Any]] = defaultdict(dict)
    parts["versions"] = {"terraform": versions}
    parts["backend"] = {"terraform": state} if state else {}
    parts["providers"] = _block(document, "provider")
    parts["variables"] = _block(document, "variable")
    parts["outputs"] = _block(document, "output")
    strings = {name for name, block in document.get("variable", {}).items() if block.get("type") == "string"}
    for type_, items in document.get("resource", {}).items():
        file = parts["iam" if type_.startswith("aws_iam_") else "main"]
        for name, block in items.items():
            moved, local = with_locals(readable(block), name, strings)
            file.setdefault("resource", {}).setdefault(type_, {})[name] = moved
            file.setdefault("locals", {}).update(local)
    for type_, items in document.get("data", {}).items():
        file = parts["states" if type_ in STATES else "main"]
        file.setdefault("data", {})[type_] = {name: readable(block) for name, block in items.items()}
    read = document.get("locals", {})
    parts["states" if "states" in parts else "main"].setdefault("locals", {}).update(read)
    known = {"//", "terraform", "provider", "variable", "output", "resource", "data", "locals"}
    for key in document.keys() - known:  # modules, checks; what scanners such as checkov stumble over is apart
        parts["moves" if key in MOVES else "main"][key] = document[key]
    for part in parts.values():
        if not part.get("locals", True):
            del part["locals"]
    return parts


def readable(block: Document) -> dict[str, Any]:
    """Return a block with the path of its construct in place of cdktf's metadata."""
    path = construct_path(block)
    rest = {key: value for key, value in block.items() if key != "//"}
    return {"//": path, **rest} if path else rest


def as_json(content: Mapping[str, Any]) -> bytes:
    """Return a file of Terraform JSON, its keys in order."""
    return (json.dumps(content, indent=2, sort_keys=True, ensure_ascii=False) + "\n").encode()


def _block(document: Document, name: str) -> dict[str, Any]:
    return {name: document[name]} if document.get(name) else {}
