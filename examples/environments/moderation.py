"""Moderation: what people report, as messages, starts jobs, tasks and calls; each message one of its own."""

from modules.backlogs.settings import BacklogSettings
from modules.batch.settings.compute_environments import FargateSpotComputeEnvironment
from modules.batch.settings.job_definitions import FargateJobDefinition
from modules.batch.settings.job_queues import JobQueueSettings
from modules.batch.settings.retries import SpotRetryStrategy
from modules.batch.settings.submissions import JobRequest
from modules.ecr.image import RepositoryImage
from modules.ecr.settings import RepositorySettings
from modules.ecs.settings.capacity import CapacityShare
from modules.ecs.settings.clusters import ClusterSettings
from modules.ecs.settings.containers import FargateContainer
from modules.ecs.settings.run_tasks import RunTaskDefinition
from modules.ecs.settings.tasks import FargateTask
from modules.events.bus_settings import ExistingEventBus, NewEventBus
from modules.events.matching import (
    AnythingBut,
    EndsWith,
    EqualsIgnoreCase,
    InNetwork,
    IsNumber,
    IsThere,
    IsTrue,
    NoneOf,
    StartsWith,
    Wildcard,
)
from modules.events.settings import RuleSettings
from modules.events.sources import HealthEvent, JobStateChange, ObjectCreated, OtherEvent, TaskStopped
from modules.iam.access_settings import Access, BucketAccess
from modules.kms.settings import NewKmsKey
from modules.lambda_functions.settings import ExistingFunction
from modules.pipes.settings import MessageFilter, PipeSettings
from modules.s3.settings import BucketSettings
from modules.sqs.settings import FifoMessageQueueSettings, MessageQueueSettings
from modules.states.settings.pipelines import PipelineSettings
from modules.states.settings.stages import JobStage, MessageStage
from modules.targets.settings import FunctionCall, PipelineExecution, QueueMessage, TaskRun
from modules.vpc.settings import PublicNetwork
from stacks.environment import Environment
from stacks.state import LocalState

REVIEW = RepositoryImage(repository="review", tag="2.1.0")

MODERATION = Environment(
    name="moderation",
    project="acme-forum",
    account_id="777777777777",
    region="eu-west-1",
    production=False,
    state=LocalState(),
    network=PublicNetwork(availability_zones=["eu-west-1a", "eu-west-1b"], flow_log_retention_days=None),
    queues={
        "reported-videos": MessageQueueSettings(visibility_timeout_seconds=120, dead_letter_queue="not-reviewed"),
        "reported-texts": MessageQueueSettings(visibility_timeout_seconds=120, dead_letter_queue="not-reviewed"),
        # Somebody looks through what nobody could review, whatever it was.
        "not-reviewed": MessageQueueSettings(
            visibility_timeout_seconds=30, message_retention_seconds=1_209_600, max_receive_count=None
        ),
        "second-looks": MessageQueueSettings(visibility_timeout_seconds=600),
        "verdicts": MessageQueueSettings(visibility_timeout_seconds=120),
        "campaigns": MessageQueueSettings(visibility_timeout_seconds=120),
        "appeals": MessageQueueSettings(visibility_timeout_seconds=120),
        # What becomes of one account stays in order.
        "accounts": FifoMessageQueueSettings(visibility_timeout_seconds=120),
        "accounts-seen": FifoMessageQueueSettings(visibility_timeout_seconds=120, content_based_deduplication=True),
    },
    buckets={"uploads": BucketSettings()},
    repositories={"review": RepositorySettings()},
    compute_environments={"light": FargateSpotComputeEnvironment(max_vcpus=64)},
    job_queues={"light": JobQueueSettings(compute_environments=["light"])},
    job_definitions={
        "look-again": FargateJobDefinition(
            job_queues=["light"],
            image=REVIEW,
            user="1000:1000",
            scratch_paths=["/tmp"],
            command=["review", "--until-empty"],
            vcpus=1.0,
            memory_mib=4_096,
            timeout_seconds=7_200,
            retry=SpotRetryStrategy(),
            longest_message_seconds=300,
            access=Access(
                read=[BucketAccess(bucket="uploads")], consume=["second-looks"], put_events=["forum", "partner"]
            ),
        ),
        "review-video": FargateJobDefinition(
            job_queues=["light"],
            image=REVIEW,
            user="1000:1000",
            scratch_paths=["/tmp"],
            command=["review", "--video", "Ref::key", "--reason", "Ref::reason"],
            parameters={"key": "none", "reason": "none"},
            vcpus=2.0,
            memory_mib=8_192,
            timeout_seconds=3_600,
            # The message is gone once the job is submitted: from then on, tries are the job's own.
            retry=SpotRetryStrategy(),
            access=Access(read=[BucketAccess(bucket="uploads")], send=["verdicts"]),
        ),
    },
    clusters={"review": ClusterSettings(default_capacity=[CapacityShare(provider="FARGATE_SPOT")])},
    task_definitions={
        "review-text": RunTaskDefinition(
            cluster="review",
            task=FargateTask(
                vcpus=0.5,
                memory_mib=1_024,
                containers={
                    "review": FargateContainer(
                        image=REVIEW, user="1000:1000", scratch_paths=["/tmp"], command=["review", "--text"]
                    )
                },
                access=Access(send=["verdicts"]),
            ),
        ),
    },
    functions={"tell": ExistingFunction(function_arn="arn:aws:lambda:eu-west-1:777777777777:function:tell")},
    pipelines={
        "investigate": PipelineSettings(
            required_parameters=["key"],
            timeout_seconds=21_600,
            stages={
                "review": JobStage(job=JobRequest(job_definition="review-video", parameters={"reason": "campaign"})),
                "decide": MessageStage(after=["review"], message=QueueMessage(queue="verdicts", body="investigated")),
            },
        ),
    },
    backlogs={
        "second-looks": BacklogSettings(
            queue="second-looks",
            job=JobRequest(job_definition="look-again"),
            messages_per_child=50,
            max_children=16,
            alarm_messages=500,
            dead_letter_queue="appeals",
            log_retention_days=7,
            tags={"data": "reports"},
        ),
    },
    rules={
        "thumbnails": RuleSettings(
            event=ObjectCreated(bucket="uploads", prefixes=["videos/"], suffixes=[".mp4", ".webm"]),
            target=JobRequest(
                job_definition="review-video",
                parameters={"key": "$.detail.object.key", "reason": "upload"},
                attempts=2,
            ),
            retry_attempts=10,
            max_event_age_seconds=3_600,
            dead_letter_queue="verdicts",
            archive_days=30,
            tags={"data": "uploads"},
        ),
        "reviewed": RuleSettings(
            event=JobStateChange(
                states=["SUCCEEDED", "FAILED"],
                job_queues=["light"],
                job_definitions=["review-video"],
                array_children=True,
            ),
            target=QueueMessage(
                queue="accounts-seen",
                body='{"job":"<$.detail.jobName>","status":"<$.detail.status>"}',
                message_group_id="reviews",
            ),
        ),
        "interrupted": RuleSettings(
            event=TaskStopped(clusters=["review"], task_definitions=["review-text"], stop_codes=["SpotInterruption"]),
            target=TaskRun(task_definition="review-text", environment={"AGAIN_FOR": "$.detail.taskArn"}),
        ),
        "outages": RuleSettings(
            event=HealthEvent(services=["BATCH", "ECS"], categories=["issue"]), target=FunctionCall(function="tell")
        ),
        "evidence": RuleSettings(
            event=ObjectCreated(bucket="uploads", prefixes=["evidence/"]),
            target=PipelineExecution(pipeline="investigate", parameters={"key": "$.detail.object.key"}),
        ),
        "labels": RuleSettings(
            event=OtherEvent(
                field_matches={"source": ["acme.labels"], "detail.path": [Wildcard(pattern="forum/*/posts")]}
            ),
            target=QueueMessage(queue="verdicts", body="$.detail"),
            state="DISABLED",
        ),
        "strangers": RuleSettings(
            event=OtherEvent(
                field_matches={
                    "source": ["acme.forum"],
                    "detail.address": [InNetwork(cidr_block="203.0.113.0/24")],
                    "detail.agent": [NoneOf(matches=[StartsWith(text="crawler"), StartsWith(text="monitor")])],
                },
                any_of=[{"detail.posts": [IsNumber(above=100)]}, {"detail.level": [AnythingBut(numbers=[3, 4])]}],
            ),
            event_bus="forum",
            target=QueueMessage(queue="verdicts", body="$.detail"),
            dead_letter_queue="appeals",
            archive_days=30,
            archive_kms_key=NewKmsKey(),
        ),
        "partners": RuleSettings(
            event=OtherEvent(field_matches={"detail-type": ["Takedown"]}),
            event_bus="partner",
            target=JobRequest(job_definition="review-video", parameters={"key": "$.detail.key"}),
        ),
    },
    event_buses={
        "forum": NewEventBus(kms_key=NewKmsKey(), dead_letter_queue="appeals", tags={"data": "posts"}),
        "partner": ExistingEventBus(event_bus_name="acme-takedowns"),
    },
    pipes={
        "review-videos": PipeSettings(
            queue="reported-videos",
            target=JobRequest(
                job_definition="review-video",
                parameters={"key": "$.body.video.key", "reason": "$.body.reason"},
                environment={"REPORT": "$.messageId"},
                attempts=5,
            ),
            filters=[
                MessageFilter(
                    matches={
                        "body.video.key": [EndsWith(text=".mp4", ignore_case=True), StartsWith(text="Live/")],
                        "body.video.seconds": [IsNumber(above=0, at_most=7_200)],
                        "body.reason": [AnythingBut(texts=["spam", "other"])],
                        "body.closed": [IsTrue(value=False)],
                    }
                ),
                MessageFilter(
                    matches={
                        "body.urgency": [IsNumber(equal=9), IsNumber(at_least=5, below=7)],
                        "body.sender": [StartsWith(text="staff-", ignore_case=True), EqualsIgnoreCase(text="police")],
                        "body.withdrawn": [IsThere(value=False)],
                    }
                ),
            ],
            log_level="INFO",
            log_retention_days=7,
            kms_key=NewKmsKey(),
            tags={"data": "reports"},
        ),
        "investigate-campaigns": PipeSettings(
            queue="campaigns",
            target=PipelineExecution(pipeline="investigate", parameters={"key": "$.body.key"}),
        ),
        "review-texts": PipeSettings(
            queue="reported-texts",
            target=TaskRun(task_definition="review-text", environment={"TEXT": "$.body.text"}),
            state="STOPPED",  # until its model is approved
        ),
        "order-verdicts": PipeSettings(
            queue="verdicts",
            target=QueueMessage(queue="accounts", message_group_id="verdicts"),
            batch_size=10,
            batch_window_seconds=5,
        ),
        "tell-appeals": PipeSettings(
            queue="appeals", target=FunctionCall(function="tell", payload='{"appeal":"<$.body.id>"}')
        ),
    },
)
