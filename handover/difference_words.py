"""Differences in words: of a list what comes and goes, of long values the part that differs."""

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from handover.expressions import with_paths
from handover.opened import Difference
from handover.policy_words import Statement

MOST_SHOWN = 60  # characters of a value
MOST_ITEMS = 4
WIDGET = re.compile(r"dashboard_body\.widgets\[(?P<title>.*?)\](?:\.(?P<path>.*))?")
PLACE = ("x", "y", "width", "height")


def differences_in_words(found: Iterable[Difference], paths: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Yield differences in words, each with its path; where widgets of a dashboard are is told once for all."""
    placed = set[str]()
    for item in found:
        widget = WIDGET.fullmatch(item.path)
        if widget and widget["path"] in PLACE:
            placed.add(widget["title"])
        else:
            yield item.path, in_words(item, paths)
    if placed:
        number = f"{len(placed)} widget{'s have' if len(placed) > 1 else ' has'}"
        yield "dashboard_body", f"dashboard_body: {number} another place or size"


def in_words(item: Difference, paths: Mapping[str, str]) -> str:
    """Return where two values differ, and how."""
    widget = WIDGET.fullmatch(item.path)
    if widget and (item.before is None or item.after is None) and not widget["path"]:
        return f"{item.path} {'is new' if item.before is None else 'is gone'}"
    one, two = (_items(item.path, value) for value in (item.before, item.after))
    if one is not None and two is not None:
        return f"{item.path}: {_exchange(one, two, paths)}"
    return f"{item.path}: {' → '.join(_shown(item.before, item.after, paths))}"


def _items(path: str, value: Any) -> list[str] | None:
    """Return the items of a list of plain values; None where it is none."""
    if value is None:
        return []
    if path.endswith(".metrics") and WIDGET.fullmatch(path):
        return [row[-1]["label"] for row in value if isinstance(row[-1], Mapping) and "label" in row[-1]]
    if isinstance(value, str):
        return value.split(" OR ") if path == "alarm_rule" else None
    if isinstance(value, list) and not any(isinstance(item, Mapping) for item in value):
        return list(map(_text, value))
    return None


def _exchange(before: Sequence[str], after: Sequence[str], paths: Mapping[str, str]) -> str:
    added, removed = ([item for item in one if item not in two] for one, two in ((after, before), (before, after)))
    if len(added) == len(removed) == 1:
        return " → ".join(_shown(removed[0], added[0], paths))
    if not added and not removed:
        return "in another order" if sorted(before) == sorted(after) and before != after else "differs"
    short = [[_middle_out(with_paths(item, paths)) for item in items] for items in (added, removed)]
    if set(short[0]) & set(short[1]):  # they differ only in what was left out
        short = [added, removed]
    return "; ".join(
        f"{word} {_listed(items)}" for word, items in zip(("added", "removed"), short, strict=True) if items
    )


def _listed(items: Sequence[str]) -> str:
    more = len(items) - MOST_ITEMS
    return ", ".join(items) if more <= 1 else f"{', '.join(items[:MOST_ITEMS])} and {more} more"


def _middle_out(text: str) -> str:
    """Return a text with as much of both ends as fits: an ARN tells of its service and of its name."""
    return text if len(text) <= MOST_SHOWN else f"{text[: MOST_SHOWN // 3]}…{text[-2 * MOST_SHOWN // 3 :]}"


def _text(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _shown(before: Any, after: Any, paths: Mapping[str, str]) -> list[str]:
    """Return two values as far as they fit: from shortly before they begin to differ."""
    one, two = (_told(value, paths) for value in (before, after))
    if one == two:
        one, two = _text(before), _text(after)
    same = next((at for at, (left, right) in enumerate(zip(one, two, strict=False)) if left != right), 0)
    start = max(same - MOST_SHOWN // 3, 0) if max(len(one), len(two)) > MOST_SHOWN else 0
    return [_cut(text, start) for text in (one, two)]


def _told(value: Any, paths: Mapping[str, str]) -> str:
    if value is None:
        return "nothing"
    if isinstance(value, Mapping) and value.get("Effect") in ("Allow", "Deny"):
        return Statement.read(value).in_words(paths).replace("`", "")
    return with_paths(_text(value), paths)


def _cut(text: str, start: int) -> str:
    end = start + MOST_SHOWN
    return f"{'…' if start else ''}{text[start:end]}{'…' if len(text) > end else ''}"
