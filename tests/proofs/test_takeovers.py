"""What carries another's tag is nobody else's, and what tags do not tell is known and told."""

import re

import pytest

from modules.batch.permissions import team_statements
from modules.batch.settings.teams import TeamAccess
from modules.iam.policy import policy_document
from proofs.takeovers import GAPS, Gap, Owner, Takeover
from proofs.world import statements_of
from tests.modules.batch.samples import LOCATION
from tests.processes import PROJECT
from tests.proofs.shipped import proofs_of


@pytest.mark.parametrize("gap", GAPS, ids=lambda gap: gap.name)
def test_users_are_told_of_each_gap(gap: Gap) -> None:
    page = re.sub(r"\s+", " ", (PROJECT / gap.page).read_text(encoding="utf-8").replace("*", ""))
    assert gap.words in page


@pytest.mark.parametrize("gap", GAPS, ids=lambda gap: gap.name)
def test_no_gap_is_named_that_is_none(gap: Gap) -> None:
    others = [other for other in GAPS if other != gap]
    takeover = Takeover(proofs_of("staging").owner("teams/ads"))
    assert not list(takeover.refutations())
    assert list(takeover.refutations(others))


def test_an_untagged_job_of_others_is_taken_over_in_two_steps() -> None:
    takeover = Takeover(proofs_of("staging").owner("teams/ads"))
    found = [item for item in takeover.refutations(gaps=()) if "two" in item.reason]
    (first, second) = found[0].steps
    assert first["resource"] == second["resource"]
    assert second["action"] != "batch:submitjob" or ":job/" not in second["resource"]


def team(key: str, *others: str) -> Owner:
    settings = TeamAccess(tag_key=key, tag_value="search")
    permissions = team_statements(
        LOCATION,
        settings,
        shared_definition_names=[],
        shared_queue_arns=[],
        platform_tags={"project": "tb"},
        team_tag_keys=[key, *others],
    )
    emitted = statements_of(policy_document(permissions))
    return Owner("teams/search", LOCATION.account_id, emitted, {key: "search"}, ["project", "squad"])


def test_teams_with_tags_of_other_keys_take_nothing_over_where_they_know_of_each_other() -> None:
    assert not list(Takeover(team("team", "squad")).refutations())
    assert not list(Takeover(team("Team", "SQUAD")).refutations())


def test_a_team_that_does_not_know_of_another_key_takes_over_what_carries_it() -> None:
    *_, found = Takeover(team("team")).refutations()
    first, second = found.steps
    assert (first["action"], first["aws:resourcetag/squad"]) == ("batch:tagresource", "any")
    assert second["aws:resourcetag/team"] == "search"
