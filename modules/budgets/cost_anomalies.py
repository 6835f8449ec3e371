"""What tells of costs that are not as they use to be: ``aws_ce_anomaly_monitor``, ``aws_ce_anomaly_subscription``."""

from collections.abc import Sequence

from cdktf_cdktf_provider_aws.ce_anomaly_monitor import CeAnomalyMonitor
from cdktf_cdktf_provider_aws.ce_anomaly_subscription import (
    CeAnomalySubscription,
    CeAnomalySubscriptionSubscriber,
    CeAnomalySubscriptionThresholdExpression,
)
from constructs import Construct

from modules.blocks import typed_block
from modules.budgets.documents import monitored_costs
from modules.budgets.settings import CostAnomalies
from modules.canonical_json import exact_json
from modules.sns.topic import Topic


class AnomalyMonitor(Construct):
    """Define a monitor of the costs of what has a tag, which tells ``topics`` at once and addresses once a day."""

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        name: str,
        settings: CostAnomalies,
        tag: tuple[str, str],
        topics: Sequence[Topic] = (),
    ) -> None:
        super().__init__(scope, id_)
        self.monitor = CeAnomalyMonitor(
            self,
            "Resource",
            name=name,
            monitor_type="CUSTOM",
            # Whole: a shorter one would be replaced in every plan.
            monitor_specification=exact_json(monitored_costs(*tag)),
        )
        impact = {"key": "ANOMALY_TOTAL_IMPACT_ABSOLUTE", "matchOptions": ["GREATER_THAN_OR_EQUAL"]}
        at_least = {"dimension": {**impact, "values": [str(settings.least_usd)]}}
        told = {"IMMEDIATE": ("SNS", [topic.topic_arn for topic in topics]), "DAILY": ("EMAIL", settings.emails)}
        for frequency, (kind, addresses) in told.items():
            if addresses:
                CeAnomalySubscription(
                    self,
                    kind.lower(),
                    name=f"{name}-{kind.lower()}",
                    frequency=frequency,
                    monitor_arn_list=[self.monitor.arn],
                    subscriber=[CeAnomalySubscriptionSubscriber(type=kind, address=address) for address in addresses],
                    threshold_expression=typed_block(CeAnomalySubscriptionThresholdExpression, at_least),
                    depends_on=[policy for topic in topics for policy in topic.policies] or None,
                )
