"""Jobs against the rest of the platform: capacity they fit, queues that feed them, sizes of what is sent to Batch."""

from collections.abc import Iterator

from modules import arns
from modules.batch.documents import JobContext, ecs_job
from modules.batch.fit import mismatches
from modules.batch.pods import eks_job
from modules.batch.registration import MAX_REGISTRATION_BYTES, registration
from modules.batch.settings.containers import ContainerSettings
from modules.batch.settings.eks_job_definitions import EksJobDefinition
from modules.batch.settings.job_definitions import AwsAccessSettings, JobDefinitionSettings
from modules.canonical_json import canonical_json
from modules.containers.access_points import AccessPoint
from modules.containers.settings import FileSystemMount
from modules.problems import Problem, format_value, unknown_name
from modules.settings import nested_problems, skip_if_invalid
from modules.sqs.settings import ExistingQueue, MessageQueueSettings
from stacks.environment_settings import EnvironmentSettings


def check_job_definitions(environment: EnvironmentSettings) -> Iterator[Problem]:
    """Check every job definition; one that is itself bad does not keep the others from being checked."""
    for name, job in environment.job_definitions.items():
        path = f"job_definitions.{name}"
        yield from skip_if_invalid(_fits_everywhere(environment, path, job))
        yield from skip_if_invalid(_priority_where_it_counts(environment, path, job))
        yield from skip_if_invalid(_mounts_exist(environment, path, job))
        yield from skip_if_invalid(messages_stay_hidden(environment, path, job))
        yield from skip_if_invalid(_registration_is_small(environment, name, job))


def messages_stay_hidden(
    environment: EnvironmentSettings, path: str, job: JobDefinitionSettings, timeout_seconds: int | None = None
) -> Iterator[Problem]:
    """Check that a message is not handed out again while the job that received it may still be at work.

    ``path`` is where the time that counts stands: the job's own, or ``timeout_seconds`` of a submission.
    """
    timeout = job.timeout_seconds if timeout_seconds is None else timeout_seconds
    if not isinstance(job, AwsAccessSettings):
        return
    for queue_name in job.access.consume:
        queue = environment.queues.get(queue_name)
        if not isinstance(queue, MessageQueueSettings | ExistingQueue):
            continue
        if queue.visibility_timeout_seconds <= timeout:
            yield Problem(
                f"queues.{queue_name}.visibility_timeout_seconds",
                f"exceed {path}.timeout_seconds ({timeout:,})",
                format_value(queue.visibility_timeout_seconds),
                "a shorter one hands a running job's message to a second worker",
            )


def _fits_everywhere(environment: EnvironmentSettings, path: str, job: JobDefinitionSettings) -> Iterator[Problem]:
    """Check the job against every environment that one of its queues may place it on."""
    for queue_name in job.job_queues:
        queue = environment.job_queues.get(queue_name)
        for environment_name in queue.compute_environments if queue else ():
            capacity = environment.compute_environments.get(environment_name)
            if capacity is None:
                continue
            for misfit in mismatches(job, capacity):
                where = f"compute_environments.{environment_name}"
                rule = f"{misfit.rule}, to run {path} from job_queues.{queue_name}"
                yield Problem(where, rule, misfit.got, misfit.fix)


def _priority_where_it_counts(
    environment: EnvironmentSettings, path: str, job: JobDefinitionSettings
) -> Iterator[Problem]:
    """Check the priority: Batch takes no job without one into a fair-share queue, and looks at none elsewhere."""
    known = [environment.job_queues[name] for name in job.job_queues if name in environment.job_queues]
    fair = [name for name in job.job_queues if _has_shares(environment, name)]
    where = f"{path}.scheduling_priority"
    if fair and job.scheduling_priority is None:
        rule = f"be given for job_queues.{fair[0]}, which has a scheduling_policy"
        yield Problem(where, rule, None, "Batch refuses the job; 0 where all are alike")
    elif known and not fair and job.scheduling_priority is not None:
        yield Problem(
            where,
            "be left out where no job queue has a scheduling_policy",
            format_value(job.scheduling_priority),
            "what is first in comes first out",
        )


def _has_shares(environment: EnvironmentSettings, queue_name: str) -> bool:
    queue = environment.job_queues.get(queue_name)
    return queue is not None and queue.scheduling_policy is not None


def _mounts_exist(environment: EnvironmentSettings, path: str, job: JobDefinitionSettings) -> Iterator[Problem]:
    for inner, container in job.containers_by_path().items():
        if not isinstance(container, ContainerSettings):
            continue
        for index, mount in enumerate(container.mounts):
            if not isinstance(mount, FileSystemMount) or mount.file_system not in environment.file_systems:
                continue
            points = environment.file_systems[mount.file_system].access_points
            if mount.access_point not in points:
                where = ".".join(filter(None, (path, inner, f"mounts[{index}]", "access_point")))
                yield unknown_name(where, mount.access_point, points, f"access points of {mount.file_system}")


def _registration_is_small(
    environment: EnvironmentSettings, name: str, job: JobDefinitionSettings
) -> Iterator[Problem]:
    """Check the size of what is registered, with ARNs and ids as long as they can become."""
    if any(nested_problems(job)):
        return  # what is itself bad may have no request at all
    of_its_kind = (
        eks_job(job, environment.repository_uris)
        if isinstance(job, EksJobDefinition)
        else ecs_job(job, _longest_context(environment, job))
    )
    request = registration(environment.physical_name(name), job, of_its_kind, environment.all_tags)
    size = len(canonical_json(request).encode())
    if size > MAX_REGISTRATION_BYTES:
        yield Problem(
            f"job_definitions.{name}",
            f"take at most {MAX_REGISTRATION_BYTES:,} bytes as a request",
            format_value(size),
            fix="move what is long (environment, command) into the image or a bucket",
        )


def _longest_context(environment: EnvironmentSettings, job: JobDefinitionSettings) -> JobContext:
    role_arn = arns.role(environment.location, "x" * 64)
    access_points = {
        (mount.file_system, mount.access_point): AccessPoint("fs-" + "0" * 17, "fsap-" + "0" * 17)
        for container in job.containers_by_path().values()
        if isinstance(container, ContainerSettings)
        for mount in container.mounts
        if isinstance(mount, FileSystemMount)
    }
    return JobContext(
        job_role_arn=role_arn,
        execution_role_arn=role_arn,
        log_group_name=f"/aws/batch/{environment.physical_name('x' * 64)}",
        log_stream_prefix="x" * 64,
        region=environment.region,
        assign_public_ip=False,
        access_points=access_points,
        repository_uris=environment.repository_uris,
    )
