"""What the type of a setting says about its value, as Terraform can check it too."""

import json
import types
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from pydantic import AfterValidator, BaseModel
from pydantic.fields import FieldInfo

Steps = tuple[str | int, ...]


@dataclass(frozen=True)
class TerraformRule:
    """What Terraform can check of a text that a function of ours checks; it stands beside the function.

    ``condition``: an expression of Terraform in which VALUE is the text. ``words``: what follows "must".
    """

    condition: str
    words: str

    @classmethod
    def matching(cls, pattern: str, words: str = "") -> "TerraformRule":
        """Return the rule that a text as a whole is as a regular expression of RE2 says."""
        return cls(f"can(regex({json.dumps(pattern)}, VALUE))", words or f"match {pattern}")


@dataclass(frozen=True)
class Limits:
    """The range of a number, or length, rules and choices of a text. None and empty: no limit.

    ``only_here``: a function checks more, of which Terraform is told nothing.
    """

    least: int | None = None
    most: int | None = None
    shortest: int | None = None
    longest: int | None = None
    rules: tuple[TerraformRule, ...] = ()
    choices: tuple[int | str, ...] = ()
    only_here: bool = False


def limits_of(kind: type[BaseModel], path: Steps) -> Limits:
    """Return the limits of what is at ``path`` inside settings of a class: a field, or an item of its map or list."""
    name, *steps = path
    field = kind.model_fields[str(name)]
    annotation: Any = Annotated[field.annotation, *field.metadata] if field.metadata else field.annotation
    for _ in steps:
        annotation = next((found for found in map(_item, _parts(annotation)) if found is not None), Any)
    facts = list(facts_in(annotation))
    choices = [
        choice
        for part in _parts(annotation)
        if get_origin(part) is Literal
        for choice in get_args(part)
        if isinstance(choice, int | str)
    ]
    numbers = [choice for choice in choices if isinstance(choice, int)]
    rules = [item for item in facts if isinstance(item, TerraformRule)]
    rules += [TerraformRule.matching(item.pattern) for item in facts if isinstance(getattr(item, "pattern", None), str)]
    return Limits(
        least=_end(facts, "ge", "gt", 1, max) if not numbers else min(numbers),
        most=_end(facts, "le", "lt", -1, min) if not numbers else max(numbers),
        shortest=_end(facts, "min_length", "", 0, max),
        longest=_end(facts, "max_length", "", 0, min),
        rules=tuple(dict.fromkeys(rules)),
        choices=tuple(choices),
        only_here=not rules and any(isinstance(item, AfterValidator) for item in facts),
    )


def _parts(annotation: Any) -> Iterator[Any]:
    """Yield the types that a value may have, without what is said about them."""
    if get_origin(annotation) is Annotated:
        yield from _parts(get_args(annotation)[0])
    elif get_origin(annotation) in (Union, types.UnionType):
        for part in get_args(annotation):
            yield from _parts(part)
    elif annotation is not type(None):
        yield annotation


def _item(annotation: Any) -> Any:
    """Return the type of what a map or a list has in it; None for anything else."""
    match get_origin(annotation), get_args(annotation):
        case origin, (_, value) if origin is dict:
            return value
        case origin, (value, *_) if origin in (tuple, list):
            return value
    return None


def facts_in(annotation: Any) -> Iterator[Any]:
    """Yield all that is said about a type, and about the types that it may be."""
    if get_origin(annotation) is Annotated:
        kind, *said = get_args(annotation)
        for item in said:
            yield from item.metadata if isinstance(item, FieldInfo) else [item]
        yield from facts_in(kind)
    elif get_origin(annotation) in (Union, types.UnionType):
        for part in get_args(annotation):
            yield from facts_in(part)


def _end(facts: list[Any], name: str, excluded: str, step: int, choose: Any) -> int | None:
    found = [value for item in facts if isinstance(value := getattr(item, name, None), int)]
    found += [value + step for item in facts if excluded and isinstance(value := getattr(item, excluded, None), int)]
    return choose(found) if found else None
