"""What is watched of an environment, and what that is called: for its rules, its names and its stack. Pure."""

from collections.abc import Iterator, Mapping, Sequence

from modules.cloudwatch.event_metrics import metric_namespace
from modules.cloudwatch.watched_events import Matches, log_group_name, watched_events
from modules.names import PhysicalName
from stacks.environment_settings import EnvironmentSettings


def operations_name(environment: EnvironmentSettings) -> str:
    """Return what leads the names of all that watches an environment."""
    return environment.physical_name("operations")


def logged_events(environment: EnvironmentSettings) -> Mapping[str, Matches]:
    """Return the events that are logged, by rule; none where nothing is asked for."""
    return watched_events(environment.event_context) if environment.operations else {}


def environment_namespace(environment: EnvironmentSettings) -> str:
    """Return the namespace of the environment's metrics."""
    return metric_namespace(environment.project, environment.name)


def team_tag_keys(environment: EnvironmentSettings) -> Sequence[str]:
    """Return the keys of the tags that say whose job it is."""
    return sorted({team.tag_key for team in environment.teams.values()}) or ["team"]


def operations_names(environment: EnvironmentSettings) -> Iterator[PhysicalName]:
    """Yield the names that all that watches an environment has."""
    name, rules = operations_name(environment), logged_events(environment)
    if rules:
        yield PhysicalName("log group", log_group_name(name), path="operations.events")
    for rule in rules:
        yield PhysicalName("rule", f"{name}-{rule}", path="operations.events")
