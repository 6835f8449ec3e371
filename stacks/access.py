"""What workloads share, and the permissions to it that their settings ask for."""

from collections.abc import Mapping
from dataclasses import dataclass

from modules.batch.permissions import grant_describe, grant_submit, grant_terminate
from modules.iam.access_settings import Access
from modules.iam.workload_role import WorkloadRole
from modules.sqs.queue import Queue
from modules.vpc.network import Network
from stacks.environment import Environment
from stacks.storage import Storage


@dataclass(frozen=True)
class SharedResources:
    """What the stacks of workloads use of the stacks before them, by short name."""

    environment: Environment
    network: Network | None
    queues: Mapping[str, Queue]
    storage: Storage

    def grant(self, role: WorkloadRole, access: Access) -> None:
        """Give ``role`` every right of ``access``."""
        for read in access.read:
            self.storage.buckets[read.bucket].grant_read(role, read.prefix)
        for write in access.write:
            self.storage.buckets[write.bucket].grant_write(role, write.prefix)
        for name in access.consume:
            self.queues[name].grant_consume(role)
        for name in access.send:
            self.queues[name].grant_send(role)
        for name in access.submit:
            self._grant_submit(role, name)
        if access.terminate_jobs:
            grant_terminate(role, self.environment.location, self.environment.job_tags)
        if access.describe_jobs:
            grant_describe(role)

    def _grant_submit(self, role: WorkloadRole, name: str) -> None:
        """Let ``role`` submit a job definition to its own queues. Names are enough: their ARNs follow from them."""
        environment = self.environment
        queues = [environment.job_queue_arn(queue) for queue in environment.job_definitions[name].job_queues]
        definition = environment.physical_name(name)
        grant_submit(role, name, environment.location, [definition], queues, tags=environment.job_tags)
