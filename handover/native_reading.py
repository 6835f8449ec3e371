"""Files in Terraform's own language as Terraform JSON.

python-hcl2 reads them, which knows nothing of how they were written.
"""

import json
import re
from importlib.util import find_spec
from typing import Any

from handover.native import LABELS, NAMES, OWN_NAMES
from handover.native_text import parts

PACKAGE = "python-hcl2==8.1.4"
BLOCK, COMMENTS = "__is_block__", "__comments__"
SEVERAL = ("moved", "import", "removed")
# The path of a resource's setting above it.
COMMENT = re.compile(r'^# (?P<path>.+)\nresource "(?P<type>\w+)" "(?P<name>[\w-]+)"', re.MULTILINE)


def missing_package() -> str:
    """Return how to install what reads Terraform's own language; empty where that is done."""
    return "" if find_spec("hcl2") else f".venv/bin/python -m pip install {PACKAGE}"


def parsed(text: str) -> dict[str, Any]:
    """Return what a file says, blocks with labels as objects. Raises ValueError."""
    import hcl2  # type: ignore[import-untyped,unused-ignore]  # noqa: PLC0415  only this needs it
    from lark.exceptions import LarkError  # noqa: PLC0415

    try:
        found = hcl2.loads(text)
    except LarkError as error:
        raise ValueError(str(error)) from error
    return {kind: _merged(items) if kind in LABELS else items for kind, items in found.items() if kind != COMMENTS}


def plain(value: Any) -> Any:
    """Return a value as it is in JSON, without what python-hcl2 adds: expressions stand in ``${}``."""
    if isinstance(value, dict):
        return {_label(key): plain(item) for key, item in value.items() if key not in (BLOCK, COMMENTS)}
    if isinstance(value, list):
        return [plain(item) for item in value]
    return _text(value) if isinstance(value, str) else value


def read_document(text: str) -> dict[str, Any]:
    """Return a file as the Terraform JSON it was written from: one block as an object. Raises ValueError."""
    document: dict[str, Any] = {}
    for kind, found in parsed(text).items():
        blocks = found if isinstance(found, list) else [found]
        read = [_unnamed(plain(_one_by_one(block)), NAMES | OWN_NAMES.get(kind, set())) for block in blocks]
        document[kind] = read if kind in SEVERAL else {name: value for block in read for name, value in block.items()}
    for found in COMMENT.finditer(text):
        document["resource"][found["type"]][found["name"]]["//"] = found["path"]
    return document


def _merged(items: list[dict[str, Any]]) -> dict[str, Any]:
    """Return blocks with labels as one object."""
    merged: dict[str, Any] = {}
    for name, block in (pair for item in items for pair in item.items()):
        merged[name] = {**merged.get(name, {}), **block}
    return merged


def _one_by_one(value: Any) -> Any:
    """Return a value in which a block that there is only one of is no list."""
    if isinstance(value, dict):
        return {key: _one_by_one(item) for key, item in value.items()}
    if isinstance(value, list):
        items = [_one_by_one(item) for item in value]
        return items[0] if len(items) == 1 and _is_block(items[0]) else items
    return value


def _is_block(value: Any) -> bool:
    """Return whether it is a block, or one by its label."""
    if not isinstance(value, dict) or not value:
        return False
    return BLOCK in value or all(isinstance(item, dict) and BLOCK in item for item in value.values())


def _unnamed(value: Any, names: frozenset[str] | set[str], name: str = "") -> Any:
    """Return a value in which names of things are no expressions."""
    if isinstance(value, dict):
        return {key: _unnamed(item, names, key) for key, item in value.items()}
    if isinstance(value, list):
        return [_unnamed(item, names, name) for item in value]
    return value[2:-1] if name in names and isinstance(value, str) and value.startswith("${") else value


def _label(text: str) -> str:
    return _text(text) if text.startswith('"') else text


def _text(text: str) -> str:
    """Return a string or an expression as python-hcl2 gives it: one in its quotes, the other in ``${}`` or bare."""
    if not text.startswith('"'):
        return text if text.startswith("${") else f"${{{text}}}"
    return "".join(part if is_code else _unescaped(part) for is_code, part in parts(text[1:-1]))


def _unescaped(text: str) -> str:
    return re.sub(r"\\(u[0-9a-fA-F]{4}|.)", lambda found: str(json.loads(f'"{found[0]}"')), text)
