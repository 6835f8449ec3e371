"""Write the Terraform of environments, and say what was written."""

import json
import os
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from cdktf import App

from stacks.environment import Environment
from stacks.platform import build_platform


@dataclass(frozen=True)
class SynthesizedStack:
    """One stack that was written: its name, folder and how many resources and data sources it has."""

    name: str
    folder: Path
    resources: int
    data_sources: int


def synthesize(environments: Sequence[Environment], *, complete: bool) -> list[SynthesizedStack]:
    """Write ``<output>/stacks/<stack>/cdk.tf.json`` for every stack of ``environments``.

    Everything is built before the first file is written. ``complete``: these are all environments there are, so the
    folders of stacks that are gone are removed, unless somebody else has put something there (a lock file, say).
    """
    # No stack traces: they hold temporary paths. No outdir: the CLI says where through the process environment.
    app = App(stack_traces=False)
    for environment in environments:
        build_platform(app, environment)
    app.synth()
    output = Path(app.outdir)
    manifest = json.loads((output / "manifest.json").read_text())
    stacks = [_stack(output, entry) for entry in manifest["stacks"].values()]
    if complete:
        _remove_all_but({stack.folder for stack in stacks}, output / "stacks")
    return stacks


def _stack(output: Path, entry: dict[str, str]) -> SynthesizedStack:
    file = output / entry["synthesizedStackPath"]
    document = json.loads(file.read_text())
    counts = [sum(map(len, document.get(kind, {}).values())) for kind in ("resource", "data")]
    return SynthesizedStack(entry["name"], file.parent, *counts)


def _remove_all_but(kept: set[Path], folder: Path) -> None:
    for child in folder.iterdir():
        if child not in kept and [entry.name for entry in os.scandir(child)] == ["cdk.tf.json"]:
            shutil.rmtree(child)
