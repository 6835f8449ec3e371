"""Files of Terraform JSON as files in Terraform's own language, each only where it reads back as the same JSON."""

import json
import re
from collections.abc import Collection, Mapping
from typing import Any

from handover.module_files import ENDING, Files
from handover.native import NAMES, OWN_NAMES, UnwritableError, native
from handover.native_reading import PACKAGE, missing_package, parsed, plain
from handover.native_text import parts
from handover.options import RefusedError


def native_files(files: Mapping[str, bytes]) -> Files:
    """Return the files with all in the native syntax that reads back as the same. Raises RefusedError."""
    if how := missing_package():
        raise RefusedError(f"--hcl needs {PACKAGE}, which proves what is written: {how}")
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
    """Return what a file in the native syntax says, in the same one way as ``canonical``. Raises ValueError."""
    return {kind: _canonical(plain(value), ()) for kind, value in parsed(text).items()}


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
