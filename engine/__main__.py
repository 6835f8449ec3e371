"""Start the bindings the fast way before anything else.

``python -m engine program.py …`` runs a program whose own imports come in any order. ``python -m engine`` alone makes
jsii unpack its 37 MB into its cache now and not at the first synth.
"""

import runpy
import sys
from pathlib import Path

from engine.bindings import PROVIDER, activate

if __name__ == "__main__":
    activate()
    if len(sys.argv) > 1:
        sys.argv = sys.argv[1:]
        sys.path.insert(0, str(Path(sys.argv[0]).parent))
        runpy.run_path(sys.argv[0], run_name="__main__")
    else:
        __import__(f"{PROVIDER}.provider")
