"""A request that is any request: its action, resource, principal and condition keys as variables of a solver.

A variable ranges over the kinds of texts that the patterns it is compared with can tell apart, so that what is proved
of them is proved of all texts. Comparisons of numbers, dates and addresses, and with variables of policies, are left
open: each may hold or not, which can make a proof fail, but none succeed.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

import z3

from modules.iam.actions import actions_of, services
from proofs.languages import Kind, Pattern, kinds

Formula = Any  # z3 says no types
ACTION, RESOURCE, PRINCIPAL = "action", "resource", "principal"
IN_REQUEST, ON_RESOURCE, ON_PRINCIPAL = "aws:requesttag/", "aws:resourcetag/", "aws:principaltag/"
TAG_KEYS = "aws:tagkeys"
# What takes tags away names their keys alone.
UNTAG = Pattern("*:untagresource", has_wildcards=True)
# What a request is shown with where nothing narrower is asked for.
EXAMPLES = {
    ACTION: ("iam:createaccesskey", "s3:getobject", "sqs:purgequeue", "kms:decrypt"),
    RESOURCE: ("arn:aws:s3:::somebody-elses/object", "arn:aws:sqs:us-east-1:999999999999:somebody-elses"),
    PRINCIPAL: ("arn:aws:iam::999999999999:role/stranger",),
}


@dataclass(frozen=True)
class Comparison:
    """That a variable is compared with a pattern: as one value, as one of ``many``, or as ``truth``."""

    variable: str
    pattern: Pattern
    many: bool = False
    truth: bool = False


def value_of(variable: str) -> str:
    """Return what a variable shares its values with: a tag of one key has the same ones everywhere."""
    prefix = next((tag for tag in (IN_REQUEST, ON_RESOURCE, ON_PRINCIPAL) if variable.startswith(tag)), None)
    return f"tag/{variable.removeprefix(prefix)}" if prefix else variable


class Space:
    """The kinds of values of each variable, as far as some comparisons tell them apart."""

    def __init__(self, comparisons: Iterable[Comparison]) -> None:
        self._patterns: dict[str, set[Pattern]] = {ACTION: {UNTAG}}
        self.many = {TAG_KEYS}
        self._truths = set()
        self.request_tags: set[str] = set()
        for item in comparisons:
            self._patterns.setdefault(value_of(item.variable), set()).add(item.pattern)
            self.many |= {item.variable} if item.many else set()
            self._truths |= {item.variable} if item.truth else set()
            if item.variable.startswith(IN_REQUEST):
                self.request_tags.add(item.variable)
                key = Pattern(item.variable.removeprefix(IN_REQUEST), any_case=True)
                self._patterns.setdefault(TAG_KEYS, set()).add(key)
        self._kinds: dict[str, list[Kind]] = {}

    def known(self, variable: str, patterns: Iterable[Pattern]) -> frozenset[Pattern]:
        """Return patterns of a variable, all of which must be known: of others no kind could be told."""
        wanted = frozenset(patterns)
        if unknown := wanted - self._patterns.get(value_of(variable), set()):
            raise LookupError(f"{variable} was not to be compared with {unknown}")
        return wanted

    def kinds(self, variable: str) -> list[Kind]:
        """Return the kinds of values that a variable may have."""
        name = value_of(variable)
        if name not in self._kinds:
            patterns = self._patterns.get(name, set())
            found = kinds(patterns, _examples(name, patterns))
            if variable in self._truths:
                found = [kind for kind in kinds(self._patterns[name], ("true", "false")) if _is_truth(kind.example)]
            self._kinds[name] = found
        return self._kinds[name]


def _examples(variable: str, patterns: Iterable[Pattern]) -> Iterator[str]:
    """Yield texts that people may have seen before, of each kind if possible."""
    yield from EXAMPLES.get(variable, ())
    for pattern in sorted(patterns, key=lambda item: item.text):
        if variable == ACTION and pattern.has_wildcards:
            service, _, _ = pattern.text.partition(":")
            names = (name.lower() for name in actions_of(service).names) if service in services() else ()
            yield from (f"{service}:{name}" for name in names)
        yield pattern.text.replace("arn:*:*::", "arn:aws:iam::").replace("*", "any").replace("?", "x")


def _is_truth(text: str) -> bool:
    return text.lower() in {"true", "false"}


@dataclass
class Request:
    """One request, whose parts are called after ``name`` in the solver."""

    space: Space
    name: str = ""
    _values: dict[str, Formula] = field(default_factory=dict)
    _present: dict[str, Formula] = field(default_factory=dict)
    _members: dict[str, list[Formula]] = field(default_factory=dict)
    _fitting: dict[tuple[str, frozenset[Pattern]], Formula] = field(default_factory=dict)

    def value(self, variable: str) -> Formula:
        """Return which kind the value of a variable is of, as a number."""
        return self._values.setdefault(variable, z3.Int(f"{self.name}{variable}"))

    def members(self, key: str) -> list[Formula]:
        """Return, kind by kind, whether a key of many values has such a one."""
        count = len(self.space.kinds(key))
        return self._members.setdefault(key, [z3.Bool(f"{self.name}{key}[{index}]") for index in range(count)])

    def has(self, key: str) -> Formula:
        """Return whether the request has a condition key."""
        if key in self.space.many:
            return z3.Or(*self.members(key))
        return self._present.setdefault(key, z3.Bool(f"{self.name}has {key}"))

    def fits(self, variable: str, patterns: Iterable[Pattern]) -> Formula:
        """Return whether a variable fits one of these patterns; one of many values is enough."""
        wanted = self.space.known(variable, patterns)
        if (variable, wanted) not in self._fitting:
            fitting = [index for index, kind in enumerate(self.space.kinds(variable)) if kind.accepted & wanted]
            many, value = variable in self.space.many, self.value
            parts = [self.members(variable)[index] if many else value(variable) == index for index in fitting]
            self._fitting[variable, wanted] = z3.Or(*parts)
        return self._fitting[variable, wanted]

    def each_fits(self, key: str, patterns: Iterable[Pattern], *, fitting: bool = True) -> Formula:
        """Return whether each of many values fits one of these patterns; or, not ``fitting``, none of them."""
        wanted = self.space.known(key, patterns)
        kinds_of = self.space.kinds(key)
        return z3.And(
            *(
                z3.Not(member)
                for member, kind in zip(self.members(key), kinds_of, strict=True)
                if bool(kind.accepted & wanted) != fitting
            )
        )

    def left_open(self, comparison: str) -> Formula:
        """Return a comparison that may hold or not."""
        return z3.Bool(f"{self.name}{comparison}")

    def axioms(self) -> Iterator[Formula]:
        """Yield what holds of every request: values are of one kind, and tags are there if their keys are."""
        for tag in sorted(self.space.request_tags):
            key = Pattern(tag.removeprefix(IN_REQUEST), any_case=True)
            named = self.fits(TAG_KEYS, [key])
            yield self.has(tag) == z3.And(named, z3.Not(self.fits(ACTION, [UNTAG])))
        for variable, value in self._values.items():
            yield z3.And(value >= 0, value < len(self.space.kinds(variable)))

    def shown(self, model: Any) -> dict[str, str]:
        """Return this request in a model of the solver: action, resource, principal and keys, each by its name."""
        found = {}
        for variable, value in self._values.items():
            if variable not in self._present or z3.is_true(model.eval(self._present[variable])):
                chosen = model.eval(value, model_completion=True).as_long()
                found[variable] = self.space.kinds(variable)[chosen].example
        unread = self._present.keys() - self._values.keys()
        found |= {key: "(any value)" for key in sorted(unread) if z3.is_true(model.eval(self._present[key]))}
        for key, members in self._members.items():
            named = zip(members, self.space.kinds(key), strict=True)
            there = [kind.example for member, kind in named if z3.is_true(model.eval(member))]
            found |= {key: ", ".join(there)} if there else {}
        return found
