"""What is different since another state of the project, by the words that a comparison has for it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from handover.comparing import Change
from handover.comparison import Comparison, compare
from handover.comparison_text import WORDS, Detail, details, loss, sections
from handover.platforms import Platform
from handover.reading import renamed
from reporting.making import setting_path


@dataclass(frozen=True)
class Changed:
    """What happens to one resource: the path of its setting, why, and what is lost with it."""

    path: str
    part: str
    type: str
    loss: str
    details: tuple[Detail, ...]


@dataclass(frozen=True)
class Changes:
    """All that applying the environment changes of another state of it, called ``since``."""

    since: str
    resources: tuple[tuple[str, tuple[Changed, ...]], ...]
    sections: tuple[tuple[str, tuple[str, ...]], ...]

    @property
    def count(self) -> int:
        """Return how many resources something happens to."""
        return sum(len(changed) for _, changed in self.resources)


def changes(since: str, before: Sequence[Platform], after: Platform) -> Changes:
    """Return what applying ``after`` changes of what is called like it, or of the only one there is."""
    (old, *_) = [platform for platform in before if platform.name == after.name] or before or [Platform(after.name, ())]
    return _told(since, compare(renamed(old, after.name), after))


def _told(since: str, comparison: Comparison) -> Changes:
    return Changes(
        since,
        tuple(_by_action(comparison)),
        tuple((title, tuple(lines)) for title, lines in sections(comparison)),
    )


def _by_action(comparison: Comparison) -> Iterator[tuple[str, tuple[Changed, ...]]]:
    for action, word in WORDS.items():
        changes = [change for change in comparison.changes if change.action == action]
        if found := tuple(_changed(change, comparison.paths) for change in changes):
            yield word, found


def _changed(change: Change, paths: Mapping[str, str]) -> Changed:
    path = setting_path(change.path) or change.address
    return Changed(path, change.part, change.type, loss(change).removeprefix(", "), tuple(details(change, paths)))
