"""A simulator of IAM policies: what the policies of an identity, a resource and an endpoint allow together.

Source: "Policy evaluation logic" and "IAM JSON policy elements" in the IAM user guide. What it does not know it refuses
to judge, so that no test passes because a part of a policy was not read.
"""

import json
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any

Statement = Mapping[str, Any]
Values = str | Sequence[str]
ELEMENTS = {"Sid", "Effect", "Principal", "Action", "NotAction", "Resource", "NotResource", "Condition"}


@dataclass(frozen=True)
class Request:
    """One call of AWS's API: who (an ARN, or None for nobody), what, on what, and what else is known of it."""

    action: str
    resource: str
    principal: str | None = None
    context: Mapping[str, Values] = field(default_factory=dict)


def statements_of(*documents: str) -> list[Statement]:
    """Return the statements of these policies."""
    return [statement for document in documents for statement in json.loads(document)["Statement"]]


def is_denied(statements: Iterable[Statement], request: Request) -> bool:
    """Return whether a statement denies it, whatever others allow."""
    return any(statement["Effect"] == "Deny" and applies(statement, request) for statement in statements)


def is_allowed(statements: Sequence[Statement], request: Request) -> bool:
    """Return whether one statement allows it and none denies it."""
    allowed = any(statement["Effect"] == "Allow" and applies(statement, request) for statement in statements)
    return allowed and not is_denied(statements, request)


def names_action(statement: Statement, action: str) -> bool:
    """Return whether a statement speaks of an action."""
    if unknown := set(statement) - ELEMENTS:
        raise NotImplementedError(f"the elements {sorted(unknown)} of a statement")
    return _named(statement, "Action", action.lower(), str.lower)


def applies(statement: Statement, request: Request) -> bool:
    """Return whether a statement speaks of a request."""
    return (
        names_action(statement, request.action)
        and _named(statement, "Resource", request.resource)
        and _is_principal(statement.get("Principal"), request.principal)
        and all(
            _holds(operator, key, _many(values), request.context)
            for operator, keys in statement.get("Condition", {}).items()
            for key, values in keys.items()
        )
    )


def _named(statement: Statement, element: str, text: str, fold: Callable[[str], str] = str) -> bool:
    if f"Not{element}" in statement:
        return not any(like(fold(pattern), text) for pattern in _many(statement[f"Not{element}"]))
    # A role's trust policy has no resource: it is the role's.
    patterns = statement.get(element, "*") if element == "Resource" else statement[element]
    return any(like(fold(pattern), text) for pattern in _many(patterns))


def _is_principal(principals: Any, principal: str | None) -> bool:
    if principals in (None, "*", {"AWS": "*"}):
        return True
    names = [name for kind in principals.values() for name in _many(kind)]
    if principal is None:
        return False
    account = re.match(r"arn:[^:]+:iam::(\d+):", principal)
    roots = {f"arn:{part}:iam::{account[1]}:root" for part in ("aws", "aws-cn")} | {account[1]} if account else set()
    return principal in names or bool(roots & set(names)) or "*" in names


def _holds(operator: str, key: str, wanted: Sequence[str], context: Mapping[str, Values]) -> bool:
    known = {name.lower(): value for name, value in context.items()}
    found = known.get(key.lower())
    if operator == "Null":
        return (found is None) == (wanted == ["true"])
    quantifier, _, rest = operator.rpartition(":")
    base = rest.removesuffix("IfExists")
    if found is None:
        return quantifier == "ForAllValues" or rest.endswith("IfExists") or base.startswith(("StringNot", "ArnNot"))
    negated = "Not" in base
    one = OPERATORS[base.replace("Not", "")]
    values = _many(found)
    results = [any(one(pattern, value) for pattern in wanted) != negated for value in values]
    match quantifier:
        case "ForAllValues":
            return all(results)
        case "" | "ForAnyValue":
            return any(results)
    raise NotImplementedError(operator)


def like(pattern: str, text: str) -> bool:
    """Return whether ``text`` fits ``pattern``, in which * is any text and ? any character."""
    return _compiled(pattern).fullmatch(text) is not None


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    parts = (".*" if mark == "*" else "." if mark == "?" else re.escape(mark) for mark in pattern)
    return re.compile("".join(parts), re.DOTALL)


def _arn_like(pattern: str, text: str) -> bool:
    ours, theirs = pattern.split(":", 5), text.split(":", 5)
    return len(ours) == len(theirs) and all(map(like, ours, theirs))


def _equal(pattern: str, text: str) -> bool:
    return pattern == text


OPERATORS: dict[str, Callable[[str, str], bool]] = {
    "StringEquals": _equal,
    "StringLike": like,
    "ArnEquals": _arn_like,
    "ArnLike": _arn_like,
    "Bool": lambda pattern, text: pattern.lower() == text.lower(),
    "NumericLessThan": lambda pattern, text: float(text) < float(pattern),
}


def _many(value: Any) -> list[str]:
    return [value] if isinstance(value, str) else list(value)
