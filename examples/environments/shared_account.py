"""Shared account: the network, keys, load balancer and data are other teams'; only what is new is made."""

from modules.batch.settings.compute_environments import FargateSpotComputeEnvironment, SpotComputeEnvironment
from modules.batch.settings.existing_compute_environments import ExistingComputeEnvironment
from modules.batch.settings.existing_job_definitions import (
    ExistingJobDefinition,
    ExistingMultiContainerJobDefinition,
    ExistingMultiNodeJobDefinition,
)
from modules.batch.settings.existing_job_queues import ExistingJobQueue
from modules.batch.settings.job_definitions import Ec2JobDefinition, FargateJobDefinition
from modules.batch.settings.job_queues import JobQueueSettings
from modules.batch.settings.retries import SpotRetryStrategy
from modules.batch.settings.submissions import JobSubmission
from modules.containers.settings import ExistingFileSystemMount
from modules.ec2.settings import ExistingLaunchTemplate
from modules.ecr.image import RepositoryImage
from modules.ecr.settings import RepositorySettings
from modules.ecs.settings.capacity import CapacityShare
from modules.ecs.settings.capacity_providers import AutoScalingGroupCapacityProvider
from modules.ecs.settings.clusters import ClusterSettings
from modules.ecs.settings.containers import Ec2Container, EnvironmentFile, FargateContainer, Port
from modules.ecs.settings.existing_clusters import ExistingCluster, ExistingExecuteCommand, ExistingNamespace
from modules.ecs.settings.existing_groups import ExistingCapacityProvider
from modules.ecs.settings.exposure import ExistingListener, ExistingTargetGroup, ServiceConnect
from modules.ecs.settings.managed_instances import Amount, ExistingManagedInstances
from modules.ecs.settings.queue_workers import QueueWorkerService
from modules.ecs.settings.scaling import FixedTasks, ScaledTasks
from modules.ecs.settings.services import ReplicaService
from modules.ecs.settings.tasks import Ec2Task, FargateTask
from modules.events.settings import RuleSettings
from modules.events.sources import JobStateChange
from modules.iam.access_settings import Access, BucketAccess
from modules.kms.settings import ExistingKmsKey
from modules.s3.settings import BucketSettings, ExistingAccessPoint, ExistingBucket, TopicNotification
from modules.sns.settings import ExistingTopic
from modules.sqs.settings import DeadLetterQueueSettings, ExistingQueue, MessageQueueSettings, ServiceSender
from modules.targets.settings import TopicMessage
from modules.variables import Variable
from modules.vpc.placement_settings import ExistingSecurityGroup, NewSecurityGroup
from modules.vpc.settings import ExistingNetwork
from modules.vpc.traffic_settings import Egress
from stacks.environment import Environment
from stacks.other_states import HttpLock, HttpState

DATA_KEY = "arn:aws:kms:eu-west-1:777777777777:key/2c3d4e5f-6071-4283-94a5-b6c7d8e9f012"
# For both architectures, in the account where all images are built; by its digest, it is the same code indefinitely.
CLASSIFY = (
    "888888888888.dkr.ecr.eu-west-1.amazonaws.com/classify"
    "@sha256:9b74c9897bac770ffc029102a200c5de58e3a2d2a3cd0fe7cbf9fa8c5bbd1d2c"
)
# The team that applies this decides it, without Python; the others of their kind are below.
REVIEW = RepositoryImage(
    repository="review",
    tag=Variable(name="review_tag", description="which version of the review pages runs", default="1.0.0"),
)
REFERENCE = ExistingFileSystemMount(
    container_path="/reference", file_system_id="fs-0123456789abcdef0", access_point_id="fsap-0123456789abcdef0"
)

SHARED_ACCOUNT = Environment(
    name="shared-account",
    project="acme-documents",
    account_id="777777777777",
    region="eu-west-1",
    production=True,
    production_waivers={"operations": "the team that owns the account monitors all that runs there, ticket PLAT-7"},
    state=HttpState(
        address="https://terraform.acme.example/states",
        lock=HttpLock(path="lease", method="PUT", unlock_method="POST"),
    ),
    network=ExistingNetwork(
        vpc_id=Variable(name="vpc_id", description="the VPC of the subnets", default="vpc-0fedcba9876543210"),
        subnet_ids=["subnet-0fedcba9876543210", "subnet-0fedcba9876543211"],
        load_balancer_subnet_ids=["subnet-0fedcba9876543212", "subnet-0fedcba9876543213"],
        availability_zones={
            "subnet-0fedcba9876543210": "eu-west-1a",
            "subnet-0fedcba9876543211": "eu-west-1b",
            "subnet-0fedcba9876543212": "eu-west-1a",
            "subnet-0fedcba9876543213": "eu-west-1b",
        },
        egress={"catalog": Egress(from_port=5_432, cidr_blocks=["10.20.8.0/24"])},
        security_groups={
            "archive": NewSecurityGroup(egress={"archive": Egress(from_port=2_049, cidr_blocks=["10.20.9.0/28"])}),
            # The database of the team that owns it lets its members in.
            "labels-clients": ExistingSecurityGroup(security_group_id="sg-0fedcba9876543210"),
        },
    ),
    queues={
        "scans": ExistingQueue(
            queue_arn="arn:aws:sqs:eu-west-1:777777777777:scans",
            kms_key_arn=DATA_KEY,
            dead_letter_queue_arn="arn:aws:sqs:eu-west-1:777777777777:scans-dead",
            visibility_timeout_seconds=1_800,
        ),
        # Other accounts feed and drain it; its dead letters stay with us.
        "labels": MessageQueueSettings(
            visibility_timeout_seconds=120,
            kms_key=ExistingKmsKey(key_arn=DATA_KEY),
            dead_letter_queue=DeadLetterQueueSettings(
                visibility_timeout_seconds=300, receive_wait_seconds=0, max_message_bytes=262_144
            ),
            send_principals=["arn:aws:iam::999999999999:role/scanner"],
            send_organization_ids=["o-a1b2c3d4e5"],
            consume_organization_ids=["o-a1b2c3d4e5"],
            consume_principals=["888888888888"],
            purge_principals=["arn:aws:iam::777777777777:role/on-call"],
            send_services=[
                ServiceSender(
                    service="events.amazonaws.com", source_arn="arn:aws:events:eu-west-1:777777777777:rule/relabel"
                ),
                ServiceSender(
                    service="s3.amazonaws.com",
                    source_arn="arn:aws:s3:::acme-partner-scans",
                    source_account_id="999999999999",
                ),
            ],
            tags={"data": "labels"},
        ),
    },
    buckets={
        "scans": ExistingBucket(bucket_arn="arn:aws:s3:::acme-scans", kms_key_arn=DATA_KEY),
        "archive": ExistingAccessPoint(
            access_point_arn="arn:aws:s3:eu-west-1:888888888888:accesspoint/documents-archive", kms_key_arn=DATA_KEY
        ),
        # The catalog's own rules look at what is in it.
        "results": BucketSettings(
            kms_key=ExistingKmsKey(key_arn=DATA_KEY),
            event_bridge=True,
            notifications={"labels": TopicNotification(topic="documents", prefix="labels/")},
        ),
    },
    # Of other teams, who let EventBridge and S3 publish to them as the output topic_policies says.
    topics={
        "documents": ExistingTopic(topic_arn="arn:aws:sns:eu-west-1:777777777777:documents", kms_key_arn=DATA_KEY),
        "on-call": ExistingTopic(topic_arn="arn:aws:sns:eu-west-1:999999999999:on-call"),
    },
    repositories={"review": RepositorySettings(pull_accounts=["888888888888"])},
    compute_environments={
        "light": FargateSpotComputeEnvironment(
            max_vcpus=64,
            subnets=["subnet-0fedcba9876543210"],  # the archive stands in its zone
            security_groups=["archive"],
        ),
        # What another team keeps warm, and has room in at night.
        "warm": ExistingComputeEnvironment(
            compute_environment_arn="arn:aws:batch:eu-west-1:777777777777:compute-environment/warm",
            kind="EC2",
            instance_types=["m7i", "m8i"],
            max_vcpus=256,
            ecs_cluster_arn="arn:aws:ecs:eu-west-1:777777777777:cluster/AWSBatch-warm-0a1b2c3d",
        ),
        "graviton": SpotComputeEnvironment(
            instance_types=["c7g", "c8g", "m7g", "m8g"],
            newest_image_at_deployment=True,  # nobody patches the instances otherwise
            max_vcpus=Variable(
                name="graviton_vcpus",
                description="how many vCPUs reclassify takes at once",
                default=512,
                at_least=8,
                at_most=4_096,
            ),
        ),
    },
    job_queues={
        "light": JobQueueSettings(compute_environments=["light"]),
        "graviton": JobQueueSettings(compute_environments=["graviton"]),
        "warm": JobQueueSettings(compute_environments=["warm"]),
        # On-demand capacity that the company keeps for what must be done by the morning.
        "central": ExistingJobQueue(
            job_queue_arn="arn:aws:batch:eu-west-1:777777777777:job-queue/central",
            shares=["documents", "search*"],
            log_group_name="/aws/batch/central",
        ),
    },
    job_definitions={
        "reclassify": Ec2JobDefinition(
            job_queues=["graviton"],
            image=CLASSIFY,
            user="1000:1000",
            command=["classify", "--again"],
            architecture="ARM64",
            vcpus=8,
            memory_mib=14_000,
            timeout_seconds=3_600,
            retry=SpotRetryStrategy(),
            mounts=[REFERENCE],
            access=Access(
                read=[BucketAccess(bucket="scans", prefix="2026/")],
                write=[BucketAccess(bucket="results", prefix="labels/")],
                send=["labels"],
            ),
        ),
        "digest": FargateJobDefinition(
            job_queues=["central"],
            image=CLASSIFY,
            user="1000:1000",
            scratch_paths=["/tmp"],
            command=["digest"],
            vcpus=1.0,
            memory_mib=2_048,
            scheduling_priority=10,
            timeout_seconds=7_200,
            access=Access(
                read=[
                    BucketAccess(bucket="results", prefix="labels/"),
                    BucketAccess(bucket="archive", key_start="digests/2026-"),
                ]
            ),
        ),
        # Of other teams, who change them as they like.
        "read-pages": ExistingJobDefinition(
            job_definition_arn="arn:aws:batch:eu-west-1:777777777777:job-definition/read-pages",
            job_queues=["warm"],
            timeout_seconds=1_800,
            parameters={"prefix": "", "languages": "en"},
            most_attempts=3,
        ),
        "translate": ExistingMultiContainerJobDefinition(
            job_definition_arn="arn:aws:batch:eu-west-1:777777777777:job-definition/translate:12",
            job_queues=["warm"],
            timeout_seconds=3_600,
            containers=["translate", "model"],
        ),
        "learn-layouts": ExistingMultiNodeJobDefinition(
            job_definition_arn="arn:aws:batch:eu-west-1:777777777777:job-definition/learn-layouts",
            job_queues=["central"],
            scheduling_priority=1,
            timeout_seconds=86_400,
            node_count=4,
            least_node_count=3,
        ),
        # Submits the other for what has new rules, looks at what becomes of it, and ends what takes too long.
        "steward": FargateJobDefinition(
            job_queues=["light"],
            image=CLASSIFY,
            user="1000:1000",
            scratch_paths=["/tmp"],
            command=["steward"],
            vcpus=0.25,
            memory_mib=512,
            timeout_seconds=86_400,
            access=Access(
                submit=["read-pages", "reclassify"],
                publish=["documents"],
                redrive=["labels", "scans"],
                terminate_jobs=True,
                describe_jobs=True,
                policy_arns=["arn:aws:iam::777777777777:policy/read-rules"],
            ),
        ),
    },
    rules={
        "failed": RuleSettings(
            event=JobStateChange(states=["FAILED"]),
            target=TopicMessage(topic="on-call", body='"<$.detail.jobName> failed: <$.detail.statusReason>"'),
            dead_letter_queue="labels",
        )
    },
    submissions={
        # The whole year at once.
        "digest-year": JobSubmission(
            job_definition="digest",
            share_identifier="documents",
            command=["digest", "--year"],
            vcpus=4.0,
            memory_mib=16_384,
        ),
        "translate": JobSubmission(job_definition="translate", environment={"TARGET_LANGUAGE": "en"}),
        "learn-layouts": JobSubmission(job_definition="learn-layouts", share_identifier="documents", node_count=3),
    },
    clusters={
        "documents": ClusterSettings(
            default_capacity=[CapacityShare(provider="FARGATE")],
            capacity_providers={
                # Instances as the platform team hardens them.
                "hardened": AutoScalingGroupCapacityProvider(
                    instance_types=["m7i.xlarge", "m8i.xlarge"],
                    max_instances=4,
                    on_demand_percent=100,
                    launch_template=ExistingLaunchTemplate(launch_template_id="lt-0fedcba9876543210", version="14"),
                    instance_profile_arn="arn:aws:iam::777777777777:instance-profile/platform/hardened",
                    # Their first script fetches what the scanners know.
                    access=Access(read=[BucketAccess(bucket="scans", prefix="signatures/")]),
                )
            },
        ),
        # The GPUs of all teams.
        "models": ExistingCluster(
            cluster_arn="arn:aws:ecs:eu-west-1:777777777777:cluster/models",
            default_capacity=[CapacityShare(provider="l4")],
            capacity_providers={
                "l4": ExistingCapacityProvider(
                    capacity_provider_name="models-g6", instance_types=["g6.xlarge"], max_instances=12
                ),
                "general": ExistingManagedInstances(
                    capacity_provider_name="models-managed",
                    vcpus=Amount(min=2, max=16),
                    memory_mib=Amount(min=8_192, max=65_536),
                ),
            },
            execute_command=ExistingExecuteCommand(
                log_group_arn="arn:aws:logs:eu-west-1:777777777777:log-group:/ecs/models/exec", kms_key_arn=DATA_KEY
            ),
            namespace=ExistingNamespace(
                namespace_arn="arn:aws:servicediscovery:eu-west-1:777777777777:namespace/ns-0123456789abcdef",
                domain="models.internal",
            ),
        ),
    },
    services={
        "classify": QueueWorkerService(
            cluster="documents",
            queue="scans",
            subnets=["subnet-0fedcba9876543211"],  # the database stands in its zone
            security_groups=["labels-clients"],
            seconds_per_message=30,
            acceptable_latency_seconds=1_200,
            max_tasks=30,
            task=FargateTask(
                vcpus=2.0,
                memory_mib=8_192,
                containers={
                    "worker": FargateContainer(
                        image=CLASSIFY, user="1000:1000", scratch_paths=["/tmp"], mounts=[REFERENCE]
                    )
                },
                access=Access(
                    read=[BucketAccess(bucket="scans")],
                    write=[BucketAccess(bucket="results", prefix="labels/")],
                    send=["labels"],
                ),
            ),
        ),
        # Other teams call it by its name in their namespace.
        "caption": ReplicaService(
            cluster="models",
            tasks=FixedTasks(count=2),
            discovery=ServiceConnect(port="http"),
            execute_command=True,
            task=Ec2Task(
                vcpus=4.0,
                memory_mib=14_000,
                containers={
                    "caption": Ec2Container(
                        image=CLASSIFY,
                        user="1000:1000",
                        command=["caption"],
                        read_only_root_filesystem=False,
                        gpus=1,
                        ports={"http": Port(port=8_080, application_protocol="http")},
                    )
                },
            ),
        ),
        # Behind the network team's own balancer, whose groups they make on request.
        "lookup": ReplicaService(
            cluster="documents",
            tasks=ScaledTasks(min_tasks=2, max_tasks=8, requests_per_task=500),
            load_balancing=ExistingTargetGroup(
                port="http",
                target_group_arn=(
                    "arn:aws:elasticloadbalancing:eu-west-1:777777777777:targetgroup/lookup/0123456789abcdef"
                ),
                security_group_id="sg-0fedcba9876543210",
                load_balancer_arn=(
                    "arn:aws:elasticloadbalancing:eu-west-1:777777777777:loadbalancer/app/inner/fedcba9876543210"
                ),
                deregistration_seconds=30,
                health_port="health",
                grace_seconds=120,
            ),
            task=FargateTask(
                vcpus=0.5,
                memory_mib=1_024,
                containers={
                    "web": FargateContainer(
                        image=REVIEW,
                        user="1000:1000",
                        scratch_paths=["/tmp"],
                        command=["lookup"],
                        ports={"http": Port(port=8_080), "health": Port(port=8_081)},
                    )
                },
                access=Access(read=[BucketAccess(bucket="results")]),
            ),
        ),
        # One more path of the address that all teams share.
        "review": ReplicaService(
            cluster="documents",
            tasks=ScaledTasks(min_tasks=1, max_tasks=6, requests_per_task=300),
            load_balancing=ExistingListener(
                port="http",
                listener_arn=(
                    "arn:aws:elasticloadbalancing:eu-west-1:777777777777:"
                    "listener/app/shared/0123456789abcdef/fedcba9876543210"
                ),
                security_group_id="sg-0fedcba9876543210",
                priority=410,
                path_patterns=["/review", "/review/*"],
                host_headers=["documents.acme.example"],
            ),
            task=FargateTask(
                vcpus=0.5,
                memory_mib=1_024,
                containers={
                    "web": FargateContainer(
                        image=REVIEW,
                        user="1000:1000",
                        scratch_paths=["/tmp"],
                        ports={"http": Port(port=8_080)},
                        environment={"BASE_PATH": ""},
                        environment_files=[EnvironmentFile(bucket="results", key="settings/review.env")],
                        keeps_digest=False,
                    )
                },
                access=Access(read=[BucketAccess(bucket="results")]),
            ),
        ),
    },
)
