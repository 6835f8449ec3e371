"""Problems in settings, and how they are worded: path, rule, value got, fix."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from inspect import isabstract
from typing import Any, ClassVar, get_args, get_type_hints

from pydantic import BaseModel, ValidationError
from pydantic.fields import FieldInfo

from modules.pattern_examples import example_of
from modules.printable import ordered_repr, printable
from modules.source import description

# A setting's name ends in its unit, so a message can name it.
UNITS = ("seconds", "minutes", "hours", "days", "bytes", "mib", "gib", "percent")
UNIT_WORDS = {"mib": "MiB", "gib": "GiB"}

MOST_SHOWN = 5
# So many characters of a path or a value are shown, and of what else a problem says.
MOST_OF_A_VALUE, MOST_OF_A_TEXT = 300, 2_000

# The largest whole number that AWS's APIs take, where a setting names no other.
LARGEST = 2**31 - 1

# Findings whose rule says all there is to say: what a setting is for does not tell why its type is wrong.
TYPE_ERRORS = {"int_type", "int_from_float", "float_type", "finite_number", "bool_type", "is_instance_of"}
TYPE_ERRORS |= {"tuple_type", "list_type", "dict_type", "mapping_type"}

# What every text must be. Python also takes half a character, which nothing can write, and what ends an argument.
WRITABLE = "be text that UTF-8 can write, without NUL"


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong: ``<path> must <rule>, got <value>; <reason>; <fix>``.

    ``path`` is as the user typed it (``queues.requests.delay_seconds``), ``rule`` is what was expected and follows
    "must", ``got`` is already worded (None: nothing to show), ``reason`` says why or what happens otherwise, ``fix``
    what to do, and ``where`` is ``file:line`` of the settings it was written in.
    """

    path: str
    rule: str
    got: str | None
    reason: str = ""
    fix: str = ""
    where: str | None = None

    verb: ClassVar[str] = "must"

    def __str__(self) -> str:
        got = "" if self.got is None else f", got {printable(self.got, MOST_OF_A_VALUE)}"
        said = (
            f"{printable(self.path, MOST_OF_A_VALUE)} {self.verb} {printable(self.rule, MOST_OF_A_TEXT)}{got}".lstrip()
        )
        return "; ".join(filter(None, (said, *(printable(text, MOST_OF_A_TEXT) for text in (self.reason, self.fix)))))

    def under(self, path: str) -> "Problem":
        """Return the same problem seen from the settings that hold this one at ``path``."""
        dot = "" if not path or not self.path or self.path.startswith("[") else "."
        return replace(self, path=f"{path}{dot}{self.path}")


class UnknownSetting(Problem):
    """A name that the settings do not have: there is nothing it must be."""

    verb = "is not"


class SettingsError(ValueError):
    """Settings that cannot be built. ``problems`` has all of them; the text has one line each, led by ``subject``."""

    def __init__(self, subject: str, problems: Iterable[Problem]) -> None:
        self.subject = subject
        self.problems = tuple(problems)
        super().__init__("\n".join(f"{subject}: {problem}" for problem in self.problems))


def format_value(value: Any) -> str:
    """Return ``value`` as a message shows it: numbers grouped in thousands, settings by class, long text cut.

    Of what holds many values only the count: what is not meant for settings, such as ``os.environ``, may hold secrets,
    and a message ends up in logs.
    """
    if isinstance(value, BaseModel):
        return _a(type(value).__name__)
    if isinstance(value, type):
        return f"the class {value.__name__} itself"
    try:
        if isinstance(value, int) and not isinstance(value, bool):
            return f"{value:,}"
        if _holds_many(value):
            return f"{_a(type(value).__name__.strip('_'))} of {format_count(len(value), 'entry', 'entries')}"
        text = " ".join(ordered_repr(value).split())
    except Exception:  # a number too long to print, or an object of the user's own that cannot be
        return _a(type(value).__name__)
    if re.search(r" at 0x[0-9a-f]+", text):  # an address differs from run to run
        return _a(type(value).__name__)
    return text if len(text) <= 80 else f"{text[:76]} ..."


def format_number(value: float) -> str:
    """Return a number as a message shows it, be it whole or not: "0.25", "2,048"."""
    return f"{value:,.6f}".rstrip("0").rstrip(".")


def format_bounds(bounds: Mapping[str, float]) -> str:
    """Return ``bounds``, by pydantic's names (ge, gt, le, lt), in words: "from 1 to 1,000", "more than 0"."""
    if "ge" in bounds and "le" in bounds:
        return f"from {format_value(bounds['ge'])} to {format_value(bounds['le'])}"
    words = {"ge": "at least", "le": "at most", "gt": "more than", "lt": "less than"}
    return " and ".join(f"{words[key]} {format_value(bound)}" for key, bound in bounds.items())


def format_count(number: int, thing: str, things: str = "") -> str:
    """Return ``number`` and the word for what is counted, e.g. "1 entry"."""
    return f"{number:,} {thing if number == 1 else things or f'{thing}s'}"


def unknown_name(path: str, got: str, known: Iterable[str], kind: str) -> Problem:
    """Return the problem of a reference to a ``kind`` that is not there, with the names that are."""
    names = sorted(known)
    near = nearest(got, names)
    listed = f"known: {', '.join(names)}" if names else f"no {kind} are defined"
    return Problem(
        path, f"name one of the {kind}", format_value(got), fix=f"did you mean {near}? {listed}" if near else listed
    )


def nearest(got: str, known: Iterable[str]) -> str | None:
    """Return the known name that ``got`` most likely means, also where only its beginning was written."""

    def likeness(name: str) -> float:
        return max(SequenceMatcher(None, got, part).ratio() for part in (name, name[: len(got)]))

    best = max(sorted(known), key=likeness, default="")
    return best if got and best and likeness(best) >= 0.6 else None


def class_rule(model: type[BaseModel]) -> str:
    """Return the rule that a value be a ``model``; where that is only a base, one of the classes that stand for it."""
    names = sorted({kind.__name__ for kind in _kinds(model)})
    return f"be {_a(names[0])}" if len(names) == 1 else f"be one of {', '.join(names)}"


def unwritable(path: str, value: Any) -> Iterator[tuple[str, str]]:
    """Yield path and text, as a message shows it, of all texts in ``value`` that are not ``WRITABLE``.

    Settings in it are left to themselves; a bad key has the path of what it is a key of.
    """
    if isinstance(value, str):
        # Half of a surrogate pair is the only thing in a str that UTF-8 has no bytes for.
        if "\0" in value or not (value.isascii() or re.fullmatch("[^\ud800-\udfff]*", value)):
            yield path, format_value(value)
    elif isinstance(value, dict):
        for key, item in value.items():
            bad_key = list(unwritable(path, key))
            yield from bad_key
            yield from unwritable(path if bad_key else f"{path}.{key}", item)
    elif isinstance(value, tuple):
        for index, item in enumerate(value):
            yield from unwritable(f"{path}[{index}]", item)


def beyond_largest(path: str, value: Any) -> Iterator[tuple[str, str]]:
    """Yield path and number, as a message shows it, of a whole number above ``LARGEST``, in a dict too."""
    if isinstance(value, dict):
        for key, item in value.items():
            yield from beyond_largest(f"{path}.{key}", item)
    elif isinstance(value, int) and value > LARGEST:
        yield path, format_value(value)


def problems_found(error: ValidationError, model: type[BaseModel], values: Mapping[str, Any]) -> list[Problem]:
    """Return pydantic's findings about ``values`` in the words of ``Problem``, one for each place."""
    found: dict[tuple[str, bool], Problem] = {}
    for item in error.errors(include_url=False):
        if item["type"] == "too_short" and len(item["input"]) >= item["ctx"]["min_length"]:
            continue  # long enough but for its bad items, which are reported
        problem = _worded(dict(item), model, values)
        place = problem.path, item["loc"][-1] == "[key]"  # a key and its value share their path
        if place not in found:
            found[place] = problem
        elif problem.rule not in found[place].rule:  # a union reports once for each member
            found[place] = replace(found[place], rule=f"{found[place].rule} or {problem.rule}")
    return list(found.values())


def _worded(item: dict[str, Any], model: type[BaseModel], values: Mapping[str, Any]) -> Problem:
    path, name = _path(item["loc"], values), str(item["loc"][0])
    field = model.model_fields.get(name)
    meaning = "" if item["type"] in TYPE_ERRORS else description(model, name)
    got = item["input"]
    match item["type"]:
        case "missing":
            return Problem(path, "be given", None, meaning)
        case "extra_forbidden":
            return _unknown_setting(path, model)
        case "string_unicode":
            return Problem(path, WRITABLE, format_value(got))
        case "string_type":
            return Problem(path, "be a string", repr(got) if isinstance(got, int) else format_value(got))
        case "too_long" | "too_short":
            return Problem(path, _rule(item, name, field), f"{len(got):,}", meaning)
        case "string_pattern_mismatch":
            pattern = item["ctx"]["pattern"]
            if meant := _description_of(pattern, get_type_hints(model, include_extras=True)[name]):
                return Problem(path, f"be {meant}", format_value(got))
            example = example_of(pattern, meaning)
            meaning = re.sub(r";? ?e\.g\. .*", "", meaning)
            rule = f"look like {example}" if example else f"match {pattern}"
            return Problem(path, rule, format_value(got), meaning, f"allowed is {pattern}" if example else "")
        case "value_error":  # of a validator in this project: the rule in our words, and how to fix it if it tells
            rule, *fix = item["ctx"]["error"].args
            return Problem(path, rule, format_value(got), *fix)
    return Problem(path, _rule(item, name, field), format_value(got), meaning)


def _path(loc: tuple[int | str, ...], values: Mapping[str, Any]) -> str:
    """Return ``loc`` as the user would write it: without what pydantic adds, "[key]" and the member of a union."""
    path, value = str(loc[0]), values.get(str(loc[0]))
    for part in loc[1:]:
        if isinstance(value, Mapping):
            # pydantic tells a key that is no string by what it looks like.
            for key in [key for key in value if part in (key, str(key))][:1]:
                path, value = f"{path}.{key}", value[key]
        elif isinstance(value, list | tuple) and isinstance(part, int):
            path, value = f"{path}[{part}]", value[part]
    return path


def _unknown_setting(path: str, model: type[BaseModel]) -> Problem:
    if reason := getattr(model, "refused", {}).get(path):
        return Problem(path, "be left out", None, reason)
    near = nearest(path, model.model_fields)
    if owners := _kin_with(path, model):
        fix = f"{' and '.join(owners)} {'has' if len(owners) == 1 else 'have'} it"
    elif inside := [name for name, field in model.model_fields.items() if _can_hold(field.annotation, path)]:
        fix = f"it belongs into {' or '.join(inside)}"
    else:
        fix = f"did you mean {near}?" if near else f"known: {', '.join(sorted(model.model_fields))}"
    return UnknownSetting(path, f"a setting of {model.__name__}", None, fix=fix)


def _kin_with(name: str, model: type[BaseModel]) -> list[str]:
    """Return the classes that have a setting and can stand where ``model`` does: those of its nearest such base."""
    for base in model.__mro__[1:]:
        is_of_ours = issubclass(base, BaseModel) and base is not BaseModel and BaseModel not in base.__bases__
        found = {kind.__name__ for kind in _kinds(base) if name in kind.model_fields} if is_of_ours else set()
        if found:
            return sorted(found)[:MOST_SHOWN]
    return []


def _can_hold(annotation: Any, name: str) -> bool:
    """Return whether settings inside a field have a setting of that name."""
    return any(name in kind.model_fields for model in _models(annotation) for kind in _kinds(model))


def _description_of(pattern: str, annotation: Any) -> str | None:
    """Return the description that stands beside ``pattern`` inside a type: what a string of that kind looks like."""
    metadata = getattr(annotation, "__metadata__", ())
    if any(getattr(item, "pattern", None) == pattern for item in metadata):
        return next((item.description for item in metadata if isinstance(item, FieldInfo)), None)
    return next((found for part in get_args(annotation) if (found := _description_of(pattern, part))), None)


def _rule(item: dict[str, Any], name: str, field: FieldInfo | None) -> str:
    """Return what follows "must" for one pydantic error."""
    context = item.get("ctx", {})
    match item["type"]:
        case "greater_than_equal" | "less_than_equal" | "greater_than" | "less_than":
            return _range(context, name, field)
        case "int_type" | "int_from_float":
            return f"be a whole number{_of_unit(name)}"
        case "float_type" | "finite_number":
            return f"be a number{_of_unit(name)}"
        case "bool_type":
            return "be True or False"
        case "literal_error":
            return f"be one of {re.sub(r' or (?=[^ ]+$)', ', ', context['expected'])}"
        case "tuple_type" | "list_type":
            return "be a list"
        case "dict_type" | "mapping_type":
            return "be a dict"
        case "is_instance_of":
            return next(
                (
                    class_rule(kind)
                    for kind in _models(field.annotation if field else None)
                    if kind.__name__ == context["class"]
                ),
                f"be {_a(context['class'])}",
            )
        case "too_long":
            return f"have at most {format_count(context['max_length'], 'item')}"
        case "too_short":
            return f"have at least {format_count(context['min_length'], 'item')}"
        case "string_too_long":
            return f"have at most {format_count(context['max_length'], 'character')}"
        case "string_too_short":
            return f"have at least {format_count(context['min_length'], 'character')}"
    return re.sub("^(input|value) should ", "", item["msg"], flags=re.IGNORECASE)


def _range(context: dict[str, Any], name: str, field: FieldInfo | None) -> str:
    known = [_bounds(field.metadata), *_inner_bounds(field.annotation)] if field else []
    bounds = next((found for found in known if context.items() <= found.items()), context)
    return f"be {format_bounds(bounds)}{_unit(name)}"


def _inner_bounds(annotation: Any) -> Iterator[dict[str, Any]]:
    """Yield the bounds of each number inside a type."""
    for item in getattr(annotation, "__metadata__", ()):
        yield _bounds(item.metadata if isinstance(item, FieldInfo) else [item])
    for part in get_args(annotation):
        yield from _inner_bounds(part)


def _bounds(constraints: Iterable[Any]) -> dict[str, Any]:
    return {
        key: getattr(constraint, key)
        for constraint in constraints
        for key in ("ge", "le", "gt", "lt")
        if hasattr(constraint, key)
    }


def _unit(name: str) -> str:
    last = name.rsplit("_", 1)[-1]
    return f" {UNIT_WORDS.get(last, last)}" if last in UNITS else ""


def _holds_many(value: Any) -> bool:
    """Return whether a collection, or one inside it, has more entries than a message shows."""
    if not isinstance(value, Mapping | list | tuple | set | frozenset):
        return False
    return len(value) > MOST_SHOWN or any(map(_holds_many, value.values() if isinstance(value, Mapping) else value))


def _of_unit(name: str) -> str:
    return f" of{_unit(name)}" if _unit(name) else ""


def _a(name: str) -> str:
    """Return the name of a class with the article that goes before it, where S3 is said "ess three"."""
    return f"{'an' if re.match('[AEIOaeio]|U[lnp]|[FHLMNRSX][A-Z0-9]', name) else 'a'} {name}"


def _models(annotation: Any) -> list[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return [annotation]
    return [model for part in get_args(annotation) for model in _models(part)]


def _kinds(model: type[BaseModel]) -> Iterator[type[BaseModel]]:
    """Yield the classes that are a ``model`` and can be made."""
    if not (getattr(model, "abstract", False) or isabstract(model)):
        yield model
    for kind in model.__subclasses__():
        yield from _kinds(kind)
