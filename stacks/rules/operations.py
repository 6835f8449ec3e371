"""Operations: what is asked for can be said to AWS."""

from collections.abc import Iterator

from modules.events.patterns import match_problems
from modules.problems import Problem
from stacks.environment_settings import EnvironmentSettings
from stacks.watched import logged_events


def check_logged_events(environment: EnvironmentSettings) -> Iterator[Problem]:
    """Check that the events of all queues and clusters can be told from others in one pattern each."""
    for matches in logged_events(environment).values():
        yield from match_problems("operations.events", matches)
