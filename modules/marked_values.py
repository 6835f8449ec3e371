"""Values that carry a marker, wherever they stand inside settings: in a map, a sequence, a choice of types."""

from collections.abc import Iterator, Mapping
from functools import cache
from typing import Annotated, Any, TypeVar, get_args, get_origin

from modules.settings import Settings

Marker = TypeVar("Marker")


def marked_values(settings: Settings, kind: type[Marker], path: str = "") -> Iterator[tuple[str, str, Marker]]:
    """Yield path, text and marker of every text inside ``settings`` that has a marker of this kind."""
    for name, annotation in _fields(type(settings), kind):  # type: ignore[arg-type]  # a class can be hashed
        yield from _inside(settings.__dict__.get(name), f"{path}.{name}" if path else name, annotation, kind)


@cache
def _fields(settings: type[Settings], kind: type[Any]) -> list[tuple[str, Any]]:
    """Return the fields that can hold such a marker, with their types."""
    types = {
        name: Annotated[field.annotation, *field.metadata] if field.metadata else field.annotation
        for name, field in settings.model_fields.items()
    }
    return [(name, annotation) for name, annotation in types.items() if _can_hold(annotation, kind)]


def _can_hold(annotation: Any, kind: type[Any]) -> bool:
    settings = isinstance(annotation, type) and issubclass(annotation, Settings)
    return settings or any(markers_in(annotation, kind)) or any(_can_hold(part, kind) for part in get_args(annotation))


def _inside(value: Any, path: str, annotation: Any, kind: type[Marker]) -> Iterator[tuple[str, str, Marker]]:
    if isinstance(value, Settings):
        yield from marked_values(value, kind, path)
    elif isinstance(value, str):
        for marker in markers_in(annotation, kind):
            yield path, value, marker
    elif isinstance(value, Mapping):
        key_type, item_type = _arguments(annotation, dict)
        for key, item in value.items():
            yield from _inside(key, f"{path}.{key}", key_type, kind)
            yield from _inside(item, f"{path}.{key}", item_type, kind)
    elif isinstance(value, tuple):
        item_type, *_ = _arguments(annotation, tuple)
        for index, item in enumerate(value):
            yield from _inside(item, f"{path}[{index}]", item_type, kind)


def markers_in(annotation: Any, kind: type[Marker]) -> Iterator[Marker]:
    """Yield the markers of a type, e.g. of ``Annotated[ShortName, RefersTo("queues")] | None``."""
    yield from (item for item in getattr(annotation, "__metadata__", ()) if isinstance(item, kind))
    for part in get_args(annotation):
        yield from markers_in(part, kind)


def _arguments(annotation: Any, origin: type) -> tuple[Any, ...]:
    """Return what ``origin`` is of in a type such as ``Annotated[dict[…] | None, …]``; Any where it does not say."""
    if get_origin(annotation) is origin:
        return get_args(annotation)
    found = (_arguments(part, origin) for part in get_args(annotation))
    return next((arguments for arguments in found if arguments != (Any, Any)), (Any, Any))
