"""In which order stages run: what waits for what, brought into sequences and branches. No constructs.

A state machine knows only one thing after another, and branches that all end before it goes on. Most orders are made of
these two. Where one is not, a stage waits for more than it names: for as little more as there is a way to.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from graphlib import TopologicalSorter


@dataclass(frozen=True)
class Leaf:
    """Something that runs by itself."""

    name: str


@dataclass(frozen=True)
class InTurn:
    """Blocks that run one after the other."""

    blocks: Sequence["Block"]


@dataclass(frozen=True)
class AtOnce:
    """Blocks that run at the same time; what comes next waits for all of them."""

    blocks: Sequence["Block"]


Block = Leaf | InTurn | AtOnce


def leaves(block: Block) -> list[str]:
    """Return the names of all that runs in a block, in an order that its edges allow."""
    if isinstance(block, Leaf):
        return [block.name]
    return [name for inner in block.blocks for name in leaves(inner)]


def block_of(waits_for: Mapping[str, Collection[str]]) -> Block:
    """Return the block in which everything runs after what it waits for. Raises CycleError where nothing can.

    Raises ValueError if there is nothing to run.
    """
    if not waits_for:
        raise ValueError("a pipeline needs a stage")
    return _Order(waits_for).block(sorted(waits_for))


@dataclass(frozen=True)
class _Order:
    waits_for: Mapping[str, Collection[str]]

    @cached_property
    def before(self) -> dict[str, set[str]]:
        """All that has to be done before each, directly or not."""
        found: dict[str, set[str]] = {}
        for name in TopologicalSorter(self.waits_for).static_order():
            direct = self.waits_for.get(name, ())
            found[name] = {*direct, *(earlier for other in direct for earlier in found[other])}
        return found

    def block(self, names: Sequence[str]) -> Block:
        if len(names) == 1:
            return Leaf(names[0])
        independent = _groups(names, self._is_ordered)
        if len(independent) > 1:
            return AtOnce([self.block(group) for group in independent])
        series = _groups(names, lambda one, other: not self._is_ordered(one, other))
        series.sort(key=lambda group: len(self.before[group[0]] & set(names)))
        inner = [self.block(group) for group in (series if len(series) > 1 else self._cut(names))]
        return InTurn([part for block in inner for part in (block.blocks if isinstance(block, InTurn) else [block])])

    def _is_ordered(self, one: str, other: str) -> bool:
        return one in self.before[other] or other in self.before[one]

    def _cut(self, names: Sequence[str]) -> list[list[str]]:
        """Return the two parts, one after the other, that make the fewest pairs wait without need."""
        depths: dict[str, int] = {}
        for name in sorted(names, key=lambda item: len(self.before[item])):
            depths[name] = 1 + max((depths[other] for other in self.before[name] & set(names)), default=0)
        cuts = [
            [[name for name in names if depths[name] <= depth], [name for name in names if depths[name] > depth]]
            for depth in range(1, max(depths.values()))
        ]
        return min(cuts, key=lambda cut: sum(one not in self.before[other] for one in cut[0] for other in cut[1]))


def _groups(names: Sequence[str], linked: Callable[[str, str], bool]) -> list[list[str]]:
    """Return ``names`` in groups between which nothing is linked, each in its order."""
    groups: list[list[str]] = []
    for name in names:
        joined = [group for group in groups if any(linked(name, other) for other in group)]
        groups = [group for group in groups if group not in joined]
        groups.append([name, *(other for group in joined for other in group)])
    return sorted(sorted(group) for group in groups)
