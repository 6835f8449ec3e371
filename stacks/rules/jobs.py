"""Jobs against the rest of the platform: capacity they fit, queues that feed them, sizes of what is sent to Batch."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from modules.batch.documents import AccessPoint, JobContext, container_properties, ecs_properties, node_properties
from modules.batch.fit import misfits
from modules.batch.settings.containers import ContainerSettings, FileSystemMount
from modules.batch.settings.job_definitions import (
    AwsAccessSettings,
    Ec2JobDefinition,
    Ec2MultiContainerJobDefinition,
    FargateJobDefinition,
    FargateMultiContainerJobDefinition,
    JobDefinitionSettings,
    MultiNodeJobDefinition,
)
from modules.canonical_json import canonical_json
from modules.problems import Problem, shown, unknown_name
from modules.settings import readable
from modules.sqs.settings import ExistingQueue, MessageQueueSettings

if TYPE_CHECKING:
    from stacks.environment import Environment

MAX_DOCUMENT_BYTES = 24 * 1_024


def jobs_are_well(environment: Environment) -> Iterator[Problem]:
    """Check every job definition; one that is itself bad does not keep the others from being checked."""
    for name, job in environment.job_definitions.items():
        path = f"job_definitions.{name}"
        yield from readable(_fits_everywhere(environment, path, job))
        yield from readable(_mounts_exist(environment, path, job))
        yield from readable(_messages_stay_hidden(environment, path, job))
        yield from readable(_documents_are_small(environment, path, job))


def _fits_everywhere(environment: Environment, path: str, job: JobDefinitionSettings) -> Iterator[Problem]:
    """Check the job against every environment that one of its queues may place it on."""
    for queue_name in job.job_queues:
        queue = environment.job_queues.get(queue_name)
        for environment_name in queue.compute_environments if queue else ():
            capacity = environment.compute_environments.get(environment_name)
            if capacity is None:
                continue
            for misfit in misfits(job, capacity):
                where = f"compute_environments.{environment_name}"
                rule = f"{misfit.rule}, to run {path} from job_queues.{queue_name}"
                yield Problem(where, rule, misfit.got, misfit.fix)


def _mounts_exist(environment: Environment, path: str, job: JobDefinitionSettings) -> Iterator[Problem]:
    for inner, container in job.containers().items():
        if not isinstance(container, ContainerSettings):
            continue
        for index, mount in enumerate(container.mounts):
            if not isinstance(mount, FileSystemMount) or mount.file_system not in environment.file_systems:
                continue
            points = environment.file_systems[mount.file_system].access_points
            if mount.access_point not in points:
                where = ".".join(filter(None, (path, inner, f"mounts[{index}]", "access_point")))
                yield unknown_name(where, mount.access_point, points, f"access points of {mount.file_system}")


def _messages_stay_hidden(environment: Environment, path: str, job: JobDefinitionSettings) -> Iterator[Problem]:
    """Check that a message is not handed out again while the job that received it may still be at work."""
    if not isinstance(job, AwsAccessSettings):
        return
    for queue_name in job.access.consume:
        queue = environment.queues.get(queue_name)
        if not isinstance(queue, MessageQueueSettings | ExistingQueue):
            continue
        if queue.visibility_timeout_seconds <= job.timeout_seconds:
            yield Problem(
                f"queues.{queue_name}.visibility_timeout_seconds",
                f"exceed {path}.timeout_seconds ({job.timeout_seconds:,})",
                shown(queue.visibility_timeout_seconds),
                "a shorter one hands a running job's message to a second worker",
            )


def _documents_are_small(environment: Environment, path: str, job: JobDefinitionSettings) -> Iterator[Problem]:
    """Check the size of what is registered, with ARNs and ids as long as they can become."""
    context = _longest_context(environment, job)
    match job:
        case FargateJobDefinition() | Ec2JobDefinition():
            document = container_properties(job, context)
        case FargateMultiContainerJobDefinition() | Ec2MultiContainerJobDefinition():
            document = ecs_properties(job, context)
        case MultiNodeJobDefinition():
            document = node_properties(job, context)
        case _:
            return
    size = len(canonical_json(document).encode())
    if size > MAX_DOCUMENT_BYTES:
        yield Problem(
            path,
            f"take at most {MAX_DOCUMENT_BYTES:,} bytes as a document",
            shown(size),
            "move what is long (environment, command) into the image or a bucket",
        )


def _longest_context(environment: Environment, job: JobDefinitionSettings) -> JobContext:
    role_arn = f"arn:{environment.location.partition}:iam::{environment.account_id}:role/{'x' * 64}"
    access_points = {
        (mount.file_system, mount.access_point): AccessPoint("fs-" + "0" * 17, "fsap-" + "0" * 17)
        for container in job.containers().values()
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
