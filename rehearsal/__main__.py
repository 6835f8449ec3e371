"""``python -m rehearsal <folder>…``: rehearse stacks that were synthesized, such as those of cdktf.out."""

import os
import sys


def main() -> int:
    """Rehearse what folders have; return the exit status."""
    try:
        return _run()
    except KeyboardInterrupt:
        print("interrupted", file=sys.stderr)
        return 130
    except OSError as error:
        print(f"{error.strerror or error}{f': {error.filename}' if error.filename else ''}", file=sys.stderr)
        return 1


def _run() -> int:
    # Imports take their time, in which a Ctrl-C may come too.
    import argparse  # noqa: PLC0415
    from pathlib import Path  # noqa: PLC0415

    from rehearsal.command import NOT_REHEARSED, missing, rehearse  # noqa: PLC0415

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
    return rehearse(options.folders, options.then, os.environ, keep=options.keep, as_json=options.json)


if __name__ == "__main__":
    sys.exit(main())
