"""One alarm for many: ``aws_cloudwatch_composite_alarm``, in two steps where they are too many for one.

Source: PutCompositeAlarm in the CloudWatch API reference.
"""

from collections.abc import Sequence

from cdktf_cdktf_provider_aws.cloudwatch_composite_alarm import CloudwatchCompositeAlarm
from cdktf_cdktf_provider_aws.cloudwatch_metric_alarm import CloudwatchMetricAlarm
from constructs import Construct

from modules.cloudwatch.composite_alarm_names import MOST_IN_RULE, composite_names


def composite_alarm(
    scope: Construct, *, name: str, description: str, alarms: Sequence[CloudwatchMetricAlarm]
) -> CloudwatchCompositeAlarm:
    """Define an alarm that is on while one of ``alarms`` is. It tells nobody: each of them does."""
    *parts, _ = composite_names(name, len(alarms))
    below: Sequence[CloudwatchMetricAlarm | CloudwatchCompositeAlarm] = alarms
    if parts:
        below = [
            _composite(scope, f"part-{at + 1}", part, description, alarms[at * MOST_IN_RULE : (at + 1) * MOST_IN_RULE])
            for at, part in enumerate(parts)
        ]
    return _composite(scope, "whole", name, description, below)


def _composite(
    scope: Construct,
    id_: str,
    name: str,
    description: str,
    alarms: Sequence[CloudwatchMetricAlarm | CloudwatchCompositeAlarm],
) -> CloudwatchCompositeAlarm:
    rule = " OR ".join(f'ALARM("{alarm.alarm_name}")' for alarm in alarms)
    return CloudwatchCompositeAlarm(scope, id_, alarm_name=name, alarm_description=description, alarm_rule=rule)
