from typing import Any

import pytest
from cdktf import App

from modules.batch.settings.job_queues import FairSharePolicySettings
from modules.batch.settings.teams import TeamAccess
from modules.settings import collect_problems, nested_problems
from stacks.environment import Environment
from stacks.platform import build_platform
from stacks.rules import teams
from tests.conftest import Synthesized
from tests.policies import statements
from tests.problems import in_short, refused
from tests.stacks.environments import environment, fargate_job


def team(**settings: Any) -> Environment:
    return environment(teams={"search": TeamAccess(tag_value="search", **settings)})


def emitted_policy(settings: Environment) -> str:
    """Return the policy of the only team as Terraform gets it."""
    app = App(stack_traces=False)
    build_platform(app, settings)
    stack = Synthesized(app.node.find_child("test-batch"))  # type: ignore[arg-type]
    return str(stack.one("aws_iam_policy")["policy"])


@pytest.mark.parametrize("key", ["owner", "Owner", "OWNER"])
def test_a_tag_of_the_environment_tells_no_team_apart(key: str) -> None:
    access = TeamAccess(tag_key=key, tag_value="search")
    assert refused(lambda: environment(tags={"Owner": "search"}, teams={"search": access})) == [
        f"teams.search.tag_key: got {key!r}"
    ]
    further = TeamAccess(tag_value="search", further_tag_keys=["a", key])
    assert refused(lambda: environment(tags={"Owner": "search"}, teams={"search": further})) == [
        f"teams.search.further_tag_keys[1]: got {key!r}"
    ]
    assert environment(tags={"Owners": "search"}, teams={"search": access})


def test_what_is_wrong_with_a_team_s_tag_is_told_once() -> None:
    with collect_problems():
        broken = environment(teams={"search": TeamAccess(tag_key="Project", tag_value="terrabatch")})

    assert in_short(nested_problems({"test": broken})) == ["test.teams.search.tag_key: got 'Project'"]


def test_no_two_teams_are_told_apart_by_the_same_tag() -> None:
    def two(key: str, value: str) -> Environment:
        other = TeamAccess(tag_key=key, tag_value=value)
        return environment(teams={"ads": TeamAccess(tag_key="Team", tag_value="search"), "search": other})

    assert two("Team", "Search")
    assert two("squad", "search")
    assert refused(lambda: two("Team", "search")) == ["teams.search.tag_value: got 'search'"]
    assert refused(lambda: two("team", "search")) == ["teams.search.tag_value: got 'search'"]


def test_no_team_sets_freely_what_tells_another_apart() -> None:
    def two(further: str) -> Environment:
        other = TeamAccess(tag_key="squad", tag_value="b", further_tag_keys=[further])
        return environment(teams={"ads": TeamAccess(tag_value="ads"), "search": other})

    assert two("teams")
    assert refused(lambda: two("TEAM")) == ["teams.search.further_tag_keys[0]: got 'TEAM'"]


def test_a_team_s_jobs_carry_the_tags_of_the_environment_and_no_others() -> None:
    policy = emitted_policy(environment(tags={"cost": "7"}, teams={"search": TeamAccess(tag_value="search")}))
    conditions = statements(policy)["TagNewJobs"]["Condition"]

    assert conditions["ForAllValues:StringEquals"] == {"aws:TagKeys": ["cost", "environment", "project", "team"]}
    assert conditions["StringEqualsIfExists"] == {
        "aws:RequestTag/cost": "7",
        "aws:RequestTag/environment": "test",
        "aws:RequestTag/project": "terrabatch",
    }


def test_a_team_that_shares_a_fair_share_queue_has_a_share_of_its_own() -> None:
    assert team(shared_job_queues=["light"])
    assert team(shared_job_queues=["shared"], share_identifier="search")
    assert refused(lambda: team(shared_job_queues=["light", "shared"])) == ["teams.search.share_identifier"]


def test_a_team_s_share_is_one_that_the_queue_knows_or_several_of_them() -> None:
    for share in ("tenant7", "tenant*", "tenant7*", "sea*"):
        assert team(shared_job_queues=["shared"], share_identifier=share)
    assert refused(lambda: team(shared_job_queues=["shared"], share_identifier="ads*")) == [
        "teams.search.share_identifier: got 'ads*'"
    ]


def test_where_no_shares_are_weighed_any_will_do() -> None:
    assert environment(
        scheduling_policies={"teams": FairSharePolicySettings()},
        teams={"search": TeamAccess(tag_value="search", shared_job_queues=["shared"], share_identifier="any")},
    )


def test_a_team_s_policy_has_at_most_6144_characters(monkeypatch: pytest.MonkeyPatch) -> None:
    def sharing(count: int) -> Environment:
        jobs = {f"job-{number}": fargate_job() for number in range(count)}
        access = TeamAccess(tag_value="search", shared_job_definitions=list(jobs))
        return environment(job_definitions=jobs, teams={"search": access})

    def found(size: int, limit: int) -> list[str]:
        return [f"teams.search: {limit:,}, got {size:,}"]

    (message,) = refused(lambda: sharing(40))
    size = int(message.partition(", got ")[2].partition(";")[0].replace(",", ""))
    assert [message] == found(size, 6_144)
    monkeypatch.setattr(teams, "MOST_POLICY_CHARACTERS", size)
    assert len(emitted_policy(sharing(40))) == size
    monkeypatch.setattr(teams, "MOST_POLICY_CHARACTERS", size - 1)
    assert refused(lambda: sharing(40)) == found(size, size - 1)


def test_a_team_that_shares_what_is_not_there_is_told_so_once() -> None:
    assert refused(lambda: team(shared_job_queues=["shard"])) == ["teams.search.shared_job_queues[0]: got 'shard'"]
