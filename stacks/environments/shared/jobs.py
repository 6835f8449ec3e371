"""Jobs of Batch, their queues, and the teams that submit some of them."""

from modules.batch.settings.job_definitions import (
    Ec2JobDefinition,
    FargateJobDefinition,
    MultiNodeJobDefinition,
    NodeGroup,
)
from modules.batch.settings.job_queues import AnyJobQueueSettings, FairSharePolicySettings, JobQueueSettings
from modules.batch.settings.retries import RetryStrategy, SpotRetryStrategy
from modules.batch.settings.submissions import JobSubmission
from modules.batch.settings.teams import TeamAccess
from modules.containers.settings import HostMount
from modules.iam.access_settings import Access, BucketAccess
from stacks.environments.shared.storage import EMBED, TRAIN, WEIGHTS

NVME = HostMount(host_path="/scratch", container_path="/scratch", read_only=False)

SCHEDULING_POLICIES = {
    "teams": FairSharePolicySettings(
        shares={"search": 0.5, "ads": 1.0, "research": 2.0}, share_decay_seconds=3_600, compute_reservation=10
    ),
}

JOB_QUEUES: dict[str, AnyJobQueueSettings] = {
    "gpu": JobQueueSettings(compute_environments=["gpu-spot", "gpu"], priority=10),
    "light": JobQueueSettings(compute_environments=["light-spot", "light"], priority=10),
    "shared": JobQueueSettings(compute_environments=["light-spot", "light"], scheduling_policy="teams"),
    "distributed": JobQueueSettings(compute_environments=["distributed"], priority=10),
}

JOB_DEFINITIONS = {
    "embed-images": Ec2JobDefinition(
        job_queues=["gpu"],
        image=EMBED,
        user="1000:1000",
        command=["embed", "--kind", "images", "--date", "Ref::date"],
        parameters={"date": "today"},
        vcpus=4,
        memory_mib=14_000,
        gpus=1,
        shared_memory_mib=4_096,
        timeout_seconds=10_800,
        retry=SpotRetryStrategy(),
        mounts=[WEIGHTS, NVME],
        access=Access(
            read=[BucketAccess(bucket="data", prefix="incoming/")],
            write=[BucketAccess(bucket="data", prefix="embeddings/")],
            send=["results"],
        ),
    ),
    "embed-documents": FargateJobDefinition(
        job_queues=["light"],
        image=EMBED,
        user="1000:1000",
        scratch_paths=["/tmp"],
        command=["embed", "--kind", "documents", "--keys", "Ref::key"],
        parameters={"key": "incoming/documents/"},
        vcpus=4.0,
        memory_mib=16_384,
        timeout_seconds=3_600,
        retry=SpotRetryStrategy(),
        mounts=[WEIGHTS],
        access=Access(
            read=[BucketAccess(bucket="data", prefix="incoming/")],
            write=[BucketAccess(bucket="data", prefix="embeddings/")],
        ),
    ),
    "shard": FargateJobDefinition(
        job_queues=["light"],
        image=EMBED,
        user="1000:1000",
        scratch_paths=["/tmp"],
        command=["shard", "--date", "Ref::date"],
        parameters={"date": "today"},
        vcpus=1.0,
        memory_mib=4_096,
        timeout_seconds=1_800,
        retry=SpotRetryStrategy(),
        access=Access(
            read=[BucketAccess(bucket="data", prefix="embeddings/")],
            write=[BucketAccess(bucket="data", prefix="shards/")],
        ),
    ),
    # Takes one reported image after the other, until none is left or its time is nearly over.
    "recheck": FargateJobDefinition(
        job_queues=["light"],
        image=EMBED,
        user="1000:1000",
        scratch_paths=["/tmp"],
        command=["recheck", "--until-empty"],
        vcpus=2.0,
        memory_mib=8_192,
        timeout_seconds=3_600,
        retry=SpotRetryStrategy(),
        longest_message_seconds=120,
        access=Access(read=[BucketAccess(bucket="data", prefix="incoming/")], consume=["reports"]),
    ),
    "merge": FargateJobDefinition(
        job_queues=["light"],
        image=EMBED,
        user="1000:1000",
        scratch_paths=["/tmp"],
        command=["merge", "--date", "Ref::date"],
        parameters={"date": "today"},
        vcpus=8.0,
        memory_mib=61_440,
        ephemeral_storage_gib=100,
        timeout_seconds=3_600,
        retry=SpotRetryStrategy(),
        access=Access(
            read=[BucketAccess(bucket="data", prefix="shards/")],
            write=[BucketAccess(bucket="data", prefix="index/")],
        ),
    ),
    "score": FargateJobDefinition(
        job_queues=["shared"],
        image=EMBED,
        user="1000:1000",
        scratch_paths=["/tmp"],
        command=["score", "--model", "Ref::model"],
        parameters={"model": "baseline"},
        vcpus=2.0,
        memory_mib=8_192,
        timeout_seconds=3_600,
        retry=SpotRetryStrategy(),
        scheduling_priority=100,
        access=Access(
            read=[BucketAccess(bucket="data", prefix="index/")],
            write=[BucketAccess(bucket="data", prefix="scores/")],
        ),
    ),
}

SUBMISSIONS = {
    "search-scores": JobSubmission(job_definition="score", team="search"),
}

TEAMS = {
    "search": TeamAccess(
        tag_value="search",
        shared_job_definitions=["score"],
        shared_job_queues=["shared"],
        share_identifier="search",
    ),
    "ads": TeamAccess(
        tag_value="ads", shared_job_definitions=["score"], shared_job_queues=["shared"], share_identifier="ads"
    ),
    "research": TeamAccess(
        tag_value="research",
        shared_job_definitions=["score", "train"],
        shared_job_queues=["shared", "distributed"],
        share_identifier="research",
    ),
}


def train(workers: int) -> MultiNodeJobDefinition:
    """Return the training on a main node and so many others."""
    return MultiNodeJobDefinition(
        job_queues=["distributed"],
        node_groups=[
            NodeGroup(
                node_count=1,
                image=TRAIN,
                user="1000:1000",
                command=["torchrun", "train.py", "--role", "main"],
                vcpus=44,
                memory_mib=160_000,
                gpus=4,
                shared_memory_mib=65_536,
                mounts=[WEIGHTS],
            ),
            NodeGroup(
                node_count=workers,
                image=TRAIN,
                user="1000:1000",
                command=["torchrun", "train.py", "--role", "worker"],
                vcpus=44,
                memory_mib=160_000,
                gpus=4,
                shared_memory_mib=65_536,
                mounts=[WEIGHTS],
            ),
        ],
        timeout_seconds=86_400,
        retry=RetryStrategy(attempts=2),
        access=Access(
            read=[BucketAccess(bucket="data", prefix="embeddings/")],
            write=[BucketAccess(bucket="data", prefix="checkpoints/")],
        ),
    )
