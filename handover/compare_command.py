"""Compare two places that have environments, say what is different, and return the exit status."""

import json
import sys
from collections.abc import Collection, Iterator, Sequence
from pathlib import Path

from rich.console import Console

from handover.comparison import REFUSALS, Comparison, compare
from handover.comparison_text import markdown, print_comparisons
from handover.platforms import Platform
from handover.reading import UnreadableError, read, renamed

DIFFERENT = 3


def refusals() -> list[str]:
    """Return what may be refused."""
    return list(REFUSALS)


def run(
    before: Path,
    after: Path,
    names: Collection[str] = (),
    *,
    as_markdown: bool = False,
    as_json: bool = False,
    exit_code: bool = False,
    refuse: Collection[str] = (),
) -> int:
    """Print what applying ``after`` would change of ``before``, in these environments or all; return the exit status.

    0: done; 2: nothing to compare; 3: different, where that is asked for (``exit_code``), or something is refused.
    """
    try:
        old, new = read(before, names), read(after, names)
        if unknown := set(names) - {platform.name for platform in (*old, *new)}:
            raise UnreadableError(f"neither {before} nor {after} has an environment {sorted(unknown)[0]!r}")
        comparisons = [compare(*pair) for pair in _pairs(old, new)]
    except UnreadableError as error:
        print(error, file=sys.stderr)
        return 2
    if as_json:
        print(json.dumps([comparison.as_document() for comparison in comparisons], indent=2, ensure_ascii=False))
    elif as_markdown:
        print(markdown(comparisons), end="")
    else:
        print_comparisons(comparisons, Console(highlight=False, soft_wrap=True))
    refused = list(_refused(comparisons, refuse))
    if refused:
        print(*refused, sep="\n", file=sys.stderr)
    return DIFFERENT if refused or (exit_code and any(comparisons)) else 0


def _pairs(before: Sequence[Platform], after: Sequence[Platform]) -> Iterator[tuple[Platform, Platform]]:
    """Yield which environments are compared: those of one name; where each side has only one, these two."""
    if len(before) == len(after) == 1:
        yield renamed(before[0], after[0].name), after[0]
        return
    old = {platform.name: platform for platform in before}
    new = {platform.name: platform for platform in after}
    for name in sorted(old.keys() | new.keys()):
        yield old.get(name, Platform(name, ())), new.get(name, Platform(name, ()))


def _refused(comparisons: Sequence[Comparison], refuse: Collection[str]) -> Iterator[str]:
    for kind in refuse:
        for comparison in comparisons:
            yield from (f"refused ({kind}): {comparison.environment}: {line}" for line in REFUSALS[kind](comparison))
