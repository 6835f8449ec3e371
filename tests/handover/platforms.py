"""Environments as they are handed over, made from what the tests synthesize once."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from handover.platforms import Platform, RootModule
from tests.shipped import PACKAGES, shipped_stacks


def root_module(name: str = "dev-queues", /, reads: tuple[str, ...] = (), **document: Any) -> RootModule:
    """Return a root module of these blocks."""
    return RootModule(name, document, reads)


def shipped_platforms() -> Iterator[Platform]:
    """Yield every environment that is shipped, and the examples."""
    for package in PACKAGES:
        found: dict[str, list[RootModule]] = {}
        for name, document in shipped_stacks(package).items():
            environment = name.rpartition("-")[0]
            states = document.get("data", {}).get("terraform_remote_state", {})
            reads = tuple(sorted(f"{environment}-{part}" for part in states))
            found.setdefault(environment, []).append(RootModule(name, document, reads))
        yield from (Platform(environment, tuple(modules)) for environment, modules in found.items())


def write_stacks(folder: Path, *modules: RootModule, readme: str = "") -> Path:
    """Write root modules as they are synthesized; return the folder."""
    for module in modules:
        file = folder / "stacks" / module.name / "cdk.tf.json"
        file.parent.mkdir(parents=True)
        file.write_text(json.dumps(module.document))
    stacks = {
        module.name: {
            "dependencies": list(module.reads),
            "synthesizedStackPath": f"stacks/{module.name}/cdk.tf.json",
        }
        for module in modules
    }
    (folder / "manifest.json").write_text(json.dumps({"stacks": stacks}))
    if readme:
        (folder / "README.md").write_text(readme)
    return folder
