"""Physical names fit what AWS accepts; nothing is ever cut."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from modules.naming import name_problems
from modules.problems import Problem

if TYPE_CHECKING:
    from stacks.environment import Environment


def physical_names_fit(environment: Environment) -> Iterator[Problem]:
    """Check the length of every name that follows from a short name."""
    for name in environment.queues:
        yield from name_problems("queues", f"queues.{name}", environment.physical_name(name))
    for name in environment.buckets:
        yield from name_problems("buckets", f"buckets.{name}", environment.bucket_name(name))
