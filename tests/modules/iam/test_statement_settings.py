import json
from typing import Any

import pytest

from modules.iam.policy import policy_document
from modules.iam.statement_settings import PolicyCondition, PolicyStatement
from tests.policies import findings
from tests.problems import in_short, problems_of, refused

TABLE = "arn:aws:dynamodb:us-east-1:111122223333:table/counts"
READ: dict[str, Any] = {"actions": ["dynamodb:GetItem"], "resources": [TABLE]}


def in_production(**changes: Any) -> list[str]:
    return in_short(PolicyStatement(**READ | changes).production_problems())


def test_a_statement_is_what_policies_are_made_of() -> None:
    conditions = [
        PolicyCondition(operator="StringEquals", key="aws:RequestedRegion", values=["us-east-1"]),
        PolicyCondition(
            operator="StringLike",
            key="dynamodb:LeadingKeys",
            values=["${aws:PrincipalTag/team}-*"],
            of_many="ForAllValues",
            if_exists=True,
        ),
    ]
    statement = PolicyStatement(**READ, conditions=conditions).statement("keep-count")

    assert statement["Sid"] == "KeepCount"
    assert (statement["Action"], statement["Resource"]) == ("dynamodb:GetItem", TABLE)
    assert statement["Condition"] == {
        "StringEquals": {"aws:RequestedRegion": ["us-east-1"]},
        # As Terraform has to read it, to leave the variable to IAM.
        "ForAllValues:StringLikeIfExists": {"dynamodb:LeadingKeys": ["$${aws:PrincipalTag/team}-*"]},
    }
    assert findings(policy_document([statement])) == set()


def test_without_conditions_there_are_none() -> None:
    assert "Condition" not in json.loads(policy_document([PolicyStatement(**READ).statement("a")]))["Statement"][0]


def test_a_misspelt_action_is_refused_with_the_nearest() -> None:
    (problem,) = problems_of(PolicyStatement, **READ | {"actions": ["dynamodb:GetItem", "dynamodb:PutItm"]})
    assert in_short([problem]) == ["actions[1]: got 'dynamodb:PutItm'"]
    assert problem.fix == "did you mean dynamodb:PutItem?"


@pytest.mark.parametrize("action", ["*", "GetItem", "s3:Get Object", ""])
def test_an_action_is_of_a_service(action: str) -> None:
    assert refused(PolicyStatement, **READ | {"actions": [action]}) == [f"actions[0]: got {action!r}"]


@pytest.mark.parametrize("name", ["actions", "resources"])
def test_a_statement_is_about_something(name: str) -> None:
    assert refused(PolicyStatement, **READ | {name: []}) == [f"{name}: 1, got 0"]


@pytest.mark.parametrize("resource", ["counts", "arn:aws:dynamodb", "arn:*:s3:::data", "arn:aws:s3::: data"])
def test_a_resource_is_an_arn(resource: str) -> None:
    assert refused(PolicyStatement, **READ | {"resources": [resource]}) == [f"resources[0]: got {resource!r}"]


@pytest.mark.parametrize("resource", ["*", "arn:aws:s3:::data/*", "arn:aws:bedrock:us-east-1::foundation-model/a.*"])
def test_a_resource_may_have_wildcards(resource: str) -> None:
    assert PolicyStatement(**READ | {"resources": [resource]})


def test_what_takes_no_resource_is_allowed_on_everything_or_not_at_all() -> None:
    both: dict[str, Any] = {"actions": ["dynamodb:GetItem", "dynamodb:ListTables"]}
    assert refused(PolicyStatement, **READ | both) == [f"resources: got '{TABLE}'"]
    assert PolicyStatement(**READ | both | {"resources": ["*"]})
    assert PolicyStatement(**READ | {"actions": ["dynamodb:Get*", "dynamodb:List*"]})  # some of these take one


def test_one_key_is_compared_one_way_once() -> None:
    one = PolicyCondition(operator="StringEquals", key="aws:SourceVpc", values=["vpc-1"])
    same = PolicyCondition(operator="StringEquals", key="aws:sourcevpc", values=["vpc-2"])
    other = same.model_copy(update={"operator": "StringLike"})
    assert PolicyStatement(**READ, conditions=[one, other])
    assert refused(PolicyStatement, **READ, conditions=[one, same]) == ["conditions[1]: got 'aws:sourcevpc'"]


def test_whether_there_is_a_value_is_asked_once() -> None:
    condition: dict[str, Any] = {"operator": "Null", "key": "aws:TokenIssueTime", "values": ["true"]}
    assert PolicyCondition(**condition)
    assert refused(PolicyCondition, **condition, if_exists=True) == ["if_exists: got True"]


def test_production_takes_what_names_actions_and_resources() -> None:
    assert in_production(actions=["dynamodb:Get*"], resources=[f"{TABLE}*"]) == []


def test_production_takes_everything_for_actions_that_take_no_resource_only() -> None:
    assert in_production(actions=["dynamodb:ListTables"], resources=["*"]) == []
    assert in_production(actions=["dynamodb:ListTables", "dynamodb:GetItem"], resources=["*"]) == [
        "resources[0]: got '*'"
    ]


@pytest.mark.parametrize("resource", ["*", "arn:aws:s3:::*", "arn:aws:dynamodb:us-east-1:111122223333:*"])
def test_production_names_resources(resource: str) -> None:
    assert in_production(resources=[TABLE, resource]) == [f"resources[1]: got {resource!r}"]


def test_production_names_actions() -> None:
    assert in_production(actions=["dynamodb:GetItem", "dynamodb:*"]) == ["actions[1]: got 'dynamodb:*'"]
