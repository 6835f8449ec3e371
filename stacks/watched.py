"""What is watched of an environment, what that is called, and what tells of its costs: for rules and stacks. Pure."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from modules import arns
from modules.budgets.settings import BUDGET_NAME
from modules.cloudwatch.composite_alarm_names import composite_names
from modules.cloudwatch.event_metrics import metric_namespace
from modules.cloudwatch.watched_events import Matches, log_group_name, watched_events
from modules.iam.services import BUDGETS, CLOUDWATCH, COST_ALERTS
from modules.names import NameKind, PhysicalName
from stacks.alarms import alarm_name, environment_alarms, possible_alarms
from stacks.audited import audit_names
from stacks.environment_settings import EnvironmentSettings

EVENTS, ALARMS = "operations.events", "operations.alarms"
BUDGET, ANOMALIES = "operations.budget", "operations.cost_anomalies"
# The length of GenericString, and CreateGroupName, in the APIs of Cost Explorer and Resource Groups.
MONITOR_NAME, GROUP_NAME = NameKind(1_000, "account"), NameKind(300, "region", "-_.", ("aws",))
# PutDashboard in the CloudWatch API reference.
DASHBOARD_NAME = NameKind(255, "region")


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


def cost_tag(environment: EnvironmentSettings) -> tuple[str, str]:
    """Return the tag by which the costs of the environment are told from others."""
    given = environment.operations.cost_tag_key if environment.operations else None
    key = given or environment.environment_tag_key
    return key, environment.all_tags[key]


def topic_sources(environment: EnvironmentSettings) -> dict[str, list[str]]:
    """Return on whose behalf services publish to the topic of alarms; there is none where nothing does."""
    operations, sources = environment.operations, dict[str, list[str]]()
    if operations is None or operations.alarms is None:
        return sources
    if environment_alarms(environment):
        sources[CLOUDWATCH] = [alarm_arns(environment)]
    if operations.budget:
        sources[BUDGETS] = [arns.budget(environment.location, operations_name(environment))]
    if operations.cost_anomalies:
        sources[COST_ALERTS] = []
    return sources


def cost_names(environment: EnvironmentSettings) -> Iterator[PhysicalName]:
    """Yield the names of what tells of costs, and of the group of all resources."""
    operations, name = environment.operations, operations_name(environment)
    if operations is None:
        return
    if operations.budget:
        yield PhysicalName("budget", name, path=BUDGET, own_facts=BUDGET_NAME)
    if operations.cost_anomalies:
        yield PhysicalName("cost anomaly monitor", name, path=ANOMALIES, own_facts=MONITOR_NAME)
    if operations.resource_group:
        yield PhysicalName("resource group", name, path="operations.resource_group", own_facts=GROUP_NAME)


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
