"""A provider's schema, as ``terraform providers schema -json`` prints it."""

from typing import Any


def block(*attributes: str, **blocks: dict[str, Any]) -> dict[str, Any]:
    """Return the schema of a block with attributes and nested blocks."""
    return {
        "attributes": {name: {"type": "string"} for name in attributes},
        "block_types": {name: {"nesting_mode": "list", "block": nested} for name, nested in blocks.items()},
    }


def schema(data: dict[str, Any] | None = None, **resources: dict[str, Any]) -> dict[str, Any]:
    """Return the schema of a provider that knows these types."""
    return {
        "resource_schemas": {name: {"block": body} for name, body in resources.items()},
        "data_source_schemas": {name: {"block": body} for name, body in (data or {}).items()},
    }
