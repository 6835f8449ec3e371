"""No one ends, tags or submits what is somebody else's, in any two steps: one that changes its tags, and one that acts.

What is somebody else's, tags alone tell. Where they do not, there are gaps, which stand here by name.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import z3

from proofs.languages import Pattern
from proofs.policies import Policies, Statement, comparisons
from proofs.requests import (
    ACTION,
    IN_REQUEST,
    ON_RESOURCE,
    RESOURCE,
    TAG_KEYS,
    UNTAG,
    Comparison,
    Formula,
    Request,
    Space,
)
from proofs.theorems import Refutation, Theorem, refute

TAG = Pattern("batch:tagresource")
SUBMIT = Pattern("batch:submitjob")
READ = (Pattern("batch:describe*", has_wildcards=True), Pattern("batch:list*", has_wildcards=True))
ANYTHING = Pattern("*", has_wildcards=True)
BATCH = Pattern("batch:*", has_wildcards=True)
JOB = Pattern("arn:*:batch:*:*:job/*", has_wildcards=True)


@dataclass(frozen=True)
class Gap:
    """Something that AWS leaves open, and the words by which users are told."""

    name: str
    page: str
    words: str


UNTAGGED = Gap(
    "jobs of others without any tag of ours",
    "docs/gotchas.md",
    "jobs of others without any tag of yours can be tagged with it, and then ended",
)
SHARED = Gap(
    "definitions and queues that are shared though they carry the tag of another team",
    "docs/gotchas.md",
    "do not share what carries another team's tag",
)
GAPS = (UNTAGGED, SHARED)


@dataclass(frozen=True)
class Owner:
    """A principal whose things in Batch carry ``tags``; others' have other values, or ``tag_keys_of_others``.

    ``shared``: what it may use whatever tags it has.
    """

    path: str
    account_id: str
    statements: Sequence[Statement]
    tags: Mapping[str, str]
    tag_keys_of_others: Sequence[str] = ()
    shared: Sequence[str] = ()


def takeover_theorem(owner: Owner) -> Theorem:
    """Return that nothing of others is taken over, but by the gaps."""
    text = f"{owner.path} acts on nothing in Batch that carries another's tag, in any two steps of tag and act"
    return Theorem(text, lambda: Takeover(owner).refutations())


class Takeover:
    """Two requests, the first of which may change tags, about one thing in Batch that is not the owner's."""

    def __init__(self, owner: Owner) -> None:
        self._owner = owner
        self._own = {key.lower(): value for key, value in owner.tags.items()}
        self._tag_keys = sorted({*self._own, *(key.lower() for key in owner.tag_keys_of_others)})
        compared = list(self._comparisons())
        self._keys = sorted({_tag_key(item.variable) for item in compared} - {""})
        space = Space(compared)
        self._first, self._second = Request(space, "1:"), Request(space, "2:")
        policies = Policies(owner.account_id, owner.statements)
        self._allowed = [policies.allow(request) for request in (self._first, self._second)]

    def refutations(self, gaps: Sequence[Gap] = GAPS) -> Iterator[Refutation]:
        """Yield how somebody else's thing is taken over, in one step or in two, but by one of the gaps."""
        others = z3.And(z3.Not(self._is_own()), *(z3.Not(self.is_in(gap)) for gap in gaps))
        first, second = self._allowed
        if steps := refute(z3.Not(z3.And(others, first, self._acts(self._first))), [self._first]):
            yield Refutation("one step is enough", steps)
        retags = self._first.fits(ACTION, [TAG, UNTAG])
        claim = z3.Not(z3.And(others, first, retags, second, self._acts(self._second)))
        if steps := refute(claim, [self._first, self._second], self._links()):
            yield Refutation("two steps are enough", steps)

    def is_in(self, gap: Gap) -> Formula:
        """Return whether the thing is one of a gap."""
        if gap == SHARED:
            return self._first.fits(RESOURCE, self._shared())
        untagged = (z3.Not(self._first.has(f"{ON_RESOURCE}{key}")) for key in self._tag_keys)
        return z3.And(self._first.fits(RESOURCE, [JOB]), *untagged)

    def _comparisons(self) -> Iterator[Comparison]:
        yield from comparisons(self._owner.statements)
        yield from (Comparison(ACTION, pattern) for pattern in (TAG, SUBMIT, BATCH, *READ))
        yield from (Comparison(RESOURCE, pattern) for pattern in (JOB, *self._shared()))
        for key in self._tag_keys:
            for prefix in (ON_RESOURCE, IN_REQUEST):
                yield Comparison(f"{prefix}{key}", Pattern(self._own[key]) if key in self._own else ANYTHING)

    def _shared(self) -> list[Pattern]:
        return [Pattern(arn, has_wildcards=True) for arn in self._owner.shared]

    def _is_own(self) -> Formula:
        tags = ((f"{ON_RESOURCE}{key}", Pattern(value)) for key, value in self._own.items())
        return z3.And(*(z3.And(self._first.has(tag), self._first.fits(tag, [value])) for tag, value in tags))

    def _acts(self, request: Request) -> Formula:
        """Return whether a request of Batch changes something that is there: a job that is submitted is a new one."""
        submitted = z3.And(request.fits(ACTION, [SUBMIT]), request.fits(RESOURCE, [JOB]))
        return z3.And(request.fits(ACTION, [BATCH]), z3.Not(request.fits(ACTION, READ)), z3.Not(submitted))

    def _links(self) -> Iterator[Formula]:
        """Yield that both are about one thing, whose tags are what the first has made of them."""
        first, second = self._first, self._second
        yield second.value(RESOURCE) == first.value(RESOURCE)
        tagged, untagged = (first.fits(ACTION, [pattern]) for pattern in (TAG, UNTAG))
        for key in self._keys:
            tag, given = f"{ON_RESOURCE}{key}", f"{IN_REQUEST}{key}"
            gets = z3.And(tagged, first.has(given))
            loses = z3.And(untagged, first.fits(TAG_KEYS, [Pattern(key, any_case=True)]))
            yield second.has(tag) == z3.Or(gets, z3.And(first.has(tag), z3.Not(loses)))
            yield second.value(tag) == z3.If(gets, first.value(given), first.value(tag))


def _tag_key(variable: str) -> str:
    """Return the key of a tag that a variable stands for, "" if it stands for none."""
    for prefix in (ON_RESOURCE, IN_REQUEST):
        if variable.startswith(prefix):
            return variable.removeprefix(prefix)
    return ""
