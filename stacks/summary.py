"""The table that synth ends with."""

import os
import sys
from collections.abc import Sequence

from rich.console import Console
from rich.table import Table

from stacks.synthesis import SynthesizedStack


def print_summary(stacks: Sequence[SynthesizedStack], seconds: float) -> None:
    """Print stacks, resource counts and time: a table on a terminal, tab-separated lines elsewhere."""
    total = sum(stack.resources for stack in stacks)
    if not sys.stdout.isatty():
        for stack in stacks:
            print(stack.name, stack.resources, stack.data_sources, os.path.relpath(stack.folder), sep="\t")
        print(f"{len(stacks)} stacks, {total} resources, {seconds:.2f} s")
        return
    table = Table(caption=f"{len(stacks)} stacks, {total} resources, {seconds:.2f} s", caption_justify="left")
    table.add_column("stack")
    table.add_column("resources", justify="right")
    table.add_column("data sources", justify="right")
    table.add_column("folder")
    for stack in stacks:
        table.add_row(stack.name, str(stack.resources), str(stack.data_sources), os.path.relpath(stack.folder))
    Console().print(table)
