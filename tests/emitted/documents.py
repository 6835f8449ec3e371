"""JSON documents, which the provider decodes into types of its own date: what those do not know, it drops silently."""

import json
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

from tests.emitted.shapes import MODELS, Shape

# Members of a request that Terraform is told as one JSON document.
DOCUMENTS = {
    "batch.RegisterJobDefinition": ("containerProperties", "ecsProperties", "eksProperties", "nodeProperties"),
    "ecs.RegisterTaskDefinition": ("containerDefinitions",),
}
ANY = "*"


def key_tree(shape: Shape) -> dict[str, Any]:
    """Return the keys that a document of this shape may have, each with those inside it."""
    match shape.kind:
        case "structure":
            return {name: key_tree(member) for name, member in shape.members.items()}
        case "list":
            return key_tree(shape.item)
        case "map":
            return {ANY: key_tree(shape.item)}
    return {}


@cache
def provider_trees() -> Mapping[str, Any]:
    """Return the keys that botocore 1.42.4 has, which is of the date of provider 6.25.0."""
    trees: Mapping[str, Any] = json.loads((MODELS / "provider.json").read_text())
    return trees


def dropped_keys(operation: str, parameters: Mapping[str, Any]) -> Iterator[str]:
    """Yield the path of each key of a request's documents that the provider does not know."""
    for name, tree in provider_trees().get(operation, {}).items():
        if name in parameters:
            yield from _strangers(parameters[name], tree, name)


def _strangers(value: Any, tree: Mapping[str, Any], path: str) -> Iterator[str]:
    if isinstance(value, list):
        for item in value:
            yield from _strangers(item, tree, path)
    elif isinstance(value, Mapping):
        for key, item in value.items():
            if key in tree or ANY in tree:
                yield from _strangers(item, tree.get(key, tree.get(ANY)), f"{path}.{key}")
            else:
                yield f"{path}.{key}"
