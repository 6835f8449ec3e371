"""What costs are told by and to whom, and the group of all resources."""

import json
from typing import Any

import pytest

from modules.budgets.settings import Budget, CostAnomalies
from modules.cloudwatch.alarm_settings import Alarms
from modules.operations.settings import Operations
from modules.sns.settings import ExistingTopic
from stacks.watched import cost_tag
from tests.policies import statements
from tests.problems import refused
from tests.stacks.environments import empty_environment
from tests.synthesized import synthesized

TOLD: dict[str, Any] = {"budget": Budget(monthly_usd=10), "cost_anomalies": CostAnomalies()}
MAILED: dict[str, Any] = {
    "budget": Budget(monthly_usd=10, emails=["a@example.com"]),
    "cost_anomalies": CostAnomalies(emails=["a@example.com"]),
}


def made(**changes: Any) -> dict[str, Any]:
    stacks = synthesized(empty_environment(**changes))
    return dict(stacks["test-operations"])


def test_budgets_and_anomalies_publish_to_the_topic_of_alarms_though_there_is_nothing_else_to_tell_of() -> None:
    resources = made(operations=Operations(alarms=Alarms(), **TOLD))["resource"]
    (topic,), (policy,) = resources["aws_sns_topic"], resources["aws_sns_topic_policy"].values()
    told = statements(policy["policy"])
    arn = "arn:aws:budgets::111122223333:budget/terrabatch-test-operations"
    assert told["PublishFromBudgets"]["Condition"] == {"ArnEquals": {"aws:SourceArn": [arn]}}
    own = {"StringEquals": {"aws:SourceAccount": "111122223333"}}
    assert told["PublishFromCostalerts"]["Condition"] == own
    assert "PublishFromCloudwatch" not in told
    (key,) = resources["aws_kms_key"].values()
    users = {item["Principal"].get("Service") for item in statements(key["policy"]).values()}
    assert users == {None, "budgets.amazonaws.com", "costalerts.amazonaws.com"}
    (budget,) = resources["aws_budgets_budget"].values()
    assert budget["notification"][0]["subscriber_sns_topic_arns"] == [f"${{aws_sns_topic.{topic}.arn}}"]
    assert budget["depends_on"][0].startswith("aws_sns_topic_policy.")


def test_the_owner_of_a_topic_is_told_what_its_policy_must_say_of_costs() -> None:
    arn = "arn:aws:sns:us-east-1:111122223333:on-call"
    topics = {"on-call": ExistingTopic(topic_arn=arn)}
    stack = made(topics=topics, operations=Operations(alarms=Alarms(topic="on-call"), **TOLD))
    policies = stack["output"]["topic_policies"]["value"]
    assert statements(policies["on-call"]).keys() == {"PublishFromBudgets", "PublishFromCostalerts"}
    assert "aws_sns_topic" not in stack["resource"]


@pytest.mark.parametrize(
    ("changes", "tag"),
    [({}, ("environment", "test")), ({"environment_tag_key": "stage"}, ("stage", "test"))],
)
def test_costs_are_told_by_the_tag_of_the_environment(changes: dict[str, Any], tag: tuple[str, str]) -> None:
    assert cost_tag(empty_environment(operations=Operations(**MAILED), **changes)) == tag


def test_costs_are_told_by_another_tag_that_everything_has() -> None:
    changes: dict[str, Any] = {"tags": {"team": "nlp"}, "operations": Operations(cost_tag_key="team", **MAILED)}
    assert cost_tag(empty_environment(**changes)) == ("team", "nlp")
    assert made(**changes)["output"]["operations"]["value"]["cost_tag_value"] == "nlp"
    (problem,) = refused(lambda: empty_environment(operations=Operations(cost_tag_key="tean", **MAILED)))
    assert problem == "operations.cost_tag_key: got 'tean'"


def test_somebody_is_told() -> None:
    assert refused(Operations, **TOLD) == ["budget.emails: got none", "cost_anomalies.emails: got none"]
    assert Operations(**MAILED).budget


def test_costs_are_told_where_aws_bills_them_itself_and_in_usd() -> None:
    changes: dict[str, Any] = {"region": "us-gov-west-1", "operations": Operations(**MAILED)}
    assert refused(lambda: empty_environment(**changes)) == [
        "operations.budget: got region 'us-gov-west-1'",
        "operations.cost_anomalies: got region 'us-gov-west-1'",
    ]


def test_a_group_has_what_has_the_tags_of_the_environment() -> None:
    (group,) = made(operations=Operations(**MAILED))["resource"]["aws_resourcegroups_group"].values()
    assert json.loads(group["resource_query"]["query"]) == {
        "ResourceTypeFilters": ["AWS::AllSupported"],
        "TagFilters": [{"Key": "environment", "Values": ["test"]}, {"Key": "project", "Values": ["terrabatch"]}],
    }
