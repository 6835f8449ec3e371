"""Metrics and expressions as target tracking takes them: the blocks of ``aws_appautoscaling_policy``."""

from collections.abc import Sequence

from cdktf_cdktf_provider_aws.appautoscaling_policy import (
    AppautoscalingPolicyTargetTrackingScalingPolicyConfigurationCustomizedMetricSpecificationMetrics as TrackedQuery,
)
from cdktf_cdktf_provider_aws.appautoscaling_policy import (
    AppautoscalingPolicyTargetTrackingScalingPolicyConfigurationCustomizedMetricSpecificationMetricsMetricStat as TrackedStat,  # noqa: E501
)
from cdktf_cdktf_provider_aws.appautoscaling_policy import (
    AppautoscalingPolicyTargetTrackingScalingPolicyConfigurationCustomizedMetricSpecificationMetricsMetricStatMetric as TrackedMetric,  # noqa: E501
)
from cdktf_cdktf_provider_aws.appautoscaling_policy import (
    AppautoscalingPolicyTargetTrackingScalingPolicyConfigurationCustomizedMetricSpecificationMetricsMetricStatMetricDimensions as TrackedDimension,  # noqa: E501
)

from modules.cloudwatch.metrics import Metric, Query


def tracked_queries(queries: Sequence[Query]) -> list[TrackedQuery]:
    """Return ``queries`` as blocks; the last is what is tracked, in periods of a minute whatever they say."""
    return [_tracked(query, last=query is queries[-1]) for query in queries]


def _tracked(query: Query, *, last: bool) -> TrackedQuery:
    if not isinstance(query, Metric):
        return TrackedQuery(id=query.id, expression=query.expression, return_data=last)
    return TrackedQuery(
        id=query.id,
        return_data=last,
        metric_stat=TrackedStat(
            stat=query.stat,
            metric=TrackedMetric(
                namespace=query.namespace,
                metric_name=query.name,
                dimensions=[
                    TrackedDimension(name=name, value=value) for name, value in sorted(query.dimensions.items())
                ],
            ),
        ),
    )
