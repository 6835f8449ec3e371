"""What settings say that a change of them replaces is what the table of replacements says of what they emit."""

from contextlib import suppress
from functools import cache
from typing import Any

import pytest

from handover.comparison import compare
from handover.platforms import Platform
from modules.markers import RefersTo, Replaces, marked
from modules.problems import SettingsError
from stacks.environment import Environment
from stacks.loading import load_environments
from stacks.variables import other_texts
from tests.generated import MAPS, objects_in, part_of, replaced
from tests.handover.platforms import platform_of
from tests.rehearse_settings import NO_RESOURCES, values
from tests.shipped import PACKAGES
from tests.synthesized import synthesized

GONE = ("replaced", "removed")


@cache
def places() -> dict[str, tuple[Environment, tuple[Any, ...], Any, Replaces]]:
    """Return where the settings are that say what a change of them replaces: each once, in a small environment."""
    found = {}
    environments = [environment for package in PACKAGES for environment in load_environments(package=package)]
    for environment in sorted(environments, key=lambda item: -len(objects_in(item))):
        # The first of an environment is what it keeps: queues and buckets.
        for path, item in objects_in(environment)[::-1]:
            for name, said in marked(type(item), Replaces).items():
                owner = [kind for kind in type(item).__mro__ if name in getattr(kind, "model_fields", {})][-1]
                value = item.__dict__[name]
                # Of the environment itself a change makes another platform; what is not there cannot be replaced.
                is_plain = value not in (None, (), {}) and name not in marked(type(item), RefersTo)
                if path and is_plain and not said.when and said.what not in NO_RESOURCES:
                    found[f"{owner.__name__}.{name}"] = environment, (*path, name), value, said
    return {setting: (_around(whole, path), path, *rest) for setting, (whole, path, *rest) in found.items()}


def _around(whole: Environment, path: tuple[Any, ...]) -> Environment:
    """Return the part of an environment with the entry that a path leads to, or all of it if there is none."""
    return next(part_of(whole, path[0], path[1]), whole) if path[0] in MAPS else whole


def edited(environment: Environment, path: tuple[Any, ...], value: Any) -> Environment:
    """Return an environment with another value at a path: the first that is accepted."""
    (item,) = (item for place, item in objects_in(environment) if place == path[:-1])
    environment = environment.model_copy(update={"imported": {}})  # by names, which may be another one then
    match value:
        case bool():
            others: list[Any] = [not value]
        case str():
            others = list(other_texts(value))
        case dict():
            exchanged = dict(zip(value, reversed(list(value.values())), strict=True))
            others = [other for other in (exchanged, {}) if other != value]
        case _:
            others = [other for other in values(type(item), path[-1]) if other != value]
    for other in others:
        with suppress(SettingsError):
            made: Environment = replaced(environment, path, other)
            return made
    raise AssertionError(f"no other value of {path} is accepted")


@cache
def platform(environment: Environment) -> Platform:
    return platform_of(environment.name, synthesized(environment))


@pytest.mark.parametrize("setting", places())
def test_a_setting_that_says_so_replaces_something(setting: str) -> None:
    environment, path, value, said = places()[setting]
    before, after = platform(environment), platform(edited(environment, path, value))
    gone = [change for change in compare(before, after).changes if change.action in GONE]
    assert gone
    assert not said.lost or any(change.lost for change in gone)
