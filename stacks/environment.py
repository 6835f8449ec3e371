"""An environment, checked as a whole: each setting by its own class, and all of them by the rules between them."""

from collections.abc import Callable, Iterable, Iterator
from functools import partial

from modules.problems import Problem
from stacks.environment_settings import EnvironmentSettings
from stacks.references import check_references
from stacks.rules import RULES


class Environment(EnvironmentSettings):
    """Everything one environment consists of: maps from a short name to settings, referring to each other by name.

    Adding an entry changes no other entry's resources; renaming one replaces its resources.
    """

    def checks(self) -> Iterator[Callable[[], Iterable[Problem]]]:
        """Yield the checks of references first, then everything that is only known when two settings meet."""
        yield from super().checks()
        yield partial(check_references, self)
        for rule in RULES:
            yield partial(rule, self)
