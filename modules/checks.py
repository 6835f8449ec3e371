"""Checks that many settings have: that one is left out where another is given, or where it is not.

They stand where a method would: ``check_version: ClassVar = never_with("version_id", "version_stage", "…")``. A setting
counts as given where it is not what it would be if it were left out.
"""

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
            yield from _left_out(self, names, f"where {other} is {absent}", reason, fix)

    return check


def never_with(names: str | tuple[str, ...], other: str, reason: str = "", fix: str = "") -> Check:
    """Return the check that ``names`` are left out where ``other`` is given."""

    def check(self: Settings) -> Iterator[Problem]:
        if _is_given(self, other):
            given = "True" if value_at(self, other) is True else "given"
            yield from _left_out(self, names, f"where {other} is {given}", reason, fix)

    return check


def _left_out(settings: Settings, names: str | tuple[str, ...], where: str, reason: str, fix: str) -> Iterator[Problem]:
    for name in (names,) if isinstance(names, str) else names:
        if _is_given(settings, name):
            yield settings.problem(name, f"be left out {where}", reason, fix)


def _is_given(settings: Settings, path: str) -> bool:
    owner, _, name = path.rpartition(".")
    holder = value_at(settings, owner)
    left_out = type(holder).model_fields[name].get_default(call_default_factory=True, validated_data={})
    return getattr(holder, name) not in (None, left_out)
