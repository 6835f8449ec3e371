"""Let checkov and parliament look at the stacks of environments, and see to it that they were read: ``make scan``.

checkov's reader of Terraform's JSON expects an object wherever it finds a value inside ``terraform`` or ``removed``.
One text there, ``required_version``, and it leaves the whole file out, finds nothing and ends with 0. So it is given
copies without.

``--report`` names a folder for what both say, in checkov's form. ``--plans`` names a folder with what ``terraform
show -json`` prints of a plan of each stack, ``<stack>.json``: there checkov also sees what comes of references and
functions.
"""

import argparse
import json
import subprocess
import sys
from collections.abc import Collection, Iterator, Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from reference import scan_policies

PROJECT = Path(__file__).parent.parent
STACKS = PROJECT / "cdktf.out" / "stacks"
CHECKOV = PROJECT / ".venv-scan" / "bin" / "checkov"
FILE = "cdk.tf.json"


def main(arguments: Sequence[str] | None = None, *, stacks: Path = STACKS, checkov: Path = CHECKOV) -> int:
    """Print what checkov finds in the stacks of the named environments; return the exit status."""
    parser = argparse.ArgumentParser(prog="python -m reference.scan", description="Let scanners look at stacks.")
    parser.add_argument("environments", nargs="+", help="whose stacks")
    parser.add_argument("--plans", type=Path, help="a folder with a plan of each stack, as JSON")
    parser.add_argument("--report", type=Path, metavar="FOLDER", help="write the reports there, too")
    options = parser.parse_args(arguments)
    emitted = {file.parent.name: readable(_read(file)) for file in stacks.glob(f"*/{FILE}")}
    found = _of(emitted, options.environments)
    status = _scan(checkov, "terraform_json", found, f"in {stacks}; synthesize first", options.report)
    status = max(status, _tell(scan_policies.report(found), "parliament", found, options.report))
    if options.plans is None:
        return status
    plans = _of({file.stem: _read(file) for file in options.plans.glob("*.json")}, options.environments)
    return max(status, _scan(checkov, "terraform_plan", plans, f"is planned in {options.plans}", options.report))


def _scan(checkov: Path, framework: str, documents: Mapping[str, Any], lacking: str, written: Path | None) -> int:
    if not documents:
        print(f"no stack of these environments {lacking}", file=sys.stderr)
        return 2
    with TemporaryDirectory() as folder:
        for name, document in documents.items():
            (Path(folder) / name).mkdir()
            (Path(folder) / name / FILE).write_text(json.dumps(document, indent=1), encoding="utf-8")
        options = ["--directory", folder, "--config-file", str(PROJECT / ".checkov.yaml"), "--output", "json"]
        done = subprocess.run(
            [str(checkov), *options, "--framework", framework], capture_output=True, text=True, check=False
        )
        try:
            report = json.loads(done.stdout)
        except ValueError:
            print(done.stdout, done.stderr, sep="\n", file=sys.stderr)
            return 2
    unseen = list(unread(report, list(documents)))
    print(*unseen, sep="\n", end="\n" if unseen else "")
    return max(bool(unseen), _tell(report, f"checkov-{framework}", documents, written))


def _tell(report: Mapping[str, Any], name: str, documents: Collection[str], written: Path | None) -> int:
    """Print what a report finds, and keep it; return the exit status."""
    if written:
        written.mkdir(parents=True, exist_ok=True)
        (written / f"{name}.json").write_text(json.dumps(report, indent=1), encoding="utf-8")
    found = failures(report)
    passed = report.get("summary", report)["passed"]
    print(*found or [f"{name}: {len(documents)} stacks, {passed:,} checks passed"], sep="\n")
    return 1 if found else 0


def _read(file: Path) -> Any:
    return json.loads(file.read_text(encoding="utf-8"))


def _of(documents: Mapping[str, Any], environments: Sequence[str]) -> dict[str, Any]:
    """Return the stacks of these environments, in the order of their names."""
    return {name: documents[name] for name in sorted(documents) if name.rpartition("-")[0] in environments}


ADDRESSES = ("removed", "moved", "import")


def readable(document: Mapping[str, Any]) -> dict[str, Any]:
    """Return a stack without the texts inside ``terraform``, and without what it says of addresses."""
    terraform = {name: block for name, block in document["terraform"].items() if not isinstance(block, str)}
    return {name: block for name, block in document.items() if name not in ADDRESSES} | {"terraform": terraform}


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
