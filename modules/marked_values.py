"""Values that carry a marker, wherever they stand inside settings: in a map, a sequence, a choice of types."""

from collections.abc import Iterator
from functools import cache, cached_property
from typing import Annotated, Any, TypeVar, get_args, get_origin

from modules.markers import ArnOf
from modules.settings import PLAIN, Settings, find_once

Marker = TypeVar("Marker")


def marked_values(settings: Settings, kind: type[Marker], path: str = "") -> Iterator[tuple[str, str, Marker]]:
    """Yield path, text and marker of every text inside ``settings`` that has a marker of this kind."""
    for inner, text, marker in _all_marked(settings):
        # No ARN, but everything, where a policy may be about that, or the number of an account.
        if isinstance(marker, kind) and not (kind is ArnOf and ":" not in text):
            yield f"{path}.{inner}" if path else inner, text, marker


def _all_marked(settings: Settings) -> tuple[tuple[str, str, object], ...]:
    values, fields = settings.__dict__, _fields(type(settings)).items()
    return find_once(
        settings, "marked", (found for name, shape in fields for found in _inside(values.get(name), name, shape))
    )


class _Shape:
    """What a type says of values: the markers of texts, and what is in maps and sequences. Looked up when needed."""

    def __init__(self, annotation: Any) -> None:
        self._annotation = annotation

    @cached_property
    def markers(self) -> tuple[object, ...]:
        return tuple(markers_in(self._annotation, object))

    @cached_property
    def entry(self) -> tuple["_Shape", "_Shape"]:
        key, item = _arguments(self._annotation, dict)
        return _Shape(key), _Shape(item)

    @cached_property
    def item(self) -> "_Shape":
        return _Shape(_arguments(self._annotation, tuple)[0])


@cache
def _fields(settings: type[Settings]) -> dict[str, _Shape]:
    return {
        name: _Shape(Annotated[field.annotation, *field.metadata] if field.metadata else field.annotation)
        for name, field in settings.model_fields.items()
    }


def _inside(value: Any, path: str, shape: _Shape) -> Iterator[tuple[str, str, object]]:
    if isinstance(value, str):
        yield from ((path, value, marker) for marker in shape.markers)
    elif isinstance(value, PLAIN):
        return
    elif isinstance(value, dict):
        for key, item in value.items():
            yield from _inside(key, f"{path}.{key}", shape.entry[0])
            yield from _inside(item, f"{path}.{key}", shape.entry[1])
    elif isinstance(value, tuple):
        for index, item in enumerate(value):
            yield from _inside(item, f"{path}[{index}]", shape.item)
    elif isinstance(value, Settings):
        yield from marked_values(value, object, path)


def markers_inside(settings: type[Settings], kind: type[Marker]) -> Iterator[Marker]:
    """Yield the markers of the fields of a class."""
    for shape in _fields(settings).values():
        yield from (marker for marker in shape.markers if isinstance(marker, kind))


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
