"""Compare what is said to replace resources with what a plan replaces."""

from collections.abc import Collection, Iterable, Iterator, Mapping

from rehearsal.plan_reading import Change


def contradictions(changes: Iterable[Change], replacing: Mapping[str, Collection[str]]) -> Iterator[str]:
    """Yield where a plan and what is said differ; ``replacing`` has the attributes that replace each type.

    Nested attributes are written without the numbers of their list entries, e.g. ``compute_resources.type``.
    """
    for change in changes:
        said = set(replacing.get(change.type, ()))
        attributes = {plain(name) for name in change.attributes}
        if change.action.startswith("replaced") and not any(_covers(said, name) for name in attributes):
            yield f"{change}; nothing says that"
        if change.action == "updated in place":
            yield from (f"{change}; {name} is said to replace it" for name in sorted(attributes & said))


def plain(attribute: str) -> str:
    """Return the path of an attribute without the numbers of list entries."""
    return ".".join(part for part in attribute.split(".") if not part.isdigit())


def _covers(said: Collection[str], attribute: str) -> bool:
    """Return whether an attribute or one that it lies in is among those."""
    steps = attribute.split(".")
    return any(".".join(steps[:end]) in said for end in range(1, len(steps) + 1))
