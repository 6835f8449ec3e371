"""The environments in a folder that was synthesized: their root modules, in the order of apply."""

import json
import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from graphlib import TopologicalSorter
from itertools import groupby
from pathlib import Path
from typing import Any

from handover.late_values import with_defaults

Document = Mapping[str, Any]

# Data sources with the outputs of other root modules, and what their addresses begin with.
STATES = ("terraform_remote_state", "tfe_outputs")
STATE_ADDRESSES = tuple(f"data.{type_}." for type_ in STATES)


@dataclass(frozen=True)
class RootModule:
    """One stack: its name, its Terraform JSON, and the stacks that are applied before it."""

    name: str
    document: Document
    after: tuple[str, ...]

    @property
    def decided(self) -> Document:
        """Return its Terraform with the defaults of its variables in it."""
        variables = self.document.get("variable", {})
        decided: Document = with_defaults(
            self.document, {name: block.get("default") for name, block in variables.items()}
        )
        return decided

    @property
    def environment(self) -> str:
        """Return the name of its environment."""
        return self.name.rpartition("-")[0] or self.name

    @property
    def part(self) -> str:
        """Return what of its environment it is, e.g. ``batch``."""
        return self.name.rpartition("-")[2]

    @property
    def reads(self) -> list[str]:
        """Return the parts whose outputs it reads."""
        data = self.document.get("data", {})
        return sorted(name for type_ in STATES for name in data.get(type_, ()))

    @property
    def backend(self) -> tuple[str, Document]:
        """Return kind and block of where its state is; ``cloud`` counts as one, and so does no block at all."""
        terraform = self.document.get("terraform", {})
        blocks = {**terraform.get("backend", {}), **({"cloud": terraform["cloud"]} if "cloud" in terraform else {})}
        return next(iter(blocks.items()), ("local", {}))


@dataclass(frozen=True)
class Platform:
    """One environment: its root modules in the order of apply, and what the README beside them says of it."""

    name: str
    modules: tuple[RootModule, ...]
    section: str = ""

    @property
    def decided(self) -> "Platform":
        """Return it with the defaults of its variables."""
        modules = tuple(replace(module, document=module.decided) for module in self.modules)
        return replace(self, modules=modules)


def read_platforms(folder: Path, names: Collection[str] = ()) -> list[Platform]:
    """Return the environments of a folder such as cdktf.out by name: all of them, or those of these ``names``.

    Raises FileNotFoundError where there is no manifest.
    """
    entries = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))["stacks"]
    needs = {name: sorted(set(entry.get("dependencies", ())) & entries.keys()) for name, entry in entries.items()}
    order = list(TopologicalSorter(dict(sorted(needs.items()))).static_order())
    modules = [
        RootModule(name, _document(folder / entries[name]["synthesizedStackPath"]), (*needs[name],)) for name in order
    ]
    readme = folder / "README.md"
    sections = dict(_sections(readme.read_text(encoding="utf-8"))) if readme.is_file() else {}
    grouped = groupby(sorted(modules, key=lambda module: module.environment), lambda module: module.environment)
    return [
        Platform(name, tuple(group), sections.get(name, "")) for name, group in grouped if not names or name in names
    ]


def resources(document: Document, *types: str) -> Iterator[tuple[str, str, Document]]:
    """Yield type, name and block of the resources of these types; of all, if none is named."""
    for type_, items in sorted(document.get("resource", {}).items()):
        if not types or type_ in types:
            yield from ((type_, name, block) for name, block in sorted(items.items()))


def construct_path(block: Document) -> str:
    """Return the construct's path below its stack, without what only cdktf adds; empty where it is not known."""
    comment = block.get("//", "")
    if isinstance(comment, str):
        return comment
    path = str(comment.get("metadata", {}).get("path", ""))
    return path.partition("/")[2].removesuffix("/Resource")


def _document(file: Path) -> Document:
    return dict(json.loads(file.read_text(encoding="utf-8")))


def _sections(readme: str) -> Iterator[tuple[str, str]]:
    for found in re.finditer(r"(?ms)^## ([\w-]+)\n+(.*?)(?=^## |\Z)", readme):
        yield found[1], found[2].rstrip() + "\n"
