"""A service that has a task on each instance of its cluster."""

from constructs import Construct

from modules.ecs.deployment import rolling_arguments
from modules.ecs.service import Service, ServicePlacement
from modules.ecs.settings.deployments import RollingDeployment
from modules.ecs.settings.services import DaemonService


class Daemon(Service):
    """Define a service that has one task on each instance of the cluster."""

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        settings: DaemonService,
        placement: ServicePlacement,
        name: str | None = None,
    ) -> None:
        super().__init__(scope, id_, name=name, settings=settings, placement=placement)
        self._define(
            desired_count=None,
            scaled=False,
            # One at a time on each instance: the old task goes before the new one comes.
            arguments={
                "launch_type": "EC2",
                "scheduling_strategy": "DAEMON",
                **rolling_arguments(RollingDeployment(min_healthy_percent=0, max_percent=100)),
            },
        )
