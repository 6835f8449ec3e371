"""The actions that AWS's policies know, service by service, and which of them take no resource. No constructs.

A copy of the Service Authorization Reference stands in ``actions.txt``: a line a service, ``<prefix> <actions> *
<actions that take no resource>``. It is read once a policy of the user's own is there.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import cache
from pathlib import Path

from modules.problems import nearest

TABLE = Path(__file__).with_name("actions.txt")
COMMENT = "#"


@dataclass(frozen=True)
class ServiceActions:
    """The names of a service's actions: those that take resources, and those that take none."""

    on_resources: tuple[str, ...]
    on_none: tuple[str, ...]

    @property
    def names(self) -> tuple[str, ...]:
        """All of them."""
        return self.on_resources + self.on_none


@cache
def services() -> Mapping[str, str]:
    """Return the line of each service, by its prefix."""
    lines = TABLE.read_text(encoding="utf-8").splitlines()
    parts = (line.partition(" ") for line in lines if not line.startswith(COMMENT))
    return {prefix: rest for prefix, _, rest in parts}


@cache
def actions_of(prefix: str) -> ServiceActions:
    """Return the actions of a service that there is."""
    on_resources, _, on_none = services()[prefix].partition("*")
    return ServiceActions(tuple(on_resources.split()), tuple(on_none.split()))


def meant(action: str) -> Iterator[tuple[str, bool]]:
    """Yield each action that ``action``, which may have wildcards, means, and whether it takes resources."""
    prefix, _, name = action.partition(":")
    known = actions_of(prefix)
    yield from ((f"{prefix}:{item}", True) for item in known.on_resources if fnmatchcase(item, name))
    yield from ((f"{prefix}:{item}", False) for item in known.on_none if fnmatchcase(item, name))


def action_fix(action: str) -> str | None:
    """Return how to fix what is no action of AWS's; None where it is one, or means some by a wildcard."""
    prefix, _, name = action.partition(":")
    if prefix not in services():
        near = nearest(prefix, services())
        return f"did you mean {near}:{name}?" if near else "the part before the colon is the service's prefix"
    if any(meant(action)):
        return None
    near = nearest(name, actions_of(prefix).names)
    return f"did you mean {prefix}:{near}?" if near else f"the Service Authorization Reference lists those of {prefix}"
