"""The settings of an environment as entries with rows: each setting with its value, what it does and who uses it."""

import inspect
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from modules.facts import default, limits, production_wishes, replaced
from modules.marked_values import marked_values
from modules.markers import RefersTo
from modules.settings import Settings
from modules.source import description
from reporting.values import Part, holds_settings, in_words, parts


@dataclass(frozen=True)
class Facts:
    """What is known of a setting wherever it stands: what it does, what is allowed, what a change replaces."""

    does: str = ""
    allowed: str = ""
    replaced: str = ""


@dataclass(frozen=True)
class Row:
    """One setting of an entry: its path in the environment, its name below the entry, and its value."""

    path: str
    name: str
    value: tuple[Part, ...]
    is_given: bool
    facts: Facts
    words: str = ""  # the value in a larger unit, or the variable that it is decided by


@dataclass(frozen=True)
class Entry:
    """What stands under one name in a map of the environment, or settings that there are once, such as ``network``."""

    path: str
    kind: str
    purpose: str
    rows: tuple[Row, ...]
    used_by: tuple[str, ...] = ()

    @property
    def given(self) -> list[Row]:
        """Return the rows that the environment file says."""
        return [row for row in self.rows if row.is_given]

    @property
    def left(self) -> list[Row]:
        """Return the rows of settings that are left at their defaults."""
        return [row for row in self.rows if not row.is_given]


@dataclass(frozen=True)
class Group:
    """A map of the environment with its entries; settings that there are once are a group of one."""

    name: str
    does: str
    entries: tuple[Entry, ...]


@dataclass
class Walker:
    """Makes rows of settings, whose references it knows."""

    references: Mapping[str, str] = field(default_factory=dict)

    def rows(self, settings: Settings, path: str, prefix: str = "", *, is_given: bool = True) -> Iterator[Row]:
        """Yield the settings inside ``settings``, which stand at ``path``."""
        variables = settings.late_values
        for name in type(settings).model_fields:
            place = f"{path}.{name}" if path else name
            given = is_given and name in settings.model_fields_set
            yield from self._rows(
                settings.__dict__[name],
                place,
                f"{prefix}{name}",
                given,
                facts(type(settings), name),
                _told(variables, name),
            )

    def _rows(
        self, value: Any, path: str, name: str, is_given: bool, known: Facts, variable: str = ""
    ) -> Iterator[Row]:
        if isinstance(value, Settings):
            yield Row(path, name, (_class(value),), is_given, known)
            yield from self.rows(value, path, f"{name}.", is_given=is_given)
        elif holds_settings(value):
            inside = list(_inside(value))
            shown = tuple(
                Part(key, f"{path}{step}") if key else _class(item, f"{path}{step}") for key, step, item in inside
            )
            yield Row(path, name, shown, is_given, known)
            for _, step, item in inside:
                yield from self._rows(item, f"{path}{step}", f"{name}{step}", is_given, _of_class(item))
        else:
            made = tuple(parts(value, path, self.references))
            yield Row(path, name, made, is_given, known, variable or in_words(name, value))


def groups(environment: Settings) -> list[Group]:
    """Return all settings of an environment: first those that are plain values, then its maps and the rest."""
    references = targets(environment)
    walker, used = Walker(references), _users(references)
    plain, found = [], []
    for name in type(environment).model_fields:
        value, known = environment.__dict__[name], facts(type(environment), name)
        given = name in environment.model_fields_set
        if isinstance(value, Settings):
            found.append(Group(name, known.does, (_entry(walker, name, value, used, is_given=given),)))
        elif isinstance(value, Mapping) and any(isinstance(item, Settings) for item in value.values()):
            entries = (_entry(walker, f"{name}.{key}", item, used) for key, item in value.items())
            found.append(Group(name, known.does, tuple(entries)))
        else:
            plain.append(Row(name, name, tuple(parts(value, name, references)), given, known, in_words(name, value)))
    purpose = "Where it is, what it is called, and what holds for all of it."
    return [Group("environment", "", (Entry("environment", "Environment", purpose, tuple(plain)),)), *found]


def _entry(
    walker: Walker, path: str, settings: Settings, used: Mapping[str, tuple[str, ...]], *, is_given: bool = True
) -> Entry:
    rows = tuple(walker.rows(settings, path, is_given=is_given))
    return Entry(path, type(settings).__name__, purpose(type(settings)), rows, used.get(path, ()))


def targets(environment: Settings) -> dict[str, str]:
    """Return the path of each reference by name with the path of what it refers to."""
    return {
        path: f"{marker.kind}.{name}"
        for path, name, marker in marked_values(environment, RefersTo)
        if name in environment.__dict__.get(marker.kind, ())
    }


def _users(references: Mapping[str, str]) -> dict[str, tuple[str, ...]]:
    """Return who refers to each entry."""
    found: dict[str, tuple[str, ...]] = {}
    for path, target in references.items():
        found[target] = (*found.get(target, ()), path)
    return found


@cache
def facts(kind: type[Settings], name: str) -> Facts:
    """Return what is known of a setting of a class."""
    known = kind.model_fields[name]
    wishes = (f"must {rule} in production: {reason}" for rule, reason in production_wishes(known))
    allowed = [*limits(known.annotation, known.metadata), default(known), *wishes]
    return Facts(description(kind, name), "; ".join(filter(None, allowed)), replaced(known))


@cache
def purpose(kind: type[Settings]) -> str:
    """Return what settings of a class are, in a sentence."""
    return " ".join((inspect.getdoc(kind) or "").split("\n\n")[0].split())


def _inside(value: Any) -> Iterator[tuple[str, str, Any]]:
    """Yield key (of a map), the step that leads there, and each thing in a map or a list."""
    if isinstance(value, Mapping):
        yield from ((str(key), f".{key}", item) for key, item in value.items())
    else:
        yield from (("", f"[{index}]", item) for index, item in enumerate(value))


def _class(value: Any, path: str = "") -> Part:
    return Part(type(value).__name__, path, is_class=True)


def _of_class(value: Any) -> Facts:
    return Facts(purpose(type(value))) if isinstance(value, Settings) else Facts()


def _told(variables: Mapping[tuple[str | int, ...], Settings], name: str) -> str:
    """Return which variables decide a setting when Terraform runs."""
    names = [variable.__dict__["name"] for steps, variable in variables.items() if steps[0] == name]
    return f"variable {', '.join(names)}" if names else ""
