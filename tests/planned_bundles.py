"""``python -m tests.planned_bundles FOLDER``: bundles in every form, laid out so that tfcheck can plan them.

tfcheck looks for ``cdk.tf.json`` and stubs the states that are read there. So in each root module that file has the
states, and something of AWS; all else is as it was handed over. A second bundle of the same must have the same bytes.
One child module is also called by itself, with what its types ask for in place of what others put out.
"""

import sys
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from handover.archive import write
from handover.bundle import bundle
from handover.child_modules import calling, child, taken
from handover.contracts import Steps
from handover.module_files import Files, as_json, module_files
from handover.options import Options
from handover.platforms import Platform, RootModule, read_platforms
from stacks.loading import load_environments
from stacks.synthesis import synthesize
from tests.shipped import EXAMPLES

FORMS = {
    "roots": Options(),
    "modules": Options(as_modules=True),
    "partial-hcl": Options(partial_backend=True, hcl=True),
    "modules-hcl": Options(as_modules=True, hcl=True),
}
# Which forms of which are planned: each kind of root module in each form somewhere.
PLANNED = {"dev": ("roots", "modules-hcl"), "prod": ("partial-hcl",), "sandbox": ("roots", "modules")}


def main(output: Path) -> int:
    """Write the bundles, and the manifest that tfcheck reads; return the exit status."""
    names = []
    for platform in _platforms():
        for form in PLANNED[platform.name]:
            options = FORMS[form]
            files = bundle(platform, options)
            if files != bundle(platform, options):
                print(f"{platform.name}, {form}: a second bundle has other bytes", file=sys.stderr)
                return 1
            folder = output / f"{platform.name}-{form}"
            write(files, folder)
            modules = {module.name: module.document for module in platform.modules}
            for root in _roots(folder):
                _make_checkable(root, modules.get(root.name, {}))
                names.append(str(root.relative_to(output)))
        if "modules-hcl" in PLANNED[platform.name]:
            alone = output / f"{platform.name}-alone"
            write(_alone(platform), alone)
            _make_checkable(alone, {})
            names.append(alone.name)
    stacks = {name: {"workingDirectory": name} for name in names}
    (output / "manifest.json").write_bytes(as_json({"stacks": stacks}))
    return 0


def _platforms() -> Iterator[Platform]:
    environments = [*load_environments(["dev", "prod"]), *load_environments(["sandbox"], package=EXAMPLES)]
    with TemporaryDirectory() as folder:
        synthesize(environments, Path(folder), complete=True)
        yield from read_platforms(Path(folder))


def _alone(platform: Platform) -> Files:
    """Return the child module that takes most of others, called with what its types ask for and no more."""
    module = max(platform.modules, key=lambda module: len(module.reads))
    whole = calling(platform)
    call = {"source": f"./{module.part}", **{name: _sample(paths) for name, _, paths in taken(module)}}
    document = {"terraform": whole["terraform"], "provider": whole["provider"], "module": {module.part: call}}
    inside = {f"{module.part}/{name}": content for name, content in module_files(child(module)).items()}
    return {**inside, **module_files(RootModule(platform.name, document, ()))}


def _sample(paths: Iterable[Steps]) -> Any:
    """Return what has a text at each of these paths."""
    inside: dict[str, list[Steps]] = {}
    for step, *rest in paths:
        if not rest:
            return "sample"
        inside.setdefault(step, []).append((*rest,))
    found = {step: _sample(rest) for step, rest in sorted(inside.items())}
    return list(found.values()) if any(step.startswith("[") for step in found) else found


def _roots(folder: Path) -> list[Path]:
    return sorted(file.parent for file in folder.rglob("providers.tf*"))


def _make_checkable(root: Path, document: Mapping[str, Any]) -> None:
    """Put the states that a root module reads where tfcheck looks for them."""
    for file in root.glob("states.tf*"):
        file.unlink()
    states = document.get("data", {}).get("terraform_remote_state", {})
    local = document.get("locals", {})
    data = {"aws_partition": {"planned": {}}, **({"terraform_remote_state": states} if states else {})}
    (root / "cdk.tf.json").write_bytes(as_json({"data": data, **({"locals": local} if local else {})}))


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
