"""What watches an environment: the log of its events, alarms and whom they tell, a dashboard, a trail, its costs."""

from collections.abc import Mapping, Sequence

from cdktf_cdktf_provider_aws.cloudwatch_dashboard import CloudwatchDashboard
from cdktf_cdktf_provider_aws.cloudwatch_metric_alarm import CloudwatchMetricAlarm
from cdktf_cdktf_provider_aws.resourcegroups_group import ResourcegroupsGroup, ResourcegroupsGroupResourceQuery
from constructs import Construct

from modules.athena.trail_table import TrailTable
from modules.budgets.budget import CostBudget
from modules.budgets.cost_anomalies import AnomalyMonitor
from modules.budgets.documents import tagged_resources
from modules.canonical_json import canonical_json
from modules.cloudtrail.settings import AuditTrailSettings, NewTrail
from modules.cloudtrail.trail import Trail
from modules.cloudwatch.alarm import metric_alarm
from modules.cloudwatch.alarm_kinds import alarm_text
from modules.cloudwatch.composite_alarm import composite_alarm
from modules.cloudwatch.dashboard import dashboard_body
from modules.cloudwatch.event_log import LoggedEvents
from modules.operations.settings import Operations
from modules.sns.made_topic import MadeTopic
from modules.sns.topic import Topic
from stacks.alarms import Alarm, alarm_name, environment_alarms, possible_alarms
from stacks.audited import audit_name, database_name, log_root, logged_selectors
from stacks.base import PlatformStack
from stacks.dashboard import Shown
from stacks.network import EnvironmentNetwork
from stacks.placement import Placement
from stacks.queues import EnvironmentQueues
from stacks.storage import EnvironmentStorage
from stacks.watched import (
    cost_tag,
    environment_namespace,
    logged_events,
    operations_name,
    team_tag_keys,
    topic_name,
    topic_sources,
)


def define_operations(
    placement: Placement, network: EnvironmentNetwork, queues: EnvironmentQueues, storage: EnvironmentStorage
) -> None:
    """Define what watches the environment, after everything that there is to watch."""
    environment, others = placement.environment, placement.stacks
    if environment.operations is None:
        return
    watched, alarms = logged_events(environment), environment_alarms(environment)
    shown = possible_alarms(environment) if environment.operations.dashboard else []
    operations = environment.operations
    # A group has nothing in it where there is nothing.
    asked = operations.audit_trail, operations.budget, operations.cost_anomalies, operations.resource_group and others
    if not any((watched, alarms, shown, *asked)):
        return
    stack = placement.stack("operations")
    outputs: dict[str, str] = {}
    if watched:
        log = LoggedEvents(
            stack.map_scope("operations"),
            "events",
            name=operations_name(environment),
            settings=environment.operations.events,
            watched=watched,
            namespace=environment_namespace(environment),
            team_tag_keys=team_tag_keys(environment),
            location=environment.location,
        )
        outputs["event_log_group"] = log.log_group_name
    values = {value for alarm in (*alarms, *shown) for value in alarm.dimensions.values()}
    made = {value: _id_of(value, stack, network, storage) for value in sorted(values)}
    topic = _topic(stack, queues)
    outputs |= {"topic_arn": topic.topic_arn} if topic else {}
    if topic and alarms:
        outputs |= _define_alarms(stack, topic.topic_arn, alarms, made)
    if shown:
        name = operations_name(environment)
        body = dashboard_body(Shown(environment, made).rows(alarms), environment.region)
        CloudwatchDashboard(
            stack.map_scope("operations"), "dashboard", dashboard_name=name, dashboard_body=canonical_json(body)
        )
        outputs["dashboard"] = name
    if operations.audit_trail:
        outputs |= _define_audit_trail(stack, operations.audit_trail)
    outputs |= _define_costs(stack, operations, topic)
    stack.add_output("operations", "What watches the environment", outputs)
    for other in others:
        if other is not stack:
            stack.apply_after(other)


def _id_of(value: str, stack: PlatformStack, network: EnvironmentNetwork, storage: EnvironmentStorage) -> str:
    """Return what AWS calls a thing for which a dimension has a path; any other value stands for itself."""
    kind, _, name = value.partition(".")
    if kind == "file_systems":
        return storage.file_system_id(stack, name)
    if kind == "nat_gateways":
        return network.nat_gateway_id(stack, name)
    return value


def _define_alarms(
    stack: PlatformStack, topic_arn: str, alarms: Sequence[Alarm], made: Mapping[str, str]
) -> dict[str, str]:
    """Define the alarms and return what others may want to know of them."""
    environment, scope = stack.environment, _alarms_scope(stack)
    kinds = {kind: Construct(scope, kind) for kind in sorted({alarm.kind for alarm in alarms})}
    defined: list[CloudwatchMetricAlarm] = [
        metric_alarm(
            kinds[alarm.kind],
            alarm.thing,
            name=alarm_name(environment, alarm),
            description=alarm_text(alarm.kind, alarm.path),
            queries=alarm.queries(environment_namespace(environment), made),
            threshold=alarm.threshold,
            periods=alarm.periods,
            action_arns=[topic_arn],
            ok_action_arns=[topic_arn],
            treat_missing_data=alarm.missing,
        )
        for alarm in alarms
    ]
    composite_alarm(
        Construct(scope, "environment"),
        name=operations_name(environment),
        description=f"Something is wrong in {environment.name}: one of its other alarms says what",
        alarms=defined,
    )
    return {"alarm": operations_name(environment)}


def _define_audit_trail(stack: PlatformStack, settings: AuditTrailSettings) -> dict[str, str]:
    """Define the trail, if it is the environment's own, and what asks its log; return what others may want to know."""
    environment, name = stack.environment, audit_name(stack.environment)
    scope = Construct(stack.map_scope("operations"), "audit_trail")
    if isinstance(settings, NewTrail):
        Trail(
            scope,
            "trail",
            name=name,
            settings=settings,
            location=environment.location,
            selectors=logged_selectors(environment, settings),
            prevent_destroy=environment.production,
        )
    TrailTable(
        scope,
        "queries",
        name=name,
        database_name=database_name(environment),
        root=log_root(environment, settings),
        days=settings.retention_days,
        prefix=environment.physical_name(""),
        location=environment.location,
    )
    return {"audit_log": f"{log_root(environment, settings)}/", "audit_workgroup": name}


def _define_costs(stack: PlatformStack, operations: Operations, topic: Topic | None) -> dict[str, str]:
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


def _topic(stack: PlatformStack, queues: EnvironmentQueues) -> Topic | None:
    """Return where alarms and costs are told, which is made unless it is one of the environment's topics."""
    environment, sources = stack.environment, topic_sources(stack.environment)
    settings = environment.operations.alarms if environment.operations else None
    if settings is None or not sources:
        return None
    if settings.topic is not None:
        return queues.topics_seen_from(stack)[settings.topic]
    made = MadeTopic(
        _alarms_scope(stack),
        "topic",
        name=topic_name(environment),
        settings=settings.new_topic,
        location=environment.location,
        sources=sources,
    )
    return Topic(made.topic_arn, topic_name(environment), policies=[made.policy])


def _alarms_scope(stack: PlatformStack) -> Construct:
    scope = stack.map_scope("operations")
    made = scope.node.try_find_child("alarms")
    return made if isinstance(made, Construct) else Construct(scope, "alarms")
