"""A job queue, made here or somebody else's, and the log group of its jobs.

A job writes where its job definition says, not where its queue says; so a job definition takes the log group of the
queue that it is meant for. Each queue having one keeps the logs of production jobs apart from those of experiments,
with a retention of their own, instead of all of an account's in ``/aws/batch/job``, indefinitely.
"""

from collections.abc import Iterator, Mapping

from cdktf import TerraformResource
from cdktf_cdktf_provider_aws.batch_job_queue import (
    BatchJobQueue,
    BatchJobQueueComputeEnvironmentOrder,
    BatchJobQueueJobStateTimeLimitAction,
)
from constructs import Construct

from modules import arns
from modules.batch.capacity_rules import queue_problems
from modules.batch.compute_environment import JobCapacity
from modules.batch.scheduling_policy import FairSharePolicy
from modules.batch.settings.existing_job_queues import ExistingJobQueue
from modules.batch.settings.job_queues import AnyJobQueueSettings, JobQueueSettings, JobStateTimeLimits
from modules.cloudwatch.log_group import define_log_group
from modules.defaults import default_name, require_all
from modules.names import require_name
from modules.naming import AwsLocation
from modules.problems import SettingsError


class WaitingLine(Construct):
    """Base of job queues. ``job_queue_arn``, ``log_group_name`` and ``log_group_arn`` may be tokens.

    ``queue`` is the resource, None where it is somebody else's; ``compute_environments`` are those that are known.
    """

    settings: AnyJobQueueSettings
    job_queue_arn: str
    job_queue_name: str
    log_group_name: str
    log_group_arn: str
    queue: TerraformResource | None = None
    compute_environments: Mapping[str, JobCapacity]

    @classmethod
    def from_existing(
        cls, scope: Construct, id_: str, *, settings: ExistingJobQueue, location: AwsLocation
    ) -> "WaitingLine":
        """Return somebody else's job queue, of which nothing is made."""
        line = WaitingLine(scope, id_)
        line.settings, line.compute_environments = settings, {}
        line.job_queue_arn, line.job_queue_name = settings.job_queue_arn, settings.own_name
        line.log_group_name = settings.log_group_name
        line.log_group_arn = arns.log_group(location, settings.log_group_name)
        return line


class JobQueue(WaitingLine):
    """Define a job queue over the environments that ``settings`` name, in the order in which they are tried.

    ``compute_environments`` and ``scheduling_policies`` have what is named, by short name.

    On the way down the queue goes first and its environments after it, since it refers to them. ``job_queue_arn``,
    ``log_group_name`` and ``log_group_arn`` are tokens.
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        settings: JobQueueSettings,
        compute_environments: Mapping[str, JobCapacity],
        scheduling_policies: Mapping[str, FairSharePolicy] | None = None,
        name: str | None = None,
    ) -> None:
        super().__init__(scope, id_)
        name = default_name(scope, id_, name)
        handed_in = require_all(self, "compute_environments", settings.compute_environments, compute_environments)
        self.settings, self.compute_environments = settings, handed_in
        if problems := list(queue_problems(settings, {name: item.settings for name, item in handed_in.items()})):
            raise SettingsError(self.node.path, problems)
        wanted = [settings.scheduling_policy] if settings.scheduling_policy else []
        policies = require_all(self, "scheduling_policies", wanted, scheduling_policies or {})
        require_name("job queue", name)
        tags = settings.tags or None
        log_group = define_log_group(
            self, "log-group", name=f"/aws/batch/{name}", retention_days=settings.log_retention_days, tags=tags
        )
        self.queue = queue = BatchJobQueue(
            self,
            "Resource",
            name=name,
            state="ENABLED" if settings.enabled else "DISABLED",
            priority=settings.priority,
            compute_environment_order=[
                BatchJobQueueComputeEnvironmentOrder(
                    order=order, compute_environment=environment.compute_environment_arn
                )
                for order, environment in enumerate(self.compute_environments.values())
            ],
            job_state_time_limit_action=list(_time_limits(settings.job_state_time_limits)) or None,
            scheduling_policy_arn=next((policy.scheduling_policy_arn for policy in policies.values()), None),
            tags=tags,
        )
        self.job_queue_arn: str = queue.arn
        self.job_queue_name = name
        self.log_group_name: str = log_group.name
        self.log_group_arn: str = log_group.arn


def _time_limits(settings: JobStateTimeLimits) -> Iterator[BatchJobQueueJobStateTimeLimitAction]:
    """Yield what Batch does about waiting jobs; it knows these three reasons, one state and one action."""
    for reason, seconds in (
        ("CAPACITY:INSUFFICIENT_INSTANCE_CAPACITY", settings.insufficient_capacity_seconds),
        ("MISCONFIGURATION:COMPUTE_ENVIRONMENT_MAX_RESOURCE", settings.exceeds_environments_seconds),
        ("MISCONFIGURATION:JOB_RESOURCE_REQUIREMENT", settings.unmet_requirement_seconds),
    ):
        if seconds is not None:
            yield BatchJobQueueJobStateTimeLimitAction(
                reason=reason, state="RUNNABLE", max_time_seconds=seconds, action="CANCEL"
            )
