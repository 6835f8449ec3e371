"""Good environments with one setting at an edge of what it takes: the least or largest number, the longest text."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache, partial
from itertools import permutations
from types import UnionType
from typing import Annotated, Any, NamedTuple, TypeVar, Union, get_args, get_origin, get_type_hints

from modules.problems import LARGEST
from modules.settings import Settings, collect_problems, nested_problems
from stacks.environment import Environment
from tests.emitted.generated import bases
from tests.generated import limit_of, objects_in, replaced

MOST_CHARACTERS = 5_000
Kept = TypeVar("Kept", bound=Settings)
# Returns settings with a value in them, if they take it.
Try = Callable[[Any], Settings | None]


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
            # What the settings refuse by themselves takes a fraction of the time that a whole environment takes.
            tried: list[Try] = [partial(_good, holder, (name,)), partial(_good, base, (*path, name))]
            for value in _edges(hints[name], tuple(field.metadata), getattr(holder, name, None), tried):
                changed = _good(base, (*path, name), value)
                if changed is not None:
                    yield Edge(f"{kind.__name__}.{name}", value, changed)


def pairs_of_seconds() -> Iterator[Edge]:
    """Yield an environment for each two times of a class, one at its least, the other at its most.

    What the rules between them let pass is what AWS has to take.
    """
    for kind, (base, path, _) in sorted(_smallest().items(), key=lambda item: item[0].__name__):
        hints = get_type_hints(kind, include_extras=True)
        times = {
            name: bounds
            for name, field in kind.model_fields.items()
            if name.endswith("_seconds") and len(bounds := [*bounds_of(hints[name], tuple(field.metadata))]) > 1
        }
        for short, long in permutations(times, 2):
            least, most = min(times[short]), max(times[long])
            changed = _good(base, (*path, short), least)
            both = changed and _good(changed, (*path, long), most)
            if both:
                yield Edge(f"{kind.__name__}.{short}={least:,} and {long}", most, both)


@cache
def _smallest() -> Mapping[type[Settings], tuple[Environment, tuple[Any, ...], Settings]]:
    """Return the smallest environment that has settings of each class, and where."""
    found: dict[type[Settings], list[tuple[int, int, Environment, tuple[Any, ...], Settings]]] = defaultdict(list)
    for number, base in enumerate(bases()):
        objects = objects_in(base)
        for path, holder in objects:
            found[type(holder)].append((len(objects), number, base, path, holder))
    return {kind: min(places, key=lambda place: place[:2])[2:] for kind, places in found.items()}


def _edges(annotation: Any, metadata: tuple[Any, ...], value: Any, tried: Sequence[Try]) -> Iterator[Any]:
    parts, origin = get_args(annotation), get_origin(annotation)
    plain = plain_types(annotation)
    if int in plain or float in plain:
        number = int if int in plain else float
        bounds = [*bounds_of(annotation, metadata)]
        yield from bounds or (number(0), number(LARGEST))
    if str in plain:
        yield from _longest(lambda text: text, tried)
    if origin is dict and isinstance(value, Mapping) and value and plain_types(parts[0]) == {str}:
        first, *others = value.items()
        yield from _longest(lambda text: dict([(text, first[1]), *others]), tried)
        if plain_types(parts[1]) == {str}:
            yield from _longest(lambda text: dict([(first[0], text), *others]), tried)
    if isinstance(value, tuple) and value and isinstance(value[0], str):
        yield from _longest(lambda text: [text, *value[1:]], tried)


def bounds_of(annotation: Any, metadata: tuple[Any, ...] = ()) -> Iterator[Any]:
    """Yield the least and the largest number that a type says, in whatever part of it."""
    if annotation in (int, float):
        bounds = (limit_of(metadata, "ge", None), limit_of(metadata, "le", None))
        yield from (annotation(bound) for bound in bounds if bound is not None)
    elif get_origin(annotation) is Annotated:
        yield from bounds_of(get_args(annotation)[0], (*annotation.__metadata__, *metadata))
    elif get_origin(annotation) in (Union, UnionType):
        for part in get_args(annotation):
            yield from bounds_of(part, metadata)


def plain_types(annotation: Any) -> set[type]:
    """Return which of the plain types a value may be of by itself."""
    if annotation in (int, float, str):
        return {annotation}
    if get_origin(annotation) in (dict, tuple):
        return set()
    return {kind for part in get_args(annotation) for kind in plain_types(part)}


def _longest(made: Callable[[str], Any], tried: Sequence[Try]) -> Iterator[Any]:
    """Yield the longest of a few texts that is taken, if any is."""
    for begin, end in (("", ""), ("/", ""), ("", "/"), ("#!/bin/sh\n", "")):
        text = partial(_padded, made, begin, end)
        if most := _most(text, tried):
            yield text(most)
            return


def _padded(made: Callable[[str], Any], begin: str, end: str, length: int) -> Any:
    return made(f"{begin}{'a' * length}{end}")


def _most(text: Callable[[int], Any], tried: Sequence[Try]) -> int:
    """Return the greatest length at which a text is good for all of these, one after the other."""
    most = MOST_CHARACTERS
    for good in tried:
        least = most if good(text(most)) else 0
        while least < most:
            middle = (least + most + 1) // 2
            least, most = (middle, most) if good(text(middle)) else (least, middle - 1)
    return most


def _good(base: Kept, path: tuple[Any, ...], value: Any) -> Kept | None:
    with collect_problems():
        changed: Kept = replaced(base, path, value)
    return None if list(nested_problems(changed)) else changed
