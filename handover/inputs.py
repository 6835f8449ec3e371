"""What those who set an environment's variables notice: inputs that come and go, and take other values."""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from handover.platforms import Document, Platform

LIMIT = re.compile(r"(?P<sign>[<>]=) (?P<number>-?\d+)")
CHOICES = re.compile(r"contains\((?P<choices>\[.*\]), (?P<name>var\.\w+)\)")


@dataclass(frozen=True, order=True)
class InputChange:
    """What is different of a variable in these parts, and whether values may be refused that were taken."""

    parts: tuple[str, ...]
    name: str
    change: str
    is_narrower: bool = False

    def __str__(self) -> str:
        return f"{', '.join(self.parts)}: {self.name} {self.change}"


def input_changes(before: Platform, after: Platform) -> list[InputChange]:
    """Return what is different of the variables of two environments, those of several parts once."""
    old, new = (
        {
            (module.part, name): block
            for module in side.modules
            for name, block in module.document.get("variable", {}).items()
        }
        for side in (before, after)
    )
    found: dict[tuple[str, str, bool], list[str]] = {}
    for part, name in sorted(old.keys() | new.keys()):
        for change, is_narrower in _changes(old.get((part, name)), new.get((part, name))):
            found.setdefault((name, change, is_narrower), []).append(part)
    return sorted(InputChange(tuple(parts), *key) for key, parts in found.items())


def _changes(old: Document | None, new: Document | None) -> Iterator[tuple[str, bool]]:
    """Yield what is different of a variable, each with whether it takes less then."""
    if new is None or old is None:
        if new is None:
            yield "is gone", True
        elif "default" in new:
            yield f"is new, default {_default(new)}", False
        else:
            yield "is new and must be given", True
        return
    if old.get("default", ...) != new.get("default", ...):
        is_required = "default" not in new
        change = f"{_default(old)} → {_default(new)}"
        yield f"has another default: {change}{', so it must be given' if is_required else ''}", is_required
    types = [block.get("type", "any") for block in (old, new)]
    if types[0] != types[1]:
        yield f"has another type: {' → '.join(types)}", types[1] != "any"
    if _has(old, "sensitive") != _has(new, "sensitive"):
        yield f"is {'sensitive from now on' if _has(new, 'sensitive') else 'no longer sensitive'}", False
    if old.get("nullable", True) != new.get("nullable", True):
        yield f"{'takes' if new.get('nullable', True) else 'no longer takes'} null", not new.get("nullable", True)
    yield from _rules(old, new)


def _default(block: Document) -> str:
    if "default" not in block:
        return "none"
    return "(sensitive)" if _has(block, "sensitive") else json.dumps(block["default"], ensure_ascii=False)


def _has(block: Document, name: str) -> bool:
    return bool(block.get(name, False))


def _rules(old: Document, new: Document) -> Iterator[tuple[str, bool]]:
    """Yield the rules that come, go, or have other limits. Another rule is taken as one that refuses more."""
    had, has = _by_shape(old), _by_shape(new)
    for shape in sorted(had.keys() - has.keys()):
        yield f"is no longer checked: {had[shape]['error_message']}", False
    for shape in sorted(has):
        rule = has[shape]
        if shape not in had:
            yield f"is also checked: {rule['error_message']}", True
        elif had[shape]["condition"] != rule["condition"]:
            is_narrower = _is_narrower(had[shape]["condition"], rule["condition"])
            told = f"{had[shape]['error_message']} → {rule['error_message']}"
            yield f"is checked {'more' if is_narrower else 'less'} strictly: {told}", is_narrower


def _by_shape(block: Document) -> Mapping[str, Any]:
    """Return the rules of a variable by what they are without their limits."""
    rules = block.get("validation", [])
    return {
        LIMIT.sub(r"\g<sign>", CHOICES.sub(r"one of \g<name>", rule["condition"])): rule
        for rule in (rules if isinstance(rules, list) else [rules])
    }


def _is_narrower(old: str, new: str) -> bool:
    """Return whether a rule refuses what the same with other limits took."""
    had, has = (CHOICES.search(condition) for condition in (old, new))
    if had and has:
        return not set(json.loads(had["choices"])) <= set(json.loads(has["choices"]))
    limits = zip(LIMIT.finditer(old), LIMIT.finditer(new), strict=True)
    return any(
        int(now["number"]) > int(then["number"]) if now["sign"] == ">=" else int(now["number"]) < int(then["number"])
        for then, now in limits
    )
