"""``python -m tests.planned_bundles FOLDER``: bundles in every form, laid out so that tfcheck can plan them.

tfcheck looks for ``cdk.tf.json`` and stubs the states that are read there. So in each root module that file has the
states, and something of AWS; all else is as it was handed over. A second bundle of the same must have the same bytes.
"""

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from handover.archive import write
from handover.bundle import bundle
from handover.module_files import as_json
from handover.options import Options
from handover.platforms import Platform, read_platforms
from stacks.loading import load_environments
from stacks.synthesis import synthesize
from tests.shipped import EXAMPLES

FORMS = {"roots": Options(), "modules": Options(as_modules=True), "partial": Options(partial_backend=True)}


def main(output: Path) -> int:
    """Write the bundles, and the manifest that tfcheck reads; return the exit status."""
    names = []
    for platform in _platforms():
        for form, options in FORMS.items():
            if options.partial_backend and platform.modules[0].backend[0] == "local":
                continue
            files = bundle(platform, options)
            if files != bundle(platform, options):
                print(f"{platform.name}, {form}: a second bundle has other bytes", file=sys.stderr)
                return 1
            folder = output / f"{platform.name}-{form}"
            write(files, folder)
            names += [str(_checkable(root).relative_to(output)) for root in _roots(folder)]
    stacks = {name: {"workingDirectory": name} for name in names}
    (output / "manifest.json").write_bytes(as_json({"stacks": stacks}))
    return 0


def _platforms() -> Iterator[Platform]:
    environments = [*load_environments(["dev", "prod"]), *load_environments(["sandbox"], package=EXAMPLES)]
    with TemporaryDirectory() as folder:
        synthesize(environments, Path(folder), complete=True)
        yield from read_platforms(Path(folder))


def _roots(folder: Path) -> Iterator[Path]:
    yield from (file.parent for file in sorted(folder.rglob("providers.tf.json")))


def _checkable(root: Path) -> Path:
    states = root / "states.tf.json"
    document = json.loads(states.read_text(encoding="utf-8")) if states.is_file() else {}
    document.setdefault("data", {})["aws_partition"] = {"planned": {}}
    states.unlink(missing_ok=True)
    (root / "cdk.tf.json").write_bytes(as_json(document))
    return root


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
