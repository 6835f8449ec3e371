"""Development: the same kinds of work at the smallest size, in public subnets, for nothing while it is idle."""

from modules.backlogs.settings import BacklogSettings
from modules.batch.settings.compute_environments import FargateSpotComputeEnvironment, SpotComputeEnvironment
from modules.batch.settings.job_definitions import Ec2JobDefinition, FargateJobDefinition
from modules.batch.settings.job_queues import JobQueueSettings
from modules.batch.settings.retries import SpotRetryStrategy
from modules.batch.settings.submissions import JobDependency, JobRequest, JobSubmission
from modules.ec2.settings import LaunchTemplateSettings
from modules.ecr.image import RepositoryImage
from modules.ecr.settings import RepositorySettings
from modules.ecs.settings.capacity import CapacityShare
from modules.ecs.settings.capacity_providers import AutoScalingGroupCapacityProvider
from modules.ecs.settings.clusters import ClusterSettings
from modules.ecs.settings.containers import Ec2Container, FargateContainer
from modules.ecs.settings.queue_workers import QueueWorkerService
from modules.ecs.settings.tasks import Ec2Task, FargateTask
from modules.events.matching import IsThere
from modules.events.settings import RuleSettings
from modules.events.sources import ObjectCreated
from modules.iam.access_settings import Access, BucketAccess
from modules.pipes.settings import MessageFilter, PipeSettings
from modules.s3.settings import BucketSettings, Notification
from modules.scheduler.settings import ScheduleSettings
from modules.sqs.settings import MessageQueueSettings
from modules.states.settings.pipelines import PipelineSettings
from modules.states.settings.stages import JobStage, MessageStage
from modules.targets.settings import Drain, PipelineExecution, QueueMessage
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
    service_quotas={
        "g_and_vt_spot_vcpus": 64,
        "fargate_spot_vcpus": 100,
    },
    network=PublicNetwork(
        cidr_block="10.10.0.0/16",
        availability_zones=["us-east-1a", "us-east-1b"],
        flow_log_retention_days=None,
    ),
    queues={
        "documents": MessageQueueSettings(visibility_timeout_seconds=900),
        "images": MessageQueueSettings(visibility_timeout_seconds=600),
        "notices": MessageQueueSettings(visibility_timeout_seconds=60),
        "requests": MessageQueueSettings(visibility_timeout_seconds=60),
        "reports": MessageQueueSettings(visibility_timeout_seconds=300),
    },
    buckets={
        "data": BucketSettings(
            notifications={
                "documents": Notification(queue="documents", prefix="incoming/documents/"),
                "images": Notification(queue="images", prefix="incoming/images/"),
            },
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
            access=Access(
                read=[BucketAccess(bucket="data", prefix="incoming/")],
                write=[BucketAccess(bucket="data", prefix="embeddings/")],
            ),
        ),
        "embed-documents": FargateJobDefinition(
            job_queues=["light"],
            image=EMBED,
            command=["embed", "--kind", "documents", "--keys", "Ref::key"],
            parameters={"key": "incoming/documents/"},
            vcpus=1.0,
            memory_mib=4_096,
            timeout_seconds=3_600,
            retry=SpotRetryStrategy(attempts=2),
            access=Access(
                read=[BucketAccess(bucket="data", prefix="incoming/")],
                write=[BucketAccess(bucket="data", prefix="embeddings/")],
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
            access=Access(
                read=[BucketAccess(bucket="data", prefix="embeddings/")],
                write=[BucketAccess(bucket="data", prefix="shards/")],
            ),
        ),
        # Takes one reported image after the other, until none is left or its time is nearly over.
        "recheck": FargateJobDefinition(
            job_queues=["light"],
            image=EMBED,
            command=["recheck", "--until-empty"],
            vcpus=0.5,
            memory_mib=2_048,
            timeout_seconds=3_600,
            retry=SpotRetryStrategy(attempts=2),
            longest_message_seconds=120,
            access=Access(read=[BucketAccess(bucket="data", prefix="incoming/")], consume=["reports"]),
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
            access=Access(
                read=[BucketAccess(bucket="data", prefix="shards/")],
                write=[BucketAccess(bucket="data", prefix="index/")],
            ),
        ),
    },
    submissions={
        "try-shard": JobSubmission(job_definition="shard", array_size=2),
        "try-merge": JobSubmission(job_definition="merge", depends_on=[JobDependency(submission="try-shard")]),
    },
    clusters={
        "workers": ClusterSettings(
            default_capacity=[CapacityShare(provider="FARGATE_SPOT")],
            capacity_providers={
                "gpu": AutoScalingGroupCapacityProvider(
                    instance_types=["g5.xlarge", "g6.xlarge"],
                    max_instances=1,
                    on_demand_percent=0,
                    launch_template=LaunchTemplateSettings(root_volume_gib=60),
                ),
            },
        ),
    },
    services={
        "document-worker": QueueWorkerService(
            cluster="workers",
            queue="documents",
            seconds_per_message=20,
            acceptable_latency_seconds=1_800,
            max_tasks=2,
            task=FargateTask(
                vcpus=1.0,
                memory_mib=4_096,
                containers={
                    "worker": FargateContainer(
                        image=EMBED,
                        command=["work", "--kind", "documents"],
                    ),
                },
                access=Access(
                    read=[BucketAccess(bucket="data", prefix="incoming/documents/")],
                    write=[BucketAccess(bucket="data", prefix="embeddings/")],
                ),
            ),
        ),
        "image-worker": QueueWorkerService(
            cluster="workers",
            capacity=[CapacityShare(provider="gpu")],
            queue="images",
            seconds_per_message=4,
            acceptable_latency_seconds=1_800,
            startup_seconds=420,
            max_tasks=1,
            task=Ec2Task(
                network_mode="host",  # in a public subnet the only way to an address
                vcpus=3.0,
                memory_mib=13_000,
                containers={
                    "worker": Ec2Container(
                        image=EMBED,
                        command=["work", "--kind", "images"],
                        gpus=1,
                        shared_memory_mib=4_096,
                    ),
                },
                access=Access(
                    read=[BucketAccess(bucket="data", prefix="incoming/images/")],
                    write=[BucketAccess(bucket="data", prefix="embeddings/")],
                ),
            ),
        ),
    },
    pipelines={
        "nightly": PipelineSettings(
            parameters={"date": "today"},
            timeout_seconds=129_600,
            stages={
                "embed": JobStage(job=JobRequest(job_definition="embed-images")),
                "shard": JobStage(after=["embed"], job=JobRequest(job_definition="shard", array_size=2)),
                "merge": JobStage(after=["shard"], job=JobRequest(job_definition="merge")),
                "notify": MessageStage(after=["merge"], message=QueueMessage(queue="notices")),
            },
            log_retention_days=7,
        ),
        "urgent": PipelineSettings(
            required_parameters=["key"],
            timeout_seconds=21_600,
            stages={
                "embed": JobStage(job=JobRequest(job_definition="embed-documents")),
                "notify": MessageStage(after=["embed"], message=QueueMessage(queue="notices")),
            },
            log_retention_days=7,
        ),
    },
    backlogs={
        "recheck": BacklogSettings(
            queue="reports",
            job=JobRequest(job_definition="recheck"),
            messages_per_child=100,
            max_children=2,
        ),
    },
    schedules={
        "recheck-nightly": ScheduleSettings(
            target=Drain(backlog="recheck"),
            expression="cron(0 22 * * ? *)",
        ),
    },
    pipes={
        # What somebody asks for: {"date": "2026-11-26"}.
        "embed-requests": PipeSettings(
            queue="requests",
            target=JobRequest(job_definition="embed-images", parameters={"date": "$.body.date"}),
            filters=[MessageFilter(matches={"body.date": [IsThere()]})],
            # Its polls of the queue cost a little, even where no message comes.
            state="STOPPED",
        ),
    },
    rules={
        # What is urgent is embedded when it comes, and not by the workers in their turn; who asked for it is told.
        "embed-urgent": RuleSettings(
            event=ObjectCreated(bucket="data", prefixes=["incoming/urgent/"]),
            target=PipelineExecution(pipeline="urgent", parameters={"key": "$.detail.object.key"}),
        ),
    },
)
