"""Whether the parameters of a request are what its shape says."""

import re
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any, NamedTuple

from tests.emitted.requests import Limit
from tests.emitted.shapes import Shape

# What Java's and ECMA's regular expressions know and Python's do not.
CLASSES = {
    r"\uD800\uDC00-\uDBFF\uDFFF": "\U00010000-\U0010ffff",
    r"\p{Print}": r"\x20-\x7e",
    r"\p{ASCII}": r"\x00-\x7f",
    r"\p{Alnum}": "0-9A-Za-z",
    r"\p{Graph}": r"\x21-\x7e",
    r"\p{Z}": r"\s",
    r"\p{N}": "0-9",
    r"\p{L}": "A-Za-z\xc0-\uffdc",
    r"\p{M}": "\u0300-\u036f",
    r"\p{S}": "$+<=>^`|~",
    r"\p{P}": r"!-#%-*,-/:;?@\[-\]_{}",
    r"\p{C}": r"\x00-\x1f",
}
# Kubernetes: labels and selectors, syntax and character set.
LABEL_VALUE = r"([A-Za-z0-9]([A-Za-z0-9_.-]{0,61}[A-Za-z0-9])?)?"
LABEL_KEY = rf"((?=.{{1,253}}/)[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*/)?(?!$){LABEL_VALUE}"
REFERENCE = re.compile(r"\$\{[^}]*\}")


class Finding(NamedTuple):
    """What AWS would refuse."""

    path: str
    value: Any
    rule: str


def findings(value: Any, shape: Shape, path: str = "") -> Iterator[Finding]:
    """Yield what is wrong with ``value``. What holds references is measured only as far as it is known."""
    if isinstance(value, str) and REFERENCE.search(value):
        if shape.kind == "string" and shape.most is not None and len(REFERENCE.sub("", value)) > shape.most:
            yield Finding(path, value, f"has at most {shape.most} characters")
        return
    match shape.kind, value:
        case "structure", Mapping():
            for name in sorted(set(shape.required) - set(value)):
                yield Finding(_join(path, name), None, "is required")
            for name, item in value.items():
                if name in shape.members:
                    yield from findings(item, shape.members[name], _join(path, name))
        case "map", Mapping():
            yield from _sized(value, shape, path, "entries")
            for key, item in value.items():
                yield from findings(key, shape.keys, f"{path}.{key} (key)")
                yield from findings(item, shape.item, _join(path, key))
        case "list", list():
            yield from _sized(value, shape, path, "entries")
            for item in value:
                yield from findings(item, shape.item, f"{path}[]")
        case "string", str() | bool() | int() | float():
            yield from _text(text_of(value), shape, path)
        case "number", _ if isinstance(number_of(value), int | float):
            number = number_of(value)
            if shape.least is not None and number < shape.least:
                yield Finding(path, value, f"is at least {shape.least}")
            if shape.most is not None and number > shape.most:
                yield Finding(path, value, f"is at most {shape.most}")
            if shape.words and number not in shape.words:
                yield Finding(path, value, f"is one of {', '.join(map(str, shape.words))}")
        case ("boolean", bool()) | ("boolean", "true" | "false") | ("blob" | "any", _):
            pass
        case _:
            yield Finding(path, value, f"is a {shape.kind}")


def limit_findings(values: list[Any], limit: Limit, path: str) -> Iterator[Finding]:
    """Yield which of the values at a path are beyond what the documentation says."""
    for value in values:
        if not (isinstance(value, str) and REFERENCE.search(value)) and not within(value, limit):
            yield Finding(path, value, f"is what is said there: {limit}")


def within(value: Any, limit: Limit) -> bool:
    """Return whether a value is what the documentation says."""
    text = text_of(value)
    if limit.kind == "labels":
        return all(matches(LABEL_KEY, key) and matches(LABEL_VALUE, item) for key, item in value.items())
    if limit.kind == "keys":
        return all(len(key) >= (limit.least or 0) for key in value)
    if limit.kind in ("number", "characters", "bytes", "entries"):
        sizes = {"number": number_of(value), "characters": len(text), "bytes": len(text.encode())}
        size = sizes.get(limit.kind, len(value) if isinstance(value, list) else 1)
        return isinstance(size, int | float) and (
            (limit.least is None or size >= limit.least) and (limit.most is None or size <= limit.most)
        )
    return matches(limit.pattern, text) if limit.pattern else text in limit.words


def _sized(value: Any, shape: Shape, path: str, what: str) -> Iterator[Finding]:
    if shape.least is not None and len(value) < shape.least:
        yield Finding(path, value, f"has at least {shape.least} {what}")
    if shape.most is not None and len(value) > shape.most:
        yield Finding(path, value, f"has at most {shape.most} {what}")


def _text(value: str, shape: Shape, path: str) -> Iterator[Finding]:
    yield from _sized(value, shape, path, "characters")
    if set(shape.words) == {"ENABLED", "DISABLED"} and value in {"true", "false"}:
        return  # the provider says it so
    if shape.words and value not in shape.words:
        yield Finding(path, value, f"is one of {', '.join(sorted(shape.words))}")
    if shape.pattern and not matches(shape.pattern, value):
        yield Finding(path, value, f"matches {shape.pattern}")


def text_of(value: Any) -> str:
    """Return a value as the provider writes it into a string."""
    return str(value).lower() if isinstance(value, bool) else str(value)


def number_of(value: Any) -> Any:
    """Return the number that the provider reads from a value, or the value itself where it is none."""
    if isinstance(value, str):
        try:
            return float(value)
        except ValueError:
            return value
    return None if isinstance(value, bool) else value


def matches(pattern: str, value: str) -> bool:
    """Return whether the whole of ``value`` matches a pattern of AWS's."""
    return python_pattern(pattern).fullmatch(value) is not None


@cache
def python_pattern(pattern: str) -> re.Pattern[str]:
    """Return a pattern of AWS's models as one of Python's."""
    made, at, in_brackets = "", 0, False
    pattern = pattern[:1] + pattern[1:].replace("(?i)", "")  # Python has flags at the start alone
    while at < len(pattern):
        name = next((name for name in CLASSES if pattern.startswith(name, at)), None)
        if name is not None:
            made += CLASSES[name] if in_brackets else f"[{CLASSES[name]}]"
        else:
            name = pattern[at : at + 2] if pattern[at] == "\\" else pattern[at]
            in_brackets = name == "[" or (in_brackets and name != "]")
            made += name
        at += len(name)
    return re.compile(made, re.ASCII)


def _join(path: str, name: str) -> str:
    return f"{path}.{name}" if path else name
