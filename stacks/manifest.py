"""What lies in an output folder: ``manifest.json``, which the cdktf CLI reads, and the stacks it names."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from graphlib import TopologicalSorter
from pathlib import Path
from typing import Any

from stacks.layout import LAYOUTS

FILE = "cdk.tf.json"
# The names of stacks end in these, each after those that it depends on.
ORDER = [name for layout in LAYOUTS for name in layout.stacks]
# Data sources with the outputs of other stacks.
STATES = ("terraform_remote_state", "tfe_outputs")
# Below "//", which Terraform passes over: what production refuses elsewhere and not here, with the reasons.
WAIVERS = "production_waivers"
# How much the environment can use of what an account's quotas limit, by quota; in its first stack.
QUOTAS = "service_quotas"
# What was renamed, by its path before, and what existed, by its path: both until they are applied.
MOVED, IMPORTED = "moved", "imported"
# And which stacks it comes after although it reads nothing of theirs.
APPLIED_AFTER = "applied_after"
# And what makes its workspace.
HCP_TERRAFORM = "hcp_terraform"


@dataclass(frozen=True)
class SynthesizedStack:
    """One stack that was written: its name, folder and Terraform JSON."""

    name: str
    folder: Path
    document: Mapping[str, Any]

    @property
    def environment(self) -> str:
        """The name of its environment."""
        return self.name.rpartition("-")[0]

    @property
    def resources(self) -> int:
        """How many resources it has."""
        return self._count("resource")

    @property
    def data_sources(self) -> int:
        """How many data sources it has."""
        return self._count("data")

    @property
    def read_stacks(self) -> list[str]:
        """The stacks whose outputs it reads."""
        data = self.document.get("data", {})
        return sorted(f"{self.environment}-{name}" for type_ in STATES for name in data.get(type_, ()))

    @property
    def dependencies(self) -> list[str]:
        """The stacks that are applied before it: those that it reads, and those with what it starts."""
        return sorted({*self.read_stacks, *self.document.get("//", {}).get(APPLIED_AFTER, [])})

    @property
    def production_waivers(self) -> Mapping[str, str]:
        """The reasons why what production refuses is there all the same, by the paths of these settings."""
        waivers: Mapping[str, str] = self.document.get("//", {}).get(WAIVERS, {})
        return waivers

    @property
    def service_quotas(self) -> Mapping[str, Mapping[str, Any]]:
        """How much its environment can use of what an account's quotas limit, by quota, if it is the first."""
        quotas: Mapping[str, Mapping[str, Any]] = self.document.get("//", {}).get(QUOTAS, {})
        return quotas

    def _count(self, kind: str) -> int:
        return sum(map(len, self.document.get(kind, {}).values()))


def told_of_addresses(stacks: Iterable[SynthesizedStack]) -> list[str]:
    """Return what Terraform is told of addresses, which is done once it is applied."""
    notes = [stack.document.get("//", {}) for stack in stacks]
    moved = [f"`moved`: {old}, which is {new} now" for note in notes for old, new in note.get(MOVED, {}).items()]
    taken = [f"`imported`: {path}, which is {id_}" for note in notes for path, id_ in note.get(IMPORTED, {}).items()]
    return sorted({*moved, *taken})


def names_in(folder: Path) -> set[str]:
    """Return the names of the stacks below ``folder``."""
    return {file.parent.name for file in folder.glob(f"stacks/*/{FILE}")}


def read_stacks(names: Iterable[str], folder: Path, output: Path) -> dict[str, SynthesizedStack]:
    """Return stacks below ``folder`` by name, with the folders that they have in ``output``."""
    return {
        name: SynthesizedStack(
            name, output / "stacks" / name, json.loads((folder / "stacks" / name / FILE).read_bytes())
        )
        for name in sorted(names)
    }


def in_order(stacks: Iterable[SynthesizedStack]) -> list[SynthesizedStack]:
    """Return the stacks by environment, each after those that it depends on."""
    by_name = {stack.name: stack for stack in sorted(stacks, key=_place)}
    order = TopologicalSorter({name: stack.dependencies for name, stack in by_name.items()}).static_order()
    return sorted((by_name[name] for name in order if name in by_name), key=lambda stack: stack.environment)


def stack_names(environments: Iterable[str]) -> set[str]:
    """Return what stacks of these environments may be called, whatever their layout is."""
    return {f"{environment}-{name}" for environment in environments for name in ORDER}


def manifest(stacks: Mapping[str, SynthesizedStack], written: Mapping[str, Any]) -> dict[str, Any]:
    """Return a manifest of all ``stacks``, from the one that cdktf has just ``written`` of some of them."""
    entries = {}
    for name, stack in stacks.items():
        entry = _entry(stack) | written["stacks"].get(name, {})
        entries[name] = entry | {"dependencies": sorted(entry["dependencies"])}
    return {**written, "stacks": entries}


def _entry(stack: SynthesizedStack) -> dict[str, Any]:
    folder = f"stacks/{stack.name}"
    return {
        "annotations": [],
        "constructPath": stack.name,
        "dependencies": stack.dependencies,
        "name": stack.name,
        "stackMetadataPath": f"{folder}/metadata.json",
        "synthesizedStackPath": f"{folder}/{FILE}",
        "workingDirectory": folder,
    }


def _place(stack: SynthesizedStack) -> tuple[str, int, str]:
    suffix = stack.name.rpartition("-")[2]
    return stack.environment, ORDER.index(suffix) if suffix in ORDER else len(ORDER), stack.name
