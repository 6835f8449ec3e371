"""IAM policy documents as plain data. No constructs.

Source: IAM JSON policy elements reference.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from modules.canonical_json import canonical_json

Statement = dict[str, Any]
Condition = Mapping[str, Mapping[str, str | Sequence[str]]]


def allow(
    sid: str,
    actions: Iterable[str],
    resources: str | Sequence[str],
    *,
    principal: Mapping[str, str | Sequence[str]] | None = None,
    condition: Condition | None = None,
) -> Statement:
    """Return an Allow statement. ``principal`` is for policies of resources only, e.g. ``{"AWS": arn}``."""
    return _statement("Allow", sid, actions, resources, principal, condition)


def deny(
    sid: str,
    actions: Iterable[str],
    resources: str | Sequence[str],
    *,
    principal: Mapping[str, str | Sequence[str]] | None = None,
    condition: Condition | None = None,
) -> Statement:
    """Return a Deny statement."""
    return _statement("Deny", sid, actions, resources, principal, condition)


def deny_without_tls(service: str, resources: str | Sequence[str]) -> Statement:
    """Return the statement that refuses every request to ``service`` made without TLS, whoever makes it."""
    return deny(
        "DenyWithoutTls",
        [f"{service}:*"],
        resources,
        principal={"AWS": "*"},
        condition={"Bool": {"aws:SecureTransport": "false"}},
    )


def policy_document(statements: Iterable[Statement]) -> str:
    """Return the policy as canonical JSON."""
    return canonical_json({"Version": "2012-10-17", "Statement": list(statements)})


def assume_role_document(services: Sequence[str], *, account_id: str | None = None) -> str:
    """Return the trust policy for AWS services, which may act only for ``account_id`` where it is given.

    Without the account, a service can be talked into using the role for somebody else's resources (confused deputy).
    """
    condition = {"StringEquals": {"aws:SourceAccount": account_id}} if account_id else None
    principal = {"Service": services[0] if len(services) == 1 else sorted(services)}
    statement = allow("", ["sts:AssumeRole"], "", principal=principal, condition=condition)
    return policy_document([statement])


def _statement(
    effect: str,
    sid: str,
    actions: Iterable[str],
    resources: str | Sequence[str],
    principal: Mapping[str, str | Sequence[str]] | None,
    condition: Condition | None,
) -> Statement:
    return {
        "Sid": sid,
        "Effect": effect,
        "Principal": principal,
        "Action": _one_or_many(sorted(actions)),
        "Resource": resources if isinstance(resources, str) else _one_or_many(list(resources)),
        "Condition": condition,
    }


def _one_or_many(items: list[str]) -> str | list[str]:
    """AWS hands a list of one back as a string; written that way, no plan shows a difference."""
    return items[0] if len(items) == 1 else items
