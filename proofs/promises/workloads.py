"""Promises of jobs and tasks: the role that their containers run as, and the one that starts them."""

from collections.abc import Iterator, Sequence
from typing import Any

from modules import arns
from modules.batch.settings.any_job_definitions import EcsJobDefinition, JobDefinitionSettings
from modules.batch.settings.existing_job_queues import ExistingJobQueue
from modules.batch.settings.job_logs import CloudWatchJobLogs
from modules.containers.settings import MountSettings
from modules.ecr.image import image_uri
from modules.ecr.image_reference import parse_image
from modules.ecs.settings.containers import EnvironmentFile
from modules.ecs.settings.queue_workers import QueueWorkerService
from modules.iam.secret_settings import NamedSsmParameter, SecretSettings, SecretsManagerSecret, SsmParameterSecret
from modules.iam.services import TASKS
from modules.settings import Settings, settings_in
from proofs.policies import Statement
from proofs.promises.promise import Promise, may, where
from proofs.promises.things import READ_KEY, SESSIONS, Things


def workload_promises(things: Things) -> Iterator[tuple[str, Promise]]:
    """Yield the promise of each role of a job or task, by the role's path."""
    environment = things.environment
    for name, job in environment.job_definitions.items():
        if isinstance(job, EcsJobDefinition):
            path = f"job_definitions/{name}"
            permissions = [*_run(things, job, job.access), *(_sessions() if job.execute_command else ())]
            yield from _promise(f"{path}/job-role", permissions, job.job_role_arn, job.access.policy_arns)
            start = [*_start(things, job), *_write_logs(things, _job_log_group(things, job))]
            yield from _promise(f"{path}/execution-role", start, job.execution_role_arn)
    for kind in ("services", "task_definitions"):
        for name, item in getattr(environment, kind).items():
            task, path, called = item.task, f"{kind}/{name}/task-definition", environment.physical_name(name, kind)
            permissions = [*_run(things, task, task.access), *_serve(things, item, called)]
            yield from _promise(f"{path}/task-role", permissions, task.task_role_arn, task.access.policy_arns)
            files = [file for _, file in settings_in(task) if isinstance(file, EnvironmentFile)]
            start = [*_start(things, task), *_write_logs(things, f"/aws/ecs/{called}")]
            start += [permission for file in files for permission in things.get(file.bucket, file.key)]
            yield from _promise(f"{path}/execution-role", start, task.execution_role_arn)


def _promise(
    path: str, permissions: list[Statement], existing: str | None, attached: Sequence[str] = ()
) -> Iterator[tuple[str, Promise]]:
    if existing is None:
        yield path, Promise(tuple(permissions), (TASKS,), attached=frozenset(attached))


def _run(things: Things, settings: Settings, access: Any) -> Iterator[Statement]:
    yield from things.access(access)
    for _, mount in settings_in(settings):
        if isinstance(mount, MountSettings):
            yield from things.mount(mount)


def _serve(things: Things, item: Any, called: str) -> Iterator[Statement]:
    """Yield what a task may do because of its service and its cluster."""
    cluster = things.environment.event_context.names["clusters"][item.cluster]
    if isinstance(item, QueueWorkerService):
        yield from things.consume(item.queue)
        # A task that was started before its service had the tag has none.
        own = where(StringEqualsIfExists={"aws:ResourceTag/Name": called})
        yield may("ecs: GetTaskProtection UpdateTaskProtection", arns.tasks(things.location, cluster), own)
    if getattr(item, "execute_command", False):
        kept: Any = things.environment.clusters[item.cluster].execute_command
        if existing := getattr(kept, "log_group_arn", None):
            yield from _logged_sessions(existing, kept.kms_key_arn)
        elif kept is not None:
            group = arns.log_group(things.location, f"/aws/ecs/{cluster}/exec")
            yield from _logged_sessions(group, str(things.key(f"clusters/{item.cluster}/exec-key", kept.kms_key)))


def _sessions() -> list[Statement]:
    return [may(f"ssmmessages: {SESSIONS}", "*")]


def _logged_sessions(log_group_arn: str, key_arn: str) -> list[Statement]:
    logs = may("logs: CreateLogStream DescribeLogStreams PutLogEvents", f"{log_group_arn}:*")
    return [*_sessions(), logs, may("logs: DescribeLogGroups", "*"), may(f"kms: {READ_KEY}", key_arn)]


def _job_log_group(things: Things, job: JobDefinitionSettings) -> str | None:
    """Return where the containers of a job log, if one of them does so in CloudWatch."""
    if not any(isinstance(logs, CloudWatchJobLogs) for _, logs in settings_in(job)):
        return None
    queue = things.environment.job_queues[job.job_queues[0]]
    if isinstance(queue, ExistingJobQueue):
        return queue.log_group_name
    return f"/aws/batch/{things.environment.job_queue_name(job.job_queues[0])}"


def _write_logs(things: Things, group: str | None) -> Iterator[Statement]:
    if group:
        yield may("logs: CreateLogStream PutLogEvents", f"{arns.log_group(things.location, group)}:*")


def _start(things: Things, settings: Settings) -> Iterator[Statement]:
    """Yield what is needed to start containers: their images and secrets."""
    for _, item in settings_in(settings):
        for image in (getattr(item, "image", None), getattr(item, "router_image", None)):
            if image is not None:
                yield from _pull(things, image)
        if isinstance(item, SecretSettings):
            yield from _secret(things, item)
        if credentials := getattr(item, "repository_credentials", None):
            yield from _secret(things, credentials.secret())


def _pull(things: Things, image: Any) -> Iterator[Statement]:
    reference = parse_image(image_uri(image, things.environment.repository_uris))
    if reference.location is None:
        return
    arn = arns.repository(reference.location, reference.repository)
    yield may("ecr: GetAuthorizationToken", "*")
    yield may("ecr: BatchCheckLayerAvailability BatchGetImage GetDownloadUrlForLayer", arn)
    prefixes = things.environment.pull_through_prefixes
    filled = any(
        prefix == "ROOT" or f"{reference.repository}".startswith(f"{prefix.rstrip('/')}/") for prefix in prefixes
    )
    if filled and isinstance(image, str):
        yield may("ecr: BatchImportUpstreamImage CreateRepository", arn)


def _secret(things: Things, secret: SecretSettings) -> Iterator[Statement]:
    match secret:
        case SecretsManagerSecret():
            service, read = "secretsmanager", may("secretsmanager: GetSecretValue", secret.secret_arn)
        case SsmParameterSecret():
            service, read = "ssm", may("ssm: GetParameters", secret.parameter_arn)
        case NamedSsmParameter():
            arn = arns.parameter(things.location, secret.parameter_name.lstrip("/"))
            service, read = "ssm", may("ssm: GetParameters", arn)
        case _:
            raise NotImplementedError(type(secret).__name__)
    yield read
    yield from things.with_key(READ_KEY, secret.kms_key_arn, service)
