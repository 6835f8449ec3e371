"""Tags: none that Terrabatch sets itself, none that IAM takes for another."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from modules.problems import Problem
from modules.settings import settings_in

if TYPE_CHECKING:
    from stacks.environment import Environment

OWN = ("environment", "project")


def tags_are_distinct(environment: Environment) -> Iterator[Problem]:
    """Check the keys, which IAM compares without regard to case, while other services tell them apart.

    Tags of one thing may give another value to a tag of the environment, by the very same key.
    """
    everywhere = sorted(environment.__dict__.get("tags", ()))
    for path, kept in settings_in(environment):
        seen = {key.lower(): key for key in everywhere} if path else {}
        for key in sorted(kept.__dict__.get("tags") or ()):
            if key.lower() in OWN or seen.setdefault(key.lower(), key) != key:
                yield Problem(
                    f"{path}.tags.{key}" if path else f"tags.{key}",
                    "differ from every other key by more than case",
                    repr(key),
                    "project and environment are set already; rights to jobs depend on them; IAM ignores case in keys",
                )
