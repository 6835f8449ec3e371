"""Draw what was synthesized, say what was written, and return the exit status."""

import os
import sys
from collections.abc import Sequence
from difflib import get_close_matches
from pathlib import Path

from handover.pictures.drawing import drawn, pipeline_names
from handover.platforms import read_platforms


def draw(source: Path, output: Path, pipelines: Sequence[str], *, quiet: bool) -> int:
    """Draw the platforms in ``source`` and their pipelines, or these pipelines alone; return the exit status.

    0: written; 2: there is no such pipeline.
    """
    platforms = read_platforms(source)
    known = pipeline_names(platforms)
    if unknown := [name for name in pipelines if name not in known]:
        near = get_close_matches(unknown[0], known) or known
        where = ", ".join(platform.name for platform in platforms)
        there = f"there is {', '.join(near)}" if near else "there is none"
        print(f"no pipeline {unknown[0]!r} in {where}; {there}; nothing was written", file=sys.stderr)
        return 2
    made = {
        f"{platform.name}/{name}": text for platform in platforms for name, text in drawn(platform, pipelines).items()
    }
    for name, text in made.items():
        (output / name).parent.mkdir(parents=True, exist_ok=True)
        (output / name).write_text(text, encoding="utf-8", newline="\n")
        if not quiet:
            print(os.path.relpath(output / name))
    return 0
