"""Files of Terraform JSON as files in Terraform's own language, each only where it reads back as the same JSON.

python-hcl2 reads it, which knows nothing of how it was written.
"""

import json
import re
from collections.abc import Collection, Mapping
from typing import Any

from handover.module_files import ENDING, Files
from handover.native import LABELS, NAMES, OWN_NAMES, UnwritableError, native
from handover.native_text import parts
from handover.options import RefusedError

PACKAGE = "python-hcl2==8.1.4"
BLOCK, COMMENTS = "__is_block__", "__comments__"


def native_files(files: Mapping[str, bytes]) -> Files:
    """Return the files with all in the native syntax that reads back as the same. Raises RefusedError."""
    try:
        import hcl2  # type: ignore[import-untyped,unused-ignore]  # noqa: F401, PLC0415  only this needs it
    except ModuleNotFoundError as error:
        how = f".venv/bin/python -m pip install {PACKAGE}"
        raise RefusedError(f"--hcl needs {PACKAGE}, which proves what is written: {how}") from error
    written = {}
    for name, content in files.items():
        text = _proven(json.loads(content)) if name.endswith(ENDING) else None
        written[name if text is None else name.removesuffix(".json")] = content if text is None else text.encode()
    return written


def _proven(document: Mapping[str, Any]) -> str | None:
    """Return a file in the native syntax; None where it is not known to say the same."""
    try:
        text = native(document)
        return text if read_native(text) == canonical(document) else None
    except (UnwritableError, ValueError):
        return None


def read_native(text: str) -> Any:
    """Return what a file in the native syntax says, as Terraform JSON. Raises ValueError."""
    import hcl2  # noqa: PLC0415
    from lark.exceptions import LarkError  # noqa: PLC0415

    try:
        parsed = hcl2.loads(text)
    except LarkError as error:
        raise ValueError(str(error)) from error
    read = {kind: _merged(items) if kind in LABELS else items for kind, items in _read(parsed).items()}
    return {kind: _canonical(value, ()) for kind, value in read.items()}


def _merged(items: list[dict[str, Any]]) -> dict[str, Any]:
    """Return blocks with labels as one object."""
    merged: dict[str, Any] = {}
    for name, block in (pair for item in items for pair in item.items()):
        merged[name] = {**merged.get(name, {}), **block}
    return merged


def _read(value: Any) -> Any:
    if isinstance(value, dict):
        return {_label(key): _read(item) for key, item in value.items() if key not in (BLOCK, COMMENTS)}
    if isinstance(value, list):
        return [_read(item) for item in value]
    return _text(value) if isinstance(value, str) else value


def _label(text: str) -> str:
    return _text(text) if text.startswith('"') else text


def _text(text: str) -> str:
    """Return a string or an expression as python-hcl2 gives it: one in its quotes, the other in ``${}`` or bare."""
    if not text.startswith('"'):
        return text if text.startswith("${") else f"${{{text}}}"
    return "".join(part if is_code else _unescaped(part) for is_code, part in parts(text[1:-1]))


def _unescaped(text: str) -> str:
    return re.sub(r"\\(u[0-9a-fA-F]{4}|.)", lambda found: str(json.loads(f'"{found[0]}"')), text)


def canonical(document: Mapping[str, Any]) -> Any:
    """Return Terraform JSON in the one way of several that ``read_native`` has, with names of things as expressions."""
    return {
        kind: _canonical(value, NAMES | OWN_NAMES.get(kind, set()), kind)
        for kind, value in document.items()
        if kind != "//"
    }


def _canonical(value: Any, names: Collection[str], name: str = "") -> Any:
    if isinstance(value, Mapping):
        return {key: _canonical(item, names, key) for key, item in value.items() if key != "//"}
    if isinstance(value, list):
        items = [_canonical(item, names, name) for item in value]
        return items[0] if len(items) == 1 and isinstance(items[0], dict) else items
    if isinstance(value, str):
        whole = f"${{{value}}}" if name in names and not value.startswith("${") else value
        return "".join(_squeezed(part) if is_code else part for is_code, part in parts(whole))
    return value


def _squeezed(code: str) -> str:
    """Return an expression without blanks outside of its strings."""
    return re.sub(r'("(?:\\.|[^"\\])*")|\s+', lambda found: found[1] or "", code)
