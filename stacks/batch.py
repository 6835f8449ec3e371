"""Everything of AWS Batch in an environment: capacity, queues, job definitions, and who may submit."""

from collections.abc import Mapping
from typing import Any

from constructs import Construct

from modules.batch.compute_environment import JobCapacity
from modules.batch.compute_environments import compute_environment_class
from modules.batch.instance_environment import InstanceEnvironment
from modules.batch.job_definition import JobDefinition, JobPlacement
from modules.batch.job_queue import JobQueue, WaitingLine
from modules.batch.scheduling_policy import FairSharePolicy
from modules.batch.settings.any_compute_environments import AnyComputeEnvironmentSettings, ComputeEnvironmentSettings
from modules.batch.settings.any_job_definitions import JobDefinitionSettings
from modules.batch.settings.eks_compute_environments import EksCapacity
from modules.batch.settings.existing_compute_environments import ExistingComputeEnvironment
from modules.batch.settings.existing_job_definitions import ExistingJobDefinition
from modules.batch.settings.existing_job_queues import ExistingJobQueue
from modules.batch.settings.job_queues import AnyJobQueueSettings, JobQueueSettings
from modules.batch.team_policy import TeamPolicy
from modules.ecr.pull import cache_statements
from modules.vpc.network import Network
from stacks.base import PlatformStack
from stacks.network import require_network
from stacks.shared_resources import SharedResources
from stacks.submissions import SCRIPT, ReadySubmissions


class Batch:
    """Define compute environments, scheduling policies, job queues, job definitions and the policies of teams."""

    def __init__(self, stack: PlatformStack, shared: SharedResources) -> None:
        self.stack, self.environment, self.location = stack, stack.environment, stack.location
        self._shared = shared
        self.compute_environments = self._compute_environments(stack.map_scope("compute_environments"))
        self.scheduling_policies = self._scheduling_policies(stack.map_scope("scheduling_policies"))
        self.job_queues = self._job_queues(stack.map_scope("job_queues"))
        self.job_definitions = self._job_definitions(stack.map_scope("job_definitions"))
        self.teams = self._teams(stack.map_scope("teams"))
        self._add_outputs(stack)

    def _compute_environments(self, scope: Construct) -> dict[str, JobCapacity]:
        environments = {
            name: self._compute_environment(scope, name, settings)
            for name, settings in sorted(self.environment.compute_environments.items())
        }
        self._let_nodes_fill_caches(environments)
        return environments

    def _compute_environment(self, scope: Construct, name: str, settings: AnyComputeEnvironmentSettings) -> JobCapacity:
        match settings:
            case ComputeEnvironmentSettings():
                return compute_environment_class(settings)(
                    scope,
                    name,
                    name=self.environment.physical_name(name, "compute_environments"),
                    settings=settings,
                    network=require_network(self._shared.network).placed(settings),
                    location=self.location,
                    tags=self.environment.all_tags,
                    resources=self._shared.named,
                )
            case ExistingComputeEnvironment():
                return JobCapacity.from_existing(scope, name, settings=settings)
        raise TypeError(f"{type(settings).__name__} is no kind of compute environment")

    def _let_nodes_fill_caches(self, environments: Mapping[str, JobCapacity]) -> None:
        """Let nodes of EKS, which pull the images of pods themselves, import what caches do not have yet."""
        statements = cache_statements(self.location, self.environment.pull_through_prefixes)
        for name, environment in environments.items():
            eks = isinstance(self.environment.compute_environments[name], EksCapacity)
            if eks and statements and isinstance(environment, InstanceEnvironment):
                environment.instance_role.role.add_policy("import-images", statements)

    def _scheduling_policies(self, scope: Construct) -> dict[str, FairSharePolicy]:
        return {
            name: FairSharePolicy(
                scope, name, name=self.environment.physical_name(name, "scheduling_policies"), settings=settings
            )
            for name, settings in sorted(self.environment.scheduling_policies.items())
        }

    def _job_queues(self, scope: Construct) -> dict[str, WaitingLine]:
        return {
            name: self._job_queue(scope, name, settings)
            for name, settings in sorted(self.environment.job_queues.items())
        }

    def _job_queue(self, scope: Construct, name: str, settings: AnyJobQueueSettings) -> WaitingLine:
        match settings:
            case JobQueueSettings():
                return JobQueue(
                    scope,
                    name,
                    name=self.environment.physical_name(name, "job_queues"),
                    settings=settings,
                    compute_environments=self.compute_environments,
                    scheduling_policies=self.scheduling_policies,
                )
            case ExistingJobQueue():
                return WaitingLine.from_existing(scope, name, settings=settings, location=self.location)
        raise TypeError(f"{type(settings).__name__} is no kind of job queue")

    def _job_definitions(self, scope: Construct) -> dict[str, JobDefinition]:
        return {
            name: self._job_definition(scope, name, settings)
            for name, settings in sorted(self.environment.job_definitions.items())
            if isinstance(settings, JobDefinitionSettings)
        }

    def _job_definition(self, scope: Construct, name: str, settings: JobDefinitionSettings) -> JobDefinition:
        network: Network | None = self._shared.network
        queue = self.job_queues[settings.job_queues[0]]
        return JobDefinition(
            scope,
            name,
            name=self.environment.job_definition_name(name),
            settings=settings,
            resources=self._shared.named,
            placement=JobPlacement(
                location=self.location,
                log_group_name=queue.log_group_name,
                log_group_arn=queue.log_group_arn,
                assign_public_ip=network is not None and network.assign_public_ip,
                repository_uris=self.environment.repository_uris,
                pull_through_prefixes=self.environment.pull_through_prefixes,
            ),
        )

    def _teams(self, scope: Construct) -> dict[str, TeamPolicy]:
        return {
            name: TeamPolicy(
                scope,
                name,
                name=self.environment.physical_name(name, "teams"),
                settings=settings,
                shared_definition_names=[
                    self.environment.job_definition_name(job) for job in settings.shared_job_definitions
                ],
                shared_queue_arns=[self.environment.job_queue_arn(queue) for queue in settings.shared_job_queues],
                location=self.location,
                platform_tags=self.environment.all_tags,
                team_tag_keys=self.environment.team_tag_keys,
            )
            for name, settings in sorted(self.environment.teams.items())
        }

    def _add_outputs(self, stack: PlatformStack) -> None:
        stack.add_output(
            "compute_environments",
            "Compute environments and the ECS clusters that Batch makes for them, by short name",
            {name: _environment_output(environment) for name, environment in self.compute_environments.items()},
        )
        stack.add_output(
            "job_queues",
            "Job queues and the log groups of their jobs, by short name",
            {
                name: {"arn": queue.job_queue_arn, "log_group": queue.log_group_name, "name": queue.job_queue_name}
                for name, queue in self.job_queues.items()
            },
        )
        outputs = {name: _job_output(job) for name, job in self.job_definitions.items()} | {
            name: {"arn": job.job_definition_arn, "name": job.own_name}
            for name, job in self.environment.job_definitions.items()
            if isinstance(job, ExistingJobDefinition)
        }
        ready = ReadySubmissions(self.environment, {name: output["arn"] for name, output in outputs.items()})
        stack.add_output(
            "job_definitions",
            "Job definitions with a request that is ready but for one of share_identifiers, if there are any, by short "
            "name; arn is the newest revision",
            {name: output | ready.output(name) for name, output in sorted(outputs.items())},
        )
        stack.add_output("submissions", "Requests of the environment's submissions, by short name", ready.outputs())
        if outputs:
            stack.add_output(SCRIPT, "Submits what its arguments name, or lists what they can name", ready.script())
        stack.add_output(
            "team_policies",
            "Policies to attach to the roles of teams, by team",
            {name: team.policy_arn for name, team in self.teams.items()},
        )


def _job_output(job: JobDefinition) -> dict[str, Any]:
    return {
        "arn": job.definition.arn,
        "name": job.name,
        **({"job_role_arn": job.job_role.role_arn} if job.job_role else {}),
        **({"execution_role_arn": job.execution_role.role_arn} if job.execution_role else {}),
    }


def _environment_output(environment: JobCapacity) -> dict[str, str]:
    output = {"arn": environment.compute_environment_arn, "name": environment.compute_environment_name}
    # That of EKS is the user's own, and that of others may not be known.
    if isinstance(environment.settings, EksCapacity) or environment.ecs_cluster_arn is None:
        return output
    return output | {"ecs_cluster_arn": environment.ecs_cluster_arn}
