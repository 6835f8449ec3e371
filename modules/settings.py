"""Settings: what a user may tune, checked when it is written down, with errors that say how to mend them.

Every settings class is a frozen pydantic model that refuses unknown names and converts nothing. A bad one raises
``SettingsError`` where it is made. While environment files are loaded (``gathering``) it is kept instead, with its
problems, so that the Environment around it can report all of them at once.
"""

import sys
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, ClassVar, TypeVar

from pydantic import BaseModel, ConfigDict, Strict, ValidationError

from modules.problems import Problem, SettingsError, problems_found

Item = TypeVar("Item")

# A sequence whose order matters; a list is accepted and kept as a tuple, its items are not converted.
Sequence = Annotated[tuple[Item, ...], Strict(False)]


@dataclass(frozen=True)
class RefersTo:
    """Marks a name as one of the environment's ``kind`` (``queues``, ``buckets``, …); the Environment checks it."""

    kind: str


_gathering: ContextVar[bool] = ContextVar("gathering", default=False)


class Settings(BaseModel):
    """Base of all settings. Subclasses add fields, and ``rules`` for what one field alone cannot tell."""

    model_config: ClassVar[ConfigDict] = ConfigDict(frozen=True, extra="forbid", strict=True)

    def __init__(self, /, **values: Any) -> None:
        problems: list[Problem] = []
        try:
            super().__init__(**values)
        except ValidationError as error:
            problems = problems_found(error, type(self))
            bad = {str(item["loc"][0]) for item in error.errors(include_url=False)}
            object.__setattr__(self, "__dict__", self._readable(values, bad))
        problems += readable(self.rules())
        here = _caller()
        problems = [*(problem.located(here) for problem in problems), *inherited(values)]
        if not problems:
            return
        if not _gathering.get():
            raise SettingsError(self.subject(), problems)
        self.__dict__["problems"] = tuple(problems)

    def rules(self) -> Iterable[Problem]:
        """Yield what is wrong between this object's own fields; paths are relative to it."""
        return ()

    def subject(self) -> str:
        """Return what leads each line of this object's errors."""
        return type(self).__name__

    @classmethod
    def _readable(cls, values: Mapping[str, Any], bad: set[str]) -> dict[str, Any]:
        """Return the fields that are well, so that the rules which need only those still find what they find."""
        fields = {name: field for name, field in cls.model_fields.items() if name not in bad}
        defaults = {
            name: field.get_default(call_default_factory=True, validated_data={})
            for name, field in fields.items()
            if not field.is_required()
        }
        given = {name: tuple(value) if isinstance(value, list) else value for name, value in values.items()}
        return defaults | {name: value for name, value in given.items() if name in fields}

    def __getattr__(self, name: str) -> Any:
        if name in type(self).model_fields:
            raise UnreadableSettingError(name)
        return super().__getattr__(name)  # type: ignore[misc]  # pydantic defines it at run time only


class UnreadableSettingError(AttributeError):
    """A setting was read that is itself bad. Internal to the gathering of problems."""


def readable(problems: Iterable[Problem]) -> Iterator[Problem]:
    """Yield ``problems`` until one needs a setting that is itself bad, which is reported in its own place."""
    try:
        yield from problems
    except UnreadableSettingError:
        return


@contextmanager
def gathering() -> Iterator[None]:
    """Keep bad settings, with their problems, instead of raising; ``inherited`` tells what was kept."""
    token = _gathering.set(True)
    try:
        yield
    finally:
        _gathering.reset(token)


def inherited(value: Any, path: str = "") -> Iterator[Problem]:
    """Yield the problems of all settings inside ``value``, which may be a mapping or sequence of them."""
    if isinstance(value, Settings):
        yield from (problem.under(path) for problem in value.__dict__.get("problems", ()))
    elif isinstance(value, Mapping):
        for key, item in value.items():
            yield from inherited(item, f"{path}.{key}" if path else str(key))
    elif isinstance(value, list | tuple):
        for index, item in enumerate(value):
            yield from inherited(item, f"{path}[{index}]")


def _caller() -> str:
    """Return ``file:line`` of the code that made the settings, the file relative to the working directory."""
    frame = sys._getframe(2)
    file = Path(frame.f_code.co_filename)
    return f"{file.relative_to(Path.cwd()) if file.is_relative_to(Path.cwd()) else file}:{frame.f_lineno}"
