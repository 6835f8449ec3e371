"""Sandbox: one person's account to try things out, in its default VPC, without what production asks for."""

from modules.batch.settings.compute_environments import SpotComputeEnvironment, UpdatePolicy
from modules.batch.settings.job_definitions import Ec2JobDefinition
from modules.batch.settings.job_queues import JobQueueSettings, JobStateTimeLimits
from modules.containers.settings import FileSystemMount, HostMount
from modules.ec2.settings import LaunchTemplateSettings
from modules.ecr.image import RepositoryImage
from modules.ecr.settings import RepositorySettings
from modules.ecs.settings.capacity import CapacityShare
from modules.ecs.settings.capacity_providers import AutoScalingGroupCapacityProvider
from modules.ecs.settings.clusters import ClusterSettings
from modules.ecs.settings.containers import Ec2Container, FargateContainer, Port
from modules.ecs.settings.exposure import OwnLoadBalancer
from modules.ecs.settings.run_tasks import RunTaskDefinition
from modules.ecs.settings.scaling import FixedTasks
from modules.ecs.settings.services import ReplicaService
from modules.ecs.settings.tasks import Ec2Task, FargateTask
from modules.efs.settings import AccessPointSettings, BurstingThroughput, FileSystemSettings
from modules.s3.settings import BucketSettings
from modules.sqs.settings import MessageQueueSettings
from modules.vpc.settings import ExistingNetwork
from stacks.environment import Environment
from stacks.layout import OneStack
from stacks.state import LocalState

PROFILE = RepositoryImage(repository="profile", tag="latest")
HEADERS = HostMount(host_path="/usr/src", container_path="/usr/src")  # of the instance's kernel
SCRATCH = FileSystemMount(container_path="/scratch", file_system="scratch", access_point="all", read_only=False)

SANDBOX = Environment(
    name="sandbox",
    account_id="121212121212",
    region="us-east-1",
    production=False,
    state=LocalState(directory="state/sandbox"),
    layout=OneStack(),  # one plan shows all there will be, and one command destroys it
    network=ExistingNetwork(
        vpc_id="vpc-0a1b2c3d",
        subnet_ids=["subnet-0a1b2c3d", "subnet-1a2b3c4d"],
        security_group_ids=["sg-0a1b2c3d"],
        assign_public_ip=True,  # the subnets of a default VPC have no NAT
    ),
    queues={
        # What fails is tried again until it works or the day is over.
        "tries": MessageQueueSettings(
            visibility_timeout_seconds=60, message_retention_seconds=86_400, max_receive_count=None
        ),
    },
    buckets={"scratch": BucketSettings(versioning=False, force_destroy=True)},
    file_systems={
        "scratch": FileSystemSettings(
            access_points={"all": AccessPointSettings(path="/all", uid=1_000, gid=1_000)},
            throughput=BurstingThroughput(),
            infrequent_access_after_days=None,
            backup=False,
        ),
    },
    repositories={
        "profile": RepositorySettings(
            immutable_tags=False, scan_on_push=False, untagged_expire_after_days=1, force_delete=True
        ),
    },
    compute_environments={
        "spot": SpotComputeEnvironment(
            instance_types=["g5.xlarge", "g6.xlarge"],
            max_vcpus=8,
            launch_template=LaunchTemplateSettings(ssm_access=True),
            update_policy=UpdatePolicy(terminate_jobs_on_update=True),
        ),
    },
    job_queues={
        "spot": JobQueueSettings(
            compute_environments=["spot"],
            # Somebody is looking, and wants to see what it waits for.
            job_state_time_limits=JobStateTimeLimits(
                insufficient_capacity_seconds=None, exceeds_environments_seconds=None, unmet_requirement_seconds=None
            ),
        ),
        "paused": JobQueueSettings(compute_environments=["spot"], enabled=False),
    },
    job_definitions={
        # Profilers read the counters of the whole machine.
        "profile": Ec2JobDefinition(
            job_queues=["spot", "paused"],
            image=PROFILE,
            vcpus=4,
            memory_mib=14_000,
            gpus=1,
            privileged=True,
            read_only_root_filesystem=False,
            timeout_seconds=3_600,
            mounts=[HEADERS, SCRATCH],
        ),
    },
    clusters={
        "lab": ClusterSettings(
            default_capacity=[CapacityShare(provider="spot")],
            capacity_providers={
                "spot": AutoScalingGroupCapacityProvider(
                    instance_types=["g5.xlarge", "g6.xlarge"],
                    max_instances=2,
                    on_demand_percent=0,
                    launch_template=LaunchTemplateSettings(ssm_access=True),
                    termination_protection=False,
                    managed_draining=False,
                    instance_refresh=None,
                ),
            },
            container_insights="disabled",
        ),
    },
    services={
        # To be looked at from home; without a name of its own it has no certificate.
        "demo": ReplicaService(
            cluster="lab",
            capacity=[CapacityShare(provider="FARGATE_SPOT")],
            tasks=FixedTasks(count=1),
            load_balancing=OwnLoadBalancer(port="http", internal=False, allowed_cidr_blocks=["203.0.113.7/32"]),
            task=FargateTask(
                vcpus=0.25,
                memory_mib=512,
                containers={
                    "demo": FargateContainer(image=PROFILE, command=["demo"], ports={"http": Port(port=8_080)})
                },
            ),
        ),
    },
    task_definitions={
        "profile": RunTaskDefinition(
            cluster="lab",
            task=Ec2Task(
                vcpus=3.0,
                memory_mib=13_000,
                network_mode="host",
                containers={
                    "profile": Ec2Container(
                        image=PROFILE,
                        gpus=1,
                        privileged=True,
                        read_only_root_filesystem=False,
                        devices=["/dev/fuse"],
                        max_swap_mib=0,
                        mounts=[HEADERS],
                    ),
                },
            ),
        ),
    },
)
