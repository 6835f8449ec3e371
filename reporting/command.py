"""Write the reports of environments, say what was written, and return the exit status."""

import os
import sys
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path

from handover.platforms import read_platforms
from handover.reading import UnreadableError, read
from reporting.changes import Changes, changes
from reporting.findings import UnreadableFindingsError, findings, read_findings
from stacks.environment_settings import EnvironmentSettings


def missing() -> str:
    """Return what this machine lacks for a report; empty where nothing is lacking."""
    if find_spec("jinja2") is None:
        return "Jinja2 is not installed; run make report, or pip install -r requirements-report.txt"
    return ""


def write(
    environments: Sequence[EnvironmentSettings],
    source: Path,
    output: Path,
    *,
    scans: Sequence[Path] = (),
    since: tuple[str, Path] | None = None,
    quiet: bool = False,
) -> int:
    """Write ``<output>/<environment>.html`` for what was synthesized into ``source``; return the exit status.

    ``environments`` are all there are, ``scans`` files with findings, ``since`` is the name of another state of the
    project, and where that lies. 0: written; 2: a file that was given cannot be read, and nothing was written.
    """
    from reporting.page import Report, page  # noqa: PLC0415  needs Jinja2, which is asked for before

    try:
        found, before = read_findings(scans), read(since[1]) if since else []
    except (UnreadableFindingsError, UnreadableError, FileNotFoundError) as error:
        print(f"{error}; nothing was written", file=sys.stderr)
        return 2
    pages = {}
    for platform in read_platforms(source):
        (own,) = (environment for environment in environments if environment.name == platform.name)
        told: Changes | None = changes(since[0], before, platform) if since else None
        pages[f"{own.name}.html"] = page(Report(own, platform, environments, findings(found, platform), told))
    output.mkdir(parents=True, exist_ok=True)
    for name, text in pages.items():
        (output / name).write_text(text, encoding="utf-8", newline="\n")
        if not quiet:
            print(os.path.relpath(output / name))
    return 0
