"""Physical names fit what AWS accepts; nothing is ever cut."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from modules.naming import name_problems
from modules.problems import Problem
from modules.s3.bucket_name import bucket_name_problems
from modules.s3.settings import BucketSettings

if TYPE_CHECKING:
    from stacks.environment import Environment


def physical_names_fit(environment: Environment) -> Iterator[Problem]:
    """Check the length of every name that follows from a short name."""
    for name in environment.queues:
        yield from name_problems("queues", f"queues.{name}", environment.physical_name(name))
    for name, bucket in environment.buckets.items():
        if isinstance(bucket, BucketSettings):
            yield from bucket_name_problems(f"buckets.{name}", environment.bucket_name(name))
    for name in environment.file_systems:
        yield from name_problems("file_systems", f"file_systems.{name}", environment.physical_name(name))
    for name in environment.repositories:
        yield from name_problems("repositories", f"repositories.{name}", environment.physical_name(name))
