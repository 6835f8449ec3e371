"""Problems in settings, and how they are worded: path, rule, value got, fix."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from difflib import get_close_matches
from typing import Any

from pydantic import BaseModel, ValidationError
from pydantic.fields import FieldInfo

# A setting's name ends in its unit, so a message can name it.
UNITS = ("seconds", "minutes", "hours", "days", "bytes", "mib", "gib", "percent")
UNIT_WORDS = {"mib": "MiB", "gib": "GiB"}


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong: ``<path> must <rule>, got <value>; <fix>``.

    ``path`` is as the user typed it (``queues.requests.delay_seconds``), ``rule`` follows "must", ``got`` is already
    worded (None: nothing to show) and ``where`` is ``file:line`` of the settings it was written in.
    """

    path: str
    rule: str
    got: str | None
    fix: str
    where: str | None = None

    def __str__(self) -> str:
        got = "" if self.got is None else f", got {self.got}"
        fix = f"; {self.fix}" if self.fix else ""
        return f"{self.path} must {self.rule}{got}{fix}"

    def under(self, path: str) -> "Problem":
        """Return the same problem seen from the settings that hold this one at ``path``."""
        dot = "" if not path or not self.path or self.path.startswith("[") else "."
        return replace(self, path=f"{path}{dot}{self.path}")

    def located(self, where: str) -> "Problem":
        """Return the same problem with its place, if it has none yet."""
        return replace(self, where=self.where or where)


class SettingsError(ValueError):
    """Settings that cannot be built. ``problems`` has all of them; the text has one line each, led by ``subject``."""

    def __init__(self, subject: str, problems: Iterable[Problem]) -> None:
        self.subject = subject
        self.problems = tuple(problems)
        super().__init__("\n".join(f"{subject}: {problem}" for problem in self.problems))


def shown(value: Any) -> str:
    """Return ``value`` as a message shows it: numbers grouped in thousands, settings by class, long text cut."""
    if isinstance(value, bool) or value is None:
        return repr(value)
    if isinstance(value, int):
        return f"{value:,}"
    if isinstance(value, BaseModel):
        return f"a {type(value).__name__}"
    text = repr(value)
    return text if len(text) <= 80 else f"{text[:76]} ..."


def unknown_name(path: str, got: str, known: Iterable[str], kind: str) -> Problem:
    """Return the problem of a reference to a ``kind`` that is not there, with the names that are."""
    names = sorted(known)
    near = get_close_matches(got, names, n=1)
    listed = f"known: {', '.join(names)}" if names else f"there is no {kind}"
    return Problem(path, f"name one of the {kind}", repr(got), f"did you mean {near[0]}? {listed}" if near else listed)


def problems_found(error: ValidationError, model: type[BaseModel]) -> list[Problem]:
    """Return pydantic's findings in the words of ``Problem``, one for each place."""
    found: dict[str, Problem] = {}
    for item in error.errors(include_url=False):
        problem = _worded(dict(item), model)
        found.setdefault(problem.path, problem)  # a union reports once for each member
    return list(found.values())


def _worded(item: dict[str, Any], model: type[BaseModel]) -> Problem:
    name, *rest = item["loc"]
    # Pydantic adds names of its own to the path: "[key]" for a bad key, the member for a union.
    path = str(name) + "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in rest if part != "[key]")
    field = model.model_fields.get(str(name))
    kind = item["type"]
    if kind == "missing":
        return Problem(path, "be given", None, _description(field))
    if kind == "extra_forbidden":
        return _unknown_setting(path, model)
    return Problem(path, _rule(item, str(name), field), shown(item["input"]), _description(field))


def _unknown_setting(path: str, model: type[BaseModel]) -> Problem:
    known = sorted(model.model_fields)
    near = get_close_matches(path, known, n=1)
    fix = f"did you mean {near[0]}?" if near else f"known: {', '.join(known)}"
    return Problem(path, f"be a setting of {model.__name__}", "an unknown name", fix)


def _description(field: FieldInfo | None) -> str:
    return (field.description or "") if field else ""


def _rule(item: dict[str, Any], name: str, field: FieldInfo | None) -> str:
    """Return what follows "must" for one pydantic error."""
    context = item.get("ctx", {})
    match item["type"]:
        case "greater_than_equal" | "less_than_equal" | "greater_than" | "less_than":
            return _range(context, name, field)
        case "int_type" | "int_from_float":
            return f"be a whole number{_unit(name)}"
        case "float_type" | "finite_number":
            return f"be a number{_unit(name)}"
        case "string_type":
            return "be a string"
        case "bool_type":
            return "be True or False"
        case "literal_error":
            return f"be one of {re.sub(r' or (?=[^ ]+$)', ', ', context['expected'])}"
        case "string_pattern_mismatch":
            return f"match {context['pattern']}"
        case "tuple_type" | "list_type":
            return "be a list"
        case "dict_type" | "mapping_type":
            return "be a dict of names to settings"
        case "model_type":
            return f"be {_classes(field, context['class_name'])}"
        case "too_long":
            return f"have at most {context['max_length']:,} items"
        case "too_short":
            return f"have at least {context['min_length']:,} items"
        case "string_too_long":
            return f"have at most {context['max_length']:,} characters"
        case "string_too_short":
            return f"have at least {context['min_length']:,} characters"
    return re.sub("^(input|value) should ", "", item["msg"], flags=re.IGNORECASE)


def _range(context: dict[str, Any], name: str, field: FieldInfo | None) -> str:
    bounds = dict(context)
    for constraint in field.metadata if field else ():
        bounds |= {key: getattr(constraint, key) for key in ("ge", "le", "gt", "lt") if hasattr(constraint, key)}
    if "ge" in bounds and "le" in bounds:
        return f"be from {shown(bounds['ge'])} to {shown(bounds['le'])}{_unit(name)}"
    words = {"ge": "at least", "le": "at most", "gt": "more than", "lt": "less than"}
    return " and ".join(f"be {words[key]} {shown(bound)}" for key, bound in bounds.items()) + _unit(name)


def _unit(name: str) -> str:
    last = name.rsplit("_", 1)[-1]
    return f" {UNIT_WORDS.get(last, last)}" if last in UNITS else ""


def _classes(field: FieldInfo | None, class_name: str) -> str:
    """Return the class to use; where the field's class is only a base, the classes that stand for it."""
    for candidate in _models(field.annotation if field else None):
        if candidate.__name__ == class_name and candidate.__subclasses__():
            return "one of " + ", ".join(sorted(kind.__name__ for kind in _leaves(candidate)))
    return f"be a {class_name}".removeprefix("be ")


def _models(annotation: Any) -> Sequence[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return [annotation]
    return [model for part in getattr(annotation, "__args__", ()) for model in _models(part)]


def _leaves(model: type[BaseModel]) -> Iterable[type[BaseModel]]:
    for kind in model.__subclasses__():
        yield from _leaves(kind) if kind.__subclasses__() else (kind,)
