"""What settings make: the resources of each entry, found by the paths of their constructs, and the roles."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from handover.permissions import Role, roles
from handover.platforms import Platform, construct_path, resources


@dataclass(frozen=True)
class Made:
    """A resource: the root module it is in, its type and address, and its path as that of a setting."""

    stack: str
    type: str
    address: str
    path: str


@dataclass(frozen=True)
class Holder:
    """A role, with the entry that it is made for."""

    stack: str
    entry: str
    role: Role


def setting_path(path: str) -> str:
    """Return the path of a construct as settings have it: ``queues/documents`` is ``queues.documents``."""
    return path.replace("/", ".")


def entry_of(path: str, entries: Collection[str]) -> str:
    """Return the entry that the path of a setting leads into; empty for none."""
    steps = path.split(".")
    return next((found for end in range(len(steps), 0, -1) if (found := ".".join(steps[:end])) in entries), "")


def made_by(platform: Platform, entries: Collection[str]) -> Mapping[str, list[Made]]:
    """Return the resources of each entry; under the empty name those of none."""
    found: dict[str, list[Made]] = {}
    for module in platform.modules:
        for type_, name, block in resources(module.document):
            path = setting_path(construct_path(block))
            made = Made(module.name, type_, f"{type_}.{name}", path)
            found.setdefault(entry_of(path, entries), []).append(made)
    return found


def holders(platform: Platform, entries: Collection[str]) -> Iterator[Holder]:
    """Yield the roles of a platform in the order of apply."""
    for module in platform.modules:
        for role in roles(module.document):
            yield Holder(module.name, entry_of(setting_path(role.path), entries), role)
