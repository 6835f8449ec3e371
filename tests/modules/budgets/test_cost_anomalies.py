import json

from cdktf import TerraformStack

from modules.budgets.cost_anomalies import AnomalyMonitor
from modules.budgets.settings import CostAnomalies
from modules.sns.topic import Topic
from tests.conftest import Synthesized

TOPIC = Topic("arn:aws:sns:us-east-1:111122223333:alarms", "alarms")


def test_a_topic_is_told_at_once_and_addresses_once_a_day(stack: TerraformStack) -> None:
    settings = CostAnomalies(least_usd=50, emails=["a@example.com"])
    AnomalyMonitor(stack, "a", name="tb", settings=settings, tag=("environment", "prod"), topics=[TOPIC])
    subscriptions = {item["name"]: item for item in Synthesized(stack).all("aws_ce_anomaly_subscription")}
    assert {name: (item["frequency"], item["subscriber"]) for name, item in subscriptions.items()} == {
        "tb-sns": ("IMMEDIATE", [{"type": "SNS", "address": TOPIC.topic_arn}]),
        "tb-email": ("DAILY", [{"type": "EMAIL", "address": "a@example.com"}]),
    }
    for item in subscriptions.values():
        dimension = item["threshold_expression"]["dimension"]
        assert (dimension["key"], dimension["values"]) == ("ANOMALY_TOTAL_IMPACT_ABSOLUTE", ["50"])


def test_what_is_monitored_says_what_it_leaves_out_as_otherwise_each_plan_would_replace_it(
    stack: TerraformStack,
) -> None:
    AnomalyMonitor(stack, "a", name="tb", settings=CostAnomalies(), tag=("environment", "prod"))
    made = Synthesized(stack)
    monitored = json.loads(made.one("aws_ce_anomaly_monitor")["monitor_specification"])
    assert monitored["Tags"] == {"Key": "environment", "MatchOptions": None, "Values": ["prod"]}
    assert monitored.keys() == {"And", "CostCategories", "Dimensions", "Not", "Or", "Tags"}
    assert made.all("aws_ce_anomaly_subscription") == []
