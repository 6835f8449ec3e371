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


def shipped_resources(*types: str, package: str = SHIPPED) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield ``stack/address`` and block of every resource of these types; of all, if none is named."""
    for stack, document in shipped_stacks(package).items():
        for type_, resources in document.get("resource", {}).items():
            if not types or type_ in types:
                for name, resource in resources.items():
                    yield f"{stack}/{type_}.{name}", resource
