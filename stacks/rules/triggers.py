"""What starts things by itself can start what it is for."""

from collections.abc import Iterator

from modules.problems import Problem
from modules.settings import skip_if_invalid
from modules.targets.starters import SCHEDULE
from stacks.environment_settings import EnvironmentSettings
from stacks.rules.targets import target_problems


def check_schedules(environment: EnvironmentSettings) -> Iterator[Problem]:
    """Check what every schedule starts."""
    for name, schedule in environment.schedules.items():
        yield from skip_if_invalid(target_problems(environment, f"schedules.{name}.target", schedule.target, SCHEDULE))
