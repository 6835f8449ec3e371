"""Values in Terraform's own language: strings with expressions in them, lists, maps, aligned lines."""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from itertools import groupby
from typing import Any

from handover.expressions import expressions

IDENTIFIER = re.compile(r"[A-Za-z_][\w-]*")
WIDTH = 120
ESCAPES = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t"}


def quoted(text: str) -> str:
    """Return a string as it is quoted; expressions inside of it stay as they are."""
    return '"' + "".join(part if is_code else _escaped(part) for is_code, part in parts(text)) + '"'


def parts(text: str) -> Iterator[tuple[bool, str]]:
    """Yield the parts of a string: text, and ``${…}``."""
    at = 0
    for inner in expressions(text):
        code = f"${{{inner}}}"
        start = text.index(code, at)
        while text[start - 1 : start] == "$":  # the same, escaped
            start = text.index(code, start + 1)
        if start > at:
            yield False, text[at:start]
        yield True, code
        at = start + len(code)
    if at < len(text):
        yield False, text[at:]


def _escaped(text: str) -> str:
    return "".join(
        ESCAPES.get(letter) or (letter if letter.isprintable() else f"\\u{ord(letter):04x}") for letter in text
    )


def expression(value: Any) -> list[str]:
    """Return a value as lines; what is one expression stands without quotes."""
    if isinstance(value, str):
        found = list(parts(value))
        return [found[0][1][2:-1].strip() if len(found) == 1 and found[0][0] else quoted(value)]
    if isinstance(value, Mapping):
        pairs = [(_key(key), expression(item)) for key, item in value.items()]
        return ["{", *(f"  {line}" for line in aligned(pairs)), "}"] if pairs else ["{}"]
    if isinstance(value, list):
        return _list([expression(item) for item in value])
    return [json.dumps(value)]


def _list(items: list[list[str]]) -> list[str]:
    if all(len(lines) == 1 for lines in items):
        line = f"[{', '.join(lines[0] for lines in items)}]"
        if len(line) < WIDTH:
            return [line]
    return ["[", *(f"  {line}" for lines in items for line in [*lines[:-1], f"{lines[-1]},"]), "]"]


def _key(key: str) -> str:
    return key if IDENTIFIER.fullmatch(key) else quoted(key)


def aligned(pairs: Iterable[tuple[str, list[str]]]) -> Iterator[str]:
    """Yield ``name = value`` for each pair; signs of neighbours that take one line stand under each other."""
    for is_short, group in groupby(pairs, lambda pair: len(pair[1]) == 1):
        found = list(group)
        width = max(len(name) for name, _ in found) if is_short else 0
        for name, (first, *rest) in found:
            yield f"{name:<{width}} = {first}"
            yield from rest
