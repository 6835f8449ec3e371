"""What workloads share, and the rights to it that their settings ask for."""

from collections.abc import Mapping
from dataclasses import dataclass

from modules.iam.access_settings import AccessSettings
from modules.iam.workload_role import WorkloadRole
from modules.sqs.queue import Queue
from modules.vpc.network import Network
from stacks.storage import Storage


@dataclass(frozen=True)
class SharedResources:
    """What the stacks of workloads use of the stacks before them, by short name."""

    network: Network | None
    queues: Mapping[str, Queue]
    storage: Storage

    def grant(self, role: WorkloadRole, access: AccessSettings) -> None:
        """Give ``role`` every right of ``access``."""
        for read in access.read:
            self.storage.buckets[read.bucket].grant_read(role, read.prefix)
        for write in access.write:
            self.storage.buckets[write.bucket].grant_write(role, write.prefix)
        for name in access.consume:
            self.queues[name].grant_consume(role)
        for name in access.send:
            self.queues[name].grant_send(role)
