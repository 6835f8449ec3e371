"""What EventBridge hands to the target of a rule: the event, a text, or a text with parts of the event. Pure.

Source: "Input transformation" in the EventBridge user guide; InputTransformer in its API reference.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from modules.canonical_json import plain_json

MOST_CHARACTERS = 8_192
PLACEHOLDER = re.compile(r"<(\$\.[^<>]+)>")


@dataclass(frozen=True)
class TargetInput:
    """One of these, or none: a text, a path, or a template with the paths of its parts by their names."""

    text: str | None = None
    path: str | None = None
    template: str | None = None
    paths: Mapping[str, str] = field(default_factory=dict)


def document_input(document: Mapping[str, Any]) -> TargetInput:
    """Return ``document`` as a text, in which a value that is ``$.detail.key`` stands for that part of the event."""
    paths: dict[str, str] = {}

    def marked(value: Any) -> Any:
        if isinstance(value, Mapping):
            return {key: marked(item) for key, item in value.items()}
        if isinstance(value, list):
            return [marked(item) for item in value]
        if isinstance(value, str) and value.startswith("$."):
            return f"\0<{_named(paths, value)}>\0"
        return value

    text = plain_json(marked(document))
    # Without quotes: EventBridge puts them around a text itself, and escapes what is in it.
    template = re.sub(r'"\\u0000(<[A-Za-z0-9_-]+>)\\u0000"', r"\1", text)
    return TargetInput(template=template, paths=paths) if paths else TargetInput(text=text)


def text_input(text: str | None) -> TargetInput:
    """Return a text with ``<$.detail.key>`` for each part of the event; one that is a path is that part alone."""
    if text is None:
        return TargetInput()
    if text.startswith("$."):
        return TargetInput(path=text)
    paths: dict[str, str] = {}
    template = PLACEHOLDER.sub(lambda match: f"<{_named(paths, match[1])}>", text)
    return TargetInput(template=template, paths=paths) if paths else TargetInput(text=text)


def is_json(text: str) -> bool:
    """Return whether a text is JSON once numbers stand for its parts of the event."""
    try:
        json.loads(PLACEHOLDER.sub("0", text))
    except ValueError:
        return False
    return True


def _named(paths: dict[str, str], path: str) -> str:
    """Return the name of a path, which it gets if it has none: of what a name may have, numbered."""
    for name, known in paths.items():
        if known == path:
            return name
    name = f"part-{len(paths) + 1}"
    paths[name] = path
    return name
