"""``python -m examples <output folder>``: write the Terraform of the examples, as ``main.py`` writes the rest."""

import argparse
import time
from pathlib import Path

from stacks.loading import load_environments
from stacks.summary import print_summary
from stacks.synthesis import synthesize


def main() -> None:
    """Synthesize all examples into the folder that is named."""
    start = time.perf_counter()
    parser = argparse.ArgumentParser(prog="python -m examples", description="Write the Terraform of the examples.")
    parser.add_argument("output", type=Path, help="a folder, whose stacks are replaced")
    output = parser.parse_args().output
    stacks = synthesize(load_environments(package="examples.environments"), output, complete=True)
    print_summary(stacks, time.perf_counter() - start)


if __name__ == "__main__":
    main()
