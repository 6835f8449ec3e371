"""What tells of an environment's costs, and the group of all that causes them."""

from cdktf_cdktf_provider_aws.resourcegroups_group import ResourcegroupsGroup, ResourcegroupsGroupResourceQuery

from modules.budgets.budget import CostBudget
from modules.budgets.cost_anomalies import AnomalyMonitor
from modules.budgets.documents import tagged_resources
from modules.canonical_json import canonical_json
from modules.operations.settings import Operations
from modules.sns.topic import Topic
from stacks.base import PlatformStack
from stacks.costs import cost_tag
from stacks.watched import operations_name


def define_costs(stack: PlatformStack, operations: Operations, topic: Topic | None) -> dict[str, str]:
    """Define what is asked for; return what others may want to know of it."""
    scope, name, tag = stack.map_scope("operations"), operations_name(stack.environment), cost_tag(stack.environment)
    outputs: dict[str, str] = {}
    told = [topic] if topic else []
    if operations.budget:
        CostBudget(scope, "budget", name=name, settings=operations.budget, tag=tag, topics=told)
        outputs["budget"] = name
    if operations.cost_anomalies:
        settings = operations.cost_anomalies
        made = AnomalyMonitor(scope, "cost_anomalies", name=name, settings=settings, tag=tag, topics=told)
        outputs["cost_anomaly_monitor_arn"] = made.monitor.arn
    if outputs:
        outputs["cost_tag_key"], outputs["cost_tag_value"] = tag
    if operations.resource_group:
        query = tagged_resources(stack.environment.job_tags)
        ResourcegroupsGroup(
            scope,
            "resource_group",
            name=name,
            resource_query=ResourcegroupsGroupResourceQuery(query=canonical_json(query)),
        )
        outputs["resource_group"] = name
    return outputs
