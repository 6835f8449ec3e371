"""Physical names fit what AWS accepts; nothing is ever cut."""

from collections.abc import Iterator

from modules.batch.settings.compute_environments import role_names
from modules.batch.settings.eks_job_definitions import EksJobDefinition
from modules.batch.settings.job_definitions import execution_role_name
from modules.ecs.settings.exposure import OwnLoadBalancer
from modules.ecs.settings.services import ReplicaService
from modules.naming import name_problems
from modules.problems import Problem
from modules.s3.bucket_name import bucket_name_problems
from modules.s3.settings import BucketSettings
from modules.settings import skip_if_invalid
from modules.sqs.settings import MessageQueueSettings
from stacks.environment_settings import EnvironmentSettings


def check_physical_names(environment: EnvironmentSettings) -> Iterator[Problem]:
    """Check the length of every name that follows from a short name."""
    for kind, limit in (
        ("file_systems", "file_systems"),
        ("repositories", "repositories"),
        ("scheduling_policies", "batch"),
        ("job_queues", "batch"),
        ("teams", "batch"),
    ):
        yield from skip_if_invalid(_names_fit(environment, kind, limit))
    yield from skip_if_invalid(_queue_names_fit(environment))
    yield from skip_if_invalid(_bucket_names_fit(environment))
    yield from skip_if_invalid(_compute_environment_names_fit(environment))
    yield from skip_if_invalid(_job_names_fit(environment))


def check_reserved_beginnings(environment: EnvironmentSettings) -> Iterator[Problem]:
    """Check that no name begins as AWS keeps it for its own; all of them begin with the project."""
    balanced = any(
        isinstance(service, ReplicaService) and isinstance(service.load_balancing, OwnLoadBalancer)
        for service in environment.services.values()
    )
    for beginning, things in (
        {"sg-": "security groups"} | ({"internal-": "load balancers"} if balanced else {})
    ).items():
        if f"{environment.project}-".startswith(beginning):
            yield Problem(
                "project",
                f"not begin with {beginning}",
                repr(environment.project),
                f"it begins the names of {things}, and AWS keeps those for its own",
            )


def _names_fit(environment: EnvironmentSettings, kind: str, limit: str) -> Iterator[Problem]:
    for name in getattr(environment, kind):
        yield from name_problems(limit, f"{kind}.{name}", environment.physical_name(name))


def _queue_names_fit(environment: EnvironmentSettings) -> Iterator[Problem]:
    for name, queue in environment.queues.items():
        if not isinstance(queue, MessageQueueSettings):
            continue
        yield from name_problems("queues", f"queues.{name}", environment.physical_name(name))
        source = environment.queues.get(name.removesuffix("-dlq"))
        if name.endswith("-dlq") and isinstance(source, MessageQueueSettings) and source.max_receive_count is not None:
            rule = f"not have the name of the dead-letter queue of queues.{name.removesuffix('-dlq')}"
            yield Problem(f"queues.{name}", rule, repr(name), "two resources would be one queue; choose another name")


def _bucket_names_fit(environment: EnvironmentSettings) -> Iterator[Problem]:
    for name, bucket in environment.buckets.items():
        if isinstance(bucket, BucketSettings):
            yield from bucket_name_problems(f"buckets.{name}", environment.bucket_name(name))


def _compute_environment_names_fit(environment: EnvironmentSettings) -> Iterator[Problem]:
    for name, settings in environment.compute_environments.items():
        path, physical_name = f"compute_environments.{name}", environment.physical_name(name)
        yield from name_problems("batch_prefix", path, physical_name)
        for role_name in role_names(settings, physical_name):
            yield from name_problems("iam", path, role_name)


def _job_names_fit(environment: EnvironmentSettings) -> Iterator[Problem]:
    for name, job in environment.job_definitions.items():
        path, physical_name = f"job_definitions.{name}", environment.physical_name(name)
        if isinstance(job, EksJobDefinition):  # no roles
            yield from name_problems("batch", path, physical_name)
        else:
            yield from name_problems("iam", path, execution_role_name(physical_name))
    # A submission's jobs are called as it is itself.
    for name in environment.submissions:
        yield from name_problems("batch", f"submissions.{name}", name)
