"""What is added of Budgets is what AWS's API says."""

from typing import Any

from tests.rehearsal.local_aws.asking import ACCOUNT, client


def test_a_budget_shows_whom_it_tells_its_tags_and_what_it_is_changed_to() -> None:
    budgets = client("budgets")
    budget = {"BudgetName": "a", "BudgetType": "COST", "TimeUnit": "MONTHLY"}
    limit = {"BudgetLimit": {"Amount": "1", "Unit": "USD"}}
    tags = [{"Key": "team", "Value": "nlp"}]
    budgets.create_budget(AccountId=ACCOUNT, Budget=budget | limit, ResourceTags=tags)
    told = {"NotificationType": "ACTUAL", "ComparisonOperator": "GREATER_THAN", "Threshold": 80.0}
    named: dict[str, Any] = {"AccountId": ACCOUNT, "BudgetName": "a", "Notification": told}
    subscribers = [{"SubscriptionType": "EMAIL", "Address": "a@example.com"}]
    budgets.create_notification(**named, Subscribers=subscribers)
    assert budgets.describe_subscribers_for_notification(**named)["Subscribers"] == subscribers
    arn = f"arn:aws:budgets::{ACCOUNT}:budget/a"
    assert budgets.list_tags_for_resource(ResourceARN=arn)["ResourceTags"] == tags
    budgets.update_budget(AccountId=ACCOUNT, NewBudget=budget | {"BudgetLimit": {"Amount": "2", "Unit": "USD"}})
    assert budgets.describe_budget(AccountId=ACCOUNT, BudgetName="a")["Budget"]["BudgetLimit"]["Amount"] == "2"
