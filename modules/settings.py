"""Settings: what a user may tune, checked when it is written down, with errors that say how to fix them.

Every settings class is a frozen pydantic model that refuses unknown names and converts nothing. A bad one raises
``SettingsError`` where it is made. While environment files are loaded (``collect_problems``) it is kept instead, with
its problems, so that the Environment around it can report all of them at once.

A class checks what one field alone cannot tell in methods named ``check_<noun>``, each of which yields problems.
"""

import re
import sys
import traceback
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, NoReturn, Self, TypeVar, cast

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, GetCoreSchemaHandler, ValidationError
from pydantic_core import CoreSchema, core_schema

from modules.limits import facts_in
from modules.markers import Production, marked
from modules.names import PhysicalName
from modules.naming import AwsLocation
from modules.problems import (
    LARGEST,
    WRITABLE,
    Problem,
    SettingsError,
    beyond_largest,
    class_rule,
    format_value,
    problems_found,
    unwritable,
)
from modules.source import Place, place, written_at

Item = TypeVar("Item")


def nothing_repeated(items: tuple[Item, ...]) -> tuple[Item, ...]:
    """Return ``items``, or raise where one is there twice."""
    for item in items:
        if items.count(item) > 1:
            raise ValueError("not repeat an item", f"{item!r} is there more than once")
    return items


if TYPE_CHECKING:
    from collections.abc import Sequence as Sequence  # noqa: PLC0414  exported: other settings take it from here

    Distinct = Sequence[Item]
else:
    # A sequence whose order matters; a list is accepted and kept as a tuple. A set is refused: it has no order to keep.
    KeptAsTuple = BeforeValidator(lambda value: tuple(value) if isinstance(value, list) else value)
    Sequence = Annotated[tuple[Item, ...], KeptAsTuple]
    # The same, with nothing in it twice: what is repeated AWS refuses, or two resources would be one.
    Distinct = Annotated[tuple[Item, ...], AfterValidator(nothing_repeated), KeptAsTuple]


# What holds no settings.
PLAIN = (str, int, float, type(None))
UNCHANGEABLE = "settings cannot be changed; write the value where they are made"

_collecting: ContextVar["list[Settings] | None"] = ContextVar("collecting", default=None)
_building: ContextVar[type | None] = ContextVar("building", default=None)
_skipped: ContextVar["list[MissingEntryError] | None"] = ContextVar("skipped", default=None)


class Settings(BaseModel):
    """Base of all settings. Subclasses add fields, and ``check_<noun>`` for what one field alone cannot tell.

    ``class NetworkSettings(Settings, abstract=True)`` only holds together the classes that can be made.
    """

    model_config: ClassVar[ConfigDict] = ConfigDict(
        frozen=True, extra="forbid", strict=True, allow_inf_nan=False, defer_build=True
    )
    abstract: ClassVar[bool] = True
    # Names of what AWS takes and the provider cannot say, with the reason.
    refused: ClassVar[Mapping[str, str]] = {}
    # The field whose value these settings are in place of, wherever they stand as a value: of a variable, its default.
    stands_for: ClassVar[str] = ""

    def __init_subclass__(cls, *, abstract: bool = False, **options: Any) -> None:
        super().__init_subclass__(**options)
        cls.abstract = abstract

    def __init__(self, /, *unnamed: Any, **values: Any) -> None:
        problems: list[Problem] = []
        if unnamed:
            fix = f"e.g. {type(self).__name__}({next(iter(type(self).model_fields), 'name')}=…)"
            problems.append(Problem("", "have a name before each value", format_value(unnamed[0]), fix=fix))
        nested = list(nested_problems(values))
        variables: dict[tuple[str | int, ...], Settings] = {}
        values = {name: _plain(value, (name,), variables) for name, value in values.items()}
        try:
            super().__init__(**values)
            self.__dict__.update({name: _frozen(value) for name, value in self.__dict__.items()})
        except ValidationError as error:
            problems += problems_found(error, type(self), values)
            self._keep_readable(values, bad={str(item["loc"][0]) for item in error.errors(include_url=False)})
        for name, is_bounded in _fields(type(self)):
            value = self.__dict__.get(name)
            if not is_bounded:
                problems += (
                    Problem(path, f"be at most {LARGEST:,}", got, "AWS does not accept larger numbers")
                    for path, got in beyond_largest(name, value)
                )
            if found := list(unwritable(name, value)):
                problems += (Problem(path, WRITABLE, got) for path, got in found)
                del self.__dict__[name]  # rules would fail on it
        if self.abstract:
            problems.append(Problem("", class_rule(type(self)), None))
        problems += self._check_problems([*problems, *nested])
        self.__dict__["made_at"] = _caller()
        if variables:
            self.__dict__["variables"] = FrozenDict(variables)
        if not problems and not nested:
            return
        problems = [*(locate(problem, self) for problem in problems), *nested]
        collected = _collecting.get()
        if collected is None:
            raise SettingsError(self.subject(), problems)
        self.__dict__["problems"] = tuple(problems)
        collected.append(self)

    def checks(self) -> Iterator[Callable[[], Iterable[Problem]]]:
        """Yield what checks this object: all methods named ``check_<noun>``, those of base classes first.

        Each yields what is wrong between the object's own fields; paths are relative to it. A check that reads a bad
        setting, or an entry that is not there, ends there, since that is reported in its own place.
        """
        for name in _check_names(type(self)):
            yield getattr(self, name)

    def _check_problems(self, known: Iterable[Problem]) -> list[Problem]:
        """Return what the checks find. Raises BrokenCheckError for one that fails though all that it reads is well."""
        found: list[Problem] = []
        skipped: list[MissingEntryError] = []
        token = _skipped.set(skipped)
        try:
            for check in self.checks():
                try:
                    found += skip_if_invalid(check())
                except SettingsError:
                    raise
                except Exception as error:
                    raise BrokenCheckError(error) from error
        finally:
            _skipped.reset(token)
        reported = {problem.got for problem in (*known, *found)}
        for missing in skipped:
            if format_value(missing.key) not in reported:  # the name that was looked up is not what is wrong
                raise BrokenCheckError(missing) from missing
        return found

    def names(self, name: str, location: AwsLocation) -> Iterator[PhysicalName]:
        """Yield the physical names that these settings give, where ``name`` leads those of their entry."""
        del name, location
        yield from ()

    def production_problems(self) -> Iterator[Problem]:
        """Yield what production refuses of these settings and of all inside them; paths are relative to them."""
        values = self.__dict__
        for name, wish in marked(type(self), Production).items():
            for path, value in wish.refused(name, values[name]) if name in values else ():
                yield Problem(path, f"{wish.rule} in production", format_value(value), wish.reason)
        for name in type(self).model_fields:
            for path, settings in settings_within(values.get(name), name):
                yield from (problem.under(path) for problem in settings.production_problems())

    def valid_value(self, name: str, default: Any = None) -> Any:
        """Return what is in a field, or ``default`` where that is itself bad. Raises KeyError for another name."""
        type(self).model_fields[name]
        return self.__dict__.get(name, default)

    def problem(self, path: str, rule: str, reason: str = "", fix: str = "") -> Problem:
        """Return the problem of what is at ``path`` inside these settings: its ``got`` is what stands there."""
        return Problem(path, rule, format_value(_as_written(value_at(self, path))), reason, fix)

    def subject(self) -> str:
        """Return what leads each line of this object's errors."""
        return type(self).__name__

    def model_copy(self, *, update: Mapping[str, Any] | None = None, deep: bool = False) -> Self:
        """Return the same settings with some values replaced, checked like any others."""
        del deep  # settings cannot change, so they can be shared
        same = {name: self.__dict__[name] for name in self.model_fields_set if name in self.__dict__}
        for (name, *steps), variable in self.late_values.items():
            same[name] = _put(same[name], steps, variable)
        return type(self)(**same | dict(update or {}))

    @property
    def late_values(self) -> Mapping[tuple[Any, ...], Any]:
        """The settings that stand for a value of these, by the steps to that value."""
        return cast(Mapping[tuple[Any, ...], Any], self.__dict__.get("variables", {}))

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        """Inside other settings, accept objects of this class only: pydantic would make one of a dict."""
        return handler(source) if _building.get() is cls else core_schema.is_instance_schema(cls)

    @classmethod
    def model_rebuild(cls, **options: Any) -> bool | None:
        """Build the validator of this class: at its first object, since a program uses few of all classes there are."""
        token = _building.set(cls)
        try:
            return super().model_rebuild(**options)
        finally:
            _building.reset(token)

    def _keep_readable(self, values: Mapping[str, Any], bad: set[str]) -> None:
        """Keep the fields that are well, so that the rules which need only those still find what they find."""
        fields = {name: field for name, field in type(self).model_fields.items() if name not in bad}
        kept = {
            name: values[name] if name in values else field.get_default(call_default_factory=True, validated_data={})
            for name, field in fields.items()
            if name in values or not field.is_required()
        }
        object.__setattr__(self, "__dict__", {name: _frozen(value) for name, value in kept.items()})
        object.__setattr__(self, "__pydantic_fields_set__", set(values))
        object.__setattr__(self, "__pydantic_extra__", None)
        object.__setattr__(self, "__pydantic_private__", None)

    def __setattr__(self, name: str, value: Any) -> NoReturn:
        raise TypeError(UNCHANGEABLE)

    def __delattr__(self, name: str) -> NoReturn:
        raise TypeError(UNCHANGEABLE)

    if not TYPE_CHECKING:  # mypy would take any name for an attribute

        def __getattr__(self, name: str) -> Any:
            if name in type(self).model_fields:
                raise InvalidSettingError(name)
            # Python asks here for a property that raised AttributeError, and has forgotten which: let it say so again.
            if isinstance(found := getattr(type(self), name, None), property):
                return found.fget(self)
            return super().__getattr__(name)


class UnreadableError(Exception):
    """What a check reads is itself a problem, and reported as such. Internal to the collection of problems.

    Never an AttributeError: Python would take a property that reads a bad setting for one that is not there.
    """


class InvalidSettingError(UnreadableError):
    """A setting was read that is itself bad."""


class MissingEntryError(UnreadableError, KeyError):
    """An entry was read by a name that refers to nothing."""

    def __init__(self, key: object) -> None:
        super().__init__(key)
        self.key = key


class BrokenCheckError(Exception):
    """A check failed though nothing it reads is bad: a fault of this program, not of the settings."""

    def __init__(self, error: Exception) -> None:
        frames = traceback.extract_tb(error.__traceback__)
        own = [item for item in frames if item.filename != __file__ and "site-packages" not in item.filename]
        frame = (own or frames)[-1]
        where = place(frame.filename, frame.lineno)
        super().__init__(f"{where}: {frame.name} is broken: {type(error).__name__}: {error}")


class FrozenDict(dict[Any, Any]):
    """A dict that stays as it was checked. A real dict, since jsii and JSON accept no other mapping."""

    def _refuse(self, *_: Any, **__: Any) -> NoReturn:
        raise TypeError(UNCHANGEABLE)

    __setitem__ = __delitem__ = __ior__ = clear = pop = popitem = setdefault = update = _refuse

    def __missing__(self, key: Any) -> NoReturn:
        raise MissingEntryError(key)

    def __hash__(self) -> int:  # type: ignore[override]
        return hash(frozenset(self.items()))

    def __reduce__(self) -> tuple[Any, ...]:
        return FrozenDict, (dict(self),)


def skip_if_invalid(found: Iterable[Item]) -> Iterator[Item]:
    """Yield what is found until it needs what is itself bad or not there, which is reported in its own place."""
    try:
        yield from found
    except InvalidSettingError:
        return
    except MissingEntryError as error:
        if (skipped := _skipped.get()) is None:  # not among the checks of settings, which look whether it is reported
            raise
        skipped.append(error)


@contextmanager
def collect_problems() -> Iterator["list[Settings]"]:
    """Keep bad settings, with their problems, instead of raising; ``nested_problems`` tells them. Give those."""
    collected: list[Settings] = []
    token = _collecting.set(collected)
    try:
        yield collected
    finally:
        _collecting.reset(token)


def nested_problems(value: Any, path: str = "") -> Iterator[Problem]:
    """Yield the problems of all settings inside ``value``, which may be a mapping or sequence of them."""
    if isinstance(value, PLAIN):
        return
    if isinstance(value, Settings):
        yield from (problem.under(path) for problem in value.__dict__.get("problems", ()))
    elif isinstance(value, Mapping):
        for key, item in value.items():
            yield from nested_problems(item, f"{path}.{key}" if path else str(key))
    elif isinstance(value, list | tuple):
        for index, item in enumerate(value):
            yield from nested_problems(item, f"{path}[{index}]")


def value_at(settings: Settings, path: str) -> Any:
    """Return what is at a path such as ``job.job_queue`` or ``actions[1]`` inside settings."""
    value: Any = settings
    for step in _steps(path):
        if isinstance(value, Settings):
            value = getattr(value, step)
        else:
            value = value[step] if isinstance(value, Mapping) else value[int(step)]
    return value


def _as_written(value: Any) -> Any:
    """Return a sequence as the list that it was written as, and of a map of settings their names."""
    if isinstance(value, dict):
        return sorted(value) if any(isinstance(item, Settings) for item in value.values()) else value
    return list(value) if isinstance(value, tuple) else value


def _steps(path: str) -> list[str]:
    return re.findall(r"[^.\[\]]+", path)


def settings_in(settings: Settings, path: str = "") -> Iterator[tuple[str, Settings]]:
    """Yield ``settings`` and all settings inside them, each with its path."""
    yield path, settings
    for inner_path, inner in _inside(settings):
        yield f"{path}.{inner_path}" if path else inner_path, inner


def _inside(settings: Settings) -> tuple[tuple[str, Settings], ...]:
    values = settings.__dict__
    outermost = (found for name in type(settings).model_fields for found in settings_within(values.get(name), name))
    return find_once(settings, "inside", (item for path, inner in outermost for item in settings_in(inner, path)))


def find_once(settings: Settings, key: str, found: Iterable[Item]) -> tuple[Item, ...]:
    """Return what is found in ``settings``: kept there, since many rules ask for it and nothing changes it."""
    if key not in settings.__dict__:
        settings.__dict__[key] = tuple(found)
    return cast(tuple[Item, ...], settings.__dict__[key])


def settings_within(value: Any, path: str) -> Iterator[tuple[str, Settings]]:
    """Yield the outermost settings in a value that may be a map or a sequence of them, each with its path."""
    # What most values are comes first: pydantic takes its time to tell whether something is one of its models.
    if isinstance(value, PLAIN):
        return
    if isinstance(value, dict):
        for key, item in value.items():
            yield from settings_within(item, f"{path}.{key}")
    elif isinstance(value, tuple):
        for index, item in enumerate(value):
            yield from settings_within(item, f"{path}[{index}]")
    elif isinstance(value, Settings):
        yield path, value


def _plain(value: Any, path: tuple[str | int, ...], variables: dict[tuple[str | int, ...], Settings]) -> Any:
    """Return a value without settings that stand for one, which are added to ``variables`` by their paths."""
    if isinstance(value, Settings):
        if not value.stands_for or value.stands_for not in value.__dict__:
            return value
        variables[path] = value
        return value.__dict__[value.stands_for]
    if type(value) is dict:
        return {key: _plain(item, (*path, key), variables) for key, item in value.items()}
    if type(value) in (list, tuple):
        return type(value)(_plain(item, (*path, index), variables) for index, item in enumerate(value))
    return value


def _put(value: Any, steps: list[str | int], new: Any) -> Any:
    """Return maps and sequences with ``new`` at the end of ``steps``."""
    if not steps:
        return new
    step, *rest = steps
    items = value.items() if isinstance(value, Mapping) else enumerate(value)
    inside = {key: _put(item, rest, new) if key == step else item for key, item in items}
    return inside if isinstance(value, Mapping) else list(inside.values())


def _frozen(value: Any) -> Any:
    if isinstance(value, dict):
        return FrozenDict({key: _frozen(item) for key, item in value.items()})
    return tuple(map(_frozen, value)) if isinstance(value, list | tuple) else value


@cache
def _fields(kind: type[Settings]) -> tuple[tuple[str, bool], ...]:
    """Return the fields of a class, each with whether it has a largest value."""
    fields = kind.model_fields.items()
    return tuple(
        (name, any(hasattr(limit, "le") for limit in (*field.metadata, *facts_in(field.annotation))))
        for name, field in fields
    )


@cache
def _check_names(kind: type) -> tuple[str, ...]:
    """Return the names of the checks of a class, those of base classes first, each once."""
    names = (name for base in reversed(kind.__mro__) for name in vars(base) if name.startswith("check_"))
    return tuple(dict.fromkeys(names))


def locate(problem: Problem, settings: Settings) -> Problem:
    """Return ``problem`` with the line it was written in, if it has none: of the setting that its path leads to."""
    if problem.where:
        return problem
    steps = _steps(problem.path)
    here, rest, value = settings.__dict__["made_at"], steps, cast(Any, settings)
    for index, step in enumerate(steps):
        if isinstance(value, Settings):
            here, rest = value.__dict__["made_at"], steps[index:]
            value = value.__dict__.get(step)
        elif isinstance(value, Mapping):
            value = value.get(step)
        elif isinstance(value, tuple) and step.isdigit() and int(step) < len(value):
            value = value[int(step)]
        else:
            break
    if isinstance(value, Settings):
        here, rest = value.__dict__["made_at"], []
    return replace(problem, where=place(here[0], written_at(here[0], here[1], rest)))


def _caller() -> Place:
    """Return file and line of the code that made the settings."""
    frame = sys._getframe(1)
    # Not a constructor of this class or of one that extends it, nor ``model_copy``.
    while frame.f_back and isinstance(frame.f_locals.get("self"), Settings):
        frame = frame.f_back
    return frame.f_code.co_filename, frame.f_lineno
