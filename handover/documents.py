"""Documents inside strings, such as policies: kept readable as local values, and encoded where they are used.

``jsonencode`` sorts keys and leaves out blanks. A document whose text is already in that form, byte for byte, can be
written either way without any difference in a plan; one that is not stays the text it is.
"""

import json
import re
from collections.abc import Mapping
from typing import Any

from handover.expressions import expressions, texts

# What jsonencode writes in another way than it was read: Go escapes these for the sake of HTML.
ESCAPED = re.compile("[<>&\u2028\u2029\x7f]")
# A lone reference keeps its type, where text would have made a string of it: so only to what is a string.
STRING = re.compile(r"[\w.-]+[._](?:(?:arn|id|name|url|bucket)|(?:arn|id)s_\d+)")
LONE = re.compile(r"\$\{([^{}]*)\}")


def as_local(text: str) -> Any | None:
    """Return the document in ``text`` if ``jsonencode`` gives that very text for it, whatever it refers to; or None."""
    if text[:1] not in ("{", "["):
        return None
    try:
        document = json.loads(text, parse_float=_refused)
    except ValueError:
        return None
    if ESCAPED.search(text) or encoded(document) != text:
        return None
    return document if all(map(_keeps_its_meaning, texts(document))) else None


def encoded(document: Any) -> str:
    """Return what ``jsonencode`` makes of a document without references."""
    return json.dumps(document, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def _refused(number: str) -> float:
    raise ValueError(f"{number} may be written in another way")


def _keeps_its_meaning(text: str) -> bool:
    # %{ begins a directive; a quote inside an expression was read as part of the JSON, and would now be Terraform's.
    if "%{" in text.replace("%%{", "") or any({'"', "\\"} & set(found) for found in expressions(text)):
        return False
    lone = LONE.fullmatch(text)
    return not lone or text.startswith("$$") or STRING.fullmatch(lone[1]) is not None


def with_locals(block: Mapping[str, Any], name: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return a resource's block with its documents moved to local values, and those by their names."""
    local: dict[str, Any] = {}
    moved = {key: _moved(value, f"{name}_{key}", local) for key, value in block.items()}
    return moved, local


def _moved(value: Any, name: str, local: dict[str, Any]) -> Any:
    if isinstance(value, str) and (document := as_local(value)) is not None:
        local[name] = document
        return f"${{jsonencode(local.{name})}}"
    return value
