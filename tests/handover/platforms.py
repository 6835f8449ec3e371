"""Environments as they are handed over, made from what the tests synthesize once."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

from handover.bundle import bundle
from handover.module_files import Files
from handover.options import Options
from handover.platforms import Platform, RootModule
from tests.processes import PROJECT
from tests.shipped import PACKAGES, shipped_stacks


def root_module(name: str = "dev-queues", /, after: tuple[str, ...] = (), **document: Any) -> RootModule:
    """Return a root module of these blocks."""
    return RootModule(name, document, after)


def shipped_platforms() -> Iterator[Platform]:
    """Yield every environment that is shipped, and the examples."""
    for package in PACKAGES:
        found: dict[str, dict[str, Any]] = {}
        for name, document in shipped_stacks(package).items():
            found.setdefault(name.rpartition("-")[0], {})[name] = document
        yield from (platform_of(*item) for item in found.items())


@cache
def shipped_bundles() -> Mapping[str, Files]:
    """Return what is handed over of every environment that is shipped, and of the examples, by its name."""
    options = Options(chapters=(PROJECT / "docs" / "runbook.md").read_text(encoding="utf-8"))
    return {platform.name: bundle(platform, options) for platform in shipped_platforms()}


def platform_of(environment: str, documents: Mapping[str, Any]) -> Platform:
    """Return an environment of the stacks that were synthesized."""
    modules = []
    for name, document in documents.items():
        module = RootModule(name, document, ())
        modules.append(replace(module, after=tuple(f"{environment}-{part}" for part in module.reads)))
    return Platform(environment, tuple(modules))


def write_stacks(folder: Path, *modules: RootModule, readme: str = "") -> Path:
    """Write root modules as they are synthesized; return the folder."""
    for module in modules:
        file = folder / "stacks" / module.name / "cdk.tf.json"
        file.parent.mkdir(parents=True)
        file.write_text(json.dumps(module.document))
    stacks = {
        module.name: {
            "dependencies": list(module.after),
            "synthesizedStackPath": f"stacks/{module.name}/cdk.tf.json",
        }
        for module in modules
    }
    (folder / "manifest.json").write_text(json.dumps({"stacks": stacks}))
    if readme:
        (folder / "README.md").write_text(readme)
    return folder
