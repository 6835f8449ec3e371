"""Transcription: pipelines of jobs, on Spot first and on demand where Spot has nothing; each tenant has its share."""

from modules.batch.settings.compute_environments import (
    Ec2ComputeEnvironment,
    FargateSpotComputeEnvironment,
    SpotComputeEnvironment,
)
from modules.batch.settings.job_definitions import Ec2JobDefinition, FargateJobDefinition
from modules.batch.settings.job_queues import FairSharePolicySettings, JobQueueSettings
from modules.batch.settings.retries import SpotRetryStrategy
from modules.batch.settings.submissions import JobRequest
from modules.cloudtrail.settings import NewTrail
from modules.cloudwatch.alarm_settings import Alarms
from modules.ecr.image import RepositoryImage
from modules.ecr.settings import RepositorySettings
from modules.ecs.settings.capacity import CapacityShare
from modules.ecs.settings.clusters import ClusterSettings
from modules.ecs.settings.containers import FargateContainer
from modules.ecs.settings.run_tasks import RunTaskDefinition
from modules.ecs.settings.tasks import FargateTask
from modules.events.matching import IsNumber, StartsWith
from modules.iam.access_settings import Access, BucketAccess
from modules.kms.settings import NewKmsKey
from modules.lambda_functions.settings import ExistingFunction
from modules.operations.settings import Operations
from modules.s3.settings import BucketSettings
from modules.sns.new_topic import NewTopic
from modules.sqs.settings import FifoMessageQueueSettings, MessageQueueSettings
from modules.states.settings.fan_outs import FanOutStage, PipelineFanOutStage, TaskFanOutStage
from modules.states.settings.items import CsvManifest, JsonManifest, ObjectsBelow
from modules.states.settings.pipelines import PipelineSettings
from modules.states.settings.retries import CapacityStep, StageRetry
from modules.states.settings.stages import (
    FileStage,
    FunctionStage,
    JobStage,
    MessageStage,
    PipelineStage,
    QueueStage,
    ReceiveStage,
    TaskStage,
    TopicStage,
)
from modules.targets.settings import FunctionCall, PipelineExecution, QueueMessage, TaskRun, TopicMessage
from modules.vpc.settings import PrivateNetwork
from stacks.environment import Environment
from stacks.state import S3State

SPEECH = RepositoryImage(repository="speech", tag="2.3.0")
INSTANCES = ["g5.xlarge", "g6.xlarge"]

TRANSCRIPTION = Environment(
    name="transcription",
    project="acme",
    account_id="666666666666",
    region="eu-west-1",
    production=True,
    state=S3State(bucket="acme-terraform-state-eu", region="eu-west-1"),
    # The company has given a /25 that it can route; thousands of jobs have addresses that only the VPC knows.
    network=PrivateNetwork(
        cidr_block="10.60.4.0/25",
        secondary_cidr_blocks=["100.64.0.0/16"],
        availability_zones=["euw1-az1", "euw1-az2"],  # the same buildings as in the accounts that it talks to
        subnet_cidr_blocks={"euw1-az1": "100.64.0.0/18", "euw1-az2": "100.64.64.0/18"},
        nat_gateways=1,
        nat_subnet_cidr_blocks={"euw1-az1": "10.60.4.0/28"},
        load_balancer_subnets=True,
        load_balancer_subnet_cidr_blocks={"euw1-az1": "10.60.4.32/27", "euw1-az2": "10.60.4.64/27"},
    ),
    queues={
        "approvals": MessageQueueSettings(visibility_timeout_seconds=60),
        "uploads": MessageQueueSettings(visibility_timeout_seconds=300),
        "news": FifoMessageQueueSettings(visibility_timeout_seconds=60),
    },
    buckets={"recordings": BucketSettings()},
    repositories={"speech": RepositorySettings()},
    compute_environments={
        "spot": SpotComputeEnvironment(instance_types=INSTANCES, max_vcpus=256),
        "on-demand": Ec2ComputeEnvironment(instance_types=INSTANCES, max_vcpus=64),
        "light": FargateSpotComputeEnvironment(max_vcpus=64),
    },
    scheduling_policies={"tenants": FairSharePolicySettings(shares={"radio": 1.0, "courts": 0.5})},
    job_queues={
        "spot": JobQueueSettings(compute_environments=["spot"], scheduling_policy="tenants"),
        "on-demand": JobQueueSettings(compute_environments=["on-demand"], scheduling_policy="tenants"),
        "light": JobQueueSettings(compute_environments=["light"]),
    },
    job_definitions={
        "cut": FargateJobDefinition(
            job_queues=["light"],
            image=SPEECH,
            user="1000:1000",
            scratch_paths=["/tmp"],
            command=["cut", "--date", "Ref::date"],
            parameters={"date": "today"},
            vcpus=2.0,
            memory_mib=8_192,
            timeout_seconds=1_800,
            retry=SpotRetryStrategy(attempts=2),
            access=Access(write=[BucketAccess(bucket="recordings", prefix="pieces/")]),
        ),
        "transcribe": Ec2JobDefinition(
            job_queues=["spot", "on-demand"],
            image=SPEECH,
            user="1000:1000",
            command=["transcribe", "--date", "Ref::date", "--model", "Ref::model"],
            parameters={"date": "today", "model": "large"},
            vcpus=4,
            memory_mib=14_000,
            gpus=1,
            timeout_seconds=7_200,
            scheduling_priority=100,
            access=Access(
                read=[BucketAccess(bucket="recordings", prefix="pieces/")],
                write=[BucketAccess(bucket="recordings", prefix="texts/")],
            ),
        ),
        "verify": FargateJobDefinition(
            job_queues=["light"],
            image=SPEECH,
            user="1000:1000",
            scratch_paths=["/tmp"],
            command=["verify", "--date", "Ref::date"],  # 3: nothing to verify
            parameters={"date": "today"},
            vcpus=1.0,
            memory_mib=4_096,
            timeout_seconds=1_800,
            access=Access(
                read=[BucketAccess(bucket="recordings", prefix="texts/")],
                write=[BucketAccess(bucket="recordings", prefix="verdicts/")],
            ),
        ),
        "convert": FargateJobDefinition(
            job_queues=["light"],
            image=SPEECH,
            user="1000:1000",
            scratch_paths=["/tmp"],
            command=["convert", "Ref::file"],
            parameters={"file": "none"},
            vcpus=1.0,
            memory_mib=2_048,
            timeout_seconds=1_800,
            access=Access(
                read=[BucketAccess(bucket="recordings", prefix="imports/")],
                write=[BucketAccess(bucket="recordings", prefix="pieces/")],
            ),
        ),
        "index": FargateJobDefinition(
            job_queues=["light"],
            image=SPEECH,
            user="1000:1000",
            scratch_paths=["/tmp"],
            command=["index", "--date", "Ref::date"],
            parameters={"date": "today"},
            vcpus=1.0,
            memory_mib=4_096,
            timeout_seconds=1_800,
            access=Access(read=[BucketAccess(bucket="recordings", prefix="texts/")]),
        ),
    },
    clusters={"tools": ClusterSettings(default_capacity=[CapacityShare(provider="FARGATE")])},
    task_definitions={
        "count": RunTaskDefinition(
            cluster="tools",
            task=FargateTask(
                vcpus=1.0,
                memory_mib=2_048,
                containers={
                    "count": FargateContainer(image=SPEECH, user="1000:1000", scratch_paths=["/tmp"], command=["count"])
                },
                access=Access(read=[BucketAccess(bucket="recordings", prefix="pieces/")]),
            ),
        ),
    },
    functions={
        "announce": ExistingFunction(function_arn="arn:aws:lambda:eu-west-1:666666666666:function:announce:live")
    },
    topics={"transcribed": NewTopic(emails=["archive@example.com"])},
    pipelines={
        "nightly": PipelineSettings(
            parameters={"model": "large"},
            required_parameters=["date"],
            share_identifier="radio",
            timeout_seconds=86_400,
            stages={
                # The workers that cut recordings as they arrive must finish first.
                "quiet": QueueStage(queue="uploads", poll_seconds=120, timeout_seconds=3_600),
                "cut": JobStage(after=["quiet"], job=JobRequest(job_definition="cut", array_size=50)),
                # Child n takes what child n has cut, as soon as it is there.
                "transcribe": JobStage(
                    n_to_n=["cut"], job=JobRequest(job_definition="transcribe", array_size=50, attempts=3)
                ),
                "index": JobStage(
                    after=["transcribe"],
                    job=JobRequest(job_definition="index"),
                    timeout_seconds=7_200,
                    retry=StageRetry(attempts=4, first_wait_seconds=120, backoff_rate=1.5, most_wait_seconds=300),
                ),
                "tell": MessageStage(
                    after=["index"], message=QueueMessage(queue="news", message_group_id="transcription")
                ),
            },
            clean_up={
                "warn": MessageStage(
                    message=QueueMessage(queue="news", body="failed", message_group_id="transcription")
                )
            },
            log_level="ALL",
            log_execution_data=True,
            log_retention_days=90,
            log_kms_key=NewKmsKey(),
            tags={"team": "speech"},
        ),
        # A hearing cannot wait for the night, nor for Spot: an hour of it has to do.
        "urgent": PipelineSettings(
            parameters={"date": "today"},
            share_identifier="courts",
            timeout_seconds=36_000,
            stages={
                "transcribe": JobStage(
                    job=JobRequest(job_definition="transcribe"),
                    capacity=[
                        CapacityStep(job_queue="spot", attempts=2, timeout_seconds=3_600),
                        CapacityStep(job_queue="on-demand"),
                    ],
                ),
                "index": JobStage(after=["transcribe"], job=JobRequest(job_definition="index")),
            },
        ),
        # What has come from elsewhere: files below a prefix, and lists of them that others have written.
        "import": PipelineSettings(
            parameters={"date": "today", "quiet": "no"},
            timeout_seconds=259_200,
            stages={
                "files": FanOutStage(
                    items=ObjectsBelow(bucket="recordings", prefix="imports/{date}/"),
                    job=JobRequest(job_definition="convert"),
                    item_parameter="file",
                    max_concurrency=500,
                    tolerated_failure_percentage=5.0,  # some are always broken
                    results_bucket="recordings",
                ),
                "listed": FanOutStage(
                    items=JsonManifest(bucket="recordings", key="lists/{date}.json", field="key"),
                    job=JobRequest(job_definition="convert", environment={"SOURCE": "list"}),
                    item_parameter="file",
                    batch_size=20,
                    results_bucket="recordings",
                    results_prefix="imported/lists/",
                ),
                "archive": FanOutStage(
                    items=CsvManifest(bucket="recordings", key="archive.csv", column="path"),
                    job=JobRequest(job_definition="convert"),
                    item_parameter="file",
                    results_bucket="recordings",
                ),
                "count": TaskStage(
                    after=["files", "listed", "archive"],
                    task=TaskRun(task_definition="count", environment={"UNIT": "hours"}),
                    timeout_seconds=3_600,
                ),
                "announce": FunctionStage(
                    after=["count"], only_if={"quiet": "no"}, function=FunctionCall(function="announce")
                ),
                "tell": TopicStage(after=["count"], topic=TopicMessage(topic="transcribed")),
            },
        ),
        "again": PipelineSettings(
            required_parameters=["date"],
            timeout_seconds=259_200,
            stages={
                "radio": PipelineStage(pipeline=PipelineExecution(pipeline="nightly", parameters={"model": "larger"})),
                "courts": PipelineStage(
                    after=["radio"], pipeline=PipelineExecution(pipeline="nightly", share_identifier="courts")
                ),
            },
        ),
        # What somebody has to look at is transcribed again only once they agree.
        "review": PipelineSettings(
            parameters={"date": "today"},
            timeout_seconds=259_200,
            returns=["verify"],
            stages={
                "verify": JobStage(job=JobRequest(job_definition="verify"), accepted_exit_codes=[3]),
                "verdict": FileStage(
                    after=["verify"],
                    only_if_results={"verify.exit_code": [IsNumber(equal=0)]},
                    bucket="recordings",
                    key="verdicts/{date}.json",
                ),
                "approval": ReceiveStage(
                    after=["verdict"],
                    only_if_results={"verdict.content.doubtful": [IsNumber(above=0)]},
                    queue="approvals",
                    poll_seconds=300,
                    timeout_seconds=7_200,
                ),
                "again": PipelineFanOutStage(
                    after=["approval"],
                    only_if_results={"approval.body": [StartsWith(text="yes")]},
                    items=JsonManifest(bucket="recordings", key="verdicts/days.json"),
                    pipeline=PipelineExecution(pipeline="urgent"),
                    item_parameter="date",
                    max_concurrency=5,
                    results_bucket="recordings",
                ),
                # Numbers are nice to have.
                "numbers": TaskFanOutStage(
                    after=["again"],
                    items=ObjectsBelow(bucket="recordings", prefix="pieces/{date}/"),
                    task=TaskRun(task_definition="count"),
                    item_variable="PIECE",
                    batch_size=20,
                    results_bucket="recordings",
                    may_fail=True,
                    clean_up=["apologize"],
                ),
            },
            clean_up={
                "apologize": MessageStage(
                    message=QueueMessage(queue="news", body="no numbers", message_group_id="transcription")
                ),
                "warn": MessageStage(message=QueueMessage(queue="news", message_group_id="transcription")),
            },
        ),
        "reviewed": PipelineSettings(
            parameters={"date": "today"},
            timeout_seconds=345_600,
            stages={
                "review": PipelineStage(pipeline=PipelineExecution(pipeline="review")),
                "index": JobStage(
                    after=["review"],
                    only_if_results={"review.results.verify.exit_code": [IsNumber(equal=0)]},
                    job=JobRequest(job_definition="index"),
                ),
            },
        ),
    },
    operations=Operations(
        alarms=Alarms(new_topic=NewTopic(emails=["speech@example.com"], kms_key=NewKmsKey(deletion_window_days=7))),
        # Who changes the account is logged by others; who heard a recording, nobody else could tell.
        audit_trail=NewTrail(
            management_events=False,
            left_out_queues=["news"],
            lock="COMPLIANCE",
            retention_days=2_555,
            kms_key=NewKmsKey(deletion_window_days=7),
        ),
    ),
)
