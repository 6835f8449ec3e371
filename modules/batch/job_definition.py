"""A job definition with the role that its containers run as and the role that starts them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from cdktf import ITerraformDependable
from cdktf_cdktf_provider_aws.batch_job_definition import (
    BatchJobDefinition,
    BatchJobDefinitionEksProperties,
    BatchJobDefinitionRetryStrategy,
    BatchJobDefinitionTimeout,
)
from constructs import Construct

from modules.batch.documents import JobContext
from modules.batch.job_queue import WaitingLine
from modules.batch.job_rules import capacity_problems, hidden_message_problems, priority_problems
from modules.batch.permissions import grant_submit
from modules.batch.registration import registration
from modules.batch.settings.any_job_definitions import (
    EcsJobDefinition,
    JobDefinitionSettings,
    execution_role_name,
    job_role_name,
)
from modules.batch.settings.job_logs import CloudWatchJobLogs
from modules.blocks import snake_case, typed_block
from modules.canonical_json import canonical_json
from modules.containers.documents import AccessPoints, Document
from modules.containers.task_roles import define_task_role, open_sessions
from modules.defaults import default_location, default_name, require_all
from modules.iam.execution_role import execution_statements
from modules.iam.workload_role import WorkloadRole, start_after_permissions
from modules.names import require_name
from modules.naming import AwsLocation
from modules.problems import Problem, SettingsError
from modules.resources import Resources
from modules.terraform_literal import terraform_literal

# What the provider takes as JSON.
DOCUMENTS = ("containerProperties", "ecsProperties", "nodeProperties")


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
    job_role: WorkloadRole | None = None
    execution_role: WorkloadRole | None = None

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        settings: JobDefinitionSettings,
        job_queues: Mapping[str, WaitingLine] | None = None,
        resources: Resources | None = None,
        placement: JobPlacement | None = None,
        name: str | None = None,
        location: AwsLocation | None = None,
    ) -> None:
        super().__init__(scope, id_)
        self.name = name = default_name(scope, id_, name)
        require_name("job definition", name)
        resources = resources or Resources()
        if placement is not None and (job_queues or location):
            rule = "be left out where placement is given, which includes it"
            got = "job_queues" if job_queues else "location"
            raise SettingsError(self.node.path, [Problem(got, rule, None)])
        if placement is None:
            queues = require_all(self, "job_queues", settings.job_queues, job_queues or {})
            _require_fit(self, id_, settings, queues, resources)
            placement = _place(next(iter(queues.values())), default_location(scope, location), resources)
            self.job_queue_arns = [queue.job_queue_arn for queue in queues.values()]
        self._placement = placement
        mounts = settings.mounts_by_path()
        if isinstance(settings, EcsJobDefinition):
            resources.require(self, settings.access, mounts, placement.access_points)
            self.job_role, self.execution_role = self._job_role(settings), self._execution_role(settings)
            resources.grant(self.job_role, settings.access, mounts.values(), placement.location)
        access_points = {**resources.access_points(mounts.values()), **placement.access_points}
        request = registration(name, settings, self._context(access_points))
        self.definition = self._define(request, resources.connections(mounts.values()))
        # A submission by name gets the newest revision from the moment it is there.
        start_after_permissions(self.definition, *filter(None, (self.job_role, self.execution_role)))

    def grant_submit(
        self, grantee: WorkloadRole, queue_arns: Iterable[str], *, tags: Mapping[str, str] | None = None
    ) -> None:
        """Let ``grantee`` submit this definition, any revision, to these queues and no others, tagged with ``tags``."""
        grant_submit(grantee, self.node.id, self._placement.location, [self.name], list(queue_arns), tags=tags)

    def _define(self, request: Document, connections: Sequence[ITerraformDependable]) -> BatchJobDefinition:
        pod = request.get("eksProperties")
        return BatchJobDefinition(
            self,
            "Resource",
            name=self.name,
            type=request["type"],
            parameters=terraform_literal(request["parameters"]) or None,
            retry_strategy=typed_block(BatchJobDefinitionRetryStrategy, request["retryStrategy"]),
            timeout=typed_block(BatchJobDefinitionTimeout, request["timeout"]),
            scheduling_priority=request["schedulingPriority"],
            platform_capabilities=request.get("platformCapabilities"),
            propagate_tags=request.get("propagateTags"),
            eks_properties=typed_block(BatchJobDefinitionEksProperties, pod) if pod else None,
            tags=request["tags"] or None,
            # Producers that hold the ARN of an old revision would fail from one moment to the next.
            deregister_on_new_revision=False,
            depends_on=connections or None,
            **{snake_case(key): canonical_json(request[key]) for key in DOCUMENTS if key in request},
        )

    def _context(self, access_points: AccessPoints) -> JobContext:
        placement = self._placement
        return JobContext(
            job_role_arn=self.job_role.role_arn if self.job_role else None,
            execution_role_arn=self.execution_role.role_arn if self.execution_role else None,
            log_group_name=placement.log_group_name,
            log_stream_prefix=self.node.id,
            region=placement.location.region,
            assign_public_ip=placement.assign_public_ip,
            access_points=access_points,
            repository_uris=placement.repository_uris,
        )

    def _job_role(self, settings: EcsJobDefinition) -> WorkloadRole:
        role = define_task_role(
            self,
            "job-role",
            name=job_role_name(self.name),
            description=f"What {self.name} may use",
            location=self._placement.location,
            policy_arns=settings.access.policy_arns,
            role_arn=settings.job_role_arn,
        )
        if settings.execute_command:
            role.add_policy("execute-command", [open_sessions()])
        return role

    def _execution_role(self, settings: EcsJobDefinition) -> WorkloadRole:
        placement = self._placement
        role = define_task_role(
            self,
            "execution-role",
            name=execution_role_name(self.name),
            description=f"Starts {self.name}: image, logs, secrets",
            location=placement.location,
            role_arn=settings.execution_role_arn,
        )
        containers = settings.containers_by_path().values()
        to_cloudwatch = any(isinstance(container.logs, CloudWatchJobLogs) for container in containers)
        statements = execution_statements(
            images=[container.image for container in containers],
            repository_uris=placement.repository_uris,
            pull_through_prefixes=placement.pull_through_prefixes,
            log_group_arns=[placement.log_group_arn] if to_cloudwatch else [],
            secrets=[secret for container in containers for secret in container.all_secrets().values()],
            location=placement.location,
        )
        role.add_policy("start", statements)
        return role


def _require_fit(
    user: Construct,
    id_: str,
    settings: JobDefinitionSettings,
    job_queues: Mapping[str, WaitingLine],
    resources: Resources,
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
        raise SettingsError(user.node.path, problems)


def _place(queue: WaitingLine, location: AwsLocation, resources: Resources) -> JobPlacement:
    """Return the placement of a job whose usual queue this is."""
    environments = queue.compute_environments.values()
    return JobPlacement(
        location=location,
        log_group_name=queue.log_group_name,
        log_group_arn=queue.log_group_arn,
        assign_public_ip=any(environment.assign_public_ip for environment in environments),
        repository_uris={name: repository.registry_uri for name, repository in resources.repositories.items()},
    )
