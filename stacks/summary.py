"""The table that synth ends with."""

import os
import sys
from collections.abc import Sequence

from rich.console import Console
from rich.table import Table

from stacks.manifest import SynthesizedStack


def print_summary(stacks: Sequence[SynthesizedStack], seconds: float) -> None:
    """Print stacks, resource counts and time: a table on a terminal, tab-separated lines elsewhere."""
    resources = sum(stack.resources for stack in stacks)
    total = f"{_count(len(stacks), 'stack')}, {_count(resources, 'resource')}, {seconds:.2f} s"
    if not sys.stdout.isatty():
        for stack in stacks:
            print(stack.name, stack.resources, stack.data_sources, os.path.relpath(stack.folder), sep="\t")
        print(total)
        return
    table = Table(caption=total, caption_justify="left")
    table.add_column("stack")
    table.add_column("resources", justify="right")
    table.add_column("data sources", justify="right")
    table.add_column("folder", overflow="fold")
    for stack in stacks:
        table.add_row(stack.name, str(stack.resources), str(stack.data_sources), os.path.relpath(stack.folder))
    Console().print(table)


def _count(number: int, thing: str) -> str:
    return f"{number} {thing}{'' if number == 1 else 's'}"
