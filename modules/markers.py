"""Facts about a setting that stand where it is defined: ``backup: Annotated[bool, production(True, "…")]``.

One walker reads each: references and production's wishes when an environment is checked, what a change replaces when it
is described or compared, what may be decided late when Terraform is handed over.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, TypeVar

from pydantic import BaseModel

from modules.vpc.endpoint_services import EndpointService

Marker = TypeVar("Marker")


@dataclass(frozen=True)
class RefersTo:
    """Marks a name as one of the environment's ``kind`` (``queues``, ``buckets``, …)."""

    kind: str


@dataclass(frozen=True)
class Grants(RefersTo):
    """Marks a name as one of the environment's ``kind`` that a role may use, by that thing's ``method``.

    ``endpoint`` is the service through whose endpoint the thing is reached from inside the network.
    """

    method: str
    endpoint: EndpointService


@dataclass(frozen=True)
class ArnOf:
    """Marks the ARN of a ``thing`` that lies where it can be used: in the environment's partition of AWS.

    And in its very region or account, where there is a reason for it.
    """

    thing: str
    region_reason: str = ""
    account_reason: str = ""


def arn_of_own(thing: str, reason: str) -> ArnOf:
    """Return the marker of a ``thing`` of the environment's own region and account; either word follows ``reason``."""
    return ArnOf(thing, f"{reason} region only", f"{reason} account only")


@dataclass(frozen=True)
class Production:
    """Marks what production wants of a setting: ``rule`` follows "must", ``reason`` says what happens otherwise."""

    allows: Callable[[Any], bool]
    rule: str
    reason: str

    def refused(self, path: str, value: Any) -> Iterator[tuple[str, Any]]:
        """Yield what it does not allow, with its path, in a setting of this path and value."""
        if not self.allows(value):
            yield path, value


@dataclass(frozen=True)
class EachInProduction(Production):
    """Marks what production wants of each item of a list, or of each name and value of a map, whose values it hides."""

    def refused(self, path: str, value: Any) -> Iterator[tuple[str, Any]]:
        """Yield the items that it does not allow."""
        if isinstance(value, Mapping):
            yield from ((f"{path}.{key}", key) for key, item in sorted(value.items()) if not self.allows((key, item)))
        else:
            yield from ((f"{path}[{index}]", item) for index, item in enumerate(value) if not self.allows(item))


def production(value: object, reason: str) -> Production:
    """Return the wish that a setting be this value and no other."""
    return Production(lambda got: got == value, f"be {value}", reason)


def given_in_production(reason: str) -> Production:
    """Return the wish that a setting be anything but None."""
    return Production(lambda got: got is not None, "be given", reason)


@dataclass(frozen=True)
class Replaces:
    """Marks that a change makes a new resource of kind ``what`` (``queue``, ``file system``) and removes the old one.

    ``lost`` is what goes with it and does not come back, e.g. "all files"; "": nothing. ``when`` limits it, e.g.
    "on Fargate".
    """

    what: str
    lost: str = ""
    when: str = ""


@dataclass(frozen=True)
class Late:
    """Marks what may come as a Terraform variable when the stacks are applied: no rule, name or branch reads it."""


@cache
def marked(kind: type[BaseModel], marker: type[Marker]) -> Mapping[str, Marker]:
    """Return the fields of a class that have such a marker, each with its first."""
    found = ((name, item) for name, field in kind.model_fields.items() for item in field.metadata)
    return {name: item for name, item in found if isinstance(item, marker)}
