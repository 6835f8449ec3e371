"""IAM policy documents as plain data. No constructs.

Source: IAM JSON policy elements reference.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Protocol

from modules.canonical_json import canonical_json

Statement = dict[str, Any]
Condition = Mapping[str, Mapping[str, str | Sequence[str]]]


class Grantee(Protocol):
    """What permissions are given to: a role."""

    def add_policy(self, id_: str, statements: Sequence[Statement]) -> None:
        """Attach ``statements`` as the inline policy ``id_``."""


def allow(
    sid: str,
    actions: Iterable[str],
    resources: str | Sequence[str],
    *,
    principal: Mapping[str, str | Sequence[str]] | None = None,
    condition: Condition | None = None,
) -> Statement:
    """Return an Allow statement. ``principal`` is for policies of resources only, e.g. ``{"AWS": arn}``."""
    return {
        "Sid": sid,
        "Effect": "Allow",
        "Principal": {kind: _one_or_many(names) for kind, names in principal.items()} if principal else None,
        "Action": _one_or_many(list(actions)),
        "Resource": resources if isinstance(resources, str) else _one_or_many(resources, ordered=False),
        "Condition": condition,
    }


def deny(sid: str, actions: Iterable[str], resources: str | Sequence[str], condition: Condition) -> Statement:
    """Return the statement of a resource's policy that refuses this to everybody."""
    return {**allow(sid, actions, resources, principal={"AWS": "*"}, condition=condition), "Effect": "Deny"}


def in_organization(ids: Sequence[str]) -> Condition:
    """Return the condition that the principal belongs to one of these organizations."""
    return {"StringEquals": {"aws:PrincipalOrgID": list(ids)}}


def deny_without_tls(actions: Iterable[str], resources: str | Sequence[str]) -> Statement:
    """Return the statement of a resource's policy that refuses this to everybody without TLS."""
    return deny("DenyWithoutTls", actions, resources, {"Bool": {"aws:SecureTransport": "false"}})


def policy_document(statements: Iterable[Statement]) -> str:
    """Return the policy as canonical JSON.

    Raises ValueError for an empty part in a statement: a policy that lost its condition allows more than was meant.
    """
    document = list(statements)
    for statement in document:
        for part in ("Action", "Resource", "Principal", "Condition"):
            if _has_empty_part(statement.get(part)):
                raise ValueError(f"{part} of the statement {statement.get('Sid')!r} has an empty part")
    return canonical_json({"Version": "2012-10-17", "Statement": document})


def camel(service: str) -> str:
    """Return a service's name as part of a Sid: ``EcsTasks`` for ``ecs-tasks.amazonaws.com``."""
    return "".join(word.capitalize() for word in service.partition(".")[0].split("-"))


def assume_role_document(services: Sequence[str], *, account_id: str | None = None) -> str:
    """Return the trust policy for AWS services, which may act only for ``account_id`` where it is given.

    Without the account, a service can be talked into using the role for somebody else's resources (confused deputy).
    """
    condition = {"StringEquals": {"aws:SourceAccount": account_id}} if account_id else None
    principal = {"Service": _one_or_many(services)}
    return policy_document(
        [{"Effect": "Allow", "Principal": principal, "Action": "sts:AssumeRole", "Condition": condition}]
    )


def _has_empty_part(part: Any) -> bool:
    if isinstance(part, Mapping):
        return any(map(_has_empty_part, part.values()))
    return isinstance(part, str | list | tuple) and not part


def _one_or_many(items: str | Sequence[str], *, ordered: bool = True) -> str | list[str]:
    """AWS hands a list of one back as a string; written that way, no plan shows a difference."""
    if isinstance(items, str):
        return items
    unique = sorted(set(items)) if ordered else list(dict.fromkeys(items))
    return unique[0] if len(unique) == 1 else unique
