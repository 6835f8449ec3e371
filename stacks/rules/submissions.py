"""Submissions: jobs that Batch takes, dependencies that can be met."""

from collections.abc import Iterator

from modules.batch.settings.submissions import JobSubmission
from modules.cycles import cycle_in
from modules.problems import Problem, format_value
from modules.settings import skip_if_invalid
from stacks.environment_settings import EnvironmentSettings
from stacks.rules.job_requests import job_request_problems


def check_submissions(environment: EnvironmentSettings) -> Iterator[Problem]:
    """Check every submission on its own, then that no two wait for each other."""
    for name, submission in environment.submissions.items():
        yield from skip_if_invalid(job_request_problems(environment, f"submissions.{name}", submission))
        yield from skip_if_invalid(_child_problems(environment, f"submissions.{name}", submission))
    yield from _cycle_problems(environment)


def _child_problems(environment: EnvironmentSettings, path: str, submission: JobSubmission) -> Iterator[Problem]:
    for index, dependency in enumerate(submission.depends_on):
        other = environment.submissions.get(dependency.submission)
        if dependency.type == "N_TO_N" and other is not None and other.array_size != submission.array_size:
            yield Problem(
                f"{path}.array_size",
                f"equal submissions.{dependency.submission}.array_size ({format_value(other.array_size)})",
                format_value(submission.array_size),
                f"depends_on[{index}] pairs the children of both",
            )


def _cycle_problems(environment: EnvironmentSettings) -> Iterator[Problem]:
    edges = {
        name: [dependency.submission for dependency in submission.valid_value("depends_on", ())]
        for name, submission in environment.submissions.items()
    }
    circle = cycle_in(edges)
    if circle:
        yield Problem("submissions", "have no cycle in depends_on", circle, "none of them could be submitted first")
