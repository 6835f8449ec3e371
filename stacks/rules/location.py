"""What is named by ARN lies where it can be used: the right account, the right region."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from modules.kms.settings import ExistingKmsKey
from modules.problems import Problem
from modules.settings import Settings

if TYPE_CHECKING:
    from stacks.environment import Environment


def deployment_role_is_of_the_account(environment: Environment) -> Iterator[Problem]:
    """Check that the role Terraform assumes can pass the provider's own check of the account."""
    role = environment.deployment_role_arn
    if role and role.split(":")[4] != environment.account_id:
        yield Problem(
            "deployment_role_arn",
            f"be a role of account_id ({environment.account_id})",
            repr(role),
            "Terraform refuses to deploy to any other account",
        )


def keys_are_in_the_region(environment: Environment) -> Iterator[Problem]:
    """Check every KMS key that somebody else owns, wherever it is used."""
    for path, key in _keys(environment, ""):
        region = key.key_arn.split(":")[3]
        if region != environment.region:
            yield Problem(
                f"{path}.key_arn",
                f"be a key in {environment.region}, the environment's region",
                repr(region),
                "AWS services use keys of their own region only; a multi-Region key has a replica there",
            )


def _keys(value: Any, path: str) -> Iterator[tuple[str, ExistingKmsKey]]:
    if isinstance(value, ExistingKmsKey) and "key_arn" in value.__dict__:
        yield path, value
    elif isinstance(value, Settings):
        for name in type(value).model_fields:
            yield from _keys(value.__dict__.get(name), f"{path}.{name}" if path else name)
    elif isinstance(value, Mapping):
        for name, item in value.items():
            yield from _keys(item, f"{path}.{name}")
    elif isinstance(value, tuple):
        for index, item in enumerate(value):
            yield from _keys(item, f"{path}[{index}]")
