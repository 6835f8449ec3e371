"""Deadlines of requested jobs, held against how many run at a time and how long each may take."""

import math
from collections.abc import Iterator

from modules.batch.fit import requested, vcpus_of_a_node
from modules.batch.settings.any_compute_environments import ManagedCapacity
from modules.batch.settings.any_job_definitions import AnyJobDefinitionSettings, JobDefinitionSettings
from modules.batch.settings.submissions import RequestedJob
from modules.problems import Problem, format_value
from stacks.environment_settings import EnvironmentSettings


def deadline_problems(
    environment: EnvironmentSettings, path: str, request: RequestedJob, job: AnyJobDefinitionSettings
) -> Iterator[Problem]:
    """Check that children that take as long as they may are done in time, as many at once as there are vCPUs for."""
    deadline, children = request.finish_within_seconds, request.array_size or 1
    if deadline is None or not isinstance(job, JobDefinitionSettings):
        return
    timeout = request.timeout_seconds or job.timeout_seconds
    at_once = 1 if request.sequential else _at_once(environment, request, job)
    needed = math.ceil(children / at_once) * timeout if at_once else deadline
    if needed > deadline:
        rule = f"be at least {needed:,} for {children:,} of up to {timeout:,} seconds each, {at_once:,} at a time"
        fix = "raise max_vcpus of the queue's compute environments, or lower timeout_seconds"
        reason = "otherwise the capacity is not sufficient"
        yield Problem(f"{path}.finish_within_seconds", rule, format_value(deadline), reason, fix)


def _at_once(environment: EnvironmentSettings, request: RequestedJob, job: JobDefinitionSettings) -> int | None:
    """Return how many of a job the queue's capacity runs at a time; None where that is not known."""
    queue = environment.job_queues.get(request.job_queue or job.job_queues[0])
    found = [environment.compute_environments.get(name) for name in (queue.capacity_names if queue else ())]
    managed = [item for item in found if isinstance(item, ManagedCapacity)]
    if len(managed) < len(found):
        return None
    nodes = request.node_count or requested(job).nodes
    return sum(int(item.max_vcpus // (nodes * vcpus_of_a_node(job, item))) for item in managed) or None
