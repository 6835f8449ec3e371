"""Permissions that come and go: statements are compared, not the text of policies.

What is allowed now and was not is gained, and so is what is no longer denied. Where one statement covers another, the
narrower one gives nothing; where that cannot be told (``NotAction``, another condition), both count: one as gained, one
as lost.
"""

import json
import re
from collections import defaultdict
from collections.abc import Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

from handover.addresses import Key
from handover.comparing import Resource
from handover.expressions import references
from handover.policy_words import ALL_BUT, EVERYONE, Statement, as_list, attached

# Policies that give nothing by themselves, but limit what others give: a new one takes away.
LIMITING = ("aws_vpc_endpoint",)

One = TypeVar("One", bound=Hashable)
Other = TypeVar("Other", bound=Hashable)


@dataclass(frozen=True, order=True)
class Permission:
    """One action on one resource by one principal, allowed or denied by the policy of a holder: a role, a queue."""

    holder: str
    effect: str
    action: str  # none: all that a policy allows which stands elsewhere
    resource: str
    principal: str = ""
    condition: str = "{}"
    sid: str = field(default="", compare=False)

    def covers(self, other: "Permission") -> bool:
        """Return whether it is known to be about all that another of the same effect is about."""
        return (
            (self.holder, self.effect) == (other.holder, other.effect)
            and self.principal in (other.principal, EVERYONE)
            and _matches(self.action, other.action)
            and _matches(self.resource, other.resource)
            and _is_wider(_conditions(self.condition), _conditions(other.condition))
        )


Resources = Mapping[Key, Resource]


def compared(old: Resources, new: Resources) -> tuple[set[Permission], set[Permission]]:
    """Return what is gained and what is lost."""
    had, has = permissions(old, new), permissions(new, old)
    come, gone = (
        {item for item in side - other if not any(known.covers(item) for known in other)}
        for side, other in ((has, had), (had, has))
    )
    gained, lost = (
        {item for item in allowed if item.effect == "Allow"} | {item for item in denied if item.effect == "Deny"}
        for allowed, denied in ((come, gone), (gone, come))
    )
    return gained, lost


def permissions(resources: Resources, others: Resources) -> set[Permission]:
    """Return all permissions in the policies of an environment that mean something for a change from or to ``others``.

    What a resource that only one side has denies by itself, or what limits where nothing did, does not.
    """
    return {found for key, resource in resources.items() for found in _permissions(key, resource, resources, others)}


def _permissions(key: Key, resource: Resource, resources: Resources, others: Resources) -> Iterator[Permission]:
    holder = _holder(key, resource, resources)
    if key[1] == "aws_iam_role_policy_attachment":
        yield Permission(holder, "Allow", "", str(resource.block.get("policy_arn")))
    for policy in resource.block.values():
        if not _is_policy(policy):
            continue
        is_limiting = key[1] in LIMITING
        if is_limiting and key not in others:
            continue
        is_there = is_limiting or any(subject in others for subject in _subjects(key, resource, resources))
        for statement in as_list(policy["Statement"]):
            if is_there or statement.get("Effect") != "Deny":
                yield from _of(statement, holder)
    # Without a policy of its own an endpoint lets everything pass.
    if key[1] in LIMITING and key in others and not any(map(_is_policy, resource.block.values())):
        yield Permission(holder, "Allow", "*", "*", EVERYONE)


def _is_policy(value: Any) -> bool:
    return isinstance(value, Mapping) and "Statement" in value


def _of(statement: Mapping[str, Any], holder: str) -> Iterator[Permission]:
    read = Statement.read(statement)
    condition = json.dumps(read.condition, sort_keys=True)
    for action in read.actions:
        for place in read.resources or [""]:
            for principal in read.principals or [""]:
                yield Permission(holder, read.effect, action, place, principal, condition, read.sid)


def _holder(key: Key, resource: Resource, resources: Resources) -> str:
    for role in _referred(key, str(resource.block.get("role", "")), resources):
        return resources[role].path
    return resource.path or resource.address


def _subjects(key: Key, resource: Resource, resources: Resources) -> list[Key]:
    """Return whose policy it is: what a policy is attached to, or the resource that has it itself."""
    plain = (value for value in resource.block.values() if isinstance(value, str) and key[1].endswith("_policy"))
    return [found for value in plain for found in _referred(key, value, resources)] or [key]


def _referred(key: Key, text: str, resources: Resources) -> Iterator[Key]:
    for address, _ in references(text):
        type_, _, name = address.partition(".")
        if (key[0], type_, name) in resources:
            yield key[0], type_, name


def _matches(pattern: str, text: str) -> bool:
    """Return whether a pattern of IAM takes all that another takes."""
    if pattern == text or pattern.startswith(ALL_BUT) or not pattern:
        return pattern == text
    expression = re.escape(pattern).replace(r"\*", ".*").replace(r"\?", "[^*]")
    return bool(text) and re.fullmatch(expression, text, re.DOTALL) is not None


Conditions = Mapping[tuple[str, str], frozenset[str]]


def _conditions(text: str) -> Conditions:
    return {
        (operator, key): frozenset(map(str, as_list(value)))
        for operator, keys in json.loads(text).items()
        for key, value in keys.items()
    }


def _is_wider(wide: Conditions, narrow: Conditions) -> bool:
    """Return whether a condition is met wherever another is: it asks for less, or takes more values."""
    return all(
        name in narrow and (values <= narrow[name] if "Not" in name[0] else values >= narrow[name])
        for name, values in wide.items()
    )


def told(found: Iterable[Permission], paths: Mapping[str, str], denied: str) -> list[str]:
    """Return permissions in words, those of one statement together; ``denied`` leads those that are denied."""
    grouped = defaultdict[tuple[str, str, str, str], list[Permission]](list)
    for item in sorted(found):
        grouped[item.holder, item.sid, item.effect, item.condition].append(item)
    return [
        f"{holder}: {_sentence(Statement(effect, actions, places, people, json.loads(condition), sid), paths, denied)}"
        for (holder, sid, effect, condition), items in grouped.items()
        for actions, rest in _alike((item.action, (item.principal, item.resource)) for item in items)
        for people, places in _alike(rest)
    ]


def _sentence(statement: Statement, paths: Mapping[str, str], denied: str) -> str:
    if statement.actions == [""]:
        return ", ".join(attached(policy, paths) for policy in statement.resources)
    return statement.in_words(paths, denied)


def _alike(pairs: Iterable[tuple[One, Other]]) -> Iterator[tuple[list[One], list[Other]]]:
    """Yield those together that come with the same others, with these."""
    others = defaultdict[One, list[Other]](list)
    for one, other in pairs:
        others[one].append(other)
    groups = defaultdict[tuple[Other, ...], list[One]](list)
    for one, found in others.items():
        groups[tuple(found)].append(one)
    yield from ((ones, [*found]) for found, ones in groups.items())
