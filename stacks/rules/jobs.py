"""Jobs against the rest of the platform: capacity they fit, queues that feed them, sizes of what is sent to Batch."""

from collections.abc import Iterator

from modules import arns
from modules.batch.documents import JobContext
from modules.batch.job_rules import capacity_problems, hidden_message_problems, priority_problems
from modules.batch.registration import MAX_REGISTRATION_BYTES, registration
from modules.batch.settings.any_job_definitions import AnyJobDefinitionSettings, JobDefinitionSettings
from modules.canonical_json import canonical_json
from modules.containers.documents import FileSystemPlace
from modules.containers.settings import FileSystemMount
from modules.problems import Problem, format_value
from modules.settings import nested_problems, skip_if_invalid
from stacks.environment_settings import EnvironmentSettings
from stacks.rules.entries import each


@each("job_definitions")
def check_job_definitions(
    environment: EnvironmentSettings, path: str, job: AnyJobDefinitionSettings
) -> Iterator[Problem]:
    """Check that there is capacity for it, and that its queues hide messages and take its priority."""
    for problems in (
        capacity_problems(path, job, environment.job_queues, environment.compute_environments),
        priority_problems(path, job, environment.job_queues),
        hidden_message_problems(path, job, environment.queues),
    ):
        yield from skip_if_invalid(problems)


@each("job_definitions")
def check_registration_sizes(
    environment: EnvironmentSettings, path: str, job: JobDefinitionSettings
) -> Iterator[Problem]:
    """Check the size of what is registered, with ARNs and ids as long as they can become."""
    if any(nested_problems(job)):
        return  # what is itself bad may have no request at all
    context = _longest_context(environment, job)
    name = environment.job_definition_name(path.partition(".")[2])
    request = registration(name, job, context, environment.all_tags)
    size = len(canonical_json(request).encode())
    if size > MAX_REGISTRATION_BYTES:
        yield Problem(
            path,
            f"take at most {MAX_REGISTRATION_BYTES:,} bytes as a request",
            format_value(size),
            fix="move long values (environment, command) into the image or a bucket",
        )


def _longest_context(environment: EnvironmentSettings, job: JobDefinitionSettings) -> JobContext:
    role_arn = arns.role(environment.location, "x" * 64)
    access_points = {
        (mount.file_system, mount.access_point): FileSystemPlace("fs-" + "0" * 17, "fsap-" + "0" * 17)
        for mount in job.mounts_by_path().values()
        if isinstance(mount, FileSystemMount)
    }
    return JobContext(
        job_role_arn=role_arn,
        execution_role_arn=role_arn,
        log_group_name=f"/aws/batch/{environment.physical_name(job.job_queues[0], 'job_queues')}",
        log_stream_prefix="x" * 64,
        region=environment.region,
        assign_public_ip=False,
        access_points=access_points,
        repository_uris=environment.repository_uris,
    )
