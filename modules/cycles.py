"""Things that wait for each other: whether any of them could ever be the first."""

from collections.abc import Iterable, Mapping
from graphlib import CycleError, TopologicalSorter


def cycle_in(edges: Mapping[str, Iterable[str]]) -> str | None:
    """Return a cycle as a message shows it (``a → b → a``: each waits for the next), None if there is none.

    ``edges``: what waits, and what it waits for.
    """
    try:
        TopologicalSorter(edges).prepare()
    except CycleError as error:
        return " → ".join(reversed(error.args[1]))
    return None
