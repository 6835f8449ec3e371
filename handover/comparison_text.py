"""A comparison for people: as Markdown for a pull request, and on a terminal."""

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from rich.console import Console
from rich.text import Text

from handover.comparing import Change
from handover.comparison import Comparison, replaces_everything
from handover.difference_words import differences_in_words
from handover.opened import plain

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
EVERYTHING = " (replaces everything)"


class Detail(NamedTuple):
    """An argument that is different, and what follows from it."""

    difference: str
    effect: str

    def __str__(self) -> str:
        return f"{self.difference}{self.effect}"


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
            for item in details(change, comparison.paths):
                console.print(Text(f"      {item}"))
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
            yield from (f"  - {_code(item.difference)}{item.effect}" for item in details(change, comparison.paths))
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
        ("Provider", [*_of_everything(comparison)]),
        ("Moved", comparison.moved),
        ("Seem to be renamed only: this line of the environment keeps them", list(map(str, comparison.moves))),
        ("Go to another state, which Terraform does not do: see docs/moves.md", comparison.other_states),
        ("Applied already, so the environment can leave it out", comparison.settled),
    ]
    yield from ((title, list(lines)) for title, lines in found if lines)


def _of_everything(comparison: Comparison) -> Iterator[str]:
    for path, told in differences_in_words(comparison.of_everything, comparison.paths):
        yield told + (EVERYTHING if replaces_everything(path) else "")


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


def details(change: Change, paths: Mapping[str, str]) -> Iterator[Detail]:
    """Yield each argument that is different, with both values. That of a revision each is a cause says its heading."""
    for path, told in differences_in_words(change.differences, paths):
        is_cause = change.action == "replaced" and plain(path) in change.because
        yield Detail(told, " (replaces it)" if is_cause else "")


def _code(line: str) -> str:
    text = line.removesuffix(EVERYTHING)
    fence = ("`", "") if "`" not in text else ("``", " ")
    return f"{''.join(fence)}{text}{''.join(reversed(fence))}{line[len(text) :]}"
