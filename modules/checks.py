"""Checks that many settings have: that one is left out where another is given, or is not, and how two numbers compare.

They stand where a method would: ``check_version: ClassVar = never_with("version_id", "version_stage", "…")``. A setting
counts as given where it is not what it would be if it were left out.
"""

import operator
from collections.abc import Callable, Iterator
from typing import Any

from modules.problems import Problem, format_value
from modules.settings import Settings, value_at

Check = Callable[[Any], Iterator[Problem]]


def only_with(names: str | tuple[str, ...], other: str, reason: str = "", fix: str = "") -> Check:
    """Return the check that ``names`` are left out where ``other`` is."""

    def check(self: Settings) -> Iterator[Problem]:
        if not _is_given(self, other):
            value = value_at(self, other)
            absent = "empty" if isinstance(value, tuple | dict) else format_value(value)
            yield from _problems(self, names, f"where {other} is {absent}", reason, fix)

    return check


def never_with(names: str | tuple[str, ...], other: str, reason: str = "", fix: str = "") -> Check:
    """Return the check that ``names`` are left out where ``other`` is given."""

    def check(self: Settings) -> Iterator[Problem]:
        if _is_given(self, other):
            given = "True" if value_at(self, other) is True else "given"
            yield from _problems(self, names, f"where {other} is {given}", reason, fix)

    return check


def _compared(words: str, holds: Callable[[float, float], bool]) -> Callable[..., Check]:
    """Return what makes the check that a number is so beside an ``other`` one, if neither is None."""

    def checks(name: str, other: str, reason: str = "", fix: str = "") -> Check:
        def check(self: Settings) -> Iterator[Problem]:
            value, limit = value_at(self, name), value_at(self, other)
            if value is not None and limit is not None and not holds(value, limit):
                yield self.problem(name, f"be {words} {other} ({limit:,.10g})", reason, fix)

        return check

    return checks


at_least, at_most = _compared("at least", operator.ge), _compared("at most", operator.le)
more_than, less_than = _compared("more than", operator.gt), _compared("less than", operator.lt)


def _problems(settings: Settings, names: str | tuple[str, ...], where: str, reason: str, fix: str) -> Iterator[Problem]:
    for name in (names,) if isinstance(names, str) else names:
        if _is_given(settings, name):
            yield settings.problem(name, f"be left out {where}", reason, fix)


def _is_given(settings: Settings, path: str) -> bool:
    owner, _, name = path.rpartition(".")
    holder = value_at(settings, owner)
    left_out = type(holder).model_fields[name].get_default(call_default_factory=True, validated_data={})
    return getattr(holder, name) not in (None, left_out)
