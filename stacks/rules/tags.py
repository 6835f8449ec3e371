"""Tags of the environment: none that Terrabatch sets itself, none that IAM takes for another."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from modules.problems import Problem

if TYPE_CHECKING:
    from stacks.environment import Environment


def tags_are_distinct(environment: Environment) -> Iterator[Problem]:
    """Check the keys: IAM compares them without regard to case, while other services tell them apart."""
    seen = {"environment", "project"}
    for key in sorted(environment.tags):
        if key.lower() in seen:
            fix = "project and environment are set already; rights to jobs depend on them; IAM ignores case in keys"
            yield Problem(f"tags.{key}", "differ from every other key by more than case", repr(key), fix)
        seen.add(key.lower())
