"""What tells of an environment's costs, and who publishes to the topic of its alarms: names and rules need it. Pure."""

from collections.abc import Iterator

from modules import arns
from modules.budgets.settings import BUDGET_NAME
from modules.iam.services import BUDGETS, CLOUDWATCH, COST_ALERTS
from modules.names import NameKind, PhysicalName
from stacks.alarms import environment_alarms
from stacks.environment_settings import EnvironmentSettings
from stacks.watched import alarm_arns, operations_name

BUDGET, ANOMALIES = "operations.budget", "operations.cost_anomalies"
# The length of GenericString, and CreateGroupName, in the APIs of Cost Explorer and Resource Groups.
MONITOR_NAME, GROUP_NAME = NameKind(1_000, "account"), NameKind(300, "region", "-_.", ("aws",))


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
