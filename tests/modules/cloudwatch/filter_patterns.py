"""Filter patterns of CloudWatch Logs for events that are JSON, evaluated as its documentation says.

Source: "Using filter patterns to match terms in JSON log events" in the CloudWatch Logs user guide.
"""

import operator
import re
from collections.abc import Callable, Mapping
from typing import Any

Event = Mapping[str, Any]
Condition = Callable[[Event], bool]
NOTHING = object()
TOKEN = re.compile(
    r"\s*(?:(?P<selector>\$(?:\.[A-Za-z0-9_-]+|\[\d+\])+)|(?P<text>\"[^\"]*\")|(?P<sign>&&|\|\||[()]|[<>!]=|[<>=])"
    r"|(?P<word>NOT EXISTS|IS TRUE|IS FALSE|IS NULL)|(?P<bare>[A-Za-z0-9_.*+-]+))"
)


class NotAPatternError(ValueError):
    """CloudWatch Logs would refuse it."""


def found(event: Event, selector: str) -> Any:
    """Return what a selector leads to, or NOTHING."""
    value: Any = event
    for name, index in re.findall(r"\.([A-Za-z0-9_-]+)|\[(\d+)\]", selector):
        if name:
            value = value.get(name, NOTHING) if isinstance(value, Mapping) else NOTHING
        else:
            value = value[int(index)] if isinstance(value, list) and int(index) < len(value) else NOTHING
    return value


def matches(pattern: str, event: Event) -> bool:
    """Return whether an event has the pattern. Raises NotAPatternError for what is none."""
    if not (pattern.startswith("{") and pattern.endswith("}")):
        raise NotAPatternError(pattern)
    inside, at, tokens = pattern[1:-1].strip(), 0, []
    while at < len(inside):
        token = TOKEN.match(inside, at)
        if token is None:
            raise NotAPatternError(inside[at:])
        tokens.append((str(token.lastgroup), str(token[str(token.lastgroup)])))
        at = token.end()
    condition = _any(tokens)
    if tokens:
        raise NotAPatternError(tokens)
    return condition(event)


def _any(tokens: list[tuple[str, str]]) -> Condition:
    options = [_all(tokens)]
    while tokens and tokens[0] == ("sign", "||"):
        del tokens[0]
        options.append(_all(tokens))
    return lambda event: any(option(event) for option in options)


def _all(tokens: list[tuple[str, str]]) -> Condition:
    conditions = [_one(tokens)]
    while tokens and tokens[0] == ("sign", "&&"):
        del tokens[0]
        conditions.append(_one(tokens))
    return lambda event: all(condition(event) for condition in conditions)


def _one(tokens: list[tuple[str, str]]) -> Condition:
    kind, text = tokens.pop(0) if tokens else ("", "")
    if text == "(":
        inner = _any(tokens)
        if not tokens or tokens.pop(0) != ("sign", ")"):
            raise NotAPatternError("no )")
        return inner
    if kind != "selector" or not tokens:
        raise NotAPatternError(text)
    next_kind, sign = tokens.pop(0)
    if next_kind == "word":
        wanted = {"NOT EXISTS": NOTHING, "IS TRUE": True, "IS FALSE": False, "IS NULL": None}[sign]
        return lambda event: found(event, text) is wanted
    value_kind, value = tokens.pop(0) if tokens else ("", "")
    if next_kind != "sign" or value_kind not in ("text", "bare"):
        raise NotAPatternError(sign)
    return lambda event: _compared(found(event, text), sign, value)


def _compared(got: Any, sign: str, wanted: str) -> bool:
    # What is no single value makes no comparison true, not even that it is something else.
    if not isinstance(got, str | int | float) or isinstance(got, bool):
        return False
    if sign in ("=", "!="):
        return _fits(got, wanted) is (sign == "=")
    if isinstance(got, str):
        return False
    compare = {"<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge}[sign]
    return bool(compare(got, float(wanted)))


def _fits(got: str | float, wanted: str) -> bool:
    text = wanted.strip('"')
    if isinstance(got, str) or text == "*":
        # A wildcard stands at the ends only; elsewhere it is an asterisk.
        inner = text.strip("*") if text != "*" else ""
        start = "" if text.startswith("*") else "^"
        end = "" if text.endswith("*") else "$"
        return re.search(f"{start}{re.escape(inner)}{end}", str(got), re.DOTALL) is not None
    return re.fullmatch(r"[+-]?\d+(\.\d+)?", text) is not None and got == float(text)
