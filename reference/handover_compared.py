"""Compare what the hand-over says of an edit, without Terraform, with what the provider plans."""

from collections.abc import Iterable, Iterator
from dataclasses import replace

from handover.comparing import Change as Said
from handover.comparing import changes
from handover.platforms import Platform, RootModule
from rehearsal.older_provider import replaces_no_more
from rehearsal.plan_reading import Change as Planned
from rehearsal.stacks import Stack

NO_MORE = "updated in place, by providers before 6.10 replaced"
# What the hand-over calls what a plan says.
WORDS = {
    "created": {"added"},
    "destroyed": {"removed"},
    "forgotten": {"released"},
    "replaced, the new one first": {"replaced", "revised"},
    "replaced, the old one first": {"replaced", "revised"},
    "updated in place": {"updated", "revised"},
    NO_MORE: {"updated"},
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


def as_pinned(planned: Iterable[Planned], said: Iterable[Said], provider: str) -> list[Planned]:
    """Return what is planned, without what only older providers do: they replace what is updated in place since.

    ``provider`` is the version that planned; what is said is said of the one that is pinned.
    """
    updated = {change.address for change in said if change.action == "updated"}
    found = [
        replace(change, action=NO_MORE) if change.address in updated and replaces_no_more(change, provider) else change
        for change in planned
    ]
    if all(change.action != NO_MORE for change in found):
        return found
    # A job queue names its compute environments, and those that are updated in place stay what they are.
    return [
        change for change in found if change.attributes != ("compute_environment_order",) or change.address in updated
    ]


def _platform(stacks: Iterable[Stack]) -> Platform:
    modules = tuple(RootModule(stack.name, stack.document, tuple(stack.needs)) for stack in stacks)
    return Platform(modules[0].environment, modules)
