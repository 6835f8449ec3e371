"""Production: everything at its strictest, on Spot first and on demand when Spot has nothing."""

from modules.backlogs.settings import BacklogSettings
from modules.batch.settings.compute_environments import (
    Ec2ComputeEnvironment,
    FargateComputeEnvironment,
    FargateSpotComputeEnvironment,
    MultiNodeCapacity,
    SpotComputeEnvironment,
)
from modules.batch.settings.job_definitions import (
    Ec2JobDefinition,
    FargateJobDefinition,
    MultiNodeJobDefinition,
    NodeGroup,
)
from modules.batch.settings.job_queues import FairSharePolicySettings, JobQueueSettings
from modules.batch.settings.retries import RetryStrategy, SpotRetryStrategy
from modules.batch.settings.submissions import JobRequest, JobSubmission
from modules.batch.settings.teams import TeamAccess
from modules.budgets.settings import Budget, CostAnomalies
from modules.cloudtrail.settings import NewTrail
from modules.cloudwatch.alarm_settings import Alarms
from modules.containers.settings import FileSystemMount, HostMount
from modules.ec2.settings import LaunchTemplateSettings
from modules.ecr.image import RepositoryImage
from modules.ecr.settings import RepositorySettings
from modules.ecs.settings.capacity import CapacityShare
from modules.ecs.settings.capacity_providers import AutoScalingGroupCapacityProvider
from modules.ecs.settings.clusters import ClusterSettings
from modules.ecs.settings.containers import Ec2Container, FargateContainer
from modules.ecs.settings.queue_workers import QueueWorkerService
from modules.ecs.settings.run_tasks import RunTaskDefinition
from modules.ecs.settings.tasks import Ec2Task, FargateTask
from modules.efs.settings import AccessPointSettings, FileSystemSettings
from modules.events.matching import IsThere
from modules.events.settings import RuleSettings
from modules.events.sources import JobStateChange, ObjectCreated
from modules.iam.access_settings import Access, BucketAccess
from modules.operations.settings import Operations
from modules.pipes.settings import MessageFilter, PipeSettings
from modules.s3.settings import BucketSettings, LifecycleRule, Notification
from modules.scheduler.settings import ScheduleSettings
from modules.sns.new_topic import NewTopic
from modules.sqs.settings import FifoMessageQueueSettings, MessageQueueSettings
from modules.states.settings.pipelines import PipelineSettings
from modules.states.settings.stages import JobStage, MessageStage
from modules.targets.settings import Drain, PipelineExecution, QueueMessage, TaskRun
from modules.vpc.settings import PrivateNetwork
from stacks.environment import Environment
from stacks.state import S3State

# It has VOLUME /tmp: else what is mounted there on Fargate is root's, and its user could not write to it.
EMBED = RepositoryImage(repository="embed", tag="1.4.0")
TRAIN = RepositoryImage(repository="train", tag="0.9.2")
NVME = HostMount(host_path="/scratch", container_path="/scratch", read_only=False)
WEIGHTS = FileSystemMount(container_path="/models", file_system="weights", access_point="models")

PROD = Environment(
    name="prod",
    account_id="333333333333",
    region="us-east-1",
    production=True,
    state=S3State(bucket="example-terraform-state-prod", region="us-east-1"),
    tags={"cost-center": "ml-platform"},
    service_quotas={
        "g_and_vt_on_demand_vcpus": 768,
        "g_and_vt_spot_vcpus": 1_536,
        "fargate_on_demand_vcpus": 4_000,
        "fargate_spot_vcpus": 4_000,
    },
    network=PrivateNetwork(
        cidr_block="10.30.0.0/16",
        availability_zones=["us-east-1a", "us-east-1b", "us-east-1c"],
        public_buckets=["commoncrawl"],  # what the index is compared with
    ),
    queues={
        "documents": MessageQueueSettings(visibility_timeout_seconds=900),
        "images": MessageQueueSettings(visibility_timeout_seconds=600),
        "notices": MessageQueueSettings(visibility_timeout_seconds=60),
        "requests": MessageQueueSettings(visibility_timeout_seconds=60),
        "reports": MessageQueueSettings(visibility_timeout_seconds=300),
        "results": FifoMessageQueueSettings(visibility_timeout_seconds=300, high_throughput=True),
        "failed-jobs": MessageQueueSettings(visibility_timeout_seconds=30),
        "unstarted": MessageQueueSettings(visibility_timeout_seconds=30),
    },
    buckets={
        "data": BucketSettings(
            notifications={
                "documents": Notification(queue="documents", prefix="incoming/documents/"),
                "images": Notification(queue="images", prefix="incoming/images/"),
            },
            lifecycle={
                "incoming": LifecycleRule(prefix="incoming/", expire_after_days=30),
                "embeddings": LifecycleRule(prefix="embeddings/", transition_after_days={"INTELLIGENT_TIERING": 0}),
            },
            access_log_bucket="logs",
        ),
        "logs": BucketSettings(lifecycle={"all": LifecycleRule(expire_after_days=365)}),
    },
    file_systems={
        "weights": FileSystemSettings(
            access_points={"models": AccessPointSettings(path="/models", uid=1_000, gid=1_000, permissions="0755")}
        ),
    },
    repositories={"embed": RepositorySettings(), "train": RepositorySettings()},
    compute_environments={
        "gpu-spot": SpotComputeEnvironment(
            instance_types=["g5.xlarge", "g5.2xlarge", "g6.xlarge", "g6.2xlarge"],
            max_vcpus=512,
            launch_template=LaunchTemplateSettings(root_volume_gib=100, instance_store_raid=True),
        ),
        "gpu": Ec2ComputeEnvironment(
            instance_types=["g5.xlarge", "g5.2xlarge", "g6.xlarge", "g6.2xlarge"],
            max_vcpus=128,
            launch_template=LaunchTemplateSettings(root_volume_gib=100, instance_store_raid=True),
        ),
        "light-spot": FargateSpotComputeEnvironment(max_vcpus=512),
        "light": FargateComputeEnvironment(max_vcpus=128),
        "distributed": Ec2ComputeEnvironment(
            instance_types=["g5.12xlarge"],
            max_vcpus=192,
            launch_template=LaunchTemplateSettings(root_volume_gib=200),
            multi_node=MultiNodeCapacity(),
            subnet_index=0,
        ),
    },
    scheduling_policies={
        "teams": FairSharePolicySettings(
            shares={"search": 0.5, "ads": 1.0, "research": 2.0}, share_decay_seconds=3_600, compute_reservation=10
        ),
    },
    job_queues={
        "gpu": JobQueueSettings(compute_environments=["gpu-spot", "gpu"], priority=10),
        "light": JobQueueSettings(compute_environments=["light-spot", "light"], priority=10),
        "shared": JobQueueSettings(compute_environments=["light-spot", "light"], scheduling_policy="teams"),
        "distributed": JobQueueSettings(compute_environments=["distributed"], priority=10),
    },
    job_definitions={
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
        "train": MultiNodeJobDefinition(
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
                    node_count=3,
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
        ),
    },
    submissions={
        "search-scores": JobSubmission(job_definition="score", team="search"),
    },
    teams={
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
    },
    clusters={
        "workers": ClusterSettings(
            default_capacity=[
                CapacityShare(provider="FARGATE_SPOT", weight=3),
                CapacityShare(provider="FARGATE", weight=1),
            ],
            capacity_providers={
                "gpu": AutoScalingGroupCapacityProvider(
                    instance_types=["g5.xlarge", "g6.xlarge", "g5.2xlarge", "g6.2xlarge"],
                    max_instances=40,
                    on_demand_percent=25,
                    launch_template=LaunchTemplateSettings(root_volume_gib=100),
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
            max_tasks=200,
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
        ),
        "image-worker": QueueWorkerService(
            cluster="workers",
            capacity=[CapacityShare(provider="gpu")],
            queue="images",
            seconds_per_message=4,
            acceptable_latency_seconds=1_800,
            startup_seconds=420,
            max_tasks=40,
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
        ),
    },
    task_definitions={
        "reindex": RunTaskDefinition(
            cluster="workers",
            task=FargateTask(
                vcpus=2.0,
                memory_mib=8_192,
                containers={
                    "reindex": FargateContainer(
                        image=EMBED, user="1000:1000", scratch_paths=["/tmp"], command=["reindex"]
                    )
                },
                access=Access(
                    read=[BucketAccess(bucket="data", prefix="embeddings/")],
                    write=[BucketAccess(bucket="data", prefix="index/")],
                ),
            ),
        ),
    },
    backlogs={
        "recheck": BacklogSettings(
            queue="reports",
            job=JobRequest(job_definition="recheck"),
            messages_per_child=200,
            max_children=64,
        ),
    },
    schedules={
        "recheck-nightly": ScheduleSettings(
            target=Drain(backlog="recheck"),
            expression="cron(0 22 * * ? *)",
            dead_letter_queue="unstarted",
        ),
        "embed-nightly": ScheduleSettings(
            target=PipelineExecution(pipeline="nightly", parameters={"date": "<aws.scheduler.scheduled-time>"}),
            expression="cron(0 1 * * ? *)",
            dead_letter_queue="unstarted",
        ),
        "reindex-weekly": ScheduleSettings(
            target=TaskRun(task_definition="reindex"),
            expression="cron(0 3 ? * SUN *)",
            dead_letter_queue="unstarted",
        ),
        "train-weekly": ScheduleSettings(
            target=PipelineExecution(pipeline="retraining"),
            expression="cron(0 6 ? * SAT *)",
            dead_letter_queue="unstarted",
        ),
    },
    pipelines={
        "nightly": PipelineSettings(
            parameters={"date": "today"},
            timeout_seconds=129_600,
            stages={
                "embed": JobStage(job=JobRequest(job_definition="embed-images", array_size=200)),
                "shard": JobStage(after=["embed"], job=JobRequest(job_definition="shard", array_size=64)),
                "merge": JobStage(after=["shard"], job=JobRequest(job_definition="merge")),
                "notify": MessageStage(after=["merge"], message=QueueMessage(queue="notices")),
            },
            clean_up={"warn": MessageStage(message=QueueMessage(queue="notices"))},
        ),
        "retraining": PipelineSettings(
            timeout_seconds=259_200,
            stages={
                "train": JobStage(job=JobRequest(job_definition="train")),
                "notify": MessageStage(after=["train"], message=QueueMessage(queue="notices")),
            },
            clean_up={"warn": MessageStage(message=QueueMessage(queue="notices"))},
        ),
        "urgent": PipelineSettings(
            required_parameters=["key"],
            timeout_seconds=21_600,
            stages={
                "embed": JobStage(job=JobRequest(job_definition="embed-documents")),
                "notify": MessageStage(after=["embed"], message=QueueMessage(queue="notices")),
            },
            clean_up={"warn": MessageStage(message=QueueMessage(queue="notices"))},
        ),
    },
    pipes={
        # What somebody asks for: {"date": "2026-11-26"}.
        "embed-requests": PipeSettings(
            queue="requests",
            target=JobRequest(job_definition="embed-images", parameters={"date": "$.body.date"}),
            filters=[MessageFilter(matches={"body.date": [IsThere()]})],
        ),
    },
    rules={
        # What is urgent is embedded when it comes, and not by the workers in their turn; who asked for it is told.
        "embed-urgent": RuleSettings(
            event=ObjectCreated(bucket="data", prefixes=["incoming/urgent/"]),
            target=PipelineExecution(pipeline="urgent", parameters={"key": "$.detail.object.key"}),
            dead_letter_queue="unstarted",
            archive_days=14,
        ),
        "failed-jobs": RuleSettings(
            event=JobStateChange(states=["FAILED"]),
            target=QueueMessage(queue="failed-jobs"),
            dead_letter_queue="unstarted",
        ),
    },
    operations=Operations(
        alarms=Alarms(new_topic=NewTopic(emails=["ml-platform@example.com"])),
        audit_trail=NewTrail(left_out_buckets=["logs"]),
        budget=Budget(monthly_usd=20_000),
        cost_anomalies=CostAnomalies(least_usd=500),
    ),
)
