"""Submissions of teams: what the policy of a team lets it submit, and with which share and tags."""

from collections.abc import Iterator

from modules.batch.permissions import settable_tags
from modules.batch.settings.submissions import JobSubmission
from modules.problems import Problem, format_value
from modules.settings import skip_if_invalid
from stacks.environment_settings import EnvironmentSettings
from stacks.submissions import may_submit, may_submit_to


def check_team_submissions(environment: EnvironmentSettings) -> Iterator[Problem]:
    """Check every submission that names a team."""
    for name, submission in environment.submissions.items():
        yield from skip_if_invalid(_right_problems(environment, f"submissions.{name}", submission))
        yield from skip_if_invalid(_share_problems(environment, f"submissions.{name}", submission))
        yield from skip_if_invalid(_tag_problems(environment, f"submissions.{name}", submission))


def _right_problems(environment: EnvironmentSettings, path: str, submission: JobSubmission) -> Iterator[Problem]:
    if submission.team is None:
        return
    team, job = environment.teams[submission.team], environment.job_definitions[submission.job_definition]
    queue = submission.job_queue or job.job_queues[0]
    tag = f"{team.tag_key}={team.tag_value}"
    for allowed, kind, name in (
        (may_submit(environment, team, submission.job_definition), "job_definitions", submission.job_definition),
        (may_submit_to(environment, team, queue), "job_queues", queue),
    ):
        if not allowed:
            yield Problem(
                f"{path}.team",
                f"be a team that may use {kind}.{name}",
                format_value(submission.team),
                "otherwise AWS denies the submission",
                f"name it in teams.{submission.team}.shared_{kind}, or give it the tag {tag}",
            )


def _share_problems(environment: EnvironmentSettings, path: str, submission: JobSubmission) -> Iterator[Problem]:
    share = submission.share_identifier
    if submission.team is None or share is None:
        return
    team = environment.teams[submission.team]
    if not team.may_use_share(share):
        rule = f"be one that teams.{submission.team}.share_identifier ({team.share_identifier}) allows"
        yield Problem(
            f"{path}.share_identifier", rule, format_value(share), "otherwise AWS denies the submission", "leave it out"
        )


def _tag_problems(environment: EnvironmentSettings, path: str, submission: JobSubmission) -> Iterator[Problem]:
    if submission.team is None:
        return
    team = environment.teams[submission.team]
    fixed = {**settable_tags(environment.all_tags), team.tag_key: team.tag_value}
    for key, value in sorted(submission.tags.items()):
        if key in fixed and fixed[key] != value:
            rule = f"be {format_value(fixed[key])} for teams.{submission.team}"
            yield Problem(f"{path}.tags.{key}", rule, format_value(value), "otherwise AWS denies the submission")
        elif key not in fixed and key not in team.further_tag_keys:
            yield Problem(
                f"{path}.tags.{key}",
                f"be one of teams.{submission.team}.further_tag_keys",
                format_value(key),
                "otherwise AWS denies the submission",
            )
