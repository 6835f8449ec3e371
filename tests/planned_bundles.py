"""``python -m tests.planned_bundles FOLDER``: bundles in every form, laid out so that tfcheck can plan them.

tfcheck looks for ``cdk.tf.json`` and stubs the states that are read there. So in each root module that file has the
states, and something of AWS; all else is as it was handed over. A second bundle of the same must have the same bytes.
"""

import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from handover.archive import write
from handover.bundle import bundle
from handover.module_files import as_json
from handover.options import Options
from handover.platforms import Platform, read_platforms
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
    stacks = {name: {"workingDirectory": name} for name in names}
    (output / "manifest.json").write_bytes(as_json({"stacks": stacks}))
    return 0


def _platforms() -> Iterator[Platform]:
    environments = [*load_environments(["dev", "prod"]), *load_environments(["sandbox"], package=EXAMPLES)]
    with TemporaryDirectory() as folder:
        synthesize(environments, Path(folder), complete=True)
        yield from read_platforms(Path(folder))


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
