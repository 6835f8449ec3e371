"""What may be spent in a month: ``aws_budgets_budget``."""

from collections.abc import Sequence

from cdktf_cdktf_provider_aws.budgets_budget import (
    BudgetsBudget,
    BudgetsBudgetCostFilter,
    BudgetsBudgetNotification,
)
from constructs import Construct

from modules.budgets.documents import tag_filter
from modules.budgets.settings import BUDGET_NAME, Budget
from modules.names import require_name
from modules.sns.topic import Topic


class CostBudget(Construct):
    """Define a budget of the costs of what has a tag, which tells addresses and ``topics``."""

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        name: str,
        settings: Budget,
        tag: tuple[str, str],
        topics: Sequence[Topic] = (),
    ) -> None:
        super().__init__(scope, id_)
        require_name("budget", name, BUDGET_NAME)
        told = {"ACTUAL": settings.actual_percent, "FORECASTED": settings.forecast_percent}
        BudgetsBudget(
            self,
            "Resource",
            name=name,
            budget_type="COST",
            time_unit="MONTHLY",
            limit_amount=str(settings.monthly_usd),
            limit_unit="USD",
            cost_filter=[BudgetsBudgetCostFilter(name="TagKeyValue", values=[tag_filter(*tag)])],
            notification=[
                BudgetsBudgetNotification(
                    notification_type=kind,
                    comparison_operator="GREATER_THAN",
                    threshold=percent,
                    threshold_type="PERCENTAGE",
                    subscriber_email_addresses=list(settings.emails) or None,
                    subscriber_sns_topic_arns=[topic.topic_arn for topic in topics] or None,
                )
                for kind, percents in told.items()
                for percent in percents
            ],
            # So that there is none which it may not publish to.
            depends_on=[policy for topic in topics for policy in topic.policies] or None,
        )
