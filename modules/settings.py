"""Settings: what a user may tune, checked when it is written down, with errors that say how to fix them.

Every settings class is a frozen pydantic model that refuses unknown names and converts nothing. A bad one raises
``SettingsError`` where it is made. While environment files are loaded (``gathering``) it is kept instead, with its
problems, so that the Environment around it can report all of them at once.
"""

import sys
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, NoReturn, Self, TypeVar

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, GetCoreSchemaHandler, ValidationError
from pydantic_core import CoreSchema, core_schema

from modules.problems import WRITABLE, Problem, SettingsError, class_rule, problems_found, unwritable
from modules.source import description, place

Item = TypeVar("Item")


def nothing_repeated(items: tuple[Item, ...]) -> tuple[Item, ...]:
    """Return ``items``, or raise where one is there twice."""
    for item in items:
        if items.count(item) > 1:
            raise ValueError("name each one once", f"{item!r} is there more than once")
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


@dataclass(frozen=True)
class RefersTo:
    """Marks a name as one of the environment's ``kind`` (``queues``, ``buckets``, …); the Environment checks it."""

    kind: str


UNCHANGEABLE = "settings cannot be changed; write the value where they are made"

_gathering: ContextVar["list[Settings] | None"] = ContextVar("gathering", default=None)
_building: ContextVar[type | None] = ContextVar("building", default=None)


class Settings(BaseModel):
    """Base of all settings. Subclasses add fields, and ``rules`` for what one field alone cannot tell.

    ``class NetworkSettings(Settings, abstract=True)`` only holds together the classes that can be made.
    """

    model_config: ClassVar[ConfigDict] = ConfigDict(
        frozen=True, extra="forbid", strict=True, allow_inf_nan=False, defer_build=True
    )
    abstract: ClassVar[bool] = True
    # Names of what AWS takes and the provider cannot say, with the reason.
    refused: ClassVar[Mapping[str, str]] = {}

    def __init_subclass__(cls, *, abstract: bool = False, **options: Any) -> None:
        super().__init_subclass__(**options)
        cls.abstract = abstract

    def __init__(self, /, **values: Any) -> None:
        problems: list[Problem] = []
        try:
            super().__init__(**values)
            self.__dict__.update({name: _frozen(value) for name, value in self.__dict__.items()})
        except ValidationError as error:
            problems = problems_found(error, type(self), values)
            self._keep_readable(values, bad={str(item["loc"][0]) for item in error.errors(include_url=False)})
        for name in type(self).model_fields:
            if found := list(unwritable(name, self.__dict__.get(name))):
                problems += (Problem(path, WRITABLE, got, description(type(self), name)) for path, got in found)
                del self.__dict__[name]  # rules would fail on it
        if self.abstract:
            problems.append(Problem("", class_rule(type(self)), None, ""))
        problems += skip_if_invalid(self.rules())
        inherit = list(nested_problems(values))
        if not problems and not inherit:
            return
        here = _caller()
        problems = [*(problem.located(here) for problem in problems), *inherit]
        gathered = _gathering.get()
        if gathered is None:
            raise SettingsError(self.subject(), problems)
        self.__dict__["problems"] = tuple(problems)
        gathered.append(self)

    def rules(self) -> Iterable[Problem]:
        """Yield what is wrong between this object's own fields; paths are relative to it.

        A rule that reads a bad setting, or an entry that is not there, ends quietly; rules that should not end with it
        go through ``readable`` each.
        """
        return ()

    def subject(self) -> str:
        """Return what leads each line of this object's errors."""
        return type(self).__name__

    def model_copy(self, *, update: Mapping[str, Any] | None = None, deep: bool = False) -> Self:
        """Return the same settings with some values replaced, checked like any others."""
        del deep  # settings cannot change, so they can be shared
        same = {name: self.__dict__[name] for name in self.model_fields_set if name in self.__dict__}
        return type(self)(**same | dict(update or {}))

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

    def __getattr__(self, name: str) -> Any:
        # Also reached when a property read a bad setting: Python then asks here for the property itself.
        if name in type(self).model_fields or isinstance(getattr(type(self), name, None), property):
            raise UnreadableSettingError(name)
        return super().__getattr__(name)  # type: ignore[misc]  # pydantic defines it at run time only


class UnreadableError(Exception):
    """What a rule reads is itself a problem, and reported as such. Internal to the gathering of problems."""


class UnreadableSettingError(UnreadableError, AttributeError):
    """A setting was read that is itself bad."""


class MissingEntryError(UnreadableError, KeyError):
    """An entry was read by a name that refers to nothing."""


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


def skip_if_invalid(problems: Iterable[Problem]) -> Iterator[Problem]:
    """Yield ``problems`` until one needs what is itself bad or not there, which is reported in its own place."""
    try:
        yield from problems
    except UnreadableError:
        return


@contextmanager
def collect_problems() -> Iterator["list[Settings]"]:
    """Keep bad settings, with their problems, instead of raising; ``inherited`` tells them. Gives what was kept."""
    gathered: list[Settings] = []
    token = _gathering.set(gathered)
    try:
        yield gathered
    finally:
        _gathering.reset(token)


def nested_problems(value: Any, path: str = "") -> Iterator[Problem]:
    """Yield the problems of all settings inside ``value``, which may be a mapping or sequence of them."""
    if isinstance(value, Settings):
        yield from (problem.under(path) for problem in value.__dict__.get("problems", ()))
    elif isinstance(value, Mapping):
        for key, item in value.items():
            yield from nested_problems(item, f"{path}.{key}" if path else str(key))
    elif isinstance(value, list | tuple):
        for index, item in enumerate(value):
            yield from nested_problems(item, f"{path}[{index}]")


def settings_in(value: Any, path: str = "") -> Iterator[tuple[str, Settings]]:
    """Yield all settings inside ``value``, itself included, each with its path."""
    if isinstance(value, Settings):
        yield path, value
        inside: Iterable[tuple[str, Any]] = (
            (f".{name}" if path else name, item) for name, item in value.__dict__.items()
        )
    elif isinstance(value, dict):
        inside = ((f".{key}", item) for key, item in value.items())
    else:
        inside = ((f"[{index}]", item) for index, item in enumerate(value))
    for step, item in inside:
        if isinstance(item, Settings | dict | tuple):  # most are plain values
            yield from settings_in(item, path + step)


def _frozen(value: Any) -> Any:
    if isinstance(value, dict):
        return FrozenDict({key: _frozen(item) for key, item in value.items()})
    return tuple(map(_frozen, value)) if isinstance(value, list | tuple) else value


def _caller() -> str:
    """Return ``file:line`` of the code that made the settings, the file relative to the working directory."""
    frame = sys._getframe(1)
    # Not a constructor of this class or of one that extends it, nor ``model_copy``.
    while frame.f_back and isinstance(frame.f_locals.get("self"), Settings):
        frame = frame.f_back
    return place(frame.f_code.co_filename, frame.f_lineno)
