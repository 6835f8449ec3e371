"""Write bundles, say what was written, and return the exit status."""

import os
import sys
from collections.abc import Collection, Mapping
from pathlib import Path

from handover.archive import OccupiedError
from handover.bundle import BrokenBundleError, write_bundles
from handover.lock_files import NAME, is_of_one_machine
from handover.module_files import ENDING
from handover.options import Options, RefusedError


def write(source: Path, output: Path, options: Options, names: Collection[str] = (), *, quiet: bool) -> int:
    """Write the bundles of what was synthesized into ``source``, all or these; return the exit status.

    0: written; 1: what was synthesized is not whole; 2: something else is in the way, or there is nothing to write.
    """
    try:
        bundles = write_bundles(source, output, options, names)
    except (OccupiedError, RefusedError) as error:
        print(f"{error}; nothing was written", file=sys.stderr)
        return 2
    except BrokenBundleError as error:
        print(f"{error}\nThis is a fault of Terrabatch, not of your settings; nothing was written", file=sys.stderr)
        return 1
    if not quiet:
        for name, files in bundles.items():
            folder = os.path.relpath(output / name)
            print(name, len(files), folder, f"{folder}.tar.gz", sep="\t")
            _tell(name, files, options)
    return 0


def _tell(environment: str, files: Mapping[str, bytes], options: Options) -> None:
    if any(name.endswith(NAME) and is_of_one_machine(content) for name, content in files.items()):
        how = "terraform providers lock -platform=… adds others"
        print(f"note: {NAME} has checksums of this kind of machine only; {how}", file=sys.stderr)
    for name in files if options.hcl else ():
        if name.endswith(ENDING):
            print(f"note: {environment}/{name} stays JSON: it does not read back as the same", file=sys.stderr)
