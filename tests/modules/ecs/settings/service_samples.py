"""Services and parts of them, for the tests of their settings."""

from typing import Any

from modules.ecs.settings.containers import EbsVolumeMount
from modules.ecs.settings.exposure import (
    ExistingListener,
    OwnLoadBalancer,
)
from modules.ecs.settings.scaling import FixedTasks, ScaledTasks
from modules.ecs.settings.services import ReplicaService
from tests.modules.ecs.samples import (
    fargate_container,
    fargate_task,
    web_task,
)

OWN = OwnLoadBalancer(port="http", allowed_cidr_blocks=["10.0.0.0/16"])
LISTENER = "arn:aws:elasticloadbalancing:us-east-1:111122223333:listener/app/shared/0123456789abcdef/fedcba9876543210"
EBS_TASK = fargate_task(
    containers={"worker": fargate_container(mounts=[EbsVolumeMount(container_path="/data", read_only=False)])}
)


def replicas(**changes: Any) -> ReplicaService:
    values: dict[str, Any] = {"cluster": "main", "task": web_task(), "tasks": FixedTasks(count=2)}
    return ReplicaService(**(values | changes))


def listener(**changes: Any) -> ExistingListener:
    values: dict[str, Any] = {
        "port": "http",
        "listener_arn": LISTENER,
        "security_group_id": "sg-01234567",
        "priority": 1,
        "path_patterns": ["/embed/*"],
    }
    return ExistingListener(**(values | changes))


def scaled(**changes: Any) -> ScaledTasks:
    return ScaledTasks(**({"min_tasks": 1, "max_tasks": 4, "cpu_percent": 60} | changes))
