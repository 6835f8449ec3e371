"""Write the Terraform of environments, and say what was written."""

import filecmp
import json
import os
import shutil
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from cdktf import App

from stacks.emitted_sizes import require_sizes
from stacks.environment import Environment
from stacks.platform import build_platform

UNFINISHED = ".synth-"


@dataclass(frozen=True)
class SynthesizedStack:
    """One stack that was written: its name, folder, how many resources and data sources it has, the stacks it reads."""

    name: str
    folder: Path
    resources: int
    data_sources: int
    dependencies: tuple[str, ...] = ()


def synthesize(environments: Sequence[Environment], output: Path, *, complete: bool) -> list[SynthesizedStack]:
    """Write ``<output>/stacks/<stack>/cdk.tf.json`` for every stack of ``environments``; return them sorted by name.

    What was there before is replaced when all is synthesized, file by file: whatever fails until then leaves it
    untouched. ``complete``: these are all environments there are, so the folders of stacks that are gone are removed,
    unless somebody else has put something there (a lock file, say).
    """
    output.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(prefix=UNFINISHED, dir=output) as folder:
        # No stack traces: they hold temporary paths.
        app = App(stack_traces=False, outdir=folder)
        for environment in environments:
            build_platform(app, environment)
        app.synth()
        # Read here: in ``output`` another synth may write at the same time.
        manifest = json.loads(Path(folder, "manifest.json").read_text(encoding="utf-8"))
        documents = {name: _document(Path(folder), entry) for name, entry in sorted(manifest["stacks"].items())}
        require_sizes(documents)
        stacks = [_stack(documents[name], output, entry) for name, entry in sorted(manifest["stacks"].items())]
        _move_files(Path(folder), output)
    if complete:
        _remove_all_but({stack.folder for stack in stacks}, output / "stacks")
        _remove_abandoned(output)
    return stacks


def _move_files(source: Path, target: Path) -> None:
    """Move every file that differs from what is there, the manifest last: it tells what else is there."""
    files = sorted(source.rglob("*"), key=lambda path: (path.parent == source, path))
    for file in files:
        destination = target / file.relative_to(source)
        if file.is_file() and not (destination.is_file() and filecmp.cmp(file, destination, shallow=False)):
            destination.parent.mkdir(parents=True, exist_ok=True)
            file.replace(destination)


def _document(folder: Path, entry: dict[str, Any]) -> dict[str, Any]:
    document: dict[str, Any] = json.loads((folder / entry["synthesizedStackPath"]).read_text(encoding="utf-8"))
    return document


def _stack(document: dict[str, Any], output: Path, entry: dict[str, Any]) -> SynthesizedStack:
    resources, data_sources = (sum(map(len, document.get(kind, {}).values())) for kind in ("resource", "data"))
    return SynthesizedStack(
        entry["name"],
        (output / entry["synthesizedStackPath"]).parent,
        resources,
        data_sources,
        tuple(entry.get("dependencies", ())),
    )


def _remove_all_but(kept: set[Path], folder: Path) -> None:
    for child in folder.glob("*"):
        if child not in kept and child.is_dir() and os.listdir(child) == ["cdk.tf.json"]:
            shutil.rmtree(child)


def _remove_abandoned(output: Path) -> None:
    """Remove what a synth left that was killed; one that still runs does not take an hour."""
    for folder in output.glob(f"{UNFINISHED}*"):
        if time.time() - folder.stat().st_mtime > 3_600:
            shutil.rmtree(folder, ignore_errors=True)
