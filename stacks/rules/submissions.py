"""Submissions: jobs that Batch takes, dependencies that can be met, and what the policy of a team lets it submit."""

from collections.abc import Iterator

from modules.batch.permissions import settable_tags
from modules.batch.settings.submissions import JobSubmission
from modules.batch.settings.teams import TeamAccess
from modules.cycles import cycle_in
from modules.problems import Problem, format_value
from modules.settings import skip_if_invalid
from stacks.environment_settings import EnvironmentSettings
from stacks.rules.entries import each
from stacks.rules.job_requests import job_request_problems
from stacks.submissions import can_submit, can_submit_to

DENIED = "otherwise AWS denies the submission"


@each("submissions")
def check_submissions(environment: EnvironmentSettings, path: str, submission: JobSubmission) -> Iterator[Problem]:
    """Check the job, and the children of those that it depends on."""
    yield from job_request_problems(environment, path, submission)
    for index, dependency in enumerate(submission.depends_on):
        other = environment.submissions.get(dependency.submission)
        if dependency.type == "N_TO_N" and other is not None and other.array_size != submission.array_size:
            rule = f"equal submissions.{dependency.submission}.array_size ({format_value(other.array_size)})"
            yield environment.problem(f"{path}.array_size", rule, f"depends_on[{index}] pairs the children of both")


def check_submission_order(environment: EnvironmentSettings) -> Iterator[Problem]:
    """Check that no two wait for each other."""
    edges = {
        name: [dependency.submission for dependency in submission.valid_value("depends_on", ())]
        for name, submission in environment.submissions.items()
    }
    if circle := cycle_in(edges):
        yield Problem("submissions", "have no cycle in depends_on", circle, "none of them could be submitted first")


@each("submissions")
def check_team_submissions(environment: EnvironmentSettings, path: str, submission: JobSubmission) -> Iterator[Problem]:
    """Check the permissions of its team, if it has one, and the share and tags that the team may give jobs."""
    if submission.team is not None:
        team = environment.teams[submission.team]
        for problems in (_right_problems, _share_problems, _tag_problems):
            yield from skip_if_invalid(problems(environment, path, submission, team))


def _right_problems(
    environment: EnvironmentSettings, path: str, submission: JobSubmission, team: TeamAccess
) -> Iterator[Problem]:
    job = environment.job_definitions[submission.job_definition]
    queue = submission.job_queue or job.job_queues[0]
    tag = f"{team.tag_key}={team.tag_value}"
    for allowed, kind, name in (
        (can_submit(environment, team, submission.job_definition), "job_definitions", submission.job_definition),
        (can_submit_to(environment, team, queue), "job_queues", queue),
    ):
        if not allowed:
            rule = f"be a team that may use {kind}.{name}"
            fix = f"name it in teams.{submission.team}.shared_{kind}, or give it the tag {tag}"
            yield environment.problem(f"{path}.team", rule, DENIED, fix)


def _share_problems(
    environment: EnvironmentSettings, path: str, submission: JobSubmission, team: TeamAccess
) -> Iterator[Problem]:
    share = submission.share_identifier
    if share is not None and not team.can_use_share(share):
        rule = f"be one that teams.{submission.team}.share_identifier ({team.share_identifier}) allows"
        yield environment.problem(f"{path}.share_identifier", rule, DENIED, "leave it out")


def _tag_problems(
    environment: EnvironmentSettings, path: str, submission: JobSubmission, team: TeamAccess
) -> Iterator[Problem]:
    fixed = {**settable_tags(environment.all_tags), team.tag_key: team.tag_value}
    for key, value in sorted(submission.tags.items()):
        if key in fixed and fixed[key] != value:
            rule = f"be {format_value(fixed[key])} for teams.{submission.team}"
            yield Problem(f"{path}.tags.{key}", rule, format_value(value), DENIED)
        elif key not in fixed and key not in team.further_tag_keys:
            rule = f"be one of teams.{submission.team}.further_tag_keys"
            yield Problem(f"{path}.tags.{key}", rule, format_value(key), DENIED)
