"""A small environment that tests change one thing of."""

from typing import Any

from modules.batch.settings.compute_environments import (
    Ec2ComputeEnvironment,
    FargateComputeEnvironment,
    MultiNodeCapacity,
)
from modules.batch.settings.job_definitions import (
    Ec2JobDefinition,
    FargateJobDefinition,
    MultiNodeJobDefinition,
    NodeGroup,
)
from modules.batch.settings.job_queues import FairSharePolicySettings, JobQueueSettings
from modules.cloudwatch.alarm_settings import Alarms
from modules.iam.access_settings import Access, BucketAccess
from modules.operations.settings import Operations
from modules.s3.settings import BucketSettings
from modules.sqs.settings import MessageQueueSettings
from modules.vpc.settings import PrivateNetwork
from stacks.environment import Environment
from stacks.state import LocalState, S3State

IMAGE = "111122223333.dkr.ecr.us-east-1.amazonaws.com/embed:1"


def fargate_job(**changes: Any) -> FargateJobDefinition:
    values: dict[str, Any] = {
        "job_queues": ["light"],
        "image": IMAGE,
        "user": "1000",
        "scratch_paths": ["/tmp"],
        "vcpus": 1.0,
        "memory_mib": 2_048,
        "timeout_seconds": 600,
        "access": Access(
            read=[BucketAccess(bucket="data", prefix="incoming/")],
            write=[BucketAccess(bucket="data", prefix="embeddings/")],
            consume=["requests"],
        ),
    }
    return FargateJobDefinition(**(values | changes))


def ec2_job(**changes: Any) -> Ec2JobDefinition:
    values: dict[str, Any] = {
        "job_queues": ["large"],
        "image": IMAGE,
        "user": "1000",
        "vcpus": 2,
        "memory_mib": 4_096,
        "timeout_seconds": 600,
    }
    return Ec2JobDefinition(**(values | changes))


def distributed_job(**changes: Any) -> MultiNodeJobDefinition:
    group = NodeGroup(image=IMAGE, user="1000", vcpus=2, memory_mib=4_096, node_count=2)
    values: dict[str, Any] = {"job_queues": ["large"], "timeout_seconds": 600, "node_groups": [group]}
    return MultiNodeJobDefinition(**(values | changes))


# What every environment says; its state is one that production takes as well.
EMPTY: dict[str, Any] = {
    "name": "test",
    "account_id": "111122223333",
    "region": "us-east-1",
    "production": False,
    "state": S3State(bucket="example-terraform-state", region="us-east-1"),
}


def empty_environment(**changes: Any) -> Environment:
    """Return an environment with nothing in it but ``changes``."""
    return Environment(**EMPTY | _watched(changes))


def _watched(changes: dict[str, Any]) -> dict[str, Any]:
    """Return changes, with what production wants of every environment where they are to be production."""
    return {"operations": Operations(alarms=Alarms())} | changes if changes.get("production") else changes


def values(**changes: Any) -> dict[str, Any]:
    """Return the arguments of an environment with one or two of everything in Batch; maps given are added to."""
    base: dict[str, Any] = EMPTY | {
        "state": LocalState(),
        "network": PrivateNetwork(availability_zones=["us-east-1a"], nat_gateways=1),
        "queues": {"requests": MessageQueueSettings(visibility_timeout_seconds=601)},
        "buckets": {"data": BucketSettings()},
        "compute_environments": {
            "light": FargateComputeEnvironment(max_vcpus=16),
            "large": Ec2ComputeEnvironment(
                instance_types=["c6i.2xlarge"], max_vcpus=16, multi_node=MultiNodeCapacity()
            ),
        },
        "scheduling_policies": {"teams": FairSharePolicySettings(shares={"search": 1.0, "tenant*": 2.0})},
        "job_queues": {
            "light": JobQueueSettings(compute_environments=["light"]),
            "large": JobQueueSettings(compute_environments=["large"]),
            "shared": JobQueueSettings(compute_environments=["light"], scheduling_policy="teams"),
        },
        "job_definitions": {"embed": fargate_job(), "index": ec2_job(), "train": distributed_job()},
    }
    return base | {
        name: base[name] | value if isinstance(value, dict) and isinstance(base.get(name), dict) else value
        for name, value in _watched(changes).items()
    }


def environment(**changes: Any) -> Environment:
    """Return the environment with ``changes``."""
    return Environment(**values(**changes))
