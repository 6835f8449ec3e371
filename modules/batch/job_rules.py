"""What a job needs of the things that its settings name: capacity, priorities, queues that keep messages long enough.

Pure functions of settings, by short name: an environment checks with them what it holds, a construct what it is given.
"""

from collections.abc import Iterator, Mapping

from modules.batch.fit import mismatches
from modules.batch.settings.any_compute_environments import AnyComputeEnvironmentSettings
from modules.batch.settings.any_job_definitions import AnyJobDefinitionSettings, EcsJobDefinition
from modules.batch.settings.job_queues import AnyJobQueueSettings
from modules.problems import Problem, format_value
from modules.settings import Settings
from modules.sqs.settings import ExistingQueue, MessageQueueSettings


def capacity_problems(
    path: str,
    job: AnyJobDefinitionSettings,
    job_queues: Mapping[str, AnyJobQueueSettings],
    compute_environments: Mapping[str, AnyComputeEnvironmentSettings],
) -> Iterator[Problem]:
    """Yield what keeps a job from running in an environment that one of its queues may place it on."""
    for queue_name in job.job_queues:
        queue = job_queues.get(queue_name)
        for environment_name in queue.capacity_names if queue else ():
            capacity = compute_environments.get(environment_name)
            if capacity is None:
                continue
            for mismatch in mismatches(job, capacity):
                where = f"compute_environments.{environment_name}"
                rule = f"{mismatch.rule}, to run {path} from job_queues.{queue_name}"
                yield Problem(where, rule, mismatch.got, mismatch.fix)


def priority_problems(
    path: str, job: AnyJobDefinitionSettings, job_queues: Mapping[str, AnyJobQueueSettings]
) -> Iterator[Problem]:
    """Yield a bad priority: Batch takes no job without one into a fair-share queue, and looks at none elsewhere."""
    known = {name: job_queues[name] for name in job.job_queues if name in job_queues}
    fair = [name for name, queue in known.items() if queue.is_fair_share]
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
    path: str,
    job: AnyJobDefinitionSettings,
    queues: Mapping[str, Settings],
    submission: tuple[str, int] | None = None,
) -> Iterator[Problem]:
    """Yield queues that hand a message out again while the job that received it may still be processing it.

    ``path`` is the job's; ``submission`` is the path and the timeout of one that gives another timeout.
    """
    if not isinstance(job, EcsJobDefinition):
        return
    where, timeout = submission or (path, job.timeout_seconds)
    longest = job.longest_seconds(timeout)
    source = f"{where}.timeout_seconds" if longest == timeout else f"{path}.longest_message_seconds"
    for queue_name in job.access.consume:
        queue = queues.get(queue_name)
        if not isinstance(queue, MessageQueueSettings | ExistingQueue):
            continue
        if queue.visibility_timeout_seconds <= longest:
            yield Problem(
                f"queues.{queue_name}.visibility_timeout_seconds",
                f"exceed {source} ({longest:,})",
                format_value(queue.visibility_timeout_seconds),
                "otherwise SQS redelivers a message that is still being processed",
                fix=f"raise it, or give {path}.longest_message_seconds if the job processes several messages",
            )
