"""The Terraform of the environments that are shipped, and of the examples; each synthesized once for the whole run."""

from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

from stacks.loading import PACKAGE as SHIPPED
from stacks.loading import load_environments
from tests.synthesized import synthesized

EXAMPLES = "examples.environments"
SEEDS = "examples.seeds"
PACKAGES = (SHIPPED, EXAMPLES, SEEDS)


@cache
def shipped_stacks(package: str = SHIPPED) -> Mapping[str, dict[str, Any]]:
    """Return the JSON of every stack of every environment, by the stack's name."""
    return synthesized(*load_environments(package=package))


@cache
def governed_stacks(package: str, name: str) -> Mapping[str, dict[str, Any]]:
    """Return those of an environment in an account that asks for a path, a boundary and a key of all log groups."""
    (environment,) = load_environments([name], package)
    key = f"arn:aws:kms:{environment.region}:111122223333:key/0a1b2c3d-4e5f-4a6b-8c7d-9e8f7a6b5c4d"
    boundary = f"arn:aws:iam::{environment.account_id}:policy/boundaries/workload"
    rules = {"iam_path": "/ml/", "permissions_boundary_arn": boundary, "log_kms_key_arn": key}
    return synthesized(environment.model_copy(update=rules))


def shipped_resources(*types: str, package: str = SHIPPED) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield ``stack/address`` and block of every resource of these types; of all, if none is named."""
    for stack, document in shipped_stacks(package).items():
        for type_, resources in document.get("resource", {}).items():
            if not types or type_ in types:
                for name, resource in resources.items():
                    yield f"{stack}/{type_}.{name}", resource
