import json
from typing import Any

import parliament
import pytest
from cdktf import TerraformStack

from modules.batch.rights import describe_statement, end_statement, submit_statement, submit_tagged_statement
from modules.batch.settings.teams import TeamAccess
from modules.batch.team_policy import TeamPolicy
from modules.iam.policy import policy_document
from tests.conftest import Synthesized
from tests.modules.batch.samples import LOCATION
from tests.problems import problems

QUEUE = LOCATION.arn("batch", "job-queue/tb-test-shared")


def policy(stack: TerraformStack, **settings: Any) -> dict[str, dict[str, Any]]:
    """Return the statements of a team's policy by their names."""
    TeamPolicy(
        stack,
        "search",
        name="tb-test-search",
        settings=TeamAccess(tag_value="search", **settings),
        shared_definition_names=["tb-test-score"] if settings else [],
        shared_queue_arns=[QUEUE] if settings else [],
        location=LOCATION,
    )
    document = json.loads(Synthesized(stack).one("aws_iam_policy")["policy"])
    return {statement["Sid"]: statement for statement in document["Statement"]}


def test_a_team_submits_only_to_and_only_what_carries_its_tag_and_tags_its_jobs(stack: TerraformStack) -> None:
    statements = policy(stack)
    condition = {"StringEquals": {"aws:RequestTag/team": "search", "aws:ResourceTag/team": "search"}}

    assert set(statements) == {"SubmitTagged", "TagJobs", "EndJobs", "DescribeBatch"}
    assert statements["SubmitTagged"]["Condition"] == condition


def test_tagged_definitions_are_submitted_by_revision_since_batch_checks_no_tags_without(stack: TerraformStack) -> None:
    assert policy(stack)["SubmitTagged"]["Resource"] == [
        "arn:aws:batch:us-east-1:111122223333:job-definition/*:*",
        "arn:aws:batch:us-east-1:111122223333:job-queue/*",
    ]


def test_what_teams_share_is_named_and_still_has_to_be_tagged(stack: TerraformStack) -> None:
    statements = policy(stack, shared_job_queues=["shared"], shared_job_definitions=["score"], share_identifier="sea*")

    assert statements["SubmitNamed"]["Resource"] == [
        "arn:aws:batch:us-east-1:111122223333:job-definition/tb-test-score",
        "arn:aws:batch:us-east-1:111122223333:job-definition/tb-test-score:*",
        QUEUE,
    ]
    assert statements["SubmitNamed"]["Condition"] == {
        "StringEquals": {"aws:RequestTag/team": "search"},
        "StringLikeIfExists": {"batch:ShareIdentifier": "sea*"},
    }


def test_a_team_ends_only_its_own_jobs_and_cannot_take_over_those_of_others(stack: TerraformStack) -> None:
    statements = policy(stack)

    assert statements["EndJobs"]["Action"] == ["batch:CancelJob", "batch:TerminateJob"]
    assert statements["EndJobs"]["Condition"] == {"StringEquals": {"aws:ResourceTag/team": "search"}}
    assert statements["TagJobs"]["Condition"] == {
        "StringEquals": {"aws:RequestTag/team": "search"},
        "StringEqualsIfExists": {"aws:ResourceTag/team": "search"},
    }


def test_only_actions_that_take_no_resource_are_allowed_on_everything(stack: TerraformStack) -> None:
    everything = [statement for statement in policy(stack).values() if statement["Resource"] == "*"]

    assert [statement["Sid"] for statement in everything] == ["DescribeBatch"]
    assert not any("*" in action for statement in everything for action in statement["Action"])


@pytest.mark.parametrize(
    "statements",
    [
        [submit_statement(LOCATION, ["tb-test-score"], [QUEUE])],
        [submit_tagged_statement(LOCATION, {"team": "search"}, condition={})],
        [end_statement(LOCATION, {"team": "search"})],
        [describe_statement()],
    ],
)
def test_every_right_is_clean_for_parliament(statements: list[dict[str, Any]]) -> None:
    findings = parliament.analyze_policy_string(policy_document(statements)).findings

    # Its table wants a job's ARN for SubmitJob too, where there is no job yet, and knows no wildcard in a definition's
    # name. Batch checks definition and queue, by policies like these two in its user guide.
    known = ("arn:*:batch:*:*:job/*", "arn:*:batch:*:*:job-definition/*")
    unknown = [
        finding
        for finding in findings
        if finding.issue != "RESOURCE_MISMATCH" or any(item["required_format"] not in known for item in finding.detail)
    ]
    assert [str(finding) for finding in unknown] == []


@pytest.mark.parametrize("key", ["aws:team", "AWS:team"])
def test_tags_of_aws_itself_are_refused(key: str) -> None:
    assert problems(lambda: TeamAccess(tag_key=key, tag_value="search")) == [
        f"tag_key must not start with aws:, got {key!r}; AWS keeps that prefix for itself"
    ]
