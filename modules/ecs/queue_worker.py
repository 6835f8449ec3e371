"""A service that consumes one queue, with as many tasks as its backlog asks for."""

from constructs import Construct

from modules import arns
from modules.defaults import require_all
from modules.ecs.deployment import deployment_arguments
from modules.ecs.service import Service, ServicePlacement, placement_arguments
from modules.ecs.settings.placement import PACK_BY_MEMORY
from modules.ecs.settings.queue_workers import QUEUE_URL, QueueWorkerService
from modules.ecs.worker_scaling import WorkerScaling
from modules.iam.policy import allow


class QueueWorker(Service):
    """Define a service that consumes the queue that its settings name: its scaling and permissions.

    The queue is one of the resources of ``placement``.
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        settings: QueueWorkerService,
        placement: ServicePlacement,
        name: str | None = None,
    ) -> None:
        queues = require_all(scope, "queues", [settings.queue], placement.task.resources.queues, id_=id_)
        queue = queues[settings.queue]
        super().__init__(
            scope,
            id_,
            name=name,
            settings=settings,
            placement=placement,
            environment={QUEUE_URL: queue.queue_url},
            stop_timeout_seconds=settings.stop_timeout_seconds,
        )
        queue.grant_consume(self.task_definition.task_role)
        self._grant_protection()
        self._define(
            desired_count=settings.min_tasks,
            scaled=True,
            arguments={
                **self._strategy(),
                **deployment_arguments(settings.deployment),
                # As few instances as possible, so that empty ones can go.
                **placement_arguments([PACK_BY_MEMORY] if self._is_placed else []),
                # Moving tasks between zones for balance would interrupt their work.
                "availability_zone_rebalancing": "DISABLED",
            },
        )
        self.scaling = WorkerScaling(self._scalable(settings), "worker", settings=settings, queue_name=queue.queue_name)

    def _grant_protection(self) -> None:
        """Let a task ask ECS not to be the one that scaling or a deployment ends, as long as it works on a message."""
        tasks = arns.tasks(self._placement.task.location, self._placement.cluster.name)
        # The ARN of a task says its cluster and no service, but a task has the tags of its service. IfExists: one that
        # was started before the service had this tag has none, and would be ended at work.
        of_service = {"StringEqualsIfExists": {"aws:ResourceTag/Name": self.name}}
        actions = ["ecs:GetTaskProtection", "ecs:UpdateTaskProtection"]
        self.task_definition.task_role.add_policy(
            "protect-task", [allow("ProtectTask", actions, tasks, condition=of_service)]
        )
