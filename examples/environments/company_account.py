"""Company account: under a company's rules for every account, with one exception granted in writing.

The team of this account creates roles below one path and with a boundary only. Another team creates those that reach
further, and takes what they need from the output ``role_policies``.
"""

from modules.backlogs.settings import BacklogSettings
from modules.batch.settings.compute_environments import (
    FargateComputeEnvironment,
    SpotComputeEnvironment,
    UnmanagedComputeEnvironment,
)
from modules.batch.settings.job_definitions import Ec2JobDefinition, FargateJobDefinition
from modules.batch.settings.job_queues import JobQueueSettings
from modules.batch.settings.retries import SpotRetryStrategy
from modules.batch.settings.submissions import JobRequest
from modules.cloudtrail.settings import OrganizationTrail
from modules.cloudwatch.alarm_settings import Alarms
from modules.cloudwatch.event_log_settings import EventLog
from modules.ec2.settings import LaunchTemplateSettings
from modules.ecr.settings import RepositorySettings
from modules.ecs.settings.capacity import CapacityShare
from modules.ecs.settings.capacity_providers import AutoScalingGroupCapacityProvider
from modules.ecs.settings.clusters import ClusterSettings
from modules.ecs.settings.containers import EbsVolumeMount, Ec2Container, FargateContainer
from modules.ecs.settings.managed_instances import Amount, ManagedInstancesCapacityProvider
from modules.ecs.settings.placement import EbsVolume
from modules.ecs.settings.queue_workers import QueueWorkerService
from modules.ecs.settings.scaling import FixedTasks
from modules.ecs.settings.services import ReplicaService
from modules.ecs.settings.tasks import Ec2Task, FargateTask
from modules.efs.settings import AccessPointSettings, FileSystemSettings
from modules.events.settings import RuleSettings
from modules.events.sources import ObjectCreated
from modules.iam.access_settings import Access, BucketAccess
from modules.iam.secret_settings import NamedSsmParameter, RepositoryCredentials
from modules.iam.statement_settings import PolicyCondition, PolicyStatement
from modules.kms.settings import ExistingKmsKey
from modules.operations.settings import Operations
from modules.pipes.settings import PipeSettings
from modules.s3.settings import BucketSettings
from modules.scheduler.settings import ScheduleGroup, ScheduleSettings
from modules.sns.settings import ExistingTopic
from modules.sqs.settings import MessageQueueSettings
from modules.states.settings.pipelines import PipelineSettings
from modules.states.settings.stages import JobStage
from modules.targets.settings import PipelineExecution
from modules.vpc.settings import ExistingNetwork
from stacks.environment import Environment
from stacks.other_states import NoState

ACCOUNT = "arn:aws:iam::666666666666"
REGISTRY = "666666666666.dkr.ecr.eu-central-1.amazonaws.com"
# A vendor's image, which unpacks its licence to /opt before it starts.
REDACT = f"{REGISTRY}/vendor/redact@sha256:1f2e3d4c5b6a79881726354433221100ffeeddccbbaa99887766554433221100"
CLAIMS = f"{REGISTRY}/claims:4.2.0"
KEY = "arn:aws:kms:eu-central-1:666666666666:key/0a1b2c3d-4e5f-4a6b-8c7d-9e8f7a6b5c4d"
REGISTRY_LOGIN = RepositoryCredentials(
    secret_arn="arn:aws:secretsmanager:eu-central-1:666666666666:secret:registry-login-a1B2c3",
    kms_key_arn=KEY,
)

COMPANY_ACCOUNT = Environment(
    name="company-account",
    project="acme-claims",
    account_id="666666666666",
    region="eu-central-1",
    production=True,
    production_waivers={
        "job_definitions.redact.read_only_root_filesystem": "vendor image writes its licence to /opt, ticket ML-12",
    },
    state=NoState(backend="gcs", key_prefix="ml"),  # the pipeline that deploys it knows the bucket
    project_tag_key="Project",
    environment_tag_key="Environment",
    permissions_boundary_arn=f"{ACCOUNT}:policy/boundaries/workload",
    iam_path="/teams/claims/",
    log_kms_key_arn=KEY,
    network=ExistingNetwork(
        vpc_id="vpc-0a1b2c3d4e5f60718", subnet_ids=["subnet-0a1b2c3d4e5f60718", "subnet-0a1b2c3d4e5f60719"]
    ),
    # What others made by hand before there was Terraform, and the queue that was called small at first.
    imported={
        "buckets.claims": "acme-claims-documents",
        "queues.claims": "CLM_claims_in",
        "repositories.claims": "claims/worker",
    },
    moved={"job_queues.small": "job_queues.light"},
    # Names that they wrote down.
    queues={
        "claims": MessageQueueSettings(visibility_timeout_seconds=900, physical_name="CLM_claims_in"),
        "asked": MessageQueueSettings(visibility_timeout_seconds=60),
        "exports": MessageQueueSettings(visibility_timeout_seconds=7_500),
        "not-started": MessageQueueSettings(visibility_timeout_seconds=60),
    },
    buckets={"claims": BucketSettings(physical_name="acme-claims-documents")},
    file_systems={
        "index": FileSystemSettings(
            access_points={"search": AccessPointSettings(path="/search", uid=1_000, gid=1_000)},
            physical_name="CLM_index",
        )
    },
    repositories={"claims": RepositorySettings(physical_name="claims/worker")},
    compute_environments={
        "light": FargateComputeEnvironment(max_vcpus=64),
        # Machines of the mainframe's room, which somebody there has join.
        "room": UnmanagedComputeEnvironment(
            instance_types=["m6i"],
            instance_count=None,
            service_role_arn=f"{ACCOUNT}:role/platform/batch-service",
        ),
        "spot": SpotComputeEnvironment(
            instance_types=["c7i", "m7i"],
            max_vcpus=256,
            service_role_arn=f"{ACCOUNT}:role/platform/batch-service",
            instance_profile_arn=f"{ACCOUNT}:instance-profile/platform/batch-instance",
            access=Access(read=[BucketAccess(bucket="claims", prefix="setup/")]),
        ),
    },
    job_queues={
        "light": JobQueueSettings(
            compute_environments=["light"], physical_name="CLM_light", log_retention_days="never"
        ),
        "spot": JobQueueSettings(compute_environments=["spot"]),
    },
    job_definitions={
        "redact": FargateJobDefinition(
            job_queues=["light"],
            image=REDACT,
            user="1000:1000",
            read_only_root_filesystem=False,
            vcpus=1.0,
            memory_mib=4_096,
            timeout_seconds=1_800,
            access=Access(
                read=[BucketAccess(bucket="claims", prefix="incoming/")],
                write=[BucketAccess(bucket="claims", prefix="redacted/")],
                delete=[BucketAccess(bucket="claims", prefix="incoming/")],
                statements={
                    "summarize": PolicyStatement(
                        actions=["bedrock:InvokeModel", "bedrock:InvokeModelWithResponseStream"],
                        resources=["arn:aws:bedrock:eu-central-1::foundation-model/anthropic.*"],
                    ),
                    "know-models": PolicyStatement(actions=["bedrock:ListFoundationModels"], resources=["*"]),
                    "keep-count": PolicyStatement(
                        actions=["dynamodb:GetItem", "dynamodb:UpdateItem"],
                        resources=["arn:aws:dynamodb:eu-central-1:666666666666:table/redactions"],
                        conditions=[
                            PolicyCondition(
                                operator="StringLike",
                                key="dynamodb:LeadingKeys",
                                values=["claims-*"],
                                of_many="ForAllValues",
                            ),
                            PolicyCondition(
                                operator="StringEquals",
                                key="aws:SourceVpc",
                                values=["vpc-0a1b2c3d4e5f60718"],
                                if_exists=True,
                            ),
                        ],
                    ),
                },
            ),
        ),
        # Writes into the warehouse of another account, which trusts this role and no other.
        "export": Ec2JobDefinition(
            job_queues=["spot"],
            image="registry.acme.example/claims/export:7.1.0",
            repository_credentials=REGISTRY_LOGIN,
            environment={"claims.export.level": "2"},
            secrets={"WAREHOUSE_TOKEN": NamedSsmParameter(parameter_name="/claims/warehouse-token")},
            user="1000:1000",
            command=["export"],
            vcpus=4,
            memory_mib=14_000,
            timeout_seconds=7_200,
            retry=SpotRetryStrategy(),
            execute_command=True,
            read_only_root_filesystem=False,
            job_role_arn=f"{ACCOUNT}:role/platform/claims-export",
            execution_role_arn=f"{ACCOUNT}:role/platform/task-execution",
            access=Access(read=[BucketAccess(bucket="claims", prefix="redacted/")], consume=["exports"]),
        ),
    },
    # All of them start the export, with the one role that may.
    pipelines={
        "close-day": PipelineSettings(
            stages={"export": JobStage(job=JobRequest(job_definition="export"))},
            timeout_seconds=43_200,
            role_arn=f"{ACCOUNT}:role/platform/claims-start",
            physical_name="CLM_close_day",
        )
    },
    schedule_groups={"nightly": ScheduleGroup(physical_name="CLM_nightly")},
    schedules={
        "close-day": ScheduleSettings(
            expression="cron(0 2 * * ? *)",
            timezone="Europe/Berlin",
            target=PipelineExecution(pipeline="close-day"),
            dead_letter_queue="not-started",
            group="nightly",
            kms_key=ExistingKmsKey(key_arn=KEY),
            role_arn=f"{ACCOUNT}:role/platform/claims-start",
            physical_name="CLM_close_day",
        )
    },
    rules={
        "ledger": RuleSettings(
            event=ObjectCreated(bucket="claims", prefixes=["ledger/"]),
            archive_days=90,
            archive_kms_key=ExistingKmsKey(key_arn=KEY),
            target=JobRequest(job_definition="export"),
            dead_letter_queue="not-started",
            role_arn=f"{ACCOUNT}:role/platform/claims-start",
            physical_name="CLM_ledger",
        )
    },
    pipes={
        "asked": PipeSettings(
            queue="asked",
            target=JobRequest(job_definition="export"),
            role_arn=f"{ACCOUNT}:role/platform/claims-start",
            physical_name="CLM_asked",
        )
    },
    backlogs={
        "exports": BacklogSettings(
            queue="exports",
            job=JobRequest(job_definition="export"),
            messages_per_child=500,
            max_children=8,
            alarm_messages=1_000,
            role_arn=f"{ACCOUNT}:role/platform/claims-start",
            physical_name="CLM_exports",
        )
    },
    clusters={
        "claims": ClusterSettings(
            default_capacity=[CapacityShare(provider="FARGATE")],
            physical_name="CLM_services",
            capacity_providers={
                "general": AutoScalingGroupCapacityProvider(
                    instance_types=["m7i.xlarge", "m7i"],
                    max_instances=8,
                    on_demand_percent=100,
                    # Hardened by the company, from an image whose root device differs from Amazon's.
                    image_id="ami-0a1b2c3d4e5f60718",
                    launch_template=LaunchTemplateSettings(root_device="/dev/sda1", root_volume_kms_key_arn=KEY),
                    instance_profile_arn=f"{ACCOUNT}:instance-profile/platform/ecs-instance",
                ),
                "managed": ManagedInstancesCapacityProvider(
                    vcpus=Amount(min=2, max=8),
                    memory_mib=Amount(min=7_000, max=32_768),
                    infrastructure_role_arn=f"{ACCOUNT}:role/platform/ecs-infrastructure",
                    instance_profile_arn=f"{ACCOUNT}:instance-profile/platform/ecs-managed-instance",
                ),
            },
        )
    },
    services={
        "intake": QueueWorkerService(
            cluster="claims",
            queue="claims",
            seconds_per_message=20,
            acceptable_latency_seconds=900,
            max_tasks=20,
            task=FargateTask(
                vcpus=1.0,
                memory_mib=2_048,
                task_role_arn=f"{ACCOUNT}:role/platform/claims-intake",
                execution_role_arn=f"{ACCOUNT}:role/platform/task-execution",
                containers={"worker": FargateContainer(image=CLAIMS, user="1000:1000", scratch_paths=["/tmp"])},
                access=Access(write=[BucketAccess(bucket="claims", prefix="incoming/")]),
            ),
        ),
        "search": ReplicaService(
            cluster="claims",
            capacity=[CapacityShare(provider="general")],
            tasks=FixedTasks(count=2),
            infrastructure_role_arn=f"{ACCOUNT}:role/platform/ecs-infrastructure",
            ebs_volume=EbsVolume(size_gib=50),
            task=Ec2Task(
                vcpus=2.0,
                memory_mib=7_168,
                containers={
                    "index": Ec2Container(
                        image="registry.acme.example/claims/index:2.0.3",
                        repository_credentials=REGISTRY_LOGIN,
                        user="1000:1000",
                        mounts=[EbsVolumeMount(container_path="/index")],
                    )
                },
            ),
        ),
    },
    topics={"on-call": ExistingTopic(topic_arn="arn:aws:sns:eu-central-1:666666666666:on-call")},
    operations=Operations(
        events=EventLog(retention_days=400),
        # The engineer on call gets these; messages that wait for a day are no reason to wake anyone.
        alarms=Alarms(
            topic="on-call",
            failed_jobs_percent=5,
            waiting_minutes=240,
            left_out=["jobs-waiting", "worker-at-maximum"],
        ),
        # The organization logs all accounts; here is what asks its log.
        audit_trail=OrganizationTrail(
            bucket_name="acme-audit-logs", key_prefix="trails", organization_id="o-a1b2c3d4e5", retention_days=730
        ),
    ),
)
