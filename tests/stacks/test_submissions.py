"""What is put out of submissions, without any stack. Commands are run in tests/test_printed_commands.py."""

import json
import re
import shlex
from typing import Any

import pytest

from modules.batch.permissions import with_these_tags_only
from modules.batch.settings.job_queues import FairSharePolicySettings, JobQueueSettings
from modules.batch.settings.submissions import JobDependency, JobSubmission
from modules.batch.settings.teams import TeamAccess
from stacks.environment import Environment
from stacks.submissions import ReadySubmissions
from tests.stacks.environments import environment, fargate_job

ARNS = {"score": "arn:score:7", "own": "arn:own:7"}
OWN = {"team": "search"}


def platform(*shares: str, **changes: Any) -> Environment:
    """Return an environment with a definition on a queue that all share, and one on a team's own."""
    values: dict[str, Any] = {
        "scheduling_policies": {"teams": FairSharePolicySettings(shares=dict.fromkeys(shares, 1.0))},
        "job_queues": {"own": JobQueueSettings(compute_environments=["light"], scheduling_policy="teams", tags=OWN)},
        "job_definitions": {
            "score": fargate_job(job_queues=["shared", "light"], scheduling_priority=1),
            "own": fargate_job(job_queues=["own"], scheduling_priority=1, tags=OWN),
        },
    }
    return environment(**values | changes)


def requests(settings: Environment) -> dict[str, dict[str, Any]]:
    """Return what each choice of the script submits, by what it is asked for with."""
    script = ReadySubmissions(settings, ARNS).script()
    found = re.findall(r"^(\S.*)\)\n  aws .* --cli-input-json ('.*') --(?:share|query)", script, re.MULTILINE)
    return {pattern.replace("'", ""): json.loads(shlex.split(text)[0]) for pattern, text in found}


def team(**settings: Any) -> dict[str, TeamAccess]:
    return {"search": TeamAccess(tag_value="search", **settings)}


def test_a_team_submits_what_is_shared_with_it_with_its_tag_and_its_share() -> None:
    shared = team(shared_job_definitions=["score"], shared_job_queues=["shared"], share_identifier="search")
    found = requests(platform("ads", "search", teams=shared))

    assert set(found) == {
        "job embed",
        "job index",
        "job train",
        "job score share ads|job score share search",
        "job own share ads|job own share search",
        "job score team search",
        "job own team search",
    }
    request = found["job score team search"]
    assert (request["jobQueue"], request["shareIdentifier"]) == ("terrabatch-test-shared", "search")
    assert request["tags"] == {"environment": "test", "project": "terrabatch", "team": "search"}
    assert request["jobDefinition"] == "terrabatch-test-score"


def test_what_is_a_teams_own_is_submitted_with_its_revision_since_batch_looks_at_the_tags_of_no_other() -> None:
    found = requests(platform("search", teams=team(share_identifier="search")))

    assert found["job own team search"]["jobDefinition"] == "arn:own:7"
    assert "job score team search" not in found


def test_a_team_submits_to_the_first_queue_that_it_may_use_and_with_no_share_where_there_are_none() -> None:
    light = team(shared_job_definitions=["score"], shared_job_queues=["light"], share_identifier="search")
    request = requests(platform("search", teams=light))["job score team search"]

    assert (request["jobQueue"], request.get("shareIdentifier")) == ("terrabatch-test-light", None)


@pytest.mark.parametrize(
    ("known", "allowed", "choices"),
    [
        (("ads", "nlp", "nlpbig"), "nlp*", "job own team search share nlp|job own team search share nlpbig"),
        (("ads", "nlp*"), None, "job own team search share ads|job own team search share nlp*"),
        (("n*",), "nlp*", "job own team search share nlp*"),
        ((), "nlp*", "job own team search share nlp*"),
        ((), None, "job own team search share *"),
    ],
)
def test_a_team_chooses_among_the_shares_that_it_may_use(
    known: tuple[str, ...], allowed: str | None, choices: str
) -> None:
    found = requests(platform(*known, teams=team(share_identifier=allowed)))
    assert [words for words in found if words.startswith("job own team")] == [choices]


def test_a_teams_submissions_have_no_tags_but_those_that_its_policy_lets_it_set() -> None:
    tags = {"cost-center": "7", "Größe": "1"}
    settings = platform("search", tags=tags, teams=team(share_identifier="search"))
    found = requests(settings)

    sent = found["job own team search"]["tags"]
    assert sent == {"cost-center": "7", "environment": "test", "project": "terrabatch", "team": "search"}
    condition = with_these_tags_only(OWN, settings.all_tags, ())
    assert set(sent) == set(condition["ForAllValues:StringEquals"]["aws:TagKeys"])
    assert found["job own share search"]["tags"] == {"environment": "test", "project": "terrabatch", **tags}


def test_submissions_come_after_those_that_they_wait_for() -> None:
    submissions = {
        "a": JobSubmission(job_definition="embed", depends_on=[JobDependency(submission="z")]),
        "z": JobSubmission(job_definition="embed"),
    }
    script = ReadySubmissions(environment(submissions=submissions), {}).script()
    assert "all)\n  z_job_id=$(submit_z)\n" in script
