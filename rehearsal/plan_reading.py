"""Read what a plan would do from what ``terraform show -json`` prints of it."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

ACTIONS = {"create": "created", "update": "updated in place", "delete": "destroyed", "forget": "forgotten"}
REPLACED = ("replaced, the old one first", "replaced, the new one first")


@dataclass(frozen=True)
class Change:
    """What a plan does to one resource or output, and by which of its attributes."""

    address: str
    type: str
    action: str
    attributes: tuple[str, ...] = ()

    def __str__(self) -> str:
        by = f" ({', '.join(self.attributes)})" if self.attributes else ""
        return f"{self.address}: {self.action}{by}"


def read_plan(plan: dict[str, Any]) -> list[Change]:
    """Return all that a plan changes, resources before outputs.

    ``attributes`` are those whose change replaces a resource, and for an update all that change.
    """
    changes = [
        Change(entry["address"], entry["type"], _action(entry["change"]), tuple(_attributes(entry["change"])))
        for entry in plan.get("resource_changes", [])
        if entry["change"]["actions"] not in (["no-op"], ["read"])
    ]
    outputs = plan.get("output_changes", {}).items()
    return changes + [
        Change(f"output.{name}", "output", _action(change))
        for name, change in sorted(outputs)
        if change["actions"] != ["no-op"]
    ]


def _action(change: dict[str, Any]) -> str:
    actions = change["actions"]
    if len(actions) > 1:
        return REPLACED[actions[0] == "create"]
    return ACTIONS[actions[0]]


def _attributes(change: dict[str, Any]) -> Iterator[str]:
    if len(change["actions"]) > 1:
        yield from sorted({".".join(map(str, path)) for path in change.get("replace_paths", [])})
    elif change["actions"] == ["update"]:
        before, after = change.get("before") or {}, change.get("after") or {}
        unknown = {name for name, value in (change.get("after_unknown") or {}).items() if value is True}
        names = before.keys() | after.keys() | unknown
        yield from sorted(name for name in names if name in unknown or before.get(name) != after.get(name))
