"""Backlogs: a job that takes the messages of the queue, and that can be an array."""

from collections.abc import Iterator

from modules.backlogs.settings import BacklogSettings
from modules.batch.settings.any_job_definitions import EcsJobDefinition
from modules.batch.submission import MULTI_NODE
from modules.problems import Problem, format_value
from modules.settings import skip_if_invalid
from modules.targets.starters import PIPELINE
from stacks.environment_settings import EnvironmentSettings
from stacks.rules.targets import target_problems


def check_backlogs(environment: EnvironmentSettings) -> Iterator[Problem]:
    """Check the job of every backlog."""
    for name, backlog in environment.backlogs.items():
        path = f"backlogs.{name}"
        yield from skip_if_invalid(target_problems(environment, f"{path}.job", backlog.job, PIPELINE))
        yield from skip_if_invalid(_consumer_problems(environment, path, backlog))


def _consumer_problems(environment: EnvironmentSettings, path: str, backlog: BacklogSettings) -> Iterator[Problem]:
    job = environment.job_definitions.get(backlog.job.job_definition)
    if isinstance(job, MULTI_NODE):
        got = repr(backlog.job.job_definition)
        yield Problem(f"{path}.job.job_definition", "be no multi-node job", got, "Batch has no arrays of these")
    if isinstance(job, EcsJobDefinition) and backlog.queue not in job.access.consume:
        yield Problem(
            f"job_definitions.{backlog.job.job_definition}.access.consume",
            f"have {backlog.queue}, for {path}",
            format_value(list(job.access.consume)) if job.access.consume else "none",
            "it takes the messages of that queue",
        )
