"""The Terraform of the environments that are shipped, and of the examples; each synthesized once for the whole run."""

import json
import os
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest

from stacks.loading import PACKAGE as SHIPPED
from stacks.loading import load_environments
from tests.synthesized import synthesized

EXAMPLES = "examples.environments"
SEEDS = "examples.seeds"
PACKAGES = (SHIPPED, EXAMPLES, SEEDS)
# Tells the other pytest (tests/beside.py) where a file for each package is kept.
FOLDER = "TERRABATCH_TEST_SHIPPED"


def pytest_configure(config: pytest.Config) -> None:
    """Keep a file for each package while the tests run."""
    if FOLDER not in os.environ:
        folder = TemporaryDirectory(prefix="terrabatch-shipped-")
        os.environ[FOLDER] = folder.name
        config.add_cleanup(folder.cleanup)


@cache
def shipped_stacks(package: str = SHIPPED) -> Mapping[str, dict[str, Any]]:
    """Return the JSON of every stack of every environment, by the stack's name."""
    folder = os.environ.get(FOLDER)
    if folder and (kept := Path(folder, package)).exists():
        stacks: Mapping[str, dict[str, Any]] = json.loads(kept.read_text())
        return stacks
    stacks = synthesized(*load_environments(package=package))
    if folder:
        kept.write_text(json.dumps(stacks))
    return stacks


def shipped_resources(*types: str, package: str = SHIPPED) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield ``stack/address`` and block of every resource of these types; of all, if none is named."""
    for stack, document in shipped_stacks(package).items():
        for type_, resources in document.get("resource", {}).items():
            if not types or type_ in types:
                for name, resource in resources.items():
                    yield f"{stack}/{type_}.{name}", resource
