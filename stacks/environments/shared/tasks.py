"""Workers and tasks of ECS."""

from modules.ecs.settings.capacity import CapacityShare
from modules.ecs.settings.containers import Ec2Container, FargateContainer
from modules.ecs.settings.queue_workers import QueueWorkerService
from modules.ecs.settings.run_tasks import RunTaskDefinition
from modules.ecs.settings.tasks import Ec2Task, FargateTask
from modules.iam.access_settings import Access, BucketAccess
from stacks.environments.shared.storage import EMBED, WEIGHTS

TASK_DEFINITIONS = {
    "reindex": RunTaskDefinition(
        cluster="workers",
        task=FargateTask(
            vcpus=2.0,
            memory_mib=8_192,
            containers={
                "reindex": FargateContainer(image=EMBED, user="1000:1000", scratch_paths=["/tmp"], command=["reindex"])
            },
            access=Access(
                read=[BucketAccess(bucket="data", prefix="embeddings/")],
                write=[BucketAccess(bucket="data", prefix="index/")],
            ),
        ),
    ),
}


def document_worker(max_tasks: int) -> QueueWorkerService:
    """Return the worker that embeds documents on Fargate."""
    return QueueWorkerService(
        cluster="workers",
        queue="documents",
        seconds_per_message=20,
        acceptable_latency_seconds=1_800,
        max_tasks=max_tasks,
        task=FargateTask(
            vcpus=4.0,
            memory_mib=16_384,
            containers={
                "worker": FargateContainer(
                    image=EMBED,
                    user="1000:1000",
                    scratch_paths=["/tmp"],
                    command=["work", "--kind", "documents"],
                    mounts=[WEIGHTS],
                ),
            },
            access=Access(
                read=[BucketAccess(bucket="data", prefix="incoming/documents/")],
                write=[BucketAccess(bucket="data", prefix="embeddings/")],
                send=["results"],
            ),
        ),
    )


def image_worker(max_tasks: int) -> QueueWorkerService:
    """Return the worker that embeds images on instances with GPUs."""
    return QueueWorkerService(
        cluster="workers",
        capacity=[CapacityShare(provider="gpu")],
        queue="images",
        seconds_per_message=4,
        acceptable_latency_seconds=1_800,
        startup_seconds=420,
        max_tasks=max_tasks,
        task=Ec2Task(
            vcpus=3.0,
            memory_mib=13_000,
            containers={
                "worker": Ec2Container(
                    image=EMBED,
                    user="1000:1000",
                    command=["work", "--kind", "images"],
                    gpus=1,
                    shared_memory_mib=4_096,
                    mounts=[WEIGHTS],
                ),
            },
            access=Access(
                read=[BucketAccess(bucket="data", prefix="incoming/images/")],
                write=[BucketAccess(bucket="data", prefix="embeddings/")],
                send=["results"],
            ),
        ),
    )
