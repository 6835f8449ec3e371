"""Rights that come and go: statements are compared, not the text of policies."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from handover.addresses import Key
from handover.comparing import Resource
from handover.expressions import references
from handover.rights import as_list, in_words

# Arguments that hold policies, by type of resource. Trust policies say who may take on a role.
POLICIES = ("policy", "assume_role_policy")


@dataclass(frozen=True, order=True)
class Right:
    """One action on one resource for one holder: a role, or whoever a resource's own policy lets in."""

    holder: str
    effect: str
    action: str
    resource: str
    rest: str = ""  # principal and condition
    sid: str = ""


def rights(resources: Mapping[Key, Resource]) -> set[Right]:
    """Return all rights in the policies of an environment."""
    return {right for key, resource in resources.items() for right in _rights(key, resource, resources)}


def _rights(key: Key, resource: Resource, resources: Mapping[Key, Resource]) -> Iterator[Right]:
    if key[1] == "aws_iam_role_policy_attachment":
        arn = str(resource.block.get("policy_arn"))
        yield Right(_holder(key, resource, resources), "Allow", "what the policy says", arn)
    for argument in POLICIES:
        policy = resource.block.get(argument)
        if isinstance(policy, Mapping):
            holder = _holder(key, resource, resources)
            taken = " (taken on)" if argument == "assume_role_policy" else ""
            for statement in as_list(policy.get("Statement", [])):
                yield from _of(statement, holder + taken)


def _of(statement: Mapping[str, Any], holder: str) -> Iterator[Right]:
    rest = {name: statement[name] for name in ("Principal", "NotPrincipal", "Condition") if name in statement}
    actions = [
        *as_list(statement.get("Action", [])),
        *(f"all but {item}" for item in as_list(statement.get("NotAction", []))),
    ]
    places = as_list(statement.get("Resource", "")) + [
        f"all but {item}" for item in as_list(statement.get("NotResource", []))
    ]
    text = json.dumps(rest, sort_keys=True) if rest else ""
    for action in actions:
        for place in places:
            yield Right(holder, statement.get("Effect", "Allow"), action, place, text, statement.get("Sid", ""))


def _holder(key: Key, resource: Resource, resources: Mapping[Key, Resource]) -> str:
    for address, _ in references(str(resource.block.get("role", ""))):
        type_, _, name = address.partition(".")
        if (key[0], type_, name) in resources:
            return resources[key[0], type_, name].path
    return resource.path or resource.address


def told(found: set[Right], paths: Mapping[str, str]) -> list[str]:
    """Return rights in words, those of one statement together."""
    grouped: dict[tuple[str, str, str, str], tuple[set[str], set[str]]] = {}
    for right in sorted(found):
        actions, places = grouped.setdefault((right.holder, right.sid, right.effect, right.rest), (set(), set()))
        actions.add(right.action)
        places.add(right.resource)
    return [
        f"{holder}: {in_words(_statement(sid, effect, rest, actions, places), paths)}"
        for (holder, sid, effect, rest), (actions, places) in grouped.items()
    ]


def _statement(sid: str, effect: str, rest: str, actions: set[str], places: set[str]) -> Mapping[str, Any]:
    where = sorted(places - {""})
    return {
        "Effect": effect,
        "Action": sorted(actions),
        **({"Sid": sid} if sid else {}),
        **({"Resource": where} if where else {}),
        **(json.loads(rest) if rest else {}),
    }
