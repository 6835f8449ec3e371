"""What policies allow, as formulas over a request. What they have that is not known here is refused, never skipped.

Source: "Policy evaluation logic" and "IAM JSON policy elements" in the IAM user guide; "Key policies in AWS KMS" in its
developer guide for what a key's policy has to agree to.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import z3

from proofs.languages import Pattern
from proofs.requests import ACTION, PRINCIPAL, RESOURCE, Comparison, Formula, Request

Statement = Mapping[str, Any]
ELEMENTS = {"Sid", "Effect", "Principal", "Action", "NotAction", "Resource", "NotResource", "Condition"}
# How each operator compares texts; of others it is left open whether they hold.
COMPARED: Mapping[str, Mapping[str, bool]] = {
    "StringEquals": {},
    "StringEqualsIgnoreCase": {"any_case": True},
    "StringLike": {"has_wildcards": True},
    "ArnEquals": {"has_wildcards": True, "is_arn": True},
    "ArnLike": {"has_wildcards": True, "is_arn": True},
    "Bool": {"any_case": True},
}
OPEN = re.compile(r"(Numeric|Date|Binary|IpAddress)")
ACCOUNT = re.compile(r"(?:arn:[^:]+:iam::)?(\d{12})(?::root)?")


@dataclass(frozen=True)
class ResourcePolicy:
    """The policy of a resource: what it covers, and whether nobody may do anything that it does not agree to."""

    path: str
    covers: tuple[str, ...]
    statements: tuple[Statement, ...]
    has_to_agree: bool = False


@dataclass(frozen=True)
class Policies:
    """What decides about the requests of one principal of an account. ``boundary`` is None where there is none."""

    account_id: str
    identity: Sequence[Statement]
    boundary: Sequence[Statement] | None = None
    resources: Sequence[ResourcePolicy] = field(default=())

    def statements(self) -> Iterator[Statement]:
        """Yield all of them."""
        yield from (*self.identity, *(self.boundary or ()))
        for policy in self.resources:
            yield from policy.statements
            yield {"Action": "*", "Resource": policy.covers}

    def allow(self, request: Request) -> Formula:
        """Return whether the request is allowed: by the identity's policies or the resource's, and denied by none."""
        direct, agreed, denied = [], [], [denies(request, self.identity)]
        for policy in self.resources:
            covers = _named(request, RESOURCE, policy.covers)
            denied.append(z3.And(covers, denies(request, policy.statements)))
            own, delegated = self._parts(policy)
            direct.append(z3.And(covers, allows(request, own)))
            if policy.has_to_agree:
                agreed.append(z3.Implies(covers, allows(request, [*own, *delegated])))
        limit = z3.BoolVal(True)
        if self.boundary is not None:
            limit = allows(request, self.boundary)
            denied.append(denies(request, self.boundary))
        granted = z3.Or(z3.And(allows(request, self.identity), *agreed), *direct)
        return z3.And(granted, limit, z3.Not(z3.Or(*denied)))

    def _parts(self, policy: ResourcePolicy) -> tuple[list[Statement], list[Statement]]:
        """Return what a resource grants itself, and what it leaves to the policies of its own account."""
        split = [_split(item, self.account_id) for item in policy.statements]
        return [own for own, _ in split if own], [delegated for _, delegated in split if delegated]


def allows(request: Request, statements: Iterable[Statement]) -> Formula:
    """Return whether one of the statements allows the request, whatever others deny."""
    return z3.Or(*(applies(request, item) for item in statements if item["Effect"] == "Allow"))


def denies(request: Request, statements: Iterable[Statement]) -> Formula:
    """Return whether one of the statements denies the request."""
    return z3.Or(*(applies(request, item) for item in statements if item["Effect"] == "Deny"))


def applies(request: Request, statement: Statement) -> Formula:
    """Return whether a statement speaks of the request."""
    if unknown := set(statement) - ELEMENTS:
        raise NotImplementedError(f"the elements {sorted(unknown)} of a statement")
    return z3.And(
        _element(request, ACTION, "Action", statement),
        _element(request, RESOURCE, "Resource", statement),
        _principal(request, statement.get("Principal")),
        *(
            _condition(request, operator, key.lower(), many(values))
            for operator, keys in statement.get("Condition", {}).items()
            for key, values in keys.items()
        ),
    )


def comparisons(statements: Iterable[Statement]) -> Iterator[Comparison]:
    """Yield all that these statements compare."""
    for statement in statements:
        for element, variable in (("Action", ACTION), ("Resource", RESOURCE)):
            for text in _texts(statement, element):
                if not has_variable(text):
                    yield Comparison(variable, text_pattern(variable, text))
        for pattern in _principals(statement.get("Principal")) or ():
            yield Comparison(PRINCIPAL, pattern)
        for operator, keys in statement.get("Condition", {}).items():
            quantifier, base, _, _ = _parsed(operator)
            for key, values in keys.items():
                for text in many(values) if base in COMPARED else ():
                    if not has_variable(text):
                        pattern = Pattern(text, **COMPARED[base])
                        yield Comparison(key.lower(), pattern, bool(quantifier), truth=base == "Bool")


def many(value: Any) -> list[str]:
    """Return a list of what a policy has as one or as many."""
    return [value] if isinstance(value, str) else list(value)


def has_variable(text: str) -> bool:
    """Return whether a text has something in it that is put in when a request comes."""
    return "${" in text


@cache
def text_pattern(variable: str, text: str) -> Pattern:
    """Return what an action or a resource of a statement stands for; IAM ignores case in actions."""
    return Pattern(text.lower() if variable == ACTION else text, has_wildcards=True)


def _named(request: Request, variable: str, texts: Iterable[str]) -> Formula:
    known = [text for text in texts if not has_variable(text)]
    opened = [request.left_open(f"{variable} {text}") for text in texts if has_variable(text)]
    return z3.Or(request.fits(variable, [text_pattern(variable, text) for text in known]), *opened)


def _element(request: Request, variable: str, element: str, statement: Statement) -> Formula:
    named = _named(request, variable, _texts(statement, element))
    return z3.Not(named) if f"Not{element}" in statement else named


def _texts(statement: Statement, element: str) -> list[str]:
    """Return what a statement is about, or is not about; without a resource it is about what its policy belongs to."""
    return many(statement.get(element) or statement.get(f"Not{element}") or "*")


def _principal(request: Request, principals: Any) -> Formula:
    patterns = _principals(principals)
    return z3.BoolVal(True) if patterns is None else request.fits(PRINCIPAL, patterns)


def _principals(principals: Any) -> list[Pattern] | None:
    """Return what the principal must match; None: it may be any."""
    if principals in (None, "*"):
        return None
    if unknown := set(principals) - {"AWS", "Service"}:
        raise NotImplementedError(f"principals of the kinds {sorted(unknown)}")
    names = [name for kind in principals.values() for name in many(kind)]
    if "*" in many(principals.get("AWS", ())):
        return None
    return [
        Pattern(f"arn:*:*::{account[1]}:*", has_wildcards=True)
        if (account := ACCOUNT.fullmatch(name))
        else Pattern(name)
        for name in names
    ]


def _split(statement: Statement, account_id: str) -> tuple[Statement | None, Statement | None]:
    """Return a statement for those whom it names one by one, and for the account as a whole; None: for nobody."""
    principals = statement.get("Principal")
    names = many(principals.get("AWS", ())) if isinstance(principals, Mapping) else []
    whole = [name for name in names if (account := ACCOUNT.fullmatch(name)) and account[1] == account_id]
    if not whole:
        return statement, None
    others = {**statement["Principal"], "AWS": [name for name in names if name not in whole]}
    others = {kind: named for kind, named in others.items() if named}
    return {**statement, "Principal": others} if others else None, {**statement, "Principal": {"AWS": whole}}


def _parsed(operator: str) -> tuple[str, str, bool, bool]:
    """Return an operator's quantifier, what it compares with, whether that must not hold, and whether it may lack."""
    quantifier, _, rest = operator.rpartition(":")
    base = rest.removesuffix("IfExists")
    return quantifier, base.replace("Not", ""), "Not" in base, rest.endswith("IfExists")


def _condition(request: Request, operator: str, key: str, values: Sequence[str]) -> Formula:
    quantifier, base, is_negated, may_lack = _parsed(operator)
    has = request.has(key)
    if base == "Null":
        return z3.Or(*(z3.Not(has) if value == "true" else has for value in values))
    if base not in COMPARED and not OPEN.match(base):
        raise NotImplementedError(f"the operator {operator}")
    if base not in COMPARED or any(map(has_variable, values)):
        holds = request.left_open(f"{operator} {key} {sorted(values)}")
    else:
        patterns = [Pattern(value, **COMPARED[base]) for value in values]
        match quantifier:
            case "ForAllValues":
                return request.each_fits(key, patterns, fitting=not is_negated)
            case "ForAnyValue" if is_negated:
                holds = z3.Not(request.each_fits(key, patterns))
            case _:
                holds = request.fits(key, patterns)
                holds = z3.Not(holds) if is_negated else holds
    lacking = quantifier == "ForAllValues" or may_lack or (is_negated and not quantifier)
    return z3.If(has, holds, z3.BoolVal(lacking))
