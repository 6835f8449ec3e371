"""What a job needs of the things that its settings name: capacity, priorities, queues that keep messages long enough.

Pure functions of settings, by short name: an environment checks with them what it holds, a construct what it is given.
"""

from collections.abc import Iterator, Mapping

from modules.batch.fit import mismatches
from modules.batch.settings.compute_environments import ComputeEnvironmentSettings
from modules.batch.settings.job_definitions import AwsAccessSettings, JobDefinitionSettings
from modules.batch.settings.job_queues import JobQueueSettings
from modules.problems import Problem, format_value
from modules.settings import Settings
from modules.sqs.settings import ExistingQueue, MessageQueueSettings


def capacity_problems(
    path: str,
    job: JobDefinitionSettings,
    job_queues: Mapping[str, JobQueueSettings],
    compute_environments: Mapping[str, ComputeEnvironmentSettings],
) -> Iterator[Problem]:
    """Yield what keeps a job from running in an environment that one of its queues may place it on."""
    for queue_name in job.job_queues:
        queue = job_queues.get(queue_name)
        for environment_name in queue.compute_environments if queue else ():
            capacity = compute_environments.get(environment_name)
            if capacity is None:
                continue
            for mismatch in mismatches(job, capacity):
                where = f"compute_environments.{environment_name}"
                rule = f"{mismatch.rule}, to run {path} from job_queues.{queue_name}"
                yield Problem(where, rule, mismatch.got, mismatch.fix)


def priority_problems(
    path: str, job: JobDefinitionSettings, job_queues: Mapping[str, JobQueueSettings]
) -> Iterator[Problem]:
    """Yield a bad priority: Batch takes no job without one into a fair-share queue, and looks at none elsewhere."""
    known = {name: job_queues[name] for name in job.job_queues if name in job_queues}
    fair = [name for name, queue in known.items() if queue.scheduling_policy is not None]
    where = f"{path}.scheduling_priority"
    if fair and job.scheduling_priority is None:
        rule = f"be given for job_queues.{fair[0]}, which has a scheduling_policy"
        yield Problem(where, rule, None, "otherwise Batch refuses the job", fix="give 0 where all jobs are equal")
    elif known and not fair and job.scheduling_priority is not None:
        yield Problem(
            where,
            "be left out where no job queue has a scheduling_policy",
            format_value(job.scheduling_priority),
            "without a scheduling policy, a job queue is first in, first out",
        )


def hidden_message_problems(
    path: str, job: JobDefinitionSettings, queues: Mapping[str, Settings], timeout_seconds: int | None = None
) -> Iterator[Problem]:
    """Yield queues that hand a message out again while the job that received it may still be processing it.

    ``path`` is where the time that counts stands: the job's own, or ``timeout_seconds`` of a submission.
    """
    timeout = job.timeout_seconds if timeout_seconds is None else timeout_seconds
    if not isinstance(job, AwsAccessSettings):
        return
    for queue_name in job.access.consume:
        queue = queues.get(queue_name)
        if not isinstance(queue, MessageQueueSettings | ExistingQueue):
            continue
        if queue.visibility_timeout_seconds <= timeout:
            yield Problem(
                f"queues.{queue_name}.visibility_timeout_seconds",
                f"exceed {path}.timeout_seconds ({timeout:,})",
                format_value(queue.visibility_timeout_seconds),
                "otherwise SQS redelivers a message that is still being processed",
            )
