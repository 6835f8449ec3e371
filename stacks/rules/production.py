"""What production refuses: every setting that is weaker than its default where protection is concerned."""

from collections.abc import Iterator

from modules.problems import Problem
from stacks.environment_settings import EnvironmentSettings


def check_production(environment: EnvironmentSettings) -> Iterator[Problem]:
    """Refuse what settings themselves say that a production environment must not be weakened by."""
    if environment.production:
        yield from environment.production_problems()
