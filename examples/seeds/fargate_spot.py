"""A service on Fargate, and jobs on Fargate Spot that read and write a bucket."""

from modules.batch.settings.compute_environments import FargateSpotComputeEnvironment
from modules.batch.settings.job_definitions import FargateJobDefinition
from modules.batch.settings.job_queues import JobQueueSettings
from modules.ecs.settings.capacity import CapacityShare
from modules.ecs.settings.clusters import ClusterSettings
from modules.ecs.settings.containers import FargateContainer
from modules.ecs.settings.scaling import FixedTasks
from modules.ecs.settings.services import ReplicaService
from modules.ecs.settings.tasks import FargateTask
from modules.iam.access_settings import Access, BucketAccess
from modules.s3.settings import BucketSettings
from modules.vpc.settings import PublicNetwork
from stacks.environment import Environment
from stacks.state import LocalState

IMAGE = "public.ecr.aws/docker/library/python:3.11-slim"
DATA = BucketAccess(bucket="data")

FARGATE_SPOT = Environment(
    name="fargate-spot",
    account_id="111122223333",
    region="us-east-1",
    production=False,
    state=LocalState(),
    network=PublicNetwork(availability_zones=["us-east-1a"]),
    buckets={"data": BucketSettings()},
    compute_environments={"spot": FargateSpotComputeEnvironment(max_vcpus=16)},
    job_queues={"jobs": JobQueueSettings(compute_environments=["spot"])},
    job_definitions={
        "embed": FargateJobDefinition(
            job_queues=["jobs"],
            image=IMAGE,
            vcpus=1.0,
            memory_mib=2_048,
            timeout_seconds=3_600,
            access=Access(read=[DATA], write=[DATA]),
        )
    },
    clusters={"main": ClusterSettings(default_capacity=[CapacityShare(provider="FARGATE")])},
    services={
        "api": ReplicaService(
            cluster="main",
            tasks=FixedTasks(count=1),
            task=FargateTask(vcpus=0.25, memory_mib=512, containers={"api": FargateContainer(image=IMAGE)}),
        )
    },
)
