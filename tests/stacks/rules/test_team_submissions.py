from typing import Any

import pytest

from modules.batch.settings.submissions import JobSubmission
from modules.batch.settings.teams import TeamAccess
from stacks.environment import Environment
from tests.problems import refused
from tests.stacks.environments import environment, fargate_job

SEARCH: dict[str, Any] = {
    "tag_value": "search",
    "shared_job_definitions": ["score"],
    "shared_job_queues": ["shared"],
    "share_identifier": "tenant*",
    "further_tag_keys": ["experiment"],
}


def submitting(team: dict[str, Any], **settings: Any) -> Environment:
    usual: dict[str, Any] = {"job_definition": "score", "team": "search", "share_identifier": "tenant7"}
    return environment(
        tags={"cost": "7"},
        job_definitions={"score": fargate_job(job_queues=["shared"], scheduling_priority=1)},
        teams={"search": TeamAccess(**SEARCH | team)},
        submissions={"a": JobSubmission(**usual | settings)},
    )


@pytest.mark.parametrize(
    ("team", "settings"),
    [
        ({}, {}),
        ({}, {"tags": {"experiment": "x", "cost": "7", "team": "search"}}),
        ({"share_identifier": "search"}, {"share_identifier": None}),
        ({"share_identifier": "search"}, {"share_identifier": "search"}),
        ({"shared_job_definitions": ["embed", "score"]}, {}),
    ],
)
def test_a_submission_of_a_team_is_what_its_policy_allows(team: dict[str, Any], settings: dict[str, Any]) -> None:
    assert submitting(team, **settings)


@pytest.mark.parametrize(
    ("team", "settings", "problems"),
    [
        ({"shared_job_definitions": ["embed"]}, {}, ["submissions.a.team: got 'search'"]),
        ({"shared_job_queues": ["light"]}, {}, ["submissions.a.team: got 'search'"]),
        ({}, {"share_identifier": None}, ["submissions.a.share_identifier"]),
        ({"share_identifier": "search"}, {}, ["submissions.a.share_identifier: got 'tenant7'"]),
        ({}, {"tags": {"experiments": "x"}}, ["submissions.a.tags.experiments: got 'experiments'"]),
        ({}, {"tags": {"team": "ads"}}, ["submissions.a.tags.team: got 'ads'"]),
        ({}, {"tags": {"cost": "8"}}, ["submissions.a.tags.cost: got '8'"]),
    ],
)
def test_what_the_policy_of_its_team_denies_is_refused(
    team: dict[str, Any], settings: dict[str, Any], problems: list[str]
) -> None:
    assert refused(lambda: submitting(team, **settings)) == problems


def test_what_carries_its_tag_is_the_teams_own() -> None:
    own = environment(
        job_definitions={"score": fargate_job(tags={"Team": "search"})},
        teams={"search": TeamAccess(tag_value="search", shared_job_queues=["light"])},
        submissions={"a": JobSubmission(job_definition="score", team="search")},
    )
    assert own.submissions["a"].team == "search"
