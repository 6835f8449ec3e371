"""The names that all that watches an environment has."""

from collections.abc import Iterator
from dataclasses import replace

from modules.cloudwatch.composite_alarm_names import composite_names
from modules.cloudwatch.watched_events import log_group_name
from modules.names import NameKind, PhysicalName
from stacks.alarms import alarm_name, environment_alarms, possible_alarms
from stacks.audited import audit_names
from stacks.costs import cost_names, topic_sources
from stacks.environment_settings import EnvironmentSettings
from stacks.watched import logged_events, operations_name, topic_name

# PutDashboard in the CloudWatch API reference.
DASHBOARD_NAME = NameKind(255, "region")
EVENTS, ALARMS = "operations.events", "operations.alarms"


def operations_names(environment: EnvironmentSettings) -> Iterator[PhysicalName]:
    """Yield them; ``path`` leads from the environment to what gives it."""
    name, rules = operations_name(environment), logged_events(environment)
    if rules:
        yield PhysicalName("log group", log_group_name(name), path=EVENTS)
    for rule in rules:
        yield PhysicalName("rule", f"{name}-{rule}", path=EVENTS)
    if environment.operations and environment.operations.dashboard and possible_alarms(environment):
        yield PhysicalName("dashboard", name, path="operations.dashboard", own_facts=DASHBOARD_NAME)
    yield from audit_names(environment)
    yield from cost_names(environment)
    alarms = environment_alarms(environment)
    for alarm in alarms:
        yield PhysicalName("alarm", alarm_name(environment, alarm), path=alarm.path)
    if alarms:
        yield from (PhysicalName("alarm", composite, path=ALARMS) for composite in composite_names(name, len(alarms)))
    settings = environment.operations.alarms if environment.operations else None
    if settings and settings.topic is None and topic_sources(environment):
        for given in settings.new_topic.names(topic_name(environment), environment.location):
            yield replace(given, path=f"{ALARMS}.new_topic")
