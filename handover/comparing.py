"""Compare two environments: what is added, removed, updated in place or replaced, and by which of its arguments.

No Terraform runs: what replaces what is told by ``handover.replacement``. What Terraform learns only while it applies
is followed too: a resource that is replaced has another ARN, which changes those that refer to it.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from handover.addresses import Key, adopted, key_of, moved_on, read_values
from handover.expressions import references, texts
from handover.opened import Difference, children, differences, opened, plain
from handover.platforms import Document, Platform, construct_path
from handover.policy_words import as_list
from handover.replacement import is_kept, is_known, is_revised, is_tagged, kind_of_loss, lost_with, renewed, replaces

UNKNOWN = "(known after apply)"
# Arguments of Terraform's own, which reach no API.
NOT_SENT = frozenset({"depends_on", "lifecycle", "provider", "provisioner", "connection", "timeouts", "//"})

# What happens to a resource that is another one then, with another ARN.
ANOTHER = ("replaced", "revised")


@dataclass(frozen=True)
class Resource:
    """One resource as it was emitted, opened for comparison."""

    key: Key
    path: str
    block: Document

    @property
    def address(self) -> str:
        """Return what Terraform calls it."""
        return f"{self.key[1]}.{self.key[2]}"


@dataclass
class Change:
    """What happens to one resource."""

    action: str  # added, adopted, removed, released, updated, revised, replaced
    part: str
    address: str
    path: str
    differences: list[Difference] = field(default_factory=list)
    because: list[str] = field(default_factory=list)
    lost: str = ""
    kind_of_loss: str = ""
    is_protected: bool = False
    is_guessed: bool = False

    @property
    def type(self) -> str:
        """Return the type of the resource."""
        return self.address.partition(".")[0]


def resources_of(platform: Platform) -> dict[Key, Resource]:
    """Return the resources of an environment, with variables at their defaults."""
    found = {}
    for module in platform.decided.modules:
        tags = _default_tags(module.document)
        for type_, items in module.document.get("resource", {}).items():
            for name, block in items.items():
                key = (module.part, type_, name)
                whole = {**block, "tags": tags | block.get("tags", {})} if tags and is_tagged(type_) else block
                found[key] = Resource(key, construct_path(block), opened(whole))
    return found


def _default_tags(document: Document) -> dict[str, str]:
    """Return the tags that the provider of a root module gives to all that can have some."""
    providers = as_list(document.get("provider", {}).get("aws", []))
    given = [block["tags"] for provider in providers for block in as_list(provider.get("default_tags", []))]
    return {name: value for tags in given for name, value in tags.items()}


def changes(before: Platform, after: Platform) -> list[Change]:
    """Return what applying ``after`` does to what ``before`` made, in the order of apply."""
    before = moved_on(before, after)
    old, new = resources_of(before), resources_of(after)
    released, taken = set(_released(after)), adopted(after)
    found: dict[Key, Change] = {}
    for key in sorted(old.keys() | new.keys()):
        change = _change(old.get(key), new.get(key), released)
        if change and change.action == "added" and key in taken:
            change.action = "adopted"
        if change:
            found[key] = change
    _follow(old, new, found, _outputs(after))
    order = {module.part: place for place, module in enumerate((*before.modules, *after.modules))}
    return [found[key] for key in sorted(found, key=lambda key: (order[key[0]], key))]


def _released(platform: Platform) -> Iterator[Key]:
    """Yield what Terraform is told to let go of without destroying it."""
    for module in platform.modules:
        for block in module.document.get("removed", []):
            if not block.get("lifecycle", {}).get("destroy", True):
                yield key_of(module.part, block["from"])


def _change(old: Resource | None, new: Resource | None, released: Collection[Key]) -> Change | None:
    if old is None and new is not None:
        return _empty("added", new)
    if new is None:
        assert old is not None
        if old.key in released:
            return _empty("released", old)
        change = _empty("removed", old)
        # Terraform protects only what is still in its configuration.
        change.lost, change.kind_of_loss = lost_with(change.type), kind_of_loss(change.type)
        return change
    assert old is not None
    ignored = new.block.get("lifecycle", {}).get("ignore_changes", [])
    found = [
        item
        for item in differences(_sent(old.block), _sent(new.block))
        if not _is_without_effect(old.key[1], item) and plain(item.path).partition(".")[0] not in ignored
    ]
    if not found:
        return None
    change = _empty("updated", new)
    _add(change, found, old, new)
    return change


def _add(change: Change, found: Iterable[Difference], old: Resource, new: Resource) -> None:
    """Add differences to a change, which is a replacement when one of them asks for it."""
    for item in found:
        change.differences.append(item)
        path = plain(item.path)
        if replaces(change.type, path, old.block, new.block) and path not in change.because:
            change.because.append(path)
    if change.because and change.action == "updated":
        change.action = "revised" if is_revised(change.type) else "replaced"
        _note_loss(change, old)


def _empty(action: str, resource: Resource) -> Change:
    known = is_known(resource.key[1])
    return Change(
        action, resource.key[0], resource.address, resource.path, is_guessed=not known and action == "updated"
    )


def _note_loss(change: Change, old: Resource) -> None:
    change.lost, change.kind_of_loss = lost_with(change.type), kind_of_loss(change.type)
    change.is_protected = bool(old.block.get("lifecycle", {}).get("prevent_destroy"))


def _sent(block: Document) -> dict[str, Any]:
    return {key: value for key, value in block.items() if key not in NOT_SENT}


def _is_without_effect(type_: str, item: Difference) -> bool:
    """Return whether an argument is left out that keeps its value. One item of a list is no argument."""
    return item.after is None and not item.path.endswith("]") and is_kept(type_, plain(item.path))


def _follow(
    old: Mapping[Key, Resource], new: Mapping[Key, Resource], found: dict[Key, Change], outputs: Mapping[str, Any]
) -> None:
    """Add what refers to resources that are other ones then, or read otherwise, until nothing more is changed."""
    users = _users(new, outputs)
    pending = [key for key, change in found.items() if change.action in ANOTHER or _is_renewed(change)]
    while pending:
        key = pending.pop()
        for user, path, attribute in users.get(key, ()):
            if user not in old or _is_same(attribute, found[key], old[key].block, new[key].block):
                continue
            change = found.setdefault(user, _empty("updated", new[user]))
            if path in {item.path for item in change.differences}:
                continue
            _add(change, [Difference(path, f"{attribute} of {new[key].path or key}", UNKNOWN)], old[user], new[user])
            if change.action in ANOTHER or _is_renewed(change):
                pending.append(user)


def _is_same(attribute: str, change: Change, before: Document, after: Document) -> bool:
    """Return whether an attribute is what it was, though its resource changes."""
    if change.action not in ANOTHER:
        return attribute not in renewed(change.type)
    is_different = any(plain(item.path).partition(".")[0] == attribute for item in change.differences)
    return attribute in after and after[attribute] == before.get(attribute) and not is_different


def _is_renewed(change: Change) -> bool:
    """Return whether an update leaves other attributes to those that refer to a resource."""
    return change.action == "updated" and bool(renewed(change.type))


def _users(new: Mapping[Key, Resource], outputs: Mapping[str, Any]) -> dict[Key, list[tuple[Key, str, str]]]:
    """Return who refers to each resource, where, and to which attribute of it."""
    users: dict[Key, list[tuple[Key, str, str]]] = {}
    for key, resource in new.items():
        for path, text in _leaves(_sent(resource.block), ""):
            for target, attribute in _targets(key[0], text, outputs):
                if target in new and target != key:
                    users.setdefault(target, []).append((key, path, attribute))
    return users


def _targets(part: str, text: str, outputs: Mapping[str, Any]) -> Iterator[tuple[Key, str]]:
    for address, rest in references(text):
        kind, _, name = address.partition(".")
        if kind == "local":
            yield from outputs.get(part, {}).get(name, ())
        elif kind not in ("var", "data", "module"):
            yield (part, kind, name), rest.lstrip(".").partition(".")[0].partition("[")[0]


def _outputs(platform: Platform) -> dict[str, dict[str, list[tuple[Key, str]]]]:
    """Return, for each root module, what its local values lead to in others."""
    return {
        part: {
            name: [target for text in texts(inside) for target in _targets(other, text, {})]
            for name, (other, inside) in values.items()
        }
        for part, values in read_values(platform).items()
    }


def _leaves(value: Any, path: str) -> Iterator[tuple[str, str]]:
    """Yield every text inside a value with its path."""
    inner = children(value, path)
    if inner is not None:
        for place, item in inner.values():
            yield from _leaves(item, place)
    elif isinstance(value, list):
        for item in value:
            yield from _leaves(item, path)
    elif isinstance(value, str):
        yield path, value
