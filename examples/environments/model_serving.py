"""Model serving: models on GPU instances of every kind of capacity, warm, Spot and managed by ECS; production."""

from modules.cloudwatch.alarm_settings import Alarms
from modules.containers.settings import FileSystemMount, Tmpfs, Ulimit
from modules.ec2.settings import LaunchTemplateSettings
from modules.ecr.image import RepositoryImage
from modules.ecr.settings import RepositorySettings
from modules.ecs.settings.capacity import CapacityShare
from modules.ecs.settings.capacity_providers import AutoScalingGroupCapacityProvider, InstanceRefresh, WarmPool
from modules.ecs.settings.clusters import ClusterSettings
from modules.ecs.settings.containers import EbsVolumeMount, Ec2Container, HealthCheck, Port
from modules.ecs.settings.deployments import RollingDeployment
from modules.ecs.settings.logging import CloudWatchLogging
from modules.ecs.settings.managed_instances import Amount, ManagedInstancesCapacityProvider
from modules.ecs.settings.network_load_balancers import ConnectionHealth, OwnNetworkLoadBalancer
from modules.ecs.settings.placement import PACK_BY_MEMORY, SPREAD_OVER_ZONES, EbsVolume
from modules.ecs.settings.processes import RestartPolicy
from modules.ecs.settings.queue_workers import QueueWorkerService
from modules.ecs.settings.scaling import FixedTasks, ScaledTasks, ScheduledScaling
from modules.ecs.settings.services import DaemonService, ReplicaService
from modules.ecs.settings.tasks import Ec2Task
from modules.efs.settings import AccessPointSettings, FileSystemSettings, ProvisionedThroughput
from modules.iam.access_settings import Access, BucketAccess
from modules.kms.settings import NewKmsKey
from modules.operations.settings import Operations
from modules.s3.settings import BucketSettings
from modules.sqs.settings import DeadLetterQueueSettings, MessageQueueSettings
from modules.vpc.settings import PrivateNetwork
from stacks.environment import Environment
from stacks.other_states import GcsState

MODEL = RepositoryImage(repository="model", tag="2026-10-01")
VOLUMES_KEY = "arn:aws:kms:eu-central-1:444444444444:key/1b2c3d4e-5f60-4182-93a4-b5c6d7e8f901"
# Through this account's cache of public images, which keeps what its source may take away.
COLLECTOR = "444444444444.dkr.ecr.eu-central-1.amazonaws.com/ecr-public/aws-observability/aws-otel-collector:v0.43.3"

DEFERRED = Ec2Task(
    vcpus=3.0,
    memory_mib=13_000,
    containers={"worker": Ec2Container(image=MODEL, user="1000:1000", command=["work"], gpus=1)},
    access=Access(read=[BucketAccess(bucket="weights")]),
)

MODEL_SERVING = Environment(
    name="model-serving",
    project="acme",
    account_id="444444444444",
    region="eu-central-1",
    production=True,
    state=GcsState(
        bucket="acme-terraform-state",
        key_prefix="models",
        kms_encryption_key="projects/acme/locations/eu/keyRings/terraform/cryptoKeys/state",
        impersonate_service_account="terraform@acme.iam.gserviceaccount.com",
    ),
    tags={"cost-center": "inference"},
    pull_through_prefixes=["ecr-public"],
    network=PrivateNetwork(
        cidr_block="10.41.0.0/16",
        availability_zones=["eu-central-1a", "eu-central-1b", "eu-central-1c"],
        nat_gateways=1,
    ),
    queues={
        # What nobody waits for, but wants within the hour; a day later nobody wants it any more.
        "deferred": MessageQueueSettings(
            message_retention_seconds=86_400,
            visibility_timeout_seconds=180,
            delay_seconds=2,  # until the object that the message names can be read
            max_message_bytes=262_144,
            receive_wait_seconds=10,
            kms_key=NewKmsKey(deletion_window_days=14),
            kms_data_key_reuse_seconds=3_600,
            max_receive_count=3,
            dead_letter_queue=DeadLetterQueueSettings(message_retention_seconds=604_800),
        ),
    },
    buckets={
        "weights": BucketSettings(kms_key=NewKmsKey(), access_log_bucket="access-logs", tags={"data": "models"}),
        "access-logs": BucketSettings(noncurrent_expire_after_days=None),  # evidence
    },
    file_systems={
        # Every task reads all of it as it starts; bursts would be used up by the first ones of the day.
        "tokenizers": FileSystemSettings(
            access_points={"read": AccessPointSettings(path="/tokenizers", uid=1_000, gid=1_000)},
            throughput=ProvisionedThroughput(throughput_mibps=64),
            infrequent_access_after_days=None,
        ),
    },
    repositories={"model": RepositorySettings(kms_key=NewKmsKey())},
    clusters={
        "models": ClusterSettings(
            default_capacity=[CapacityShare(provider="warm")],
            network_interface_trunking=True,  # turned on for the account
            capacity_providers={
                # An instance takes minutes to start from nothing; a stopped one has the image on its disk.
                "warm": AutoScalingGroupCapacityProvider(
                    instance_types=["g6.xlarge"],
                    min_instances=1,
                    max_instances=12,
                    on_demand_percent=100,
                    launch_template=LaunchTemplateSettings(
                        root_volume_gib=200,
                        root_volume_iops=6_000,
                        root_volume_throughput_mib_per_second=500,
                        detailed_monitoring=True,
                        tags={"role": "model-server"},
                    ),
                    target_capacity_percent=80,  # room in which a task starts at once
                    min_scaling_step=2,
                    max_scaling_step=6,
                    instance_warmup_seconds=180,
                    warm_pool=WarmPool(min_instances=2, max_prepared=8, reuse=False),
                    instance_refresh=InstanceRefresh(min_healthy_percent=75, max_healthy_percent=125),
                    max_instance_lifetime_days=30,
                    tags={"pool": "warm"},
                ),
                "spot": AutoScalingGroupCapacityProvider(
                    instance_types=["g6.xlarge", "g5.xlarge", "g6.2xlarge", "g5.2xlarge"],
                    max_instances=20,
                    on_demand_base=1,
                    on_demand_percent=0,
                    # Made from Amazon's image, with the models on it.
                    image_id="ami-0123456789abcdef0",
                ),
                "managed": ManagedInstancesCapacityProvider(
                    vcpus=Amount(min=4, max=16),
                    memory_mib=Amount(min=15_000, max=65_536),
                    gpus=Amount(min=1, max=1),
                    instance_types=["g5.*"],
                    cpu_manufacturers=["amd"],
                    storage_gib=150,
                    detailed_monitoring=True,
                    scale_in_after_seconds=900,
                    tags={"pool": "managed"},
                ),
            },
        ),
    },
    services={
        "embed": ReplicaService(
            cluster="models",
            tasks=ScaledTasks(min_tasks=1, max_tasks=12, cpu_percent=70),
            placement=[SPREAD_OVER_ZONES, PACK_BY_MEMORY],
            distinct_instances=True,
            # The weights, restored from a snapshot: faster than a download by every task.
            ebs_volume=EbsVolume(
                size_gib=100,
                iops=6_000,
                throughput_mib_per_second=500,
                file_system="ext4",
                snapshot_id="snap-0123456789abcdef0",
                kms_key_arn=VOLUMES_KEY,
            ),
            task=Ec2Task(
                vcpus=3.0,
                memory_mib=13_000,
                logging=CloudWatchLogging(buffer_mib=64, retention_days=7),
                placement_constraints=["attribute:ecs.instance-type =~ g6.*"],  # what the engine is compiled for
                containers={
                    "server": Ec2Container(
                        image=MODEL,
                        user="1000:1000",
                        gpus=1,
                        # A crashed server is back in seconds, with the model still on the volume.
                        restart=RestartPolicy(attempt_period_seconds=60, ignored_exit_codes=[64]),
                        drop_capabilities=["ALL"],
                        add_capabilities=["IPC_LOCK"],
                        docker_labels={"com.acme.role": "model-server"},
                        shared_memory_mib=2_048,
                        tmpfs=[Tmpfs(container_path="/run/model", size_mib=512)],
                        ulimits=[Ulimit(name="memlock", soft=-1, hard=-1)],
                        health_check=HealthCheck(command="model --check", start_period_seconds=300),
                        mounts=[
                            EbsVolumeMount(container_path="/models"),
                            FileSystemMount(
                                container_path="/tokenizers", file_system="tokenizers", access_point="read"
                            ),
                        ],
                    ),
                },
                access=Access(read=[BucketAccess(bucket="weights")]),
            ),
        ),
        "transcribe": ReplicaService(
            cluster="models",
            capacity=[CapacityShare(provider="managed")],
            tasks=FixedTasks(count=2),
            # Audio comes in over one connection for as long as somebody speaks.
            load_balancing=OwnNetworkLoadBalancer(
                port="audio",
                allowed_cidr_blocks=["10.0.0.0/8"],
                preserve_client_ip=True,
                source_ip_stickiness=True,
                idle_timeout_seconds=3_600,
                health=ConnectionHealth(interval_seconds=10, grace_seconds=300),
            ),
            task=Ec2Task(
                vcpus=3.0,
                memory_mib=12_000,
                containers={
                    "server": Ec2Container(
                        image=MODEL,
                        user="1000:1000",
                        command=["transcribe"],
                        gpus=1,
                        ports={"audio": Port(port=7_000)},
                    ),
                },
            ),
        ),
        "metrics": DaemonService(
            cluster="models",
            task=Ec2Task(
                vcpus=0.25,
                memory_mib=256,
                network_mode="host",  # tasks send to their own instance's address
                containers={
                    "collector": Ec2Container(
                        image=COLLECTOR,
                        user="1000:1000",
                        ports={"statsd": Port(port=8_125, protocol="udp")},
                    ),
                },
                access=Access(policy_arns=["arn:aws:iam::aws:policy/CloudWatchAgentServerPolicy"]),
            ),
        ),
        "deferred": QueueWorkerService(
            cluster="models",
            capacity=[CapacityShare(provider="spot")],
            queue="deferred",
            queue_share_percent=90,
            seconds_per_message=30,
            longest_message_seconds=100,  # less than the two minutes that Spot gives
            messages_at_once=4,  # a batch on the GPU takes hardly longer than one
            acceptable_latency_seconds=3_600,
            startup_seconds=300,
            min_tasks=1,
            max_tasks=20,
            idle_minutes=15,
            schedules={
                "night": ScheduledScaling(schedule="cron(0 22 * * ? *)", min_tasks=0),
                "day": ScheduledScaling(schedule="cron(0 5 * * ? *)", min_tasks=1),
            },
            deployment=RollingDeployment(min_healthy_percent=0, max_percent=100),  # never pays for two sets
            task=DEFERRED,
        ),
        # Goes on where Spot capacity has run out.
        "deferred-on-demand": QueueWorkerService(
            cluster="models",
            queue="deferred",
            queue_share_percent=10,
            seconds_per_message=30,
            messages_at_once=4,
            acceptable_latency_seconds=3_600,
            max_tasks=2,
            task=DEFERRED,
        ),
    },
    operations=Operations(alarms=Alarms()),
)
