"""A job definition with the role that its containers run as and the role that starts them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from cdktf_cdktf_provider_aws.batch_job_definition import (
    BatchJobDefinition,
    BatchJobDefinitionRetryStrategy,
    BatchJobDefinitionRetryStrategyEvaluateOnExit,
    BatchJobDefinitionTimeout,
)
from constructs import Construct

from modules.batch.documents import JobContext, ecs_job
from modules.batch.eks_pod import eks_blocks
from modules.batch.job_queue import JobQueue
from modules.batch.job_rules import capacity_problems, hidden_message_problems, priority_problems
from modules.batch.permissions import grant_submit
from modules.batch.pods import eks_job
from modules.batch.settings.containers import ContainerSettings
from modules.batch.settings.eks_job_definitions import EksJobDefinition
from modules.batch.settings.job_definitions import (
    AwsAccessSettings,
    JobDefinitionSettings,
    MultiNodeJobDefinition,
    execution_role_name,
    job_role_name,
)
from modules.batch.settings.job_logs import CloudWatchJobLogs
from modules.batch.settings.retries import RetryStrategy
from modules.canonical_json import canonical_json
from modules.containers.access_points import AccessPoints
from modules.containers.settings import MountSettings
from modules.defaults import default_location, default_name, require_all
from modules.iam.access_settings import Access
from modules.iam.execution_role import execution_statements
from modules.iam.workload_role import WorkloadRole
from modules.naming import AwsLocation, require_name
from modules.problems import SettingsError
from modules.resources import Resources
from modules.terraform_literal import terraform_literal

TASKS = "ecs-tasks.amazonaws.com"
# What the provider takes as JSON, by its names.
DOCUMENTS = {
    "containerProperties": "container_properties",
    "ecsProperties": "ecs_properties",
    "nodeProperties": "node_properties",
}


@dataclass(frozen=True)
class JobPlacement:
    """What a job definition needs of the platform around it; ``log_group_*`` are those of its first queue."""

    location: AwsLocation
    log_group_name: str
    log_group_arn: str
    assign_public_ip: bool = False
    access_points: AccessPoints = field(default_factory=dict)
    repository_uris: Mapping[str, str] = field(default_factory=dict)
    pull_through_prefixes: Sequence[str] = ()


class JobDefinition(Construct):
    """Define a job definition and, unless it runs on EKS, its job role and its execution role.

    A change registers a new revision and leaves the old ones to the jobs that are waiting with them; who submits by
    name gets the newest. ``job_role`` is what grants are given to.

    ``job_queues`` and ``resources`` have what the settings name, by short name; a job that could never run on what its
    queues have is refused. An environment has checked that already, and gives ``placement`` instead of queues.
    """

    job_queue_arns: Sequence[str] = ()

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        settings: JobDefinitionSettings,
        job_queues: Mapping[str, JobQueue] | None = None,
        resources: Resources | None = None,
        placement: JobPlacement | None = None,
        name: str | None = None,
        location: AwsLocation | None = None,
    ) -> None:
        super().__init__(scope, id_)
        self.name = name = default_name(scope, id_, name)
        require_name("batch", name)
        resources = resources or Resources()
        if placement is None:
            queues = require_all(self.node.path, "job_queues", settings.job_queues, job_queues or {})
            _require_fit(self.node.path, id_, settings, queues, resources)
            placement = _place(next(iter(queues.values())), default_location(scope, location), resources)
            self.job_queue_arns = [queue.job_queue_arn for queue in queues.values()]
        self._placement = placement
        mounts = mounts_by_path(settings)
        access = settings.access if isinstance(settings, AwsAccessSettings) else Access()
        resources.require(self.node.path, access, mounts, placement.access_points)
        self._access_points = {**resources.access_points(mounts.values()), **placement.access_points}
        self.job_role: WorkloadRole | None = None
        arguments = self._arguments(settings)
        if self.job_role is not None:
            resources.grant(self.job_role, access, mounts.values(), placement.location)
        self.definition = BatchJobDefinition(
            self,
            "Resource",
            name=name,
            type="multinode" if isinstance(settings, MultiNodeJobDefinition) else "container",
            parameters=terraform_literal(dict(sorted(settings.parameters.items()))) or None,
            retry_strategy=_retry_strategy(settings.retry),
            timeout=BatchJobDefinitionTimeout(attempt_duration_seconds=settings.timeout_seconds),
            scheduling_priority=settings.scheduling_priority,
            tags=settings.tags or None,
            # Producers that hold the ARN of an old revision would fail from one moment to the next.
            deregister_on_new_revision=False,
            **arguments,
        )

    def grant_submit(
        self, grantee: WorkloadRole, queue_arns: Iterable[str], *, tags: Mapping[str, str] | None = None
    ) -> None:
        """Let ``grantee`` submit this definition, any revision, to these queues and no others, tagged with ``tags``."""
        grant_submit(grantee, self.node.id, self._placement.location, [self.name], list(queue_arns), tags=tags)

    def _arguments(self, settings: JobDefinitionSettings) -> dict[str, Any]:
        """Return the arguments that only this kind of job has."""
        if isinstance(settings, EksJobDefinition):
            return {"eks_properties": eks_blocks(eks_job(settings, self._placement.repository_uris)["eksProperties"])}
        document = ecs_job(settings, self._context(settings))
        documents = {name: canonical_json(document[key]) for key, name in DOCUMENTS.items() if key in document}
        return documents | {
            "platform_capabilities": document.get("platformCapabilities"),
            "propagate_tags": document["propagateTags"],
        }

    def _context(self, settings: JobDefinitionSettings) -> JobContext:
        placement = self._placement
        containers = [item for item in settings.containers_by_path().values() if isinstance(item, ContainerSettings)]
        to_cloudwatch = any(isinstance(container.logs, CloudWatchJobLogs) for container in containers)
        self.job_role = self._role("job-role", job_role_name(self.name), f"What {self.name} may use")
        execution_role = self._role(
            "execution-role", execution_role_name(self.name), f"Starts {self.name}: image, logs, secrets"
        )
        execution_role.add_policy(
            "start",
            execution_statements(
                images=[container.image for container in containers],
                repository_uris=placement.repository_uris,
                pull_through_prefixes=placement.pull_through_prefixes,
                log_group_arns=[placement.log_group_arn] if to_cloudwatch else [],
                secrets=[secret for container in containers for secret in container.all_secrets().values()],
            ),
        )
        if isinstance(settings, AwsAccessSettings):
            for index, policy_arn in enumerate(settings.access.policy_arns):
                self.job_role.attach_managed_policy(f"own-{index}", policy_arn)
        return JobContext(
            job_role_arn=self.job_role.role_arn,
            execution_role_arn=execution_role.role_arn,
            log_group_name=placement.log_group_name,
            log_stream_prefix=self.node.id,
            region=placement.location.region,
            assign_public_ip=placement.assign_public_ip,
            access_points=self._access_points,
            repository_uris=placement.repository_uris,
        )

    def _role(self, id_: str, name: str, description: str) -> WorkloadRole:
        return WorkloadRole(
            self,
            id_,
            name=name,
            services=[TASKS],
            account_id=self._placement.location.account_id,
            description=description,
        )


def mounts_by_path(settings: JobDefinitionSettings) -> dict[str, MountSettings]:
    """Return what the containers of a job mount, by path."""
    return {
        ".".join(filter(None, (path, f"mounts[{index}]"))): mount
        for path, container in settings.containers_by_path().items()
        if isinstance(container, ContainerSettings)
        for index, mount in enumerate(container.mounts)
    }


def _require_fit(
    subject: str, id_: str, settings: JobDefinitionSettings, job_queues: Mapping[str, JobQueue], resources: Resources
) -> None:
    """Raise SettingsError for what an environment would refuse of a job with these queues."""
    path = f"job_definitions.{id_}"
    queues = {name: queue.settings for name, queue in job_queues.items()}
    capacity = {
        name: environment.settings
        for queue in job_queues.values()
        for name, environment in queue.compute_environments.items()
    }
    problems = [
        *capacity_problems(path, settings, queues, capacity),
        *priority_problems(path, settings, queues),
        *hidden_message_problems(path, settings, {name: queue.settings for name, queue in resources.queues.items()}),
    ]
    if problems:
        raise SettingsError(subject, problems)


def _place(queue: JobQueue, location: AwsLocation, resources: Resources) -> JobPlacement:
    """Return the placement of a job whose usual queue this is."""
    environments = queue.compute_environments.values()
    return JobPlacement(
        location=location,
        log_group_name=queue.log_group_name,
        log_group_arn=queue.log_group_arn,
        assign_public_ip=any(environment.network.assign_public_ip for environment in environments),
        repository_uris={name: repository.registry_uri for name, repository in resources.repositories.items()},
    )


def _retry_strategy(settings: RetryStrategy) -> BatchJobDefinitionRetryStrategy:
    return BatchJobDefinitionRetryStrategy(
        attempts=settings.attempts,
        evaluate_on_exit=[
            BatchJobDefinitionRetryStrategyEvaluateOnExit(
                action=rule.action,
                on_status_reason=rule.on_status_reason,
                on_reason=rule.on_reason,
                on_exit_code=rule.on_exit_code,
            )
            for rule in settings.evaluate_on_exit
        ]
        or None,
    )
