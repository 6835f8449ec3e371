"""``python -m rehearsal <folder>…``: rehearse stacks that were synthesized, such as those of cdktf.out."""

import argparse
import os
import sys
from pathlib import Path

from rehearsal.command import NOT_REHEARSED, missing, rehearse


def main() -> int:
    """Rehearse what folders have; return the exit status."""
    parser = argparse.ArgumentParser(prog="python -m rehearsal", description="Rehearse synthesized stacks.")
    parser.add_argument(
        "folders", type=Path, nargs="+", metavar="folder", help="a folder with a manifest.json, such as cdktf.out"
    )
    parser.add_argument("--then", type=Path, metavar="FOLDER", help="plan and apply its stacks over the first")
    parser.add_argument("--keep", action="store_true", help="do not destroy; keep states and logs")
    parser.add_argument("--json", action="store_true", help="print one JSON document at the end")
    options = parser.parse_args()
    lacking = missing(os.environ)
    if lacking:
        print(f"not rehearsed: {lacking}", file=sys.stderr)
        return NOT_REHEARSED
    try:
        return rehearse(options.folders, options.then, os.environ, keep=options.keep, as_json=options.json)
    except KeyboardInterrupt:
        print("interrupted", file=sys.stderr)
        return 130
    except OSError as error:
        print(f"{error.strerror or error}{f': {error.filename}' if error.filename else ''}", file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main())
