"""GPU training: jobs of hours and days on capacity that is reserved or reclaimed, shared by teams; production."""

from modules.batch.settings.compute_environments import (
    Ec2ComputeEnvironment,
    FargateSpotComputeEnvironment,
    MultiNodeCapacity,
    SpotComputeEnvironment,
    UnmanagedComputeEnvironment,
    UpdatePolicy,
)
from modules.batch.settings.job_containers import Ec2JobContainer, FargateJobContainer
from modules.batch.settings.job_definitions import (
    Ec2JobDefinition,
    Ec2MultiContainerJobDefinition,
    FargateMultiContainerJobDefinition,
    MultiNodeJobDefinition,
    NodeGroup,
)
from modules.batch.settings.job_logs import CloudWatchJobLogs, DriverJobLogs
from modules.batch.settings.job_queues import FairSharePolicySettings, JobQueueSettings, JobStateTimeLimits
from modules.batch.settings.retries import RetryStrategy, SpotRetryStrategy
from modules.batch.settings.submissions import JobDependency, JobRequest, JobSubmission
from modules.batch.settings.teams import TeamAccess
from modules.budgets.settings import Budget, CostAnomalies
from modules.containers.dependencies import ContainerDependency
from modules.containers.settings import FileSystemMount, Tmpfs, Ulimit
from modules.ec2.settings import CapacityBlock, CapacityReservation, CapacityReservationGroup, LaunchTemplateSettings
from modules.ecr.image import RepositoryImage
from modules.ecr.settings import RepositorySettings
from modules.efs.settings import AccessPointSettings, FileSystemSettings
from modules.iam.access_settings import Access, BucketAccess
from modules.iam.secret_settings import SecretsManagerSecret
from modules.kms.settings import NewKmsKey
from modules.operations.settings import Operations
from modules.s3.settings import BucketSettings, IntelligentTiering, LifecycleRule, Notification
from modules.scheduler.settings import ScheduleSettings
from modules.sqs.settings import FifoMessageQueueSettings, MessageQueueSettings
from modules.targets.settings import QueueMessage
from modules.variables import Variable
from modules.vpc.settings import PrivateNetwork
from modules.vpc.traffic_settings import PortRange
from stacks.environment import Environment
from stacks.other_states import AzureState

TRAIN = RepositoryImage(repository="train", tag="1.9.3")
PREPARE = RepositoryImage(repository="prepare", tag="1.9.3")
HOME = FileSystemMount(container_path="/home/team", file_system="home", access_point="teams", read_only=False)
HUB_TOKEN = SecretsManagerSecret(
    secret_arn="arn:aws:secretsmanager:us-east-1:555555555555:secret:hub-token-x9Y8z7",
    version_id="3f2b1a0c-9d8e-4f7a-8b6c-5d4e3f2a1b0c",  # results are only comparable with the same model access
)
SPLUNK_TOKEN = SecretsManagerSecret(
    secret_arn="arn:aws:secretsmanager:us-east-1:555555555555:secret:splunk-hec-q1W2e3", json_key="token"
)
# Amazon's images have no swap; this gives them some on the root volume.
ADD_SWAP = """#!/bin/sh
fallocate -l 64G /swapfile && chmod 600 /swapfile && mkswap /swapfile && swapon /swapfile
"""

GPU_TRAINING = Environment(
    name="gpu-training",
    project="acme",
    account_id="555555555555",
    region="us-east-1",
    production=True,
    production_waivers={"operations.alarms": "the company's own Prometheus watches the metrics, ticket OPS-31"},
    state=AzureState(
        storage_account_name="acmeterraform",
        container_name="states",
        key_prefix="training",
        use_entra_id=False,  # until the build machines have identities
        resource_group_name="platform",
        subscription_id="11111111-2222-4333-8444-555555555555",
        tenant_id="66666666-7777-4888-8999-000000000000",
    ),
    tags={"cost-center": "research"},
    network=PrivateNetwork(
        cidr_block="10.50.0.0/16",
        availability_zones=["us-east-1a", "us-east-1b", "us-east-1d"],
        nat_gateways=1,
        gateway_endpoints=["dynamodb"],  # which samples have been seen
        # Images of 20 GB for every new instance are cheaper through these than through NAT.
        interface_endpoints=["ecr.api", "ecr.dkr", "logs"],
        endpoint_zones={
            "logs": ["us-east-1a", "us-east-1b"]
        },  # from the third zone so few logs come that they may cross
        trusted_account_ids=["888888888888"],  # where all images are built, and data sets kept
        full_access_endpoints=["logs"],
        # Jobs of one array make up a Ray cluster, whose head they find in a file.
        ports_between_workloads={
            "ray": PortRange(from_port=6_379),
            "ray-workers": PortRange(from_port=10_002, to_port=10_999),
            "beacons": PortRange(protocol="udp", from_port=8_265),
        },
    ),
    queues={
        "corpora": MessageQueueSettings(visibility_timeout_seconds=3_600),
        "unstarted": MessageQueueSettings(visibility_timeout_seconds=30),
        "checkpoints": FifoMessageQueueSettings(
            visibility_timeout_seconds=300,
            content_based_deduplication=True,  # a checkpoint that is written again is announced once
        ),
    },
    buckets={
        "datasets": BucketSettings(
            notifications={
                "corpora": Notification(
                    queue="corpora",
                    events=["s3:ObjectCreated:Put", "s3:ObjectCreated:CompleteMultipartUpload"],
                    prefix="corpora/",
                    suffix=".parquet",
                ),
            },
            lifecycle={
                "corpora": LifecycleRule(
                    prefix="corpora/",
                    transition_after_days={"INTELLIGENT_TIERING": 0},
                    noncurrent_expire_after_days=3,  # a corpus is hundreds of GB, and can be made again
                ),
            },
            intelligent_tiering={
                "corpora": IntelligentTiering(
                    prefix="corpora/", archive_access_after_days=180, deep_archive_access_after_days=365
                ),
            },
        ),
        "checkpoints": BucketSettings(
            noncurrent_expire_after_days=7,
            abort_incomplete_uploads_after_days=1,
        ),
    },
    file_systems={
        "home": FileSystemSettings(
            access_points={
                "teams": AccessPointSettings(
                    path="/teams", uid=1_000, gid=1_000, permissions="2770", secondary_gids=[2_000, 2_001]
                )
            },
            infrequent_access_after_days=14,
            archive_after_days=90,
            back_on_first_access=True,
            kms_key=NewKmsKey(),
            tags={"data": "personal"},
        ),
    },
    repositories={"train": RepositorySettings(keep_images=None), "prepare": RepositorySettings()},
    compute_environments={
        # Four instances with eight H100 each, bought ahead for some weeks: they lie in one zone.
        "block": Ec2ComputeEnvironment(
            instance_types=["p5.48xlarge"],
            max_vcpus=768,
            launch_template=LaunchTemplateSettings(root_volume_gib=500, instance_store_raid=True),
            multi_node=MultiNodeCapacity(efa_interfaces=32),
            reserved_capacity=CapacityBlock(reservation_id="cr-0123456789abcdef0"),
            subnet_index=2,
        ),
        # Reserved for the whole year, so the first instance may as well stay.
        "reserved": Ec2ComputeEnvironment(
            instance_types=["g6e.12xlarge"],
            min_vcpus=48,
            max_vcpus=384,
            # Made from Amazon's image, with the libraries on it that every job would pull.
            image_id="ami-0fedcba9876543210",
            launch_template=LaunchTemplateSettings(
                root_volume_gib=300,
                user_data=ADD_SWAP,
                tags={"reservation": "yearly"},
            ),
            reserved_capacity=CapacityReservationGroup(
                resource_group_arn="arn:aws:resource-groups:us-east-1:555555555555:group/research-gpus"
            ),
        ),
        "spot": SpotComputeEnvironment(
            instance_types=["g6e.12xlarge", "g5.12xlarge", "g6.12xlarge"],
            max_vcpus=960,
            allocation_strategy="SPOT_CAPACITY_OPTIMIZED",  # hours of work are lost when one is reclaimed
            bid_percentage=60,
            launch_template=LaunchTemplateSettings(root_volume_gib=300, user_data=ADD_SWAP),
            update_policy=UpdatePolicy(job_execution_timeout_minutes=360),
            tags={"market": "spot"},
        ),
        # Always the same instance, so that two measurements can be compared.
        "bench": UnmanagedComputeEnvironment(
            instance_types=["g5.12xlarge"],
            instance_count=1,
            # Made from Amazon's image of last year, whose driver the measurements until now were made with.
            image_id="ami-0a1b2c3d4e5f60718",
            launch_template=LaunchTemplateSettings(root_volume_gib=300),
            reserved_capacity=CapacityReservation(reservation_id="cr-0fedcba9876543210"),
            subnet_index=0,
        ),
        # A service role of its own: the account has no service-linked one for Batch, and may make none.
        "light": FargateSpotComputeEnvironment(max_vcpus=256, dedicated_service_role=True),
    },
    scheduling_policies={
        "teams": FairSharePolicySettings(
            shares={"nlp*": 0.5, "vision": 1.0},
            share_decay_seconds=86_400,
            compute_reservation=20,
            tags={"approved-by": "research-board"},
        ),
    },
    job_queues={
        "block": JobQueueSettings(compute_environments=["block"], priority=100),
        "gpu": JobQueueSettings(
            compute_environments=["reserved", "spot"],  # what is paid anyway comes first
            scheduling_policy="teams",
            job_state_time_limits=JobStateTimeLimits(
                insufficient_capacity_seconds=43_200,
                exceeds_environments_seconds=600,
                unmet_requirement_seconds=600,
            ),
            log_retention_days=90,
            tags={"team": "all"},
        ),
        "bench": JobQueueSettings(compute_environments=["bench"]),
        "light": JobQueueSettings(compute_environments=["light"]),
    },
    job_definitions={
        "pretrain": MultiNodeJobDefinition(
            job_queues=["block"],
            parameters={"config": "base.yaml"},
            instance_type="p5.48xlarge",
            main_node=1,
            timeout_seconds=1_209_600,
            retry=RetryStrategy(attempts=3),
            tags={"team": "nlp"},
            node_groups=[
                # The first node only keeps the books, but has to be of the same type as all others.
                NodeGroup(
                    node_count=1, image=TRAIN, user="1000:1000", command=["rendezvous"], vcpus=8, memory_mib=32_768
                ),
                NodeGroup(
                    node_count=3,
                    image=TRAIN,
                    user="1000:1000",
                    command=["torchrun", "pretrain.py", "Ref::config"],
                    vcpus=184,
                    memory_mib=1_900_000,
                    gpus=8,
                    shared_memory_mib=524_288,
                    ulimits=[Ulimit(name="memlock", soft=-1, hard=-1)],  # EFA registers memory
                    devices=[f"/dev/infiniband/uverbs{index}" for index in range(32)],
                    mounts=[HOME],
                ),
            ],
            access=Access(
                read=[BucketAccess(bucket="datasets", prefix="corpora/")],
                write=[BucketAccess(bucket="checkpoints", prefix="pretrain/")],
                send=["checkpoints"],
            ),
        ),
        "finetune": Ec2JobDefinition(
            job_queues=["gpu"],
            image=TRAIN,
            command=["finetune", "--epochs", "Ref::epochs"],
            parameters={"epochs": "3"},
            environment={"NCCL_DEBUG": "WARN"},
            secrets={"HUB_TOKEN": HUB_TOKEN},
            user="1000",
            scratch_paths=["/tmp", "/root/.cache"],
            vcpus=44,
            memory_mib=160_000,
            gpus=4,
            shared_memory_mib=65_536,
            tmpfs=[Tmpfs(container_path="/run/loader", size_mib=4_096)],
            max_swap_mib=32_768,
            timeout_seconds=86_400,
            retry=SpotRetryStrategy(attempts=10),
            scheduling_priority=50,
            logs=CloudWatchJobLogs(multiline_pattern="^\\d{4}-"),  # a traceback is one event
            mounts=[HOME],
            access=Access(
                read=[BucketAccess(bucket="datasets")],
                write=[BucketAccess(bucket="checkpoints", prefix="finetune/")],
            ),
        ),
        # A model server, and what asks it questions once it is up.
        "evaluate": Ec2MultiContainerJobDefinition(
            job_queues=["bench"],
            timeout_seconds=14_400,
            containers={
                "server": Ec2JobContainer(
                    image=TRAIN,
                    user="1000:1000",
                    command=["serve"],
                    vcpus=24,
                    memory_mib=120_000,
                    gpus=4,
                    essential=False,
                ),
                "client": Ec2JobContainer(
                    image=TRAIN,
                    user="1000:1000",
                    command=["ask"],
                    vcpus=4,
                    memory_mib=16_384,
                    init_process=False,  # the image brings its own
                    depends_on=[ContainerDependency(container="server", condition="START")],
                ),
            },
            access=Access(write=[BucketAccess(bucket="checkpoints", prefix="scores/")]),
        ),
        "tokenize": FargateMultiContainerJobDefinition(
            job_queues=["light"],
            architecture="ARM64",
            ephemeral_storage_gib=200,
            platform_version="1.4.0",
            timeout_seconds=3_000,
            longest_message_seconds=600,  # a corpus; it takes one after the other
            retry=SpotRetryStrategy(),
            containers={
                "tokenize": FargateJobContainer(
                    image=PREPARE,
                    user="1000:1000",
                    scratch_paths=["/tmp"],
                    command=["tokenize"],
                    vcpus=7.5,
                    memory_mib=30_720,
                    logs=DriverJobLogs(
                        driver="splunk",
                        options={"splunk-url": "https://splunk.acme.example:8088"},
                        secret_options={"splunk-token": SPLUNK_TOKEN},
                    ),
                ),
                "progress": FargateJobContainer(
                    image=PREPARE,
                    user="1000:1000",
                    scratch_paths=["/tmp"],
                    command=["report-progress"],
                    vcpus=0.5,
                    memory_mib=2_048,
                    essential=False,
                ),
            },
            access=Access(
                read=[BucketAccess(bucket="datasets", prefix="corpora/")],
                write=[BucketAccess(bucket="datasets", prefix="tokens/")],
                consume=["corpora"],
            ),
        ),
    },
    submissions={
        "corpus-2026": JobSubmission(job_definition="tokenize", array_size=50),
        # Child n takes what child n has tokenized.
        "corpus-2026-check": JobSubmission(
            job_definition="tokenize",
            array_size=50,
            depends_on=[JobDependency(submission="corpus-2026", type="N_TO_N")],
            environment={"MODE": "check"},
        ),
        "base-model": JobSubmission(
            job_definition="pretrain",
            parameters={"config": "2026.yaml"},
            node_count=3,  # until the fourth instance is repaired
            depends_on=[JobDependency(submission="corpus-2026-check")],
        ),
        "curriculum": JobSubmission(
            job_definition="finetune",
            job_queue="gpu",
            team="nlp",
            share_identifier="nlpcurriculum",
            tags={"experiment": "curriculum"},
            scheduling_priority=200,
            gpus=2,
            array_size=5,
            sequential=True,  # each stage starts from the one before
            timeout_seconds=43_200,
            attempts=4,
        ),
    },
    schedules={
        "curriculum-weekly": ScheduleSettings(
            target=JobRequest(
                job_definition="finetune",
                job_queue="gpu",
                share_identifier="nlpcurriculum",
                array_size=5,
                sequential=True,
                tags={"group": "nlp"},
            ),
            expression="cron(0 20 ? * FRI *)",
            timezone="Europe/Berlin",
            dead_letter_queue="unstarted",
        ),
        # Who consumes checkpoints then evaluates the newest one.
        "evaluate-daily": ScheduleSettings(
            target=QueueMessage(queue="checkpoints", body='{"evaluate":"newest"}', message_group_id="evaluation"),
            expression="cron(0 6 * * ? *)",
            timezone="Europe/Berlin",
            dead_letter_queue="unstarted",
        ),
    },
    teams={
        "nlp": TeamAccess(
            tag_key="group",
            tag_value="nlp",
            further_tag_keys=["experiment"],
            shared_job_definitions=["finetune"],
            shared_job_queues=["gpu"],
            share_identifier="nlp*",
        ),
        "vision": TeamAccess(
            tag_key="group",
            tag_value="vision",
            shared_job_definitions=["finetune"],
            shared_job_queues=["gpu"],
            share_identifier="vision",
        ),
    },
    operations=Operations(
        dashboard=False,
        resource_group=False,
        # The company counts by the team that pays.
        cost_tag_key="cost-center",
        budget=Budget(
            monthly_usd=150_000,
            actual_percent=[50, 90, 100],
            forecast_percent=[110],
            emails=["research-leads@example.com"],
        ),
        # The team that deploys knows the addresses, and no log of Terraform shows them.
        cost_anomalies=CostAnomalies(
            least_usd=2_000,
            emails=[
                Variable(
                    name="cost_contact",
                    description="who is written to about costs that nobody expected",
                    default="research-leads@example.com",
                    sensitive=True,
                )
            ],
        ),
    ),
)
