from cdktf import TerraformStack

from modules.budgets.budget import CostBudget
from modules.budgets.settings import Budget
from modules.sns.topic import Topic
from tests.conftest import Synthesized

TOPIC = Topic("arn:aws:sns:us-east-1:111122223333:alarms", "alarms")


def test_what_is_spent_and_what_will_be_is_told_by_topic_and_mail(stack: TerraformStack) -> None:
    settings = Budget(monthly_usd=500, actual_percent=[80], forecast_percent=[100], emails=["a@example.com"])
    CostBudget(stack, "budget", name="tb", settings=settings, tag=("environment", "prod"), topics=[TOPIC])
    budget = Synthesized(stack).one("aws_budgets_budget")
    assert (budget["limit_amount"], budget["limit_unit"], budget["time_unit"]) == ("500", "USD", "MONTHLY")
    assert budget["cost_filter"] == [{"name": "TagKeyValue", "values": ["user:environment$prod"]}]
    kinds = [(item["notification_type"], item["threshold"]) for item in budget["notification"]]
    assert kinds == [("ACTUAL", 80), ("FORECASTED", 100)]
    for item in budget["notification"]:
        assert item["subscriber_sns_topic_arns"] == [TOPIC.topic_arn]
        assert item["subscriber_email_addresses"] == ["a@example.com"]


def test_who_has_no_topic_is_told_by_mail_alone(stack: TerraformStack) -> None:
    settings = Budget(monthly_usd=500, emails=["a@example.com"])
    CostBudget(stack, "budget", name="tb", settings=settings, tag=("environment", "prod"))
    notifications = Synthesized(stack).one("aws_budgets_budget")["notification"]
    assert all("subscriber_sns_topic_arns" not in item for item in notifications)
