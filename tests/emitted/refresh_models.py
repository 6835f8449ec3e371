"""Keep what the tests need of models that are no requirement: CloudFormation's schemas, and botocore of another date.

    python -m tests.emitted.refresh_models cloudformation <folder of cfn-lint>/data/schemas
    python -m tests.emitted.refresh_models provider <botocore 1.42.4, as pip install --target leaves it>

``cloudformation`` keeps the ranges, patterns, words and required properties of the types that the table names.
``provider`` keeps the names of all keys that documents may have for the provider, whose own model is of that date.
"""

import gzip
import json
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from botocore.model import ServiceModel

from tests.emitted.documents import DOCUMENTS, key_tree
from tests.emitted.shapes import MODELS, ApiShape
from tests.emitted.table import ROWS

KEPT = {
    "enum": "words",
    "minimum": "least",
    "minLength": "least",
    "minItems": "least",
    "maximum": "most",
    "maxLength": "most",
    "maxItems": "most",
    "pattern": "pattern",
    "required": "required",
}
KINDS = {"integer": "number", "object": "structure", "array": "list"}


def cloudformation(folder: Path) -> dict[str, Any]:
    """Return the shapes of every type that the table names, from cfn-lint's schemas."""
    files = json.loads((folder / "providers" / "us-east-1.json").read_text())
    types = sorted({row.schema for row in ROWS.values() if row.schema})
    schemas = {type_: json.loads((folder / "resources" / f"{files[type_]}.json").read_text()) for type_ in types}
    return {type_: kept(schema, schema) for type_, schema in schemas.items()}


def kept(schema: Mapping[str, Any], root: Mapping[str, Any], inside: tuple[str, ...] = ()) -> dict[str, Any]:
    """Return what a schema limits, or nothing; what holds itself again, or is one of several things, it does not."""
    while "$ref" in schema:
        reference = schema["$ref"]
        if reference in inside:
            return {}
        inside = (*inside, reference)
        schema = root
        for step in reference.removeprefix("#/").split("/"):
            schema = schema[step]
    made = {name: schema[key] for key, name in KEPT.items() if key in schema}
    members = {name: kept(member, root, inside) for name, member in schema.get("properties", {}).items()}
    if members and ("required" in schema or any(members.values())):
        needed = schema.get("required", ())
        made["members"] = {name: item or {"kind": "any"} for name, item in members.items() if item or name in needed}
    if isinstance(schema.get("items"), Mapping) and (item := kept(schema["items"], root, inside)):
        made["item"] = item
    kind = "object" if "members" in made else schema.get("type")
    return {"kind": KINDS.get(kind, kind), **made} if made and isinstance(kind, str) else {}


def provider(folder: Path) -> dict[str, Any]:
    """Return the keys of every document, as trees, from a botocore that is only unpacked."""
    return dict(_trees(folder))


def _trees(folder: Path) -> Iterator[tuple[str, Any]]:
    for operation, names in DOCUMENTS.items():
        service = operation.partition(".")[0]
        (*_, file) = sorted(folder.glob(f"botocore/data/{service}/*/service-2.json.gz"))
        model = ServiceModel(json.loads(gzip.decompress(file.read_bytes())))
        shape = ApiShape(model.operation_model(operation.partition(".")[2]).input_shape)
        yield operation, {name: key_tree(shape.members[name]) for name in names}


MADE = {"cloudformation": cloudformation, "provider": provider}

if __name__ == "__main__":
    which, source = sys.argv[1:]
    lines = (
        f"{json.dumps(name)}: {json.dumps(tree, sort_keys=True)}" for name, tree in MADE[which](Path(source)).items()
    )
    (MODELS / f"{which}.json").write_text("{\n" + ",\n".join(lines) + "\n}\n")
