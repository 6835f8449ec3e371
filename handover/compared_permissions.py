"""Permissions that come and go: statements are compared, not the text of policies."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from handover.addresses import Key
from handover.comparing import Resource
from handover.expressions import references
from handover.permissions import as_list, in_words

# Arguments that hold policies, by type of resource. Trust policies say who may take on a role.
POLICIES = ("policy", "assume_role_policy")


@dataclass(frozen=True, order=True)
class Permission:
    """One action on one resource for one holder: a role, or the principals that a resource's own policy allows."""

    holder: str
    effect: str
    action: str
    resource: str
    rest: str = ""  # principal and condition
    sid: str = ""


def permissions(resources: Mapping[Key, Resource]) -> set[Permission]:
    """Return all permissions in the policies of an environment."""
    return {permission for key, resource in resources.items() for permission in _permissions(key, resource, resources)}


def _permissions(key: Key, resource: Resource, resources: Mapping[Key, Resource]) -> Iterator[Permission]:
    if key[1] == "aws_iam_role_policy_attachment":
        arn = str(resource.block.get("policy_arn"))
        yield Permission(_holder(key, resource, resources), "Allow", "what the policy says", arn)
    for argument in POLICIES:
        policy = resource.block.get(argument)
        if isinstance(policy, Mapping):
            holder = _holder(key, resource, resources)
            taken = " (taken on)" if argument == "assume_role_policy" else ""
            for statement in as_list(policy.get("Statement", [])):
                yield from _of(statement, holder + taken)


def _of(statement: Mapping[str, Any], holder: str) -> Iterator[Permission]:
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
            yield Permission(holder, statement.get("Effect", "Allow"), action, place, text, statement.get("Sid", ""))


def _holder(key: Key, resource: Resource, resources: Mapping[Key, Resource]) -> str:
    for address, _ in references(str(resource.block.get("role", ""))):
        type_, _, name = address.partition(".")
        if (key[0], type_, name) in resources:
            return resources[key[0], type_, name].path
    return resource.path or resource.address


def told(found: set[Permission], paths: Mapping[str, str]) -> list[str]:
    """Return permissions in words, those of one statement together."""
    grouped: dict[tuple[str, str, str, str], tuple[set[str], set[str]]] = {}
    for permission in sorted(found):
        statement = permission.holder, permission.sid, permission.effect, permission.rest
        actions, places = grouped.setdefault(statement, (set(), set()))
        actions.add(permission.action)
        places.add(permission.resource)
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
