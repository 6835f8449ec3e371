"""References by name: which settings hold them, and whether what they name is there.

A field says what it names with ``RefersTo``; one rule then checks every reference of an environment, however deep.
"""

from collections.abc import Iterator, Mapping
from functools import cache
from typing import Annotated, Any, get_args, get_origin

from modules.markers import RefersTo
from modules.problems import Problem, unknown_name
from modules.settings import Settings, skip_if_invalid


def check_references(environment: Settings) -> Iterator[Problem]:
    """Yield a problem for each name that is not in the map of the environment it refers to."""
    for path, kind, name in references(environment):
        yield from skip_if_invalid(_reference_problem(environment, path, kind, name))


def references(settings: Settings, path: str = "") -> Iterator[tuple[str, str, str]]:
    """Yield path, kind and name of every reference inside ``settings``."""
    for name, annotation in _fields(type(settings)):
        yield from _inside(settings.__dict__.get(name), f"{path}.{name}" if path else name, annotation)


@cache
def _fields(kind: type[Settings]) -> list[tuple[str, Any]]:
    """Return the fields that can hold a reference, with their types."""
    types = {
        name: Annotated[field.annotation, *field.metadata] if field.metadata else field.annotation
        for name, field in kind.model_fields.items()
    }
    return [(name, annotation) for name, annotation in types.items() if _can_refer(annotation)]


def _can_refer(annotation: Any) -> bool:
    settings = isinstance(annotation, type) and issubclass(annotation, Settings)
    return settings or any(_markers(annotation)) or any(map(_can_refer, get_args(annotation)))


def _reference_problem(environment: Settings, path: str, kind: str, name: str) -> Iterator[Problem]:
    known = getattr(environment, kind)
    if name not in known:
        yield unknown_name(path, name, known, kind)


def _inside(value: Any, path: str, annotation: Any) -> Iterator[tuple[str, str, str]]:
    if isinstance(value, Settings):
        yield from references(value, path)
    elif isinstance(value, str):
        for marker in _markers(annotation):
            yield path, marker.kind, value
    elif isinstance(value, Mapping):
        key_type, item_type = _arguments(annotation, dict)
        for key, item in value.items():
            yield from _inside(key, f"{path}.{key}", key_type)
            yield from _inside(item, f"{path}.{key}", item_type)
    elif isinstance(value, tuple):
        item_type, *_ = _arguments(annotation, tuple)
        for index, item in enumerate(value):
            yield from _inside(item, f"{path}[{index}]", item_type)


def _markers(annotation: Any) -> Iterator[RefersTo]:
    """Yield the marker of a name, e.g. of ``Annotated[ShortName, RefersTo("queues")] | None``."""
    yield from (item for item in getattr(annotation, "__metadata__", ()) if isinstance(item, RefersTo))
    for part in get_args(annotation):
        yield from _markers(part)


def _arguments(annotation: Any, origin: type) -> tuple[Any, ...]:
    """Return what ``origin`` is of in a type such as ``Annotated[dict[…] | None, …]``; Any where it does not say."""
    if get_origin(annotation) is origin:
        return get_args(annotation)
    found = (_arguments(part, origin) for part in get_args(annotation))
    return next((arguments for arguments in found if arguments != (Any, Any)), (Any, Any))
