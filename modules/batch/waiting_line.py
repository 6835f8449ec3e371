"""Where jobs wait: a job queue, made here or somebody else's, as job definitions and those who submit see it."""

from collections.abc import Mapping

from cdktf import TerraformResource
from constructs import Construct

from modules import arns
from modules.batch.compute_environment import JobCapacity
from modules.batch.settings.existing_job_queues import ExistingJobQueue
from modules.batch.settings.job_queues import AnyJobQueueSettings
from modules.naming import AwsLocation


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
