"""Backlogs: a job that takes the messages of the queue, and that can be an array."""

from collections.abc import Iterator

from modules.backlogs.settings import BacklogSettings
from modules.batch.settings.any_job_definitions import EcsJobDefinition
from modules.batch.submission import MULTI_NODE
from modules.problems import Problem, format_value
from stacks.environment_settings import EnvironmentSettings
from stacks.rules.entries import each


@each("backlogs")
def check_backlog_jobs(environment: EnvironmentSettings, path: str, backlog: BacklogSettings) -> Iterator[Problem]:
    """Check that the job can be an array, and takes the messages of the queue."""
    name = backlog.job.job_definition
    job = environment.job_definitions.get(name)
    if isinstance(job, MULTI_NODE):
        where = f"{path}.job.job_definition"
        yield environment.problem(where, "not be a multi-node job", "array jobs cannot be multi-node")
    if isinstance(job, EcsJobDefinition) and backlog.queue not in job.access.consume:
        where, rule = f"job_definitions.{name}.access.consume", f"have {backlog.queue}, for {path}"
        got = format_value(list(job.access.consume)) if job.access.consume else "none"
        yield Problem(where, rule, got, "the job consumes that queue")
