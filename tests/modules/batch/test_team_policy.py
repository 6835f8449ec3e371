import json
from typing import Any

import pytest
from cdktf import TerraformStack

from modules import arns
from modules.batch.permissions import (
    describe_statement,
    end_statement,
    submit_statement,
    submit_tagged_statement,
    tag_jobs_statements,
    tag_submissions_statement,
    team_statements,
    with_tags,
    with_these_tags_only,
)
from modules.batch.settings.teams import TeamAccess
from modules.batch.team_policy import TeamPolicy
from modules.iam.policy import Statement, policy_document
from tests.conftest import Synthesized
from tests.modules.batch.samples import LOCATION
from tests.policies import findings
from tests.policies import statements as without_sids
from tests.problems import refused

BATCH = "arn:aws:batch:us-east-1:111122223333"
QUEUE = arns.job_queue(LOCATION, "tb-test-shared")
SCORE = [f"{BATCH}:job-definition/tb-test-score", f"{BATCH}:job-definition/tb-test-score:*"]
TAGGED = [f"{BATCH}:job-definition/*:*", f"{BATCH}:job-queue/*"]
ANY_JOB = f"{BATCH}:job/*"
IN_REQUEST = {"aws:RequestTag/team": "search"}
ON_RESOURCE = {"aws:ResourceTag/team": "search"}
PLATFORM = {"project": "tb"}
# What a request may set: its own tag, and the platform's to the platform's values.
ONLY_THESE = {
    "ForAllValues:StringEquals": {"aws:TagKeys": ["project", "team"]},
    "StringEqualsIfExists": {"aws:RequestTag/project": "tb"},
}


def team(*, shared: bool = False, **settings: Any) -> list[Statement]:
    """Return the permissions of a team, with a definition and a queue that it shares with others or none."""
    return team_statements(
        LOCATION,
        TeamAccess(tag_value="search", **settings),
        shared_definition_names=["tb-test-score"] if shared else [],
        shared_queue_arns=[QUEUE] if shared else [],
        platform_tags=PLATFORM,
    )


def policy(**settings: Any) -> dict[str, dict[str, Any]]:
    """Return the statements of a team's policy by their names."""
    return without_sids(policy_document(team(**settings)))


def test_a_team_has_a_policy_of_its_own(stack: TerraformStack) -> None:
    settings = TeamAccess(tag_value="search")
    TeamPolicy(
        stack,
        "search",
        name="tb-test-search",
        settings=settings,
        shared_definition_names=[],
        shared_queue_arns=[],
        location=LOCATION,
        platform_tags=PLATFORM,
    )
    made = Synthesized(stack).one("aws_iam_policy")

    assert (made["name"], made["description"]) == ("tb-test-search", "What tb-test-search may do in Batch")
    assert json.loads(made["policy"]) == json.loads(policy_document(team()))


def test_a_team_submits_only_to_and_only_what_carries_its_tag_and_tags_its_jobs() -> None:
    statements = policy()

    assert set(statements) == {"SubmitNamed", "SubmitTagged", "TagNewJobs", "TagOwn", "EndJobs", "DescribeBatch"}
    assert statements["SubmitTagged"] == {
        "Effect": "Allow",
        "Action": "batch:SubmitJob",
        # With a revision: Batch looks at the tags of a definition only where the request names one.
        "Resource": TAGGED,
        "Condition": {"StringEquals": {**IN_REQUEST, **ON_RESOURCE}},
    }
    assert statements["SubmitNamed"]["Resource"] == ANY_JOB
    assert statements["SubmitNamed"]["Condition"] == {"StringEquals": IN_REQUEST}


def test_what_teams_share_is_named_and_its_jobs_still_have_to_be_tagged() -> None:
    statements = policy(shared=True)

    assert statements["SubmitNamed"]["Resource"] == [*SCORE, QUEUE, ANY_JOB]
    assert statements["SubmitNamed"]["Condition"] == {"StringEquals": IN_REQUEST}
    assert statements["TagSubmissions"] == {
        "Effect": "Allow",
        "Action": "batch:TagResource",
        "Resource": [*SCORE, QUEUE],
        "Condition": {"StringEquals": IN_REQUEST, **ONLY_THESE},
    }


def test_a_team_uses_no_share_but_its_own_wherever_it_submits() -> None:
    statements = policy(shared=True, share_identifier="sea*")

    for sid in ("SubmitNamed", "SubmitTagged"):
        assert statements[sid]["Condition"]["StringLikeIfExists"] == {"batch:ShareIdentifier": "sea*"}


def test_a_team_ends_only_its_own_jobs() -> None:
    assert policy()["EndJobs"] == {
        "Effect": "Allow",
        "Action": ["batch:CancelJob", "batch:TerminateJob"],
        "Resource": ANY_JOB,
        "Condition": {"StringEquals": ON_RESOURCE},
    }


def test_a_team_takes_over_no_job_neither_of_another_team_nor_of_the_platform() -> None:
    statements = policy()

    assert statements["TagNewJobs"] == {
        "Effect": "Allow",
        "Action": "batch:TagResource",
        "Resource": ANY_JOB,
        "Condition": {
            "StringEquals": IN_REQUEST,
            **ONLY_THESE,
            "Null": {"aws:ResourceTag/project": "true", "aws:ResourceTag/team": "true"},
        },
    }
    assert statements["TagOwn"] == {
        "Effect": "Allow",
        "Action": "batch:TagResource",
        "Resource": [*TAGGED, ANY_JOB],
        "Condition": {"StringEquals": {**IN_REQUEST, **ON_RESOURCE}, **ONLY_THESE},
    }
    assert not [sid for sid, statement in statements.items() if "batch:UntagResource" in statement["Action"]]


def test_what_is_submitted_for_the_platform_takes_over_no_job_of_a_team() -> None:
    (new, _) = tag_jobs_statements(
        LOCATION, PLATFORM, with_tags(PLATFORM), tag_keys_of_others=["team", "Squad", "PROJECT"]
    )
    # Once each, in capitals or not.
    assert set(new["Condition"]["Null"]) == {f"aws:ResourceTag/{key}" for key in ("Squad", "project", "team")}


def test_only_actions_that_take_no_resource_are_allowed_on_everything() -> None:
    everything = [sid for sid, statement in policy(shared=True).items() if statement["Resource"] == "*"]

    assert everything == ["DescribeBatch"]
    assert not any("*" in action for statement in policy(shared=True).values() for action in statement["Action"])


@pytest.mark.parametrize(
    "statements",
    [
        [submit_statement(LOCATION, ["tb-test-score"], [QUEUE])],
        [tag_submissions_statement(LOCATION, ["tb-test-score"], [QUEUE], with_tags({"team": "search"}))],
        tag_jobs_statements(
            LOCATION,
            {"team": "search"},
            with_these_tags_only({"team": "search"}, PLATFORM, ["experiment"]),
            tag_keys_of_others=PLATFORM,
            also=TAGGED,
        ),
        [end_statement(LOCATION, {"team": "search"})],
        [describe_statement()],
    ],
)
def test_every_right_is_clean_for_parliament(statements: list[Statement]) -> None:
    assert findings(policy_document(statements)) == set()


def test_parliament_knows_no_revision_of_any_definition_and_no_statement_that_leaves_the_job_to_another() -> None:
    (finding,) = findings(policy_document([submit_tagged_statement(LOCATION, {"team": "search"}, condition={})]))

    assert finding.startswith("RESOURCE_MISMATCH: ")
    assert set(finding.split("'")) & {"arn:*:batch:*:*:job/*", "arn:*:batch:*:*:job-definition/*"} == {
        "arn:*:batch:*:*:job/*",
        "arn:*:batch:*:*:job-definition/*",
    }


def test_a_team_sets_no_other_tag_of_what_it_shares_and_none_of_the_platform_to_another_value() -> None:
    tags = {"cost-center": "7", "empty": "", "owner": "日本", "project": "tb", "with space": "7"}
    assert with_these_tags_only({"team": "search"}, tags, ["experiment"]) == {
        "StringEquals": IN_REQUEST,
        # Tags that no policy can hold cannot be compared, so they may not be set either.
        "ForAllValues:StringEquals": {"aws:TagKeys": ["cost-center", "experiment", "project", "team"]},
        "StringEqualsIfExists": {"aws:RequestTag/cost-center": "7", "aws:RequestTag/project": "tb"},
    }
    assert "StringEqualsIfExists" not in with_these_tags_only({"team": "search"}, {}, [])


@pytest.mark.parametrize(
    "key", ["aws:team", "AWS:team", "project", "Environment", "NAME", "AmazonECSManaged", "amazonecsmanaged"]
)
def test_tags_that_everything_has_or_only_aws_sets_tell_no_team_apart(key: str) -> None:
    assert refused(lambda: TeamAccess(tag_key=key, tag_value="search")) == [f"tag_key: got {key!r}"]
    assert refused(lambda: TeamAccess(further_tag_keys=["a", key], tag_value="search")) == [
        f"further_tag_keys[1]: got {key!r}"
    ]


def test_any_other_key_tells_a_team_apart() -> None:
    for key in ("team", "projects", "team-name", "aws-team"):
        assert TeamAccess(tag_key=key, tag_value="search", further_tag_keys=["names"])
    assert refused(lambda: TeamAccess(tag_value="search", further_tag_keys=["Team"])) == [
        "further_tag_keys[0]: got 'Team'"
    ]


def test_a_policy_alone_is_not_made_for_a_tag_of_the_platform(stack: TerraformStack) -> None:
    def policy_for(key: str) -> TeamPolicy:
        return TeamPolicy(
            stack,
            key,
            name="tb-test-search",
            settings=TeamAccess(tag_key=key, tag_value="search"),
            shared_definition_names=[],
            shared_queue_arns=[],
            location=LOCATION,
            platform_tags={"Owner": "ml"},
        )

    assert policy_for("owners")
    assert refused(lambda: policy_for("owner")) == ["tag_key: got 'owner'"]
