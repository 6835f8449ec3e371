"""States that are files: inside a bundle they lie beside its root modules, wherever it is unpacked."""

import copy
import re
from collections.abc import Iterator, Mapping
from typing import Any

OUTSIDE = re.compile(r"^(?:\.\./)+")


def inside_bundle(document: Mapping[str, Any]) -> dict[str, Any]:
    """Return a root module whose own local state, and those it reads, lie in the folder above it and not further up."""
    inside = copy.deepcopy(dict(document))
    for block in _local(inside):
        if "path" in block:
            block["path"] = OUTSIDE.sub("../", block["path"])
    return inside


def _local(document: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    yield from (block for kind, block in document.get("terraform", {}).get("backend", {}).items() if kind == "local")
    for state in document.get("data", {}).get("terraform_remote_state", {}).values():
        if state.get("backend") == "local":
            yield state.get("config", {})
