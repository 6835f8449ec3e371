"""What is known of a setting besides its description, in few words: what is allowed, and what it is if left out."""

import builtins
import types
import typing
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, get_args, get_origin

from pydantic.fields import FieldInfo

from modules.markers import Production, RefersTo, Replaces
from modules.problems import format_bounds, format_count, format_value
from modules.settings import Settings


def facts(field: FieldInfo) -> str:
    """Return what an editor shows after the description, e.g. "from 0 to 43,200; default 30"."""
    known = [*limits(field.annotation, field.metadata), default(field) or "required", replaced(field)]
    wanted = [f"must {rule} in production" for rule, _ in production_wishes(field)]
    return "; ".join(filter(None, [*known, *wanted]))


def default(field: FieldInfo) -> str:
    """Return what the setting is where it is left out, e.g. "default 30"; "" where it cannot be."""
    if field.is_required():
        return ""
    made = field.default_factory
    if isinstance(made, type) and issubclass(made, Settings):
        return f"default {made.__name__}()"
    value = field.get_default(call_default_factory=True, validated_data={})
    if isinstance(value, tuple | dict):
        return f"default {', '.join(map(format_value, value)) or 'empty'}"
    return f"default {format_value(value)}"


def replaced(field: FieldInfo) -> str:
    """Return what a change makes anew, and what is lost with the old one; "" where it is an update."""
    for item in field.metadata:
        if isinstance(item, Replaces):
            lost = f", losing {item.lost}" if item.lost else ""
            return f"a change replaces the {item.what}{f' {item.when}' if item.when else ''}{lost}"
    return ""


def production_wishes(field: FieldInfo) -> list[tuple[str, str]]:
    """Return what production wants of the setting and why, e.g. "be True" and "what is overwritten is gone"."""
    return [(item.rule, item.reason) for item in field.metadata if isinstance(item, Production)]


def limits(annotation: Any, metadata: Iterable[Any] = ()) -> Iterator[str]:
    """Yield what a value of this type must be, but for the form of a text: range, length, choices, references."""
    known = list(_flat(metadata))
    if bounds := _values(known, "ge", "gt", "le", "lt"):
        yield format_bounds(bounds)
    for step in _values(known, "multiple_of").values():
        yield f"a multiple of {format_value(step)}"
    if lengths := _values(known, "min_length", "max_length"):
        yield _length(lengths, annotation)
    yield from (f"one of the environment's {item.kind}" for item in known if isinstance(item, RefersTo))
    yield from filter(None, _limits_inside(annotation))


def forms(field: FieldInfo) -> list[str]:
    """Return what its texts look like: the words beside the pattern of each, or else the pattern."""
    # pydantic moves what is said about the field's whole type to the field.
    return [field.description] if field.description else list(dict.fromkeys(_forms(field.annotation, field.metadata)))


def _forms(annotation: Any, metadata: Iterable[Any]) -> Iterator[str]:
    described = [item.description for item in metadata if isinstance(item, FieldInfo) and item.description]
    patterns = [f"`{pattern}`" for pattern in _values(_flat(metadata), "pattern").values()]
    yield from described or patterns
    for inside, more in _parts(annotation):
        yield from _forms(inside, more)


def _limits_inside(annotation: Any) -> Iterator[str]:
    parts = list(_parts(annotation))
    match get_origin(annotation):
        case typing.Literal:
            yield f"one of {', '.join(map(format_value, get_args(annotation)))}"
        case builtins.dict:
            for who, (inside, metadata) in zip(("each name", "each value"), parts, strict=True):
                yield from (f"{who} {text}" for text in limits(inside, metadata))
        case builtins.tuple:
            for inside, metadata in parts[:1]:
                yield from (f"each {text}" for text in limits(inside, metadata))
        case typing.Union | types.UnionType:
            yield " or ".join(text for inside, metadata in parts for text in limits(inside, metadata))


def _parts(annotation: Any) -> Iterator[tuple[Any, list[Any]]]:
    """Yield the types inside a type, each with what is said about it."""
    if get_origin(annotation) is typing.Literal:
        return
    for part in get_args(annotation):
        if part not in (Ellipsis, type(None)):
            metadata = list(getattr(part, "__metadata__", ()))
            yield (part.__origin__ if metadata else part), metadata


def _flat(metadata: Iterable[Any]) -> Iterator[Any]:
    for item in metadata:
        if isinstance(item, FieldInfo):
            yield from _flat(item.metadata)
        else:
            yield item


def _values(metadata: Iterable[Any], *names: str) -> dict[str, Any]:
    return {name: value for item in metadata for name in names if (value := getattr(item, name, None)) is not None}


def _length(lengths: Mapping[str, int], annotation: Any) -> str:
    kinds = {get_origin(kind) for kind in (annotation, *get_args(annotation))}
    thing, things = ("item", "") if tuple in kinds else ("entry", "entries") if dict in kinds else ("character", "")
    least, most = lengths.get("min_length", 0), lengths.get("max_length")
    if most is None:
        return f"at least {format_count(least, thing, things)}"
    if not least:
        return f"at most {format_count(most, thing, things)}"
    return f"{least:,} to {format_count(most, thing, things)}"
