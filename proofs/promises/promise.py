"""A promise: all that a role may do, who takes it on, and which policies of others it has. In statements, as IAM's."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from modules import arns
from modules.naming import AwsLocation
from proofs.policies import Statement

Conditions = Mapping[str, Mapping[str, str | Sequence[str]]]


def may(actions: str, resources: str | Iterable[str], conditions: Conditions | None = None) -> Statement:
    """Return the permission to these actions, one service's, as in ``sqs: SendMessage GetQueueUrl``."""
    return _statement("Allow", actions, resources, conditions)


def never(actions: str, resources: str | Iterable[str], conditions: Conditions | None = None) -> Statement:
    """Return that nobody may do so, whatever else allows it."""
    return {**_statement("Deny", actions, resources, conditions), "Principal": "*"}


def _statement(effect: str, actions: str, resources: str | Iterable[str], conditions: Conditions | None) -> Statement:
    service, _, names = actions.partition(": ")
    return {
        "Effect": effect,
        "Action": [f"{service}:{name}" for name in names.split()],
        "Resource": [resources] if isinstance(resources, str) else list(resources),
        "Condition": conditions or {},
    }


def by(statement: Statement, **principals: str | Sequence[str]) -> Statement:
    """Return a permission of these, e.g. ``Service="s3.amazonaws.com"``, for the policy of a resource."""
    return {**statement, "Principal": principals}


def anybody(statement: Statement) -> Statement:
    """Return a permission of every principal that fulfils its conditions."""
    return {**statement, "Principal": "*"}


def accounts(location: AwsLocation, names: Iterable[str]) -> list[str]:
    """Return roles, users and accounts, which settings may name by their numbers alone."""
    return [name if ":" in name else arns.account_root(location, name) for name in names]


def where(**conditions: Mapping[str, str | Sequence[str]]) -> Conditions:
    """Return conditions by their operators."""
    return conditions


@dataclass(frozen=True)
class Promise:
    """What a role may do and nothing else; ``services`` that take it on, for this account only if ``for_account``."""

    permissions: tuple[Statement, ...]
    services: tuple[str, ...]
    for_account: bool = True
    attached: frozenset[str] = frozenset()
