"""A service of alike tasks, emitted, and ways to look at it."""

from typing import Any

from cdktf import TerraformStack

from modules.ecs.replica_service import Replicas
from modules.ecs.settings.capacity import CapacityShare
from modules.ecs.settings.containers import EbsVolumeMount
from modules.ecs.settings.exposure import ExistingListener, OwnLoadBalancer
from modules.ecs.settings.scaling import FixedTasks
from modules.ecs.settings.services import ReplicaService
from tests.conftest import Synthesized
from tests.modules.ecs.samples import NETWORK, fargate_container, fargate_task, placement, web_task

CERTIFICATE = "arn:aws:acm:us-east-1:111122223333:certificate/12345678-1234-1234-1234-123456789012"
OWN = OwnLoadBalancer(port="http", allowed_cidr_blocks=["10.0.0.0/16", "192.168.0.0/24"], certificate_arn=CERTIFICATE)
LISTENER = ExistingListener(
    port="http",
    listener_arn="arn:aws:elasticloadbalancing:us-east-1:111122223333:listener/app/shared/0123456789abcdef/fedcba9876543210",
    security_group_id="sg-01234567",
    priority=7,
    path_patterns=["/embed/*"],
    host_headers=["b.example.com", "a.example.com"],
)
GPU = [CapacityShare(provider="gpu")]
EBS_TASK = fargate_task(
    containers={"worker": fargate_container(mounts=[EbsVolumeMount(container_path="/data", read_only=False)])}
)


def replicas(stack: TerraformStack, **changes: Any) -> Synthesized:
    protected = changes.pop("deletion_protection", False)
    network = changes.pop("network", NETWORK)
    buckets = changes.pop("buckets", {})
    exec_settings = changes.pop("exec_settings", None)
    values: dict[str, Any] = {"cluster": "main", "task": web_task(), "tasks": FixedTasks(count=2)}
    Replicas(
        stack,
        "api",
        name="tb-test-api",
        settings=ReplicaService(**(values | changes)),
        placement=placement(
            stack,
            network=network,
            shares=changes.get("capacity", ()),
            buckets=buckets,
            execute_command=exec_settings,
        ),
        deletion_protection=protected,
    )
    return Synthesized(stack)


def service(synthesized: Synthesized) -> dict[str, Any]:
    return synthesized.one("aws_ecs_service")


def reference(synthesized: Synthesized, type_: str, name: str, attribute: str) -> str:
    return f"${{{synthesized.address(type_, name)}.{attribute}}}"


def group(synthesized: Synthesized, letter: str) -> str:
    items = synthesized.document["resource"]["aws_lb_target_group"]
    (id_,) = [id_ for id_, item in items.items() if item["name_prefix"] == f"{letter}-"]
    return f"${{aws_lb_target_group.{id_}.arn}}"
