"""What moto forgets of Budgets, added as AWS's own API describes it: who is told, and tags."""

from typing import Any

from moto.budgets.responses import BudgetsResponse
from moto.core.responses import ActionResult
from moto.utilities.tagging_service import TaggingService

from rehearsal.local_aws import adds


@adds(BudgetsResponse, "describe_subscribers_for_notification")
def describe_subscribers(original: Any) -> Any:
    """Show whom a notification tells."""
    del original

    def describe(response: Any) -> ActionResult:
        budget = response.backend.budgets[response._get_param("AccountId")][response._get_param("BudgetName")]
        wanted = response._get_param("Notification")
        told = [kept.subscribers for kept in budget.notifications if kept.details.items() >= wanted.items()]
        return ActionResult({"Subscribers": told[0] if told else []})

    return describe


@adds(BudgetsResponse, "update_budget")
def update_budget(original: Any) -> Any:
    """Change what a budget says."""
    del original

    def update(response: Any) -> ActionResult:
        given = response._get_param("NewBudget")
        response.backend.budgets[response._get_param("AccountId")][given["BudgetName"]].budget.update(given)
        return ActionResult({})

    return update


@adds(BudgetsResponse, "create_budget")
def keep_budget_tags(original: Any) -> Any:
    """Keep the tags of a budget, too."""

    def create(response: Any) -> Any:
        result = original(response)
        account, name = response._get_param("AccountId"), response._get_param("Budget")["BudgetName"]
        arn = f"arn:{response.partition}:budgets::{account}:budget/{name}"
        tags_of_budgets(response).tag_resource(arn, response._get_param("ResourceTags") or [])
        return result

    return create


@adds(BudgetsResponse, "list_tags_for_resource")
def list_budget_tags(original: Any) -> Any:
    """Show the tags of a budget."""
    del original

    def show(response: Any) -> ActionResult:
        arn = response._get_param("ResourceARN")
        return ActionResult({"ResourceTags": tags_of_budgets(response).list_tags_for_resource(arn)["Tags"]})

    return show


def tags_of_budgets(response: Any) -> TaggingService:
    """Return the tags of the account's budgets."""
    tags: TaggingService = response.backend.__dict__.setdefault("tags_of_budgets", TaggingService())
    return tags
