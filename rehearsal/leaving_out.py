"""Leave resources out of a stack, and with them whatever cannot be without them."""

import re
from collections import Counter
from collections.abc import Collection
from typing import Any

Document = dict[str, Any]
NOTHING = object()


def leave_out(document: Document, addresses: Collection[str], reason: str) -> Counter[str]:
    """Take resources and data sources out of ``document``, in place; return how many of which type.

    An entry of a list that refers to one goes; what refers to one in another way, or has no entry left, goes whole.
    """
    counts: Counter[str] = Counter()
    waiting = set(addresses)
    while waiting:
        for address in waiting:
            *prefix, type_, name = address.split(".")
            bodies = document["data" if prefix else "resource"][type_]
            del bodies[name]
            if not bodies:
                del document["data" if prefix else "resource"][type_]
            counts[f"{type_} ({reason if address in addresses else f'needs what is {reason}'})"] += 1
        waiting = _orphans(document, waiting)
    return counts


def _orphans(document: Document, gone: set[str]) -> set[str]:
    """Take what refers to ``gone`` out of all lists; return the addresses of what cannot be without it."""
    alternatives = "|".join(re.escape(address) for address in sorted(gone))
    pattern = re.compile(rf"(?<![\w.-])(?:{alternatives})(?![\w-])")
    orphans = set()
    for kind, prefix in (("resource", ""), ("data", "data.")):
        for type_, bodies in document.get(kind, {}).items():
            for name, body in bodies.items():
                for key in [key for key in body if key != "//"]:
                    rest = _without(body[key], pattern)
                    if rest is not NOTHING:
                        body[key] = rest
                    elif key == "depends_on":
                        del body[key]
                    else:
                        orphans.add(f"{prefix}{type_}.{name}")
    outputs = document.get("output", {})
    for name in [name for name, output in outputs.items() if _without(output, pattern) != output]:
        del outputs[name]
    if not outputs:  # Terraform takes no block without a name
        document.pop("output", None)
    return orphans


def _without(value: Any, pattern: re.Pattern[str]) -> Any:
    """Return a value without the list entries that refer to something, or NOTHING."""
    if isinstance(value, str):
        return NOTHING if pattern.search(value) else value
    if isinstance(value, dict):
        kept = {key: _without(child, pattern) for key, child in value.items()}
        return NOTHING if NOTHING in kept.values() else kept
    if isinstance(value, list):
        rest = [kept for child in value if (kept := _without(child, pattern)) is not NOTHING]
        return rest if rest or not value else NOTHING
    return value
