"""Tasks fit the capacity that they are to run on. What never fits waits indefinitely, and instances start in vain."""

from collections.abc import Iterator

from modules.ecs.capacity_fit import capacity_problems
from modules.problems import Problem
from modules.settings import skip_if_invalid
from stacks.environment_settings import EnvironmentSettings
from stacks.rules.services import in_clusters


def check_task_capacity(environment: EnvironmentSettings) -> Iterator[Problem]:
    """Check every service and task definition against the capacity providers it names, or its cluster's default."""
    for path, settings in in_clusters(environment).items():
        cluster = environment.clusters.get(settings.cluster)
        if cluster is not None:
            yield from skip_if_invalid(capacity_problems(path, settings, cluster))
