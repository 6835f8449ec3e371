"""Documents inside strings, such as policies: kept readable as local values, and encoded where they are used.

``jsonencode`` sorts keys and leaves out blanks. A document whose text is already in that form, byte for byte, can be
written either way without any difference in a plan; one that is not stays the text it is.
"""

import json
import re
from collections.abc import Collection, Mapping
from typing import Any

from handover.expressions import expressions, texts
from handover.late_values import UNQUOTED

# What jsonencode does not write as it was read: Go escapes these for the sake of HTML.
ESCAPED = re.compile("[<>&\u2028\u2029\x7f]")
# A lone reference keeps its type, where text would have made a string of it: so only to what is a string.
STRING = re.compile(r"[\w.-]+[._](?:(?:arn|id|name|url|bucket)|(?:arn|id)s_\d+)")
LONE = re.compile(r"\$\{([^{}]*)\}")
MARK = "\N{OBJECT REPLACEMENT CHARACTER}"


def as_local(text: str, strings: Collection[str] = ()) -> Any | None:
    """Return the document in ``text`` if ``jsonencode`` gives that very text for it, whatever it refers to; or None.

    ``strings`` are the variables that are text.
    """
    if text[:1] not in ("{", "["):
        return None
    quoted = UNQUOTED.sub(rf'"{MARK}\1"', text)
    try:
        document = json.loads(quoted, parse_float=_refused)
    except ValueError:
        return None
    if ESCAPED.search(text) or encoded(document) != quoted:
        return None
    return _unmarked(document) if all(_keeps_its_meaning(item, strings) for item in texts(document)) else None


def encoded(document: Any) -> str:
    """Return what ``jsonencode`` makes of a document without references."""
    return json.dumps(document, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def _refused(number: str) -> float:
    raise ValueError(f"{number} may be written in another way")


def _unmarked(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: _unmarked(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_unmarked(item) for item in value]
    return value.removeprefix(MARK) if isinstance(value, str) else value


def _keeps_its_meaning(text: str, strings: Collection[str]) -> bool:
    # %{ begins a directive; a quote inside an expression was read as part of the JSON, and would now be Terraform's.
    if "%{" in text.replace("%%{", "") or any({'"', "\\"} & set(found) for found in expressions(text)):
        return False
    lone = LONE.fullmatch(text)
    if not lone or text.startswith("$$"):
        return True
    return lone[1].removeprefix("var.") in strings if lone[1].startswith("var.") else bool(STRING.fullmatch(lone[1]))


def with_locals(
    block: Mapping[str, Any], name: str, strings: Collection[str] = ()
) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return a resource's block with its documents moved to local values, and those by their names."""
    local: dict[str, Any] = {}
    moved = {key: _moved(value, f"{name}_{key}", local, strings) for key, value in block.items()}
    return moved, local


def _moved(value: Any, name: str, local: dict[str, Any], strings: Collection[str]) -> Any:
    if isinstance(value, str) and (document := as_local(value, strings)) is not None:
        local[name] = document
        return f"${{jsonencode(local.{name})}}"
    return value
