"""Statements of policies in words: what they allow or deny, on what, by whom, and under which condition."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from handover.expressions import with_paths
from handover.late_values import parsed

ALL_BUT = "all but "
EVERYONE = "*"
# How IAM compares the value of a key. Source: "IAM JSON policy elements: Condition operators" in the IAM user guide.
OPERATORS = {
    "StringEquals": "is",
    "StringNotEquals": "is not",
    "StringLike": "is like",
    "StringNotLike": "is not like",
    "NumericEquals": "is",
    "NumericNotEquals": "is not",
    "NumericLessThan": "is less than",
    "NumericLessThanEquals": "is at most",
    "NumericGreaterThan": "is more than",
    "NumericGreaterThanEquals": "is at least",
    "DateLessThan": "is before",
    "DateGreaterThan": "is after",
    "Bool": "is",
    "IpAddress": "is in",
    "NotIpAddress": "is not in",
    "ArnEquals": "is",
    "ArnNotEquals": "is not",
    "ArnLike": "is like",
    "ArnNotLike": "is not like",
}


@dataclass(frozen=True)
class Statement:
    """One statement, or the part of one that is told; ``all but …`` is one item of its list."""

    effect: str
    actions: Sequence[str]
    resources: Sequence[str]
    principals: Sequence[str] = ()
    condition: Mapping[str, Any] = field(default_factory=dict)
    sid: str = ""

    @classmethod
    def read(cls, statement: Mapping[str, Any]) -> "Statement":
        """Return a statement of a policy."""
        return cls(
            statement.get("Effect", "Allow"),
            _named(statement, "Action"),
            _named(statement, "Resource"),
            _named(statement, "Principal"),
            statement.get("Condition", {}),
            statement.get("Sid", ""),
        )

    def in_words(self, paths: Mapping[str, str], denied: str = "denied") -> str:
        """Return what it lets do or denies: on what, by whom, and under which condition."""
        is_denied = self.effect == "Deny"
        verb = denied if is_denied else _words(self.sid) or ("be assumed" if self._is_trust else "do")
        where = _listed(self.resources, paths)
        who = "everyone" if EVERYONE in self.principals else _listed(self.principals, paths)
        condition = f", {'' if is_denied else 'only '}if {conditions(self.condition, paths)}" if self.condition else ""
        told = f"{verb} ({', '.join(self.actions)}){f' on {where}' if where else ''}{f' by {who}' if who else ''}"
        return told + condition

    @property
    def _is_trust(self) -> bool:
        return not any(self.resources) and all(action.startswith("sts:AssumeRole") for action in self.actions)


def attached(policy: str, paths: Mapping[str, str]) -> str:
    """Return what a policy that stands elsewhere lets do."""
    return f"what the policy {with_paths(policy, paths)} allows"


def as_list(value: Any) -> list[Any]:
    """Return a list of what may be one thing or a list of it."""
    return list(value) if isinstance(value, list | tuple) else [value]


def statements(policy: str) -> list[Mapping[str, Any]]:
    """Return the statements of a policy; none of one that is not written out."""
    try:
        return as_list(parsed(policy).get("Statement", []))
    except ValueError:
        return []


def principals(value: Any) -> list[str]:
    """Return the names in a ``Principal``."""
    if not isinstance(value, Mapping):
        return [str(item) for item in as_list(value)]
    return [str(item) for items in value.values() for item in as_list(items)]


def conditions(condition: Mapping[str, Mapping[str, Any]], paths: Mapping[str, str]) -> str:
    """Return a condition in words."""
    found = ((operator, key, value) for operator, keys in condition.items() for key, value in keys.items())
    return " and ".join(
        _condition(operator, key, [with_paths(str(item), paths) for item in as_list(value)])
        for operator, key, value in found
    )


def _condition(operator: str, key: str, values: Sequence[str]) -> str:
    quantifier, _, plain = operator.rpartition(":")
    name = plain.removesuffix("IfExists")
    if name == "Null":
        return f"{key} is {'absent' if values[0].lower() == 'true' else 'present'}"
    which = {"ForAllValues": "each of ", "ForAnyValue": "one of "}.get(quantifier, "")
    listed = (" nor " if "Not" in name else " or ").join(values)
    return f"{which}{key} {OPERATORS.get(name) or _words(name)} {listed}{'' if name == plain else ' (if present)'}"


def _named(statement: Mapping[str, Any], name: str) -> list[str]:
    items = principals if name == "Principal" else as_list
    if f"Not{name}" in statement:
        return [ALL_BUT + ", ".join(sorted(items(statement[f"Not{name}"])))]
    return items(statement.get(name, []))


def _listed(items: Iterable[str], paths: Mapping[str, str]) -> str:
    return ", ".join(_quoted(item, paths) for item in items)


def _quoted(item: str, paths: Mapping[str, str]) -> str:
    lead = ALL_BUT if item.startswith(ALL_BUT) else ""
    return lead + ", ".join(f"`{with_paths(part, paths)}`" for part in item.removeprefix(lead).split(", ") if part)


def _words(name: str) -> str:
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", " ", name).lower()
