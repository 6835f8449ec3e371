"""What a comparison of two environments found, and what of it a pipeline may refuse."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from handover.addresses import moved_entries, moved_on, settled
from handover.compared_permissions import compared, told
from handover.comparing import Change, changes, resources_of
from handover.costs import cost_drivers
from handover.inputs import InputChange, input_changes
from handover.moves import Move, moves, other_states
from handover.opened import Difference, differences, opened
from handover.permissions import places
from handover.platforms import Platform


@dataclass
class Comparison:
    """Everything that is different in one environment."""

    environment: str
    changes: list[Change] = field(default_factory=list)
    permissions_gained: list[str] = field(default_factory=list)
    permissions_lost: list[str] = field(default_factory=list)
    costs: dict[str, tuple[int, int]] = field(default_factory=dict)
    of_everything: list[Difference] = field(default_factory=list)
    moves: list[Move] = field(default_factory=list)
    moved: list[str] = field(default_factory=list)
    other_states: list[str] = field(default_factory=list)
    settled: list[str] = field(default_factory=list)
    inputs: list[InputChange] = field(default_factory=list)
    outputs: list[str] = field(default_factory=list)
    paths: Mapping[str, str] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return any(
            (
                self.changes,
                self.permissions_gained,
                self.permissions_lost,
                self.costs,
                self.of_everything,
                self.moved,
                self.inputs,
                self.outputs,
            )
        )

    def count(self, action: str) -> int:
        """Return how many resources something happens to."""
        return sum(change.action == action for change in self.changes)

    def as_document(self) -> dict[str, Any]:
        """Return it for programs."""
        return {name: value for name, value in asdict(self).items() if name != "paths"}


def compare(before: Platform, after: Platform) -> Comparison:
    """Return what applying ``after`` changes of ``before``, which has the same name."""
    old, new = resources_of(moved_on(before, after)), resources_of(after)
    found = changes(before, after)
    modules = (*before.modules, *after.modules)
    paths = {address: path for module in modules for address, path in places(module.document).items()}
    gained, lost = compared(old, new)
    cost, costs = cost_drivers(old), cost_drivers(new)
    return Comparison(
        after.name,
        found,
        told(gained, paths, "no longer denied"),
        told(lost, paths, "denied from now on"),
        {
            name: (cost.get(name, 0), costs.get(name, 0))
            for name in sorted(cost.keys() | costs.keys())
            if cost.get(name, 0) != costs.get(name, 0)
        },
        _of_everything(before, after),
        moves(found, old, new),
        moved_entries(before, after),
        other_states(found),
        settled(before, after),
        input_changes(before, after),
        sorted(_outputs(before, after)),
        paths,
    )


def _of_everything(before: Platform, after: Platform) -> list[Difference]:
    """Return what differs of the provider, each once: region, account. Its tags are those of each resource."""
    old, new = (
        {module.part: module.document.get("provider") for module in side.decided.modules} for side in (before, after)
    )
    found = [
        item
        for part in old.keys() & new.keys()
        for item in differences(opened(old[part]), opened(new[part]), "provider")
        if "default_tags" not in item.path
    ]
    return sorted({str(item): item for item in found}.values(), key=lambda item: item.path)


def replaces_everything(path: str) -> bool:
    """Return whether a difference of the provider makes all resources others."""
    return path == "provider.aws.region"


def _outputs(before: Platform, after: Platform) -> Iterator[str]:
    """Yield which outputs come, go, or have other steps inside: what others read by name."""
    old, new = (
        {
            f"{module.part}: {name}": opened(block.get("value"))
            for module in side.modules
            for name, block in module.document.get("output", {}).items()
        }
        for side in (before, after)
    )
    for name in old.keys() | new.keys():
        for item in differences(old.get(name), new.get(name), name):
            if item.before is None or item.after is None:
                yield f"{item.path} {'is new' if item.before is None else 'is gone'}"


# What ``--refuse`` takes: each finds the lines that it refuses.
def _changes(test: Callable[[Change], bool]) -> Callable[[Comparison], Sequence[str]]:
    return lambda comparison: [
        f"{change.part}: {change.path or change.address} is {change.action}"
        + (f", losing {change.lost}" if change.lost else "")
        for change in comparison.changes
        if test(change)
    ]


REFUSALS: Mapping[str, Callable[[Comparison], Sequence[str]]] = {
    "replace": lambda comparison: [
        *(
            f"everything: {item.path} is another one"
            for item in comparison.of_everything
            if replaces_everything(item.path)
        ),
        *_changes(lambda change: change.action == "replaced")(comparison),
    ],
    "remove": _changes(lambda change: change.action == "removed"),
    "data-loss": _changes(lambda change: change.kind_of_loss == "data"),
    "interruption": _changes(lambda change: change.kind_of_loss in ("running work", "address")),
    "permissions": lambda comparison: comparison.permissions_gained,
    "cost": lambda comparison: [
        f"{name}: {before:,} → {after:,}" for name, (before, after) in comparison.costs.items() if after > before
    ],
    "inputs": lambda comparison: [str(item) for item in comparison.inputs if item.is_narrower],
    "outputs": lambda comparison: [line for line in comparison.outputs if line.endswith("is gone")],
}
