"""A task that somebody runs: its definition, and what to say to ECS for it."""

from constructs import Construct

from modules.defaults import default_name
from modules.ecs.runnable_task import RunnableTask
from modules.ecs.service import ServicePlacement
from modules.ecs.settings.run_tasks import RunTaskDefinition
from modules.ecs.task_definition import TaskDefinition


class RunTask(Construct):
    """Define a task definition; ``runnable`` is what is needed to run it."""

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        settings: RunTaskDefinition,
        placement: ServicePlacement,
        name: str | None = None,
    ) -> None:
        super().__init__(scope, id_)
        self.name = name = default_name(scope, id_, name)
        placement.require_fit(self, f"task_definitions.{id_}", settings)
        self._placement = placement
        self.task_definition = TaskDefinition(
            self,
            "task-definition",
            name=name,
            settings=settings.task,
            placement=placement.task,
            compatibility=placement.cluster.compatibility(settings.task, settings.capacity),
        )
        cluster, network = placement.cluster, placement.network
        self.runnable = RunnableTask(
            family=name,
            settings=settings,
            location=placement.task.location,
            cluster_name=cluster.name,
            cluster_arn=cluster.cluster_arn,
            # With its revision: what was tested is what runs, until the next apply.
            task_definition_arn=self.task_definition.task_definition_arn,
            role_arns=[self.task_definition.task_role.role_arn, self.task_definition.execution_role.role_arn],
            shares=[
                (cluster.provider_name(share.provider), share.weight, share.base)
                for share in cluster.shares(settings.capacity)
            ],
            network=network,
            # Where there is no capacity provider yet, nothing could be run; without the others nothing would work.
            depends_on=[
                *([cluster.association] if cluster.association else []),
                *network.connections_for(self),
                *self.task_definition.mount_connections,
            ],
            roles=[self.task_definition.task_role, self.task_definition.execution_role],
        )
