"""Differences that a second plan shows because moto forgets something, each with what it forgets.

The way to shorten this list is local_aws.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from rehearsal.plan_reading import Change


@dataclass(frozen=True)
class KnownDifference:
    """Attributes of a type that a second plan would change though AWS keeps them."""

    type: str
    attributes: frozenset[str]
    reason: str

    def explains(self, change: Change) -> bool:
        """Return whether ``change`` is this difference and nothing else."""
        return (
            change.type == self.type
            and change.action == "updated in place"
            and bool(change.attributes)
            and self.attributes.issuperset(change.attributes)
        )


KNOWN: tuple[KnownDifference, ...] = ()


def split_known(
    changes: Iterable[Change], known: Iterable[KnownDifference] = KNOWN
) -> tuple[list[Change], list[tuple[Change, str]]]:
    """Return the changes that nothing explains, and the others with the reason."""
    unexplained: list[Change] = []
    explained: list[tuple[Change, str]] = []
    for change in changes:
        reason = next((difference.reason for difference in known if difference.explains(change)), "")
        if reason:
            explained.append((change, reason))
        else:
            unexplained.append(change)
    return unexplained, explained
