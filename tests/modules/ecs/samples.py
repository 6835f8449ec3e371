"""Tasks, clusters and the platform around them, for the tests of everything that is made of them."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from constructs import Construct

from modules.containers.documents import FileSystemPlace
from modules.ecs.cluster import Cluster
from modules.ecs.service import ServicePlacement
from modules.ecs.settings.capacity import CapacityShare
from modules.ecs.settings.capacity_providers import AutoScalingGroupCapacityProvider
from modules.ecs.settings.clusters import ClusterSettings
from modules.ecs.settings.containers import Ec2Container, FargateContainer, Port
from modules.ecs.settings.existing_clusters import ExistingCluster
from modules.ecs.settings.existing_groups import ExistingAutoScalingGroupCapacityProvider, ExistingCapacityProvider
from modules.ecs.settings.managed_instances import Amount, ManagedInstancesCapacityProvider
from modules.ecs.settings.queue_workers import QueueWorkerService
from modules.ecs.settings.tasks import Ec2Task, FargateTask
from modules.ecs.task_definition import TaskPlacement
from modules.naming import AwsLocation
from modules.resources import Resources
from modules.s3.grantable_bucket import GrantableBucket
from modules.sqs.queue import Queue
from modules.vpc.network import Network

IMAGE = "111122223333.dkr.ecr.us-east-1.amazonaws.com/embed:1"
LOCATION = AwsLocation(region="us-east-1", account_id="111122223333")
NETWORK = Network(
    vpc_id=lambda: "vpc-01234567",
    subnet_ids=("subnet-0a", "subnet-0b"),
    security_group_ids=("sg-0a",),
    assign_public_ip=False,
)
TASK_PLACEMENT = TaskPlacement(
    location=LOCATION,
    access_points={("weights", "models"): FileSystemPlace("fs-0123456789abcdef0", "fsap-0123456789abcdef0")},
    repository_uris={"embed": "111122223333.dkr.ecr.us-east-1.amazonaws.com/tb-test-embed"},
)
FARGATE = CapacityShare(provider="FARGATE")
FARGATE_SPOT = CapacityShare(provider="FARGATE_SPOT")


def fargate_container(**changes: Any) -> FargateContainer:
    return FargateContainer(**({"image": IMAGE, "user": "root"} | changes))


def ec2_container(**changes: Any) -> Ec2Container:
    return Ec2Container(**({"image": IMAGE, "user": "root"} | changes))


def fargate_task(**changes: Any) -> FargateTask:
    values: dict[str, Any] = {"vcpus": 1, "memory_mib": 2_048, "containers": {"worker": fargate_container()}}
    return FargateTask(**(values | changes))


def ec2_task(**changes: Any) -> Ec2Task:
    values: dict[str, Any] = {"vcpus": 4, "memory_mib": 12_000, "containers": {"worker": ec2_container(gpus=1)}}
    return Ec2Task(**(values | changes))


def web_task(**changes: Any) -> FargateTask:
    """Return a task that listens on a port called http."""
    return fargate_task(
        containers={"web": fargate_container(ports={"http": Port(port=8_080, application_protocol="http")}, **changes)}
    )


def group_provider(**changes: Any) -> AutoScalingGroupCapacityProvider:
    values: dict[str, Any] = {
        "instance_types": ["g5.xlarge", "g6.xlarge"],
        "max_instances": 8,
        "on_demand_base": 1,
        "on_demand_percent": 25,
    }
    return AutoScalingGroupCapacityProvider(**(values | changes))


GROUP_ARN = (
    "arn:aws:autoscaling:us-east-1:111122223333:"
    "autoScalingGroup:1234abcd-12ab-34cd-56ef-1234567890ab:autoScalingGroupName/gpus"
)


def existing_provider(**changes: Any) -> ExistingAutoScalingGroupCapacityProvider:
    values: dict[str, Any] = {
        "auto_scaling_group_arn": GROUP_ARN,
        "instance_types": ["g5.xlarge", "g6.xlarge"],
        "max_instances": 8,
    }
    return ExistingAutoScalingGroupCapacityProvider(**(values | changes))


def shared_provider(**changes: Any) -> ExistingCapacityProvider:
    values: dict[str, Any] = {
        "capacity_provider_name": "gpus",
        "instance_types": ["g5.xlarge", "g6.xlarge"],
        "max_instances": 8,
    }
    return ExistingCapacityProvider(**(values | changes))


def existing_cluster(**changes: Any) -> ExistingCluster:
    values: dict[str, Any] = {
        "cluster_arn": "arn:aws:ecs:us-east-1:111122223333:cluster/shared",
        "default_capacity": [CapacityShare(provider="gpu")],
        "capacity_providers": {"gpu": shared_provider()},
    }
    return ExistingCluster(**(values | changes))


def managed_provider(**changes: Any) -> ManagedInstancesCapacityProvider:
    values: dict[str, Any] = {"vcpus": Amount(min=2, max=8), "memory_mib": Amount(min=4_096)}
    return ManagedInstancesCapacityProvider(**(values | changes))


def cluster_settings(**changes: Any) -> ClusterSettings:
    values: dict[str, Any] = {
        "default_capacity": [FARGATE_SPOT],
        "capacity_providers": {"gpu": group_provider(), "managed": managed_provider()},
        "namespace": "test.internal",
    }
    return ClusterSettings(**(values | changes))


def cluster(scope: Construct, **changes: Any) -> Cluster:
    return Cluster(
        scope,
        "cluster",
        name="tb-test-main",
        settings=cluster_settings(**changes),
        network=NETWORK,
        location=LOCATION,
        tags={"project": "tb"},
    )


def placement(
    scope: Construct,
    *,
    network: Network = NETWORK,
    shares: Sequence[CapacityShare] = (),
    queues: Mapping[str, Queue] | None = None,
    buckets: Mapping[str, GrantableBucket] | None = None,
    **changes: Any,
) -> ServicePlacement:
    """Return a place in a cluster with those capacity providers only that are named: to make one takes its time."""
    named = {share.provider for share in (*shares, *changes.get("default_capacity", ()))}
    makers = {"gpu": group_provider, "managed": managed_provider}
    providers = {name: make() for name, make in makers.items() if name in named}
    settings = {"capacity_providers": providers} | changes
    task = replace(TASK_PLACEMENT, resources=Resources(queues=queues or {}, buckets=buckets or {}))
    return ServicePlacement(cluster=cluster(scope, **settings), network=network, task=task, is_checked=True)


def worker_settings(**changes: Any) -> QueueWorkerService:
    values: dict[str, Any] = {
        "cluster": "main",
        "queue": "documents",
        "task": fargate_task(),
        "seconds_per_message": 6,
        "acceptable_latency_seconds": 900,
        "startup_seconds": 90,
        "max_tasks": 4,
    }
    return QueueWorkerService(**(values | changes))
