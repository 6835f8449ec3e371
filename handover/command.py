"""Write bundles, say what was written, and return the exit status."""

import os
import sys
from pathlib import Path

from handover.archive import OccupiedError
from handover.bundle import BrokenBundleError, write_bundles


def write(source: Path, output: Path, runbook: Path | None = None, *, quiet: bool, children: bool = False) -> int:
    """Write the bundles of what was synthesized into ``source``; return the exit status.

    ``runbook``: a page with a chapter for every kind of alarm.

    0: written; 1: what was synthesized is not whole; 2: something else is in the way.
    """
    chapters = runbook.read_text(encoding="utf-8") if runbook and runbook.is_file() else ""
    try:
        bundles = write_bundles(source, output, children=children, chapters=chapters)
    except OccupiedError as error:
        print(error, file=sys.stderr)
        return 2
    except BrokenBundleError as error:
        print(f"{error}\nThis is a fault of Terrabatch, not of your settings; nothing was written", file=sys.stderr)
        return 1
    if not quiet:
        for name, files in bundles.items():
            folder = os.path.relpath(output / name)
            print(name, len(files), folder, f"{folder}.tar.gz", sep="\t")
    return 0
