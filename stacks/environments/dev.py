"""Development: the same kinds of work at the smallest size, in public subnets, for nothing while it is idle."""

from modules.batch.settings.compute_environments import FargateSpotComputeEnvironment, SpotComputeEnvironment
from modules.batch.settings.job_definitions import Ec2JobDefinition, FargateJobDefinition
from modules.batch.settings.job_queues import JobQueueSettings
from modules.batch.settings.retries import SpotRetryStrategy
from modules.batch.settings.submissions import JobDependency, JobSubmission
from modules.ec2.settings import LaunchTemplateSettings
from modules.ecr.image import RepositoryImage
from modules.ecr.settings import RepositorySettings
from modules.iam.access_settings import AccessSettings, BucketAccess
from modules.s3.settings import BucketSettings, NotificationSettings
from modules.sqs.settings import MessageQueueSettings
from modules.vpc.settings import PublicNetwork
from stacks.environment import Environment
from stacks.state import LocalState

EMBED = RepositoryImage(repository="embed", tag="1.5.0-dev")

DEV = Environment(
    name="dev",
    account_id="111111111111",
    region="us-east-1",
    production=False,
    state=LocalState(),
    tags={"cost-center": "ml-platform"},
    network=PublicNetwork(
        cidr_block="10.10.0.0/16",
        availability_zones=["us-east-1a", "us-east-1b"],
        flow_log_retention_days=None,
    ),
    queues={"documents": MessageQueueSettings(visibility_timeout_seconds=5_400)},
    buckets={
        "data": BucketSettings(
            notifications={"documents": NotificationSettings(queue="documents", prefix="incoming/")},
            force_destroy=True,
        ),
    },
    repositories={"embed": RepositorySettings(immutable_tags=False, force_delete=True)},
    compute_environments={
        "gpu-spot": SpotComputeEnvironment(
            instance_types=["g5.xlarge", "g6.xlarge"],
            max_vcpus=8,
            launch_template=LaunchTemplateSettings(root_volume_gib=60),
        ),
        "light-spot": FargateSpotComputeEnvironment(max_vcpus=16),
    },
    job_queues={
        "gpu": JobQueueSettings(compute_environments=["gpu-spot"], log_retention_days=7),
        "light": JobQueueSettings(compute_environments=["light-spot"], log_retention_days=7),
    },
    job_definitions={
        "embed-images": Ec2JobDefinition(
            job_queues=["gpu"],
            image=EMBED,
            command=["embed", "--kind", "images", "--date", "Ref::date"],
            parameters={"date": "today"},
            vcpus=4,
            memory_mib=14_000,
            gpus=1,
            shared_memory_mib=4_096,
            timeout_seconds=3_600,
            retry=SpotRetryStrategy(attempts=2),
            access=AccessSettings(
                read=[BucketAccess(bucket="data", prefix="incoming/")],
                write=[BucketAccess(bucket="data", prefix="embeddings/")],
            ),
        ),
        "embed-documents": FargateJobDefinition(
            job_queues=["light"],
            image=EMBED,
            command=["embed", "--kind", "documents"],
            vcpus=1.0,
            memory_mib=4_096,
            timeout_seconds=3_600,
            retry=SpotRetryStrategy(attempts=2),
            access=AccessSettings(
                read=[BucketAccess(bucket="data", prefix="incoming/")],
                write=[BucketAccess(bucket="data", prefix="embeddings/")],
                consume=["documents"],
            ),
        ),
        "shard": FargateJobDefinition(
            job_queues=["light"],
            image=EMBED,
            command=["shard", "--date", "Ref::date"],
            parameters={"date": "today"},
            vcpus=0.5,
            memory_mib=2_048,
            timeout_seconds=1_800,
            retry=SpotRetryStrategy(attempts=2),
            access=AccessSettings(
                read=[BucketAccess(bucket="data", prefix="embeddings/")],
                write=[BucketAccess(bucket="data", prefix="shards/")],
            ),
        ),
        "merge": FargateJobDefinition(
            job_queues=["light"],
            image=EMBED,
            command=["merge", "--date", "Ref::date"],
            parameters={"date": "today"},
            vcpus=1.0,
            memory_mib=8_192,
            timeout_seconds=1_800,
            retry=SpotRetryStrategy(attempts=2),
            access=AccessSettings(
                read=[BucketAccess(bucket="data", prefix="shards/")],
                write=[BucketAccess(bucket="data", prefix="index/")],
            ),
        ),
    },
    submissions={
        "try-shard": JobSubmission(job_definition="shard", array_size=2),
        "try-merge": JobSubmission(job_definition="merge", depends_on=[JobDependency(submission="try-shard")]),
    },
)
