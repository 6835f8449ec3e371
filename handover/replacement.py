"""What a change of an argument does to its resource: updated in place, or replaced, and what is lost with it.

The table is written from the source of the AWS provider 6.25.0, by type of resource: ``replace`` has the arguments (or
blocks) whose change replaces it, ``when`` those that do so under a condition, ``kept`` those that keep their value
where they are left out, ``lost`` what goes with the resource, ``kind`` what that is, ``is_revised`` that the new one
is but a revision, ``is_tagged`` that it has the provider's default tags, ``renewed`` the attributes that any update
changes.
"""

import json
from collections.abc import Collection, Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

TABLE = Path(__file__).with_name("replacement_table.json")

# What UpdateComputeEnvironment takes only where Batch replaces instances by itself. Source: "Updating compute
# environments" in the AWS Batch user guide.
UPDATABLE = ("BEST_FIT_PROGRESSIVE", "SPOT_CAPACITY_OPTIMIZED", "SPOT_PRICE_CAPACITY_OPTIMIZED")

Block = Mapping[str, Any]


@cache
def table() -> Mapping[str, Mapping[str, Any]]:
    """Return the table, by type of resource."""
    return dict(json.loads(TABLE.read_text(encoding="utf-8")))


def is_known(type_: str) -> bool:
    """Return whether the table has a type of resource."""
    return type_ in table()


def lost_with(type_: str) -> str:
    """Return what goes with a resource and does not come back; empty for nothing."""
    return str(table().get(type_, {}).get("lost", ""))


def replacing(type_: str) -> list[str]:
    """Return the arguments whose change replaces a resource, or may do so."""
    facts = table().get(type_, {})
    return sorted({*facts.get("replace", ()), *facts.get("when", ())})


def kind_of_loss(type_: str) -> str:
    """Return what the loss is: ``data``, ``running work`` or ``address``; empty for none of these."""
    return str(table().get(type_, {}).get("kind", ""))


def is_revised(type_: str) -> bool:
    """Return whether a replacement is but a new revision, beside which the old one ends its work."""
    return bool(table().get(type_, {}).get("is_revised"))


def is_tagged(type_: str) -> bool:
    """Return whether a resource has the default tags of its provider."""
    return bool(table().get(type_, {}).get("is_tagged"))


def renewed(type_: str) -> Collection[str]:
    """Return the attributes that are others once a resource was updated."""
    return tuple(table().get(type_, {}).get("renewed", ()))


def is_kept(type_: str, path: str) -> bool:
    """Return whether an argument that is left out keeps the value it had."""
    return path in table().get(type_, {}).get("kept", ())


def replaces(type_: str, path: str, before: Block, after: Block) -> bool:
    """Return whether a change of the argument at ``path`` replaces its resource."""
    facts = table().get(type_, {})
    always, when = facts.get("replace", ()), facts.get("when", {})
    if path == "region":  # of every regional resource
        return True
    nearest = max((known for known in (*always, *when) if _is_at(path, known)), key=len, default="")
    if nearest:
        return nearest in always or CONDITIONS[when[nearest]](before, after, nearest)
    # A whole block that comes or goes, with an argument in it that replaces.
    inner = (known for known in when if _is_at(known, path))
    return any(_is_at(known, path) for known in always) or any(
        CONDITIONS[when[known]](before, after, known) for known in inner
    )


def _is_at(path: str, place: str) -> bool:
    return path == place or path.startswith(f"{place}.")


def _value(block: Block, path: str) -> Any:
    value: Any = block
    for step in path.split("."):
        if isinstance(value, list) and len(value) == 1:
            value = value[0]
        value = value.get(step) if isinstance(value, Mapping) else None
    return value


def _cannot_be_updated(before: Block, after: Block, _: str) -> bool:
    return not all(map(_is_updatable, (before, after)))


def _is_updatable(block: Block) -> bool:
    role = str(block.get("service_role") or "")
    own = role and "/aws-service-role/batch." not in role
    return not own and _value(block, "compute_resources.allocation_strategy") in UPDATABLE


def _cannot_be_updated_and_has_instances(before: Block, after: Block, path: str) -> bool:
    kinds = {str(_value(block, "compute_resources.type")) for block in (before, after)}
    return not kinds & {"FARGATE", "FARGATE_SPOT"} and _cannot_be_updated(before, after, path)


def _is_removed_from_network_load_balancer(before: Block, after: Block, path: str) -> bool:
    return after.get("load_balancer_type") == "network" and bool(_items(before, path) - _items(after, path))


def _is_set_or_cleared_on_network_load_balancer(before: Block, after: Block, path: str) -> bool:
    return after.get("load_balancer_type") == "network" and bool(_items(before, path)) != bool(_items(after, path))


def _items(block: Block, path: str) -> set[str]:
    value = _value(block, path)
    return {str(item) for item in (value if isinstance(value, Iterable) and not isinstance(value, str) else ())}


def _blocks(block: Block, path: str) -> list[Any]:
    value = _value(block, path)
    return value if isinstance(value, list) else [value] if value else []


CONDITIONS: Mapping[str, Any] = {
    "cannot be updated in place": _cannot_be_updated,
    "cannot be updated in place, not Fargate": _cannot_be_updated_and_has_instances,
    "network load balancer, one taken away": _is_removed_from_network_load_balancer,
    "network load balancer, from none or to none": _is_set_or_cleared_on_network_load_balancer,
    "another number of them": lambda before, after, path: len(_blocks(before, path)) != len(_blocks(after, path)),
    "set or unset": lambda before, after, path: bool(_value(before, path)) != bool(_value(after, path)),
    "not from dedicated to default": lambda before, after, path: _pair(before, after, path) != ("dedicated", "default"),
    "from Advanced to Standard": lambda before, after, path: _pair(before, after, path) == ("Advanced", "Standard"),
    "lowered, or any change of a scratch file system": lambda before, after, path: (
        after.get("deployment_type") == "SCRATCH_1" or (_value(after, path) or 0) < (_value(before, path) or 0)
    ),
}


def _pair(before: Block, after: Block, path: str) -> tuple[Any, Any]:
    return _value(before, path), _value(after, path)
