"""Teams: a tag and a share of their own, and a policy that IAM takes."""

from collections.abc import Iterator

from modules.batch.permissions import team_statements
from modules.batch.settings.teams import TeamAccess, team_tag_problems
from modules.iam.policy import policy_document
from modules.problems import Problem, format_value
from stacks.environment_settings import EnvironmentSettings
from stacks.rules.entries import each
from stacks.rules.job_requests import share_problems

# Source: "IAM and AWS STS quotas" in the IAM user guide.
MOST_POLICY_CHARACTERS = 6_144


@each("teams")
def check_team_tag(environment: EnvironmentSettings, path: str, team: TeamAccess) -> Iterator[Problem]:
    """Check that its tag is neither the environment's nor another team's, nor may another team set it freely."""
    name = path.partition(".")[2]
    known = list(team_tag_problems(team, ()))  # reported by the team itself
    yield from (problem.under(path) for problem in team_tag_problems(team, environment.tags) if problem not in known)
    for other_name, other in sorted(environment.teams.items()):
        key, value = str(other.valid_value("tag_key")).lower(), other.valid_value("tag_value")
        if other_name < name and (key, value) == (team.tag_key.lower(), team.tag_value):
            rule = f"differ from that of teams.{other_name}, whose tag_key is the same"
            yield Problem(f"{path}.tag_value", rule, format_value(team.tag_value), "both would be one team")
        for index, further in enumerate(team.further_tag_keys):
            if other_name != name and further.lower() == key:
                rule = f"be no key that tells a team apart, as teams.{other_name} is"
                reason = "its jobs, and what it shares, could be passed off as another team's"
                yield Problem(f"{path}.further_tag_keys[{index}]", rule, format_value(further), reason)


@each("teams")
def check_team_shares(environment: EnvironmentSettings, path: str, team: TeamAccess) -> Iterator[Problem]:
    """Check that no team can use the share of another: it has one where it needs one, and the queue knows it."""
    where = f"{path}.share_identifier"
    for queue_name in team.shared_job_queues:
        queue = environment.job_queues.get(queue_name)
        if queue is None or not queue.is_fair_share:
            continue
        if team.share_identifier is None:
            rule = f"be given for job_queues.{queue_name}, which has a scheduling_policy"
            yield Problem(where, rule, None, "otherwise the team can submit jobs under the share of any other")
        else:
            yield from share_problems(environment, where, team.share_identifier, queue_name)


@each("teams")
def check_team_policies(environment: EnvironmentSettings, path: str, team: TeamAccess) -> Iterator[Problem]:
    """Check that IAM takes its policy."""
    statements = team_statements(
        environment.location,
        team,
        shared_definition_names=[environment.job_definition_name(name) for name in team.shared_job_definitions],
        shared_queue_arns=[environment.job_queue_arn(name) for name in team.shared_job_queues],
        platform_tags=environment.all_tags,
        team_tag_keys=environment.team_tag_keys,
    )
    size = len(policy_document(statements))
    if size > MOST_POLICY_CHARACTERS:
        yield Problem(
            path,
            f"make a policy of at most {MOST_POLICY_CHARACTERS:,} characters",
            format_value(size),
            fix="give definitions and queues the team's tag instead of naming them in shared_…; or use fewer tags",
        )
