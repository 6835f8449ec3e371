"""How tests look at problems: where, which numbers and what value; docs/messages.md has the words."""

import re
from collections.abc import Callable, Iterable, Sequence
from typing import Any

import pytest

from modules.problems import Problem, SettingsError
from modules.settings import Settings
from tests import messages

# A number that stands alone or in brackets, so neither part of a name nor of a pattern.
NUMBER = re.compile(r"(?<![^\s(])-?\d+(?:,\d{3})*(?:\.\d+)?(?=[\s),]|$)")


def refused(build: Callable[..., object], **values: Any) -> list[str]:
    """Return the problems for which building something from ``values`` is refused, each ``in_short``."""
    return in_short(problems_of(build, **values))


def problems_of(build: Callable[..., object], **values: Any) -> Sequence[Problem]:
    """Return the problems for which building something from ``values`` is refused."""
    with pytest.raises(SettingsError) as raised:
        build(**values)
    messages.note(raised.value.problems)
    return raised.value.problems


def in_short(problems: Iterable[Problem]) -> list[str]:
    """Return each problem as path, numbers of its rule and value got: ``delay_seconds: 0, 900, got 901``."""
    found = list(problems)
    messages.note(found)
    return [_short(problem) for problem in found]


def _short(problem: Problem) -> str:
    found = [] if problem.rule.startswith("look like ") else NUMBER.findall(problem.rule)
    if problem.got is not None:
        found.append(f"got {problem.got}")
    return ": ".join(filter(None, [problem.path, ", ".join(found)]))


def missing_endpoints(build: Callable[..., object], **values: Any) -> list[str]:
    """Return the services of the interface endpoints for which building something is refused, and for nothing else."""
    found = problems_of(build, **values)
    assert {problem.path for problem in found} == {"network.interface_endpoints"}
    return [problem.rule.split("'")[1] for problem in found]


def problems(build: Callable[[], object]) -> list[str]:
    """Return the problems that building something raises, as the user reads them."""
    with pytest.raises(SettingsError) as raised:
        build()
    return [str(problem) for problem in raised.value.problems]


def message(settings: type[Settings], **values: Any) -> str:
    """Return the whole text of the error that making ``settings`` raises."""
    with pytest.raises(SettingsError) as raised:
        settings(**values)
    return str(raised.value)
