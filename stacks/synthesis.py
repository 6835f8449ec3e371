"""Write the Terraform of environments, and say what was written."""

import filecmp
import json
import os
import re
import shutil
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from cdktf import App

from stacks.emitted_sizes import require_sizes
from stacks.environment import Environment
from stacks.late_terraform import with_variables
from stacks.manifest import FILE, SynthesizedStack, in_order, manifest, names_in, read_stacks, stack_names
from stacks.platform import build_platform
from stacks.readme import readme
from stacks.variables import has_variables

UNFINISHED = ".synth-"


def synthesize(environments: Sequence[Environment], output: Path, *, complete: bool) -> list[SynthesizedStack]:
    """Write ``<output>/stacks/<stack>/cdk.tf.json`` for every stack of ``environments``; return them sorted by name.

    What was there before is replaced when all is synthesized, file by file: whatever fails until then leaves it
    untouched. ``complete``: these are all environments there are. The stacks that are gone are removed, of the others
    only where these are all; their folders too, unless somebody else has put something there (a lock file, say).
    Manifest and README then tell of every stack that lies there.
    """
    output.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(prefix=UNFINISHED, dir=output) as folder:
        build(environments, Path(folder))
        # Read here: in ``output`` another synth may write at the same time.
        stacks = read_stacks(names_in(Path(folder)), Path(folder), output)
        require_sizes({name: stack.document for name, stack in stacks.items()})
        if any(map(has_variables, environments)):
            stacks = _with_variables(environments, stacks, Path(folder))
        there = names_in(output)
        ours = there if complete else there & stack_names(environment.name for environment in environments)
        _describe(Path(folder), read_stacks(there - ours, output, output) | stacks)
        _move_files(Path(folder), output)
    for name in sorted(ours - set(stacks)):
        _remove(output / "stacks" / name)
    if complete:
        _remove_abandoned(output)
    return list(stacks.values())


def build(environments: Iterable[Environment], folder: Path) -> None:
    """Write the Terraform of environments into an empty folder, with the defaults of variables."""
    # No stack traces: they hold temporary paths.
    app = App(stack_traces=False, outdir=str(folder))
    for environment in environments:
        build_platform(app, environment)
    app.synth()
    for name in names_in(folder):
        _drop_unread(folder / "stacks" / name / FILE)


def _drop_unread(file: Path) -> None:
    """Leave out of a stack what it would take from another one and use nowhere."""
    text = file.read_text(encoding="utf-8")
    document, used = json.loads(text), set(re.findall(r"\blocal\.([\w-]+)", text))
    read = {name: value for name, value in document.get("locals", {}).items() if name in used}
    if read != document.pop("locals", {}):
        _write(file, document | ({"locals": read} if read else {}))


def _write(file: Path, document: Mapping[str, Any]) -> None:
    file.write_text(json.dumps(document, indent=2, sort_keys=True, ensure_ascii=False), encoding="utf-8")


def _with_variables(
    environments: Sequence[Environment], stacks: Mapping[str, SynthesizedStack], folder: Path
) -> dict[str, SynthesizedStack]:
    """Return the stacks with variables in them, which those in ``folder`` have then, too."""
    documents = {name: stack.document for name, stack in stacks.items()}
    for environment in filter(has_variables, environments):
        own = {name: document for name, document in documents.items() if stacks[name].environment == environment.name}
        for name, document in with_variables(environment, own, _documents).items():
            _write(folder / "stacks" / name / FILE, document)
            documents[name] = document
    return {name: replace(stack, document=documents[name]) for name, stack in stacks.items()}


def _documents(environment: Environment) -> Mapping[str, Any]:
    """Return the Terraform of one environment, which is written nowhere."""
    with TemporaryDirectory() as folder:
        build([environment], Path(folder))
        stacks = read_stacks(names_in(Path(folder)), Path(folder), Path(folder))
        return {name: stack.document for name, stack in stacks.items()}


def _describe(folder: Path, stacks: Mapping[str, SynthesizedStack]) -> None:
    """Write manifest and README of ``stacks``, of which those in ``folder`` are in its manifest already."""
    file = folder / "manifest.json"
    document = manifest(stacks, json.loads(file.read_bytes()))
    file.write_text(json.dumps(document, indent=2, sort_keys=True) + "\n", encoding="utf-8")
    (folder / "README.md").write_text(readme(in_order(stacks.values())), encoding="utf-8")


def _move_files(source: Path, target: Path) -> None:
    """Move every file that differs from what is there, the manifest last: it tells what else is there."""
    files = sorted(source.rglob("*"), key=lambda path: (path.parent == source, path))
    for file in files:
        destination = target / file.relative_to(source)
        if file.is_file() and not (destination.is_file() and filecmp.cmp(file, destination, shallow=False)):
            destination.parent.mkdir(parents=True, exist_ok=True)
            file.replace(destination)


def _remove(folder: Path) -> None:
    (folder / FILE).unlink()
    if not os.listdir(folder):
        folder.rmdir()


def _remove_abandoned(output: Path) -> None:
    """Remove what a synth left that was killed; one that still runs does not take an hour."""
    for folder in output.glob(f"{UNFINISHED}*"):
        if time.time() - folder.stat().st_mtime > 3_600:
            shutil.rmtree(folder, ignore_errors=True)
