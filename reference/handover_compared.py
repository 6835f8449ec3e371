"""Compare what the hand-over says of an edit, without Terraform, with what the provider plans."""

from collections.abc import Iterable, Iterator

from handover.comparing import Change as Said
from handover.comparing import changes
from handover.platforms import Platform, RootModule
from rehearsal.plan_reading import Change as Planned
from rehearsal.stacks import Stack

# What the hand-over calls what a plan says.
WORDS = {
    "created": {"added"},
    "destroyed": {"removed"},
    "forgotten": {"released"},
    "replaced, the new one first": {"replaced", "revised"},
    "replaced, the old one first": {"replaced", "revised"},
    "updated in place": {"updated", "revised"},
}


def said_of(before: Iterable[Stack], after: Iterable[Stack]) -> list[Said]:
    """Return what the hand-over says of an edit."""
    return changes(_platform(before), _platform(after))


def disagreements(planned: Iterable[Planned], said: Iterable[Said]) -> Iterator[str]:
    """Yield where a plan and what is said differ. An update that comes to nothing is none."""
    by_address = {change.address: change for change in said}
    for change in planned:
        told = by_address.pop(change.address, None)
        if change.type != "output" and (told is None or told.action not in WORDS[change.action]):
            yield f"{change}; {f'said to be {told.action}' if told else 'nothing is said of it'}"
    for told in by_address.values():
        if told.action != "updated":
            yield f"{told.address}: said to be {told.action} ({', '.join(told.because)}), and nothing is planned"


def _platform(stacks: Iterable[Stack]) -> Platform:
    modules = tuple(RootModule(stack.name, stack.document, tuple(stack.needs)) for stack in stacks)
    return Platform(modules[0].environment, modules)
