"""What is watched of an environment, and what that is called: for its rules, its names and its stack. Pure."""

from collections.abc import Mapping, Sequence

from modules import arns
from modules.cloudwatch.event_metrics import metric_namespace
from modules.cloudwatch.watched_events import Matches, watched_events
from stacks.environment_settings import EnvironmentSettings


def operations_name(environment: EnvironmentSettings) -> str:
    """Return what leads the names of all that watches an environment."""
    return environment.physical_name("operations")


def topic_name(environment: EnvironmentSettings) -> str:
    """Return what the topic of alarms is called, and leads the name of its key."""
    return environment.physical_name("alarms")


def alarm_arns(environment: EnvironmentSettings) -> str:
    """Return the pattern of the ARNs of all alarms of the environment."""
    return arns.alarms(environment.location, environment.physical_name(""))


def logged_events(environment: EnvironmentSettings) -> Mapping[str, Matches]:
    """Return the events that are logged, by rule; none where nothing is asked for."""
    return watched_events(environment.event_context) if environment.operations else {}


def environment_namespace(environment: EnvironmentSettings) -> str:
    """Return the namespace of the environment's metrics."""
    return metric_namespace(environment.project, environment.name)


def team_tag_keys(environment: EnvironmentSettings) -> Sequence[str]:
    """Return the keys of the tags that say whose job it is."""
    return environment.team_tag_keys or ["team"]
