"""An alarm on metrics and what is computed from them: ``aws_cloudwatch_metric_alarm``."""

from collections.abc import Sequence

from cdktf_cdktf_provider_aws.cloudwatch_metric_alarm import (
    CloudwatchMetricAlarm,
    CloudwatchMetricAlarmMetricQuery,
    CloudwatchMetricAlarmMetricQueryMetric,
)
from constructs import Construct

from modules.cloudwatch.metrics import MAX_QUERIES, Metric, Query


def metric_alarm(
    scope: Construct,
    id_: str,
    *,
    name: str,
    description: str,
    queries: Sequence[Query],
    threshold: float,
    periods: int,
    action_arns: Sequence[str],
    ok_action_arns: Sequence[str] = (),
    treat_missing_data: str = "notBreaching",
) -> CloudwatchMetricAlarm:
    """Define an alarm that goes off once the last of ``queries`` has been at ``threshold`` for ``periods`` in a row.

    Raises ValueError for more queries than CloudWatch takes of one alarm.
    """
    if not 0 < len(queries) <= MAX_QUERIES:
        raise ValueError(f"{name} must watch 1 to {MAX_QUERIES} metrics and expressions, got {len(queries)}")
    return CloudwatchMetricAlarm(
        scope,
        id_,
        alarm_name=name,
        alarm_description=description,
        comparison_operator="GreaterThanOrEqualToThreshold",
        threshold=threshold,
        evaluation_periods=periods,
        datapoints_to_alarm=periods,
        treat_missing_data=treat_missing_data,
        alarm_actions=list(action_arns) or None,
        ok_actions=list(ok_action_arns) or None,
        metric_query=[_watched(query, last=query is queries[-1]) for query in queries],
    )


def _watched(query: Query, *, last: bool) -> CloudwatchMetricAlarmMetricQuery:
    if not isinstance(query, Metric):
        return CloudwatchMetricAlarmMetricQuery(id=query.id, expression=query.expression, return_data=last)
    return CloudwatchMetricAlarmMetricQuery(
        id=query.id,
        return_data=last,
        metric=CloudwatchMetricAlarmMetricQueryMetric(
            namespace=query.namespace,
            metric_name=query.name,
            period=query.period_seconds,
            stat=query.stat,
            dimensions=dict(sorted(query.dimensions.items())),
        ),
    )
