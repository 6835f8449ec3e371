"""A comparison for people: as Markdown for a pull request, and on a terminal."""

import json
from collections.abc import Iterator, Sequence
from typing import Any

from rich.console import Console
from rich.text import Text

from handover.comparing import Change
from handover.comparison import Comparison, replaces_everything
from handover.opened import Difference, plain

SIGNS = {"added": "+", "removed": "-", "updated": "~", "revised": "~", "replaced": "!", "released": ".", "adopted": "+"}
WORDS = {
    "replaced": "replaced",
    "removed": "removed",
    "released": "left as it is, no longer Terraform's",
    "revised": "with a new revision",
    "updated": "updated in place",
    "adopted": "taken over as it is, or updated in place",
    "added": "added",
}
COLOURS = {
    "added": "green",
    "adopted": "green",
    "removed": "red",
    "updated": "yellow",
    "revised": "yellow",
    "replaced": "bold red",
    "released": "yellow",
}
MOST_SHOWN = 60  # characters of a value


def summary(comparison: Comparison) -> str:
    """Return how many resources what happens to, in one line."""
    counts = [f"{comparison.count(action)} {word}" for action, word in WORDS.items() if comparison.count(action)]
    return f"{comparison.environment}: {', '.join(counts) or 'no resource changes'}"


def markdown(comparisons: Sequence[Comparison]) -> str:
    """Return comparisons as Markdown."""
    return "\n".join(line for comparison in comparisons for line in _markdown(comparison)) + "\n"


def print_comparisons(comparisons: Sequence[Comparison], console: Console) -> None:
    """Print comparisons on a terminal, or as plain text elsewhere."""
    for comparison in comparisons:
        console.print(Text(summary(comparison), style="bold"))
        for change in sorted(comparison.changes, key=_by_weight):
            console.print(Text(f"  {SIGNS[change.action]} {_line(change)}", style=COLOURS[change.action]))
            for line in details(change):
                console.print(Text(f"      {line}"))
        for title, lines in sections(comparison):
            console.print(Text(title, style="bold"))
            for line in lines:
                console.print(Text(f"  {line}"))


def _markdown(comparison: Comparison) -> Iterator[str]:
    yield f"## {summary(comparison)}"
    yield ""
    for action, word in WORDS.items():
        found = [change for change in comparison.changes if change.action == action]
        if not found:
            continue
        yield f"### {word.capitalize()} ({len(found)})"
        yield ""
        for change in found:
            yield f"- `{change.path or change.address}` of {change.part} (`{change.type}`){loss(change)}"
            yield from (f"  - {_code(line)}" for line in details(change))
        yield ""
    for title, lines in sections(comparison):
        yield f"### {title}"
        yield ""
        yield from (f"- {line if title.startswith('Permissions') else _code(line)}" for line in lines)
        yield ""


def sections(comparison: Comparison) -> Iterator[tuple[str, list[str]]]:
    """Yield what else is different besides resources, each with its title."""
    found = [
        ("Permissions gained", comparison.permissions_gained),
        ("Permissions lost", comparison.permissions_lost),
        ("What drives the cost", [f"{name}: {one:,} → {two:,}" for name, (one, two) in comparison.costs.items()]),
        ("Inputs", list(map(str, comparison.inputs))),
        ("Outputs", comparison.outputs),
        ("Of everything", [*_of_everything(comparison)]),
        ("Moved", comparison.moved),
        ("Seem to have another name only, which the environment can say", list(map(str, comparison.moves))),
        ("Go to another state, which Terraform does not do: see docs/moves.md", comparison.other_states),
        ("Applied already, so the environment can leave it out", comparison.settled),
    ]
    yield from ((title, list(lines)) for title, lines in found if lines)


def _of_everything(comparison: Comparison) -> Iterator[str]:
    for item in comparison.of_everything:
        yield _difference(item) + (" (replaces everything)" if replaces_everything(item) else "")


def _by_weight(change: Change) -> tuple[int, str, str]:
    return list(WORDS).index(change.action), change.part, change.path


def _line(change: Change) -> str:
    return f"{change.path or change.address} of {change.part} ({change.type}): {WORDS[change.action]}{loss(change)}"


def loss(change: Change) -> str:
    """Return what goes with a change, led by a comma, and what is to be known of it; mostly nothing."""
    lost = f", losing {change.lost}" if change.lost else ""
    kept = "; Terraform refuses it (prevent_destroy)" if change.is_protected else ""
    guessed = "; not known whether in place" if change.is_guessed else ""
    return f"{lost}{kept}{guessed}"


def details(change: Change) -> Iterator[str]:
    """Yield each argument that is different, with both values."""
    for item in change.differences:
        cause = " (replaces it)" if any(_is_cause(item.path, path) for path in change.because) else ""
        yield f"{_difference(item)}{cause}"


def _difference(item: Difference) -> str:
    return f"{item.path}: {' → '.join(_shown(item.before, item.after))}"


def _is_cause(path: str, cause: str) -> bool:
    return plain(path) == cause


def _shown(*values: Any) -> list[str]:
    """Return two values as far as they fit: from shortly before they begin to differ."""
    one, two = (
        "nothing" if value is None else value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
        for value in values
    )
    same = next((at for at, (left, right) in enumerate(zip(one, two, strict=False)) if left != right), 0)
    start = max(same - MOST_SHOWN // 3, 0) if max(len(one), len(two)) > MOST_SHOWN else 0
    return [_cut(text, start) for text in (one, two)]


def _cut(text: str, start: int) -> str:
    end = start + MOST_SHOWN
    return f"{'…' if start else ''}{text[start:end]}{'…' if len(text) > end else ''}"


def _code(line: str) -> str:
    return f"`{line}`" if "`" not in line else line
