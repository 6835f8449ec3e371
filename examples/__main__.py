"""``python -m examples <output folder>``: write the Terraform of all examples, as ``main.py`` writes the rest."""

import argparse
import time
from pathlib import Path

from stacks.loading import load_environments
from stacks.summary import print_summary
from stacks.synthesis import synthesize

PACKAGES = ("examples.environments", "examples.seeds")


def main() -> None:
    """Synthesize all examples into the folder that is named."""
    start = time.perf_counter()
    parser = argparse.ArgumentParser(prog="python -m examples", description="Write the Terraform of the examples.")
    parser.add_argument("output", type=Path, help="a folder, whose stacks are replaced")
    output = parser.parse_args().output
    environments = [environment for package in PACKAGES for environment in load_environments(package=package)]
    stacks = synthesize(environments, output, complete=True)
    print_summary(stacks, time.perf_counter() - start)


if __name__ == "__main__":
    main()
