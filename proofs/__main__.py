"""``python -m proofs <folder>…``: prove that stacks, such as those of cdktf.out, allow what their settings promise."""

import argparse
import json
import sys
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from proofs.environment import Proofs
from proofs.report import Report, write_reports
from proofs.world import EmittedWorld
from stacks.environment import Environment
from stacks.loading import PACKAGE, load_environments

PACKAGES = (PACKAGE, "examples.environments", "examples.seeds")


def main() -> int:
    """Prove what folders have; return the exit status."""
    parser = argparse.ArgumentParser(prog="python -m proofs", description="Prove what emitted policies allow.")
    parser.add_argument("folders", type=Path, nargs="+", metavar="folder", help="what synth wrote, such as cdktf.out")
    parser.add_argument("--environment", action="append", metavar="NAME", help="only this one, of those that are there")
    parser.add_argument("--report", type=Path, metavar="FOLDER", help="write proofs.txt and proofs.json there, too")
    options = parser.parse_args()
    reports = []
    for environment, stacks in _synthesized(options.folders, options.environment):
        started = time.perf_counter()
        report = Report(environment.name, Proofs(EmittedWorld(environment, stacks)).theorems())
        print(report.summary(time.perf_counter() - started), *report.refuted(), sep="\n")
        reports.append(report)
    if not reports:
        print("no folder has stacks of an environment that is known here", file=sys.stderr)
        return 2
    if options.report:
        write_reports(options.report, reports)
    return int(any(report.refutations for report in reports))


def _synthesized(folders: list[Path], names: list[str] | None) -> Iterator[tuple[Environment, Mapping[str, Any]]]:
    """Yield each environment, or each of these names, that has stacks in one of the folders, with these."""
    files = {file.parent.name: file for folder in folders for file in sorted(folder.glob("stacks/*/cdk.tf.json"))}
    known = (environment for package in PACKAGES for environment in load_environments(package=package))
    for environment in known if files else ():
        own = {name: file for name, file in files.items() if name.rpartition("-")[0] == environment.name}
        if own and environment.name in (names or [environment.name]):
            yield environment, {name: json.loads(file.read_text(encoding="utf-8")) for name, file in own.items()}


if __name__ == "__main__":
    sys.exit(main())
