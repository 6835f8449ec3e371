"""Good environments with one setting at an edge of what it takes: the least or largest number, the longest text."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from typing import Any, NamedTuple, get_args, get_origin, get_type_hints

from modules.problems import LARGEST
from modules.settings import Settings, collect_problems, nested_problems
from stacks.environment import Environment
from tests.emitted.generated import bases
from tests.generated import limit_of, objects_in, replaced

MOST_CHARACTERS = 5_000


class Edge(NamedTuple):
    """A good environment, and which setting of it is at which edge."""

    setting: str
    value: Any
    environment: Environment


def edge_environments() -> Iterator[Edge]:
    """Yield an environment for each edge of each setting that some environment can have there."""
    for kind, (base, path, holder) in sorted(_smallest().items(), key=lambda item: item[0].__name__):
        hints = get_type_hints(kind, include_extras=True)
        for name, field in kind.model_fields.items():
            for value in _edges(hints[name], tuple(field.metadata), getattr(holder, name, None), base, (*path, name)):
                changed = _good(base, (*path, name), value)
                if changed is not None:
                    yield Edge(f"{kind.__name__}.{name}", value, changed)


@cache
def _smallest() -> Mapping[type[Settings], tuple[Environment, tuple[Any, ...], Settings]]:
    """Return the smallest environment that has settings of each class, and where."""
    found: dict[type[Settings], list[tuple[int, int, Environment, tuple[Any, ...], Settings]]] = defaultdict(list)
    for number, base in enumerate(bases()):
        objects = objects_in(base)
        for path, holder in objects:
            found[type(holder)].append((len(objects), number, base, path, holder))
    return {kind: min(places, key=lambda place: place[:2])[2:] for kind, places in found.items()}


def _edges(
    annotation: Any, metadata: tuple[Any, ...], value: Any, base: Environment, path: tuple[Any, ...]
) -> Iterator[Any]:
    parts, origin = get_args(annotation), get_origin(annotation)
    plain = _plain(annotation)
    if int in plain or float in plain:
        number = int if int in plain else float
        yield number(limit_of((annotation, *metadata), "ge", 0))
        yield number(limit_of((annotation, *metadata), "le", LARGEST))
    if str in plain:
        yield from _longest(lambda text: text, base, path)
    if origin is dict and isinstance(value, Mapping) and value and _plain(parts[0]) == {str}:
        first, *others = value.items()
        yield from _longest(lambda text: dict([(text, first[1]), *others]), base, path)
        if _plain(parts[1]) == {str}:
            yield from _longest(lambda text: dict([(first[0], text), *others]), base, path)
    if isinstance(value, tuple) and value and isinstance(value[0], str):
        yield from _longest(lambda text: [text, *value[1:]], base, path)


def _plain(annotation: Any) -> set[type]:
    """Return which of the plain types a value may be of by itself."""
    if annotation in (int, float, str):
        return {annotation}
    if get_origin(annotation) in (dict, tuple):
        return set()
    return {kind for part in get_args(annotation) for kind in _plain(part)}


def _longest(made: Callable[[str], Any], base: Environment, path: tuple[Any, ...]) -> Iterator[Any]:
    """Yield the longest of a few texts that is taken, if any is."""
    for begin, end in (("", ""), ("/", ""), ("", "/"), ("#!/bin/sh\n", "")):
        least, most = 0, MOST_CHARACTERS
        while least < most:
            middle = (least + most + 1) // 2
            good = _good(base, path, made(f"{begin}{'a' * middle}{end}")) is not None
            least, most = (middle, most) if good else (least, middle - 1)
        if least:
            yield made(f"{begin}{'a' * least}{end}")
            return


def _good(base: Environment, path: tuple[Any, ...], value: Any) -> Environment | None:
    with collect_problems():
        changed: Environment = replaced(base, path, value)
    return None if list(nested_problems(changed)) else changed
