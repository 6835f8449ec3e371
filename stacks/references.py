"""References by name: which settings hold them, and whether what they name is there.

A field says what it names with ``RefersTo``; one rule then checks every reference of an environment, however deep.
"""

from collections.abc import Iterator, Mapping
from typing import Annotated, Any, get_args, get_origin

from modules.problems import Problem, unknown_name
from modules.settings import RefersTo, Settings


def reference_problems(environment: Settings) -> Iterator[Problem]:
    """Yield a problem for each name that is not in the map of the environment it refers to."""
    for path, kind, name in references(environment):
        known = getattr(environment, kind)
        if name not in known:
            yield unknown_name(path, name, known, kind)


def references(settings: Settings, path: str = "") -> Iterator[tuple[str, str, str]]:
    """Yield path, kind and name of every reference inside ``settings``."""
    for name, field in type(settings).model_fields.items():
        value = settings.__dict__.get(name)
        here = f"{path}.{name}" if path else name
        marker = _marker(Annotated[field.annotation, *field.metadata] if field.metadata else field.annotation)
        yield from _inside(value, here, marker)


def _inside(value: Any, path: str, marker: RefersTo | None) -> Iterator[tuple[str, str, str]]:
    if isinstance(value, Settings):
        yield from references(value, path)
    elif isinstance(value, str) and marker:
        yield path, marker.kind, value
    elif isinstance(value, Mapping):
        for key, item in value.items():
            yield from _inside(item, f"{path}.{key}", marker)
    elif isinstance(value, tuple):
        for index, item in enumerate(value):
            yield from _inside(item, f"{path}[{index}]", marker)


def _marker(annotation: Any) -> RefersTo | None:
    """Return the marker anywhere inside a type such as ``Sequence[Annotated[ShortName, RefersTo("queues")]]``."""
    if get_origin(annotation) is Annotated:
        for item in annotation.__metadata__:
            if isinstance(item, RefersTo):
                return item
    return next((marker for part in get_args(annotation) if (marker := _marker(part))), None)
