"""Let checkov look at the stacks of environments, and see to it that it has read them: ``make scan``.

checkov's reader of Terraform's JSON expects an object wherever it finds a value inside ``terraform``. One text there,
``required_version``, and it leaves the whole file out, finds nothing and ends with 0. So it is given copies without.
"""

import json
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

PROJECT = Path(__file__).parent.parent
STACKS = PROJECT / "cdktf.out" / "stacks"
CHECKOV = PROJECT / ".venv-scan" / "bin" / "checkov"
FILE = "cdk.tf.json"


def main(arguments: Sequence[str] | None = None, *, stacks: Path = STACKS, checkov: Path = CHECKOV) -> int:
    """Print what checkov finds in the stacks of the named environments; return the exit status."""
    environments = sys.argv[1:] if arguments is None else arguments
    with TemporaryDirectory() as folder:
        copies = copy_stacks(stacks, Path(folder), environments)
        if not copies:
            print(f"no stack of {', '.join(environments)} in {stacks}; synthesize first", file=sys.stderr)
            return 2
        options = ["--directory", folder, "--config-file", str(PROJECT / ".checkov.yaml"), "--output", "json"]
        done = subprocess.run([str(checkov), *options], capture_output=True, text=True, check=False)
        try:
            report = json.loads(done.stdout)
        except ValueError:
            print(done.stdout, done.stderr, sep="\n", file=sys.stderr)
            return 2
    found = [*unread(report, copies), *failures(report)]
    print(*found, sep="\n") if found else print(f"{len(copies)} stacks, {report['summary']['passed']:,} checks passed")
    return 1 if found else 0


def copy_stacks(stacks: Path, to: Path, environments: Sequence[str]) -> list[str]:
    """Write the stacks of the environments as checkov reads them, each into a folder; return their names."""
    names = []
    for file in sorted(stacks.glob(f"*/{FILE}")):
        name = file.parent.name
        if any(name.rpartition("-")[0] == environment for environment in environments):
            names.append(name)
            (to / name).mkdir()
            (to / name / FILE).write_text(json.dumps(readable(json.loads(file.read_text("utf-8"))), indent=1), "utf-8")
    return names


def readable(document: Mapping[str, Any]) -> dict[str, Any]:
    """Return a stack without the texts inside ``terraform``."""
    terraform = {name: block for name, block in document["terraform"].items() if not isinstance(block, str)}
    return {**document, "terraform": terraform}


def unread(report: Mapping[str, Any], stacks: Sequence[str]) -> Iterator[str]:
    """Yield each stack that checkov has not looked at."""
    looked_at = {_stack(check) for found in report.get("results", {}).values() for check in found}
    yield from (f"{stack}: not read" for stack in stacks if stack not in looked_at)


def failures(report: Mapping[str, Any]) -> list[str]:
    """Return what checkov finds, a line each."""
    failed = report.get("results", {}).get("failed_checks", [])
    return sorted(f"{_stack(item)}: {item['check_id']} {item['resource']}: {item['check_name']}" for item in failed)


def _stack(check: Mapping[str, Any]) -> str:
    return Path(check["file_path"]).parent.name


if __name__ == "__main__":
    sys.exit(main())
