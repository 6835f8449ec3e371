"""Hypothesis strategies for settings, made from the fields themselves: a setting that is added is covered unasked."""

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from functools import cache
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, TypeVar, Union, get_args, get_origin, get_type_hints

from hypothesis import strategies as some
from hypothesis.strategies import SearchStrategy

from modules.ecr.image import Image, RepositoryImage
from modules.marked_values import marked_values
from modules.markers import RefersTo
from modules.naming import ShortName
from modules.problems import SettingsError
from modules.regions import REGIONS, Region
from modules.settings import Settings
from modules.vpc.settings import ExistingNetwork
from reference.classes import concrete_settings
from stacks.environment import Environment
from stacks.state import LocalState

Choice = TypeVar("Choice")

# Nothing is made for it.
ELSEWHERE = ExistingNetwork(
    vpc_id="vpc-01234567", subnet_ids=["subnet-01234567", "subnet-89abcdef"], security_group_ids=["sg-01234567"]
)
NAMES = ("a", "requests", "image-embedding", "x" * 70)
IMAGES = (
    "python",
    "registry.example.com:5000/team/embed:1",
    "111122223333.dkr.ecr.us-east-1.amazonaws.com/embed:1",
    f"public.ecr.aws/docker/library/python:3.13@sha256:{'0' * 64}",
)

# The maps of an environment whose entries may do without each other.
MAPS = [
    name
    for name, field in Environment.model_fields.items()
    if get_origin(field.annotation) is dict
    and name not in {"production_waivers", "moved", "imported", "service_quotas", "tags"}
]


class Weird:
    """What no setting takes."""


# Values that some setting may take and most do not.
SLIPS: tuple[Any, ...] = (
    None,
    True,
    -1,
    10**9,
    1.5,
    float("nan"),
    "",
    "Bad Name!",
    "١٢٣",
    "two\nlines",
    "\0",
    "\ud800",
    "${x}",
    "x" * 300,
    (),
    [1],
    {"a": 1},
    {"Bad Name!": LocalState()},
    LocalState(),
    LocalState,
    Weird(),
)


@cache
def settings_of(base: type[Settings]) -> SearchStrategy[Settings]:
    """Return a strategy for objects of ``base`` or of what extends it, each field well by itself."""
    return some.one_of([_later(kind) for kind in concrete_settings(base)])


def arguments_of(kind: type[Settings], *, slips: bool = False) -> SearchStrategy[dict[str, Any]]:
    """Return a strategy for what ``kind`` is made with; with ``slips``, values and names are wrong now and then."""
    fields = {name: value_of(kind, name) for name in kind.model_fields}
    if slips:
        fields = {name: some.one_of(value, value, value, some.sampled_from(SLIPS)) for name, value in fields.items()}
        fields["nmae"] = some.just("a name that is none")
    optional = {name for name in fields if name not in kind.model_fields or not kind.model_fields[name].is_required()}
    return some.fixed_dictionaries(
        {name: value for name, value in fields.items() if name not in optional},
        optional={name: value for name, value in fields.items() if name in optional},
    )


@cache
def value_of(kind: type[Settings], name: str) -> SearchStrategy[Any]:
    """Return a strategy for values of one field."""
    field = kind.model_fields[name]
    return _of(get_type_hints(kind, include_extras=True)[name], tuple(field.metadata))


def _later(kind: type[Settings]) -> SearchStrategy[Settings]:
    return some.deferred(lambda: _object_of(kind))


@cache
def _object_of(kind: type[Settings]) -> SearchStrategy[Settings]:
    return arguments_of(kind).map(lambda values: kind(**values))


def _of(annotation: Any, metadata: tuple[Any, ...] = ()) -> SearchStrategy[Any]:
    if annotation == ShortName and not any(isinstance(item, RefersTo) for item in metadata):
        return some.sampled_from(NAMES)
    if annotation == Image:
        return some.sampled_from(IMAGES) | settings_of(RepositoryImage)
    if annotation == Region:
        return some.sampled_from(REGIONS)
    origin, parts = get_origin(annotation), get_args(annotation)
    if origin is Annotated:
        return _of(parts[0], (*annotation.__metadata__, *metadata))
    if origin in (Union, UnionType):
        return some.one_of([_of(part, metadata) for part in parts])
    if origin is Literal:
        return some.sampled_from(parts)
    if origin is dict:
        return some.dictionaries(_of(parts[0]), _of(parts[1]), max_size=2)
    if origin is tuple:
        least = limit_of(metadata, "min_length", 0)
        return some.lists(_of(parts[0]), min_size=least, max_size=max(least, 2))
    if isinstance(annotation, type) and issubclass(annotation, Settings):
        return settings_of(annotation)
    if annotation in (int, float, str):
        return {int: _integers, float: _numbers, str: _texts}[annotation](metadata)
    return {NoneType: some.none(), bool: some.booleans()}.get(annotation, some.sampled_from(SLIPS))


def _integers(metadata: tuple[Any, ...]) -> SearchStrategy[int]:
    step = limit_of(metadata, "multiple_of", 1)
    least = limit_of(metadata, "ge", limit_of(metadata, "gt", -1) + 1)
    most = limit_of(metadata, "le", limit_of(metadata, "lt", max(least, 10_000) + 1) - 1)
    # Defaults and the like are tried through the fields that are left out; here the edges count.
    numbers = some.sampled_from((least, most)) | some.integers(least, most)
    return numbers.map(lambda number: number - number % step) if step > 1 else numbers


def _numbers(metadata: tuple[Any, ...]) -> SearchStrategy[float]:
    least, most = (
        limit_of(metadata, "ge", limit_of(metadata, "gt", 0)),
        limit_of(metadata, "le", limit_of(metadata, "lt", 1_000)),
    )
    return some.sampled_from((float(least), float(most), 0.25, 1.0)) | some.floats(least, most)


def _texts(metadata: tuple[Any, ...]) -> SearchStrategy[str]:
    if any(isinstance(item, RefersTo) for item in metadata):
        return some.sampled_from(NAMES)
    least, most = limit_of(metadata, "min_length", 0), limit_of(metadata, "max_length", 80)
    pattern = limit_of(metadata, "pattern", None)
    if pattern is None:
        return some.text(some.characters(codec="ascii", exclude_categories=["Cc"]), min_size=least, max_size=most)
    # Python knows no Unicode classes by name.
    for name, characters in (("L", "a-zA-Z"), ("Z", " "), ("N", "0-9")):
        pattern = pattern.replace(rf"\p{{{name}}}", characters)
    return some.from_regex(re.compile(pattern, re.ASCII), fullmatch=True).map(lambda text: text[:most])


def limit_of(metadata: tuple[Any, ...], name: str, default: Any) -> Any:
    """Return a constraint wherever it stands: in the type, or in the field."""
    found = default
    for item in metadata:
        for holder in (item, *getattr(item, "metadata", ())):
            value = getattr(holder, name, None)
            found = value if value is not None else found
    return found


def objects_in(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[tuple[Any, ...], Settings]]:
    """Return every settings object inside ``value``, itself included, with the way there."""
    found = [(path, value)] if isinstance(value, Settings) else []
    if isinstance(value, Settings):
        inside: list[tuple[Any, Any]] = [
            (name, value.__dict__[name]) for name in type(value).model_fields if name in value.__dict__
        ]
    elif isinstance(value, Mapping):
        inside = sorted(value.items())
    else:
        inside = list(enumerate(value)) if isinstance(value, tuple) else []
    return found + [item for name, part in inside for item in objects_in(part, (*path, name))]


def replaced(value: Any, path: tuple[Any, ...], new: Any) -> Any:
    """Return ``value`` with what is at ``path`` replaced; everything around it is made, and so checked, anew."""
    if not path:
        return new
    name, *rest = path
    if isinstance(value, Settings):
        inside = value.__dict__.get(name)
        return value.model_copy(update={name: replaced(inside, tuple(rest), new) if rest else new})
    inside = replaced(value[name], tuple(rest), new)
    if isinstance(value, Mapping):
        return {**value, name: inside}
    return [*value[:name], inside, *value[name + 1 :]]


@cache
def parts_of(whole: Environment) -> list[Environment]:
    """Return a small environment for every entry of ``whole`` that can be without the others but those it refers to."""
    return [part for kind in MAPS for name in getattr(whole, kind) for part in part_of(whole, kind, name)]


def part_of(whole: Environment, kind: str, name: str) -> Iterator[Environment]:
    """Yield the environment with just one entry and those that it refers to, if it can be."""
    kept = {(kind, name)}
    new = kept
    while new:
        values = [(kind, getattr(whole, kind)[name]) for kind, name in new]
        named = [(marker.kind, text) for _, value in values for _, text, marker in marked_values(value, RefersTo)]
        new = set(named) - kept
        kept |= new
    entries = {
        kind: {name: entry for name, entry in getattr(whole, kind).items() if (kind, name) in kept} for kind in MAPS
    }
    waivers = {path: reason for path, reason in whole.production_waivers.items() if tuple(path.split(".")[:2]) in kept}
    entries |= {"production_waivers": waivers, "moved": {}, "imported": {}, "service_quotas": {}}
    # One that names a zone needs its own network; one that is for all of a kind cannot stand by itself.
    for changes in ({**entries, "network": ELSEWHERE}, entries):
        with suppress(SettingsError):
            yield whole.model_copy(update=changes)
            break


def drawn(data: some.DataObject, choices: Sequence[Choice]) -> Choice:
    """Return one of ``choices``; drawn by number, so that a failure does not print them all."""
    return choices[data.draw(some.integers(0, len(choices) - 1))]


def mutated(data: some.DataObject, base: Environment) -> Environment:
    """Return ``base`` with one to three values, anywhere in it, replaced by ones of the same kind, or by slips."""
    for _ in range(data.draw(some.integers(1, 3))):
        path, kept = drawn(data, [(path, kept) for path, kept in objects_in(base) if type(kept).model_fields])
        name = drawn(data, list(type(kept).model_fields))
        value = value_of(type(kept), name)
        base = replaced(base, (*path, name), data.draw(some.one_of(value, value, some.sampled_from(SLIPS))))
    return base
