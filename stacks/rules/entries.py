"""Rules about one entry or setting at a time: what is bad in it does not keep the others from being checked."""

from collections.abc import Callable, Hashable, Iterable, Iterator
from functools import wraps
from typing import Any, get_type_hints

from modules.problems import Problem
from modules.settings import Settings, settings_in, skip_if_invalid
from stacks.environment_settings import EnvironmentSettings

Rule = Callable[[EnvironmentSettings], Iterable[Problem]]
# From the environment, a path and what is there. The class of the last says what the rule is about.
OneRule = Callable[[EnvironmentSettings, str, Any], Iterable[Problem]]
Places = Callable[[EnvironmentSettings], Iterable[tuple[str, Settings]]]


def each(kind: str) -> Callable[[OneRule], Rule]:
    """Make a rule of what is said of one entry in the map ``kind``."""

    def entries(environment: EnvironmentSettings) -> Iterator[tuple[str, Settings]]:
        yield from ((f"{kind}.{name}", settings) for name, settings in getattr(environment, kind).items())

    return lambda check: _for_all(check, entries)


def everywhere(check: OneRule) -> Rule:
    """Make a rule of what is said of settings, wherever in the environment they are."""
    return _for_all(check, settings_in)


def _for_all(check: OneRule, places: Places) -> Rule:
    *_, wanted, _ = get_type_hints(check).values()

    @wraps(check)
    def rule(environment: EnvironmentSettings) -> Iterator[Problem]:
        for path, settings in places(environment):
            if isinstance(settings, wanted):
                yield from skip_if_invalid(check(environment, path, settings))

    return rule


def repeated(items: Iterable[tuple[str, Hashable]]) -> Iterator[tuple[str, str]]:
    """Yield the name of each item whose value another one before it has, and the name of the first that has it."""
    first: dict[Hashable, str] = {}
    for name, value in items:
        if (owner := first.setdefault(value, name)) != name:
            yield name, owner
