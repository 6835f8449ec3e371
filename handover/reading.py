"""Read an environment from wherever it lies: a folder that was synthesized, a bundle, or the archive of one."""

import json
import re
import tarfile
from collections.abc import Collection, Mapping
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from handover.archive import CHECKSUMS
from handover.documents import encoded
from handover.native_reading import PACKAGE, missing_package, read_document
from handover.platforms import Platform, RootModule, read_platforms
from handover.versions_file import NAME as VERSIONS

# The root module that makes the workspaces of the others.
WORKSPACES = "workspaces"
ENCODED = re.compile(r"\$\{jsonencode\(local\.([\w-]+)\)\}")


class UnreadableError(Exception):
    """There is nothing that can be compared."""


def is_readable(place: Path) -> bool:
    """Return whether a place has something to compare."""
    if place.is_file():
        return tarfile.is_tarfile(place)
    return any((place / name).is_file() for name in ("manifest.json", CHECKSUMS)) or bool(_bundles(place))


def read(place: Path, names: Collection[str] = ()) -> list[Platform]:
    """Return the environments at a place. Raises UnreadableError."""
    if place.is_file():
        with TemporaryDirectory() as folder, tarfile.open(place) as archive:
            archive.extractall(folder, filter="data")
            (inside,) = Path(folder).iterdir()
            return read(inside, names)
    if (place / "manifest.json").is_file():
        return read_platforms(place, names)
    if (place / CHECKSUMS).is_file():
        return [_bundle(place)]
    if platforms := [_bundle(inside) for inside in _bundles(place)]:
        return [platform for platform in platforms if not names or platform.name in names]
    raise UnreadableError(f"{place} holds no bundle and nothing that was synthesized")


def _bundles(folder: Path) -> list[Path]:
    return sorted(file.parent for file in folder.glob(f"*/{CHECKSUMS}"))


def _bundle(folder: Path) -> Platform:
    insides = sorted(inside for inside in folder.iterdir() if inside.name != WORKSPACES)
    if (how := missing_package()) and any(file.suffix == ".tf" for inside in insides for file in _written(inside)):
        raise UnreadableError(
            f"{folder} is in Terraform's own language, and {PACKAGE}, which reads it, is missing: {how}"
        )
    modules = [_module(inside) for inside in insides if _written(inside)]
    parts = {module.part: module for module in modules}
    done: list[RootModule] = []
    while parts:  # each after those that it reads
        free = [
            part for part, module in parts.items() if not any(read.rpartition("-")[2] in parts for read in module.after)
        ]
        done += [parts.pop(part) for part in free or list(parts)]
    are_children = not done or any((folder / name).is_file() for name in ("main.tf.json", "main.tf"))
    return Platform(folder.name if are_children else done[0].environment, tuple(done))


def _written(folder: Path) -> list[Path]:
    """Return the files of a root module that say what there is, not with which versions."""
    return sorted(file for ending in ("tf.json", "tf") for file in folder.glob(f"*.{ending}") if file.name != VERSIONS)


def _document(file: Path) -> dict[str, Any]:
    text = file.read_text(encoding="utf-8")
    return read_document(text) if file.suffix == ".tf" else dict(json.loads(text))


def _module(folder: Path) -> RootModule:
    document: dict[str, Any] = {}
    for file in _written(folder):
        merge(document, _document(file))
    local = document.get("locals", {})
    for items in document.get("resource", {}).values():
        for block in items.values():
            for key, value in block.items():
                if isinstance(value, str) and (found := ENCODED.fullmatch(value)) and found[1] in local:
                    block[key] = encoded(local[found[1]])
    environment = folder.name.rpartition("-")[0]
    module = RootModule(folder.name, document, ())
    return replace(module, after=tuple(f"{environment}-{part}" for part in module.reads))


def merge(one: dict[str, Any], other: Mapping[str, Any]) -> None:
    """Add to a document what another has, block by block."""
    for key, value in other.items():
        if isinstance(value, Mapping) and isinstance(one.get(key), dict):
            merge(one[key], value)
        else:
            one[key] = value


def renamed(platform: Platform, name: str) -> Platform:
    """Return an environment as if it had another name: for one that is compared with another."""
    word = re.compile(rf"(?<![A-Za-z0-9]){re.escape(platform.name)}(?![A-Za-z0-9])")
    modules = tuple(
        replace(
            module,
            name=f"{name}-{module.part}",
            document=json.loads(word.sub(name, json.dumps(module.document))),
            after=tuple(f"{name}-{read.rpartition('-')[2]}" for read in module.after),
        )
        for module in platform.modules
    )
    return Platform(name, modules)
