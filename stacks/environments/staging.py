"""Staging: production in small, on one NAT gateway, with a fixed pool of instances to measure on."""

from modules.backlogs.settings import BacklogSettings
from modules.batch.settings.compute_environments import (
    Ec2ComputeEnvironment,
    FargateComputeEnvironment,
    FargateSpotComputeEnvironment,
    MultiNodeCapacity,
    SpotComputeEnvironment,
    UnmanagedComputeEnvironment,
)
from modules.batch.settings.job_definitions import Ec2JobDefinition
from modules.batch.settings.job_queues import JobQueueSettings
from modules.batch.settings.submissions import JobRequest
from modules.budgets.settings import Budget, CostAnomalies
from modules.cloudtrail.settings import NewTrail
from modules.cloudwatch.alarm_settings import Alarms
from modules.ec2.settings import LaunchTemplateSettings
from modules.ecs.settings.capacity import CapacityShare
from modules.ecs.settings.capacity_providers import AutoScalingGroupCapacityProvider
from modules.ecs.settings.clusters import ClusterSettings
from modules.events.settings import RuleSettings
from modules.events.sources import ObjectCreated
from modules.iam.access_settings import Access, BucketAccess
from modules.operations.settings import Operations
from modules.targets.settings import PipelineExecution
from modules.vpc.settings import PrivateNetwork
from stacks.environment import Environment
from stacks.environments.shared.jobs import JOB_DEFINITIONS, JOB_QUEUES, SCHEDULING_POLICIES, SUBMISSIONS, TEAMS, train
from stacks.environments.shared.starts import PIPELINES, PIPES, RULES, SCHEDULES, nightly
from stacks.environments.shared.storage import BUCKETS, EMBED, FILE_SYSTEMS, QUEUES, REPOSITORIES
from stacks.environments.shared.tasks import TASK_DEFINITIONS, document_worker, image_worker
from stacks.state import S3State

STAGING = Environment(
    name="staging",
    account_id="222222222222",
    region="us-east-1",
    production=False,
    state=S3State(bucket="example-terraform-state-staging", region="us-east-1"),
    tags={"cost-center": "ml-platform"},
    service_quotas={
        "standard_on_demand_vcpus": 64,
        "g_and_vt_on_demand_vcpus": 256,
        "g_and_vt_spot_vcpus": 256,
        "fargate_on_demand_vcpus": 500,
        "fargate_spot_vcpus": 500,
    },
    network=PrivateNetwork(
        cidr_block="10.20.0.0/16",
        availability_zones=["us-east-1a", "us-east-1b"],
        nat_gateways=1,
        interface_endpoints=[],
    ),
    queues=QUEUES,
    buckets=BUCKETS,
    file_systems=FILE_SYSTEMS,
    repositories=REPOSITORIES,
    compute_environments={
        "gpu-spot": SpotComputeEnvironment(
            instance_types=["g5.xlarge", "g5.2xlarge", "g6.xlarge", "g6.2xlarge"],
            max_vcpus=64,
            launch_template=LaunchTemplateSettings(root_volume_gib=100, instance_store_raid=True),
        ),
        "gpu": Ec2ComputeEnvironment(
            instance_types=["g5.xlarge", "g5.2xlarge", "g6.xlarge", "g6.2xlarge"],
            max_vcpus=32,
            launch_template=LaunchTemplateSettings(root_volume_gib=100, instance_store_raid=True),
        ),
        "light-spot": FargateSpotComputeEnvironment(max_vcpus=64),
        "light": FargateComputeEnvironment(max_vcpus=32),
        "distributed": Ec2ComputeEnvironment(
            instance_types=["g5.12xlarge"],
            max_vcpus=96,
            launch_template=LaunchTemplateSettings(root_volume_gib=200),
            multi_node=MultiNodeCapacity(),
            subnet_index=0,
        ),
        # Always the same instances, so that two measurements can be compared.
        "pool": UnmanagedComputeEnvironment(instance_types=["c7i.2xlarge"], instance_count=1),
    },
    scheduling_policies=SCHEDULING_POLICIES,
    job_queues={**JOB_QUEUES, "pool": JobQueueSettings(compute_environments=["pool"])},
    job_definitions={
        **JOB_DEFINITIONS,
        "train": train(workers=1),
        "measure": Ec2JobDefinition(
            job_queues=["pool"],
            image=EMBED,
            user="1000:1000",
            command=["measure", "--texts", "Ref::texts"],
            parameters={"texts": "100000"},
            vcpus=8,
            memory_mib=14_000,
            timeout_seconds=3_600,
            access=Access(write=[BucketAccess(bucket="data", prefix="measurements/")]),
        ),
    },
    submissions=SUBMISSIONS,
    teams=TEAMS,
    clusters={
        "workers": ClusterSettings(
            default_capacity=[CapacityShare(provider="FARGATE_SPOT")],
            capacity_providers={
                "gpu": AutoScalingGroupCapacityProvider(
                    instance_types=["g5.xlarge", "g6.xlarge", "g5.2xlarge", "g6.2xlarge"],
                    max_instances=4,
                    on_demand_percent=0,
                    launch_template=LaunchTemplateSettings(root_volume_gib=100),
                ),
            },
        ),
    },
    services={"document-worker": document_worker(max_tasks=10), "image-worker": image_worker(max_tasks=4)},
    task_definitions=TASK_DEFINITIONS,
    backlogs={
        "recheck": BacklogSettings(
            queue="reports",
            job=JobRequest(job_definition="recheck"),
            messages_per_child=200,
            max_children=8,
        ),
    },
    schedules=SCHEDULES,
    pipelines={**PIPELINES, "nightly": nightly(embed_jobs=20, shard_jobs=8)},
    pipes=PIPES,
    rules={
        **RULES,
        # What is urgent is embedded when it comes, and not by the workers in their turn; who asked for it is told.
        "embed-urgent": RuleSettings(
            event=ObjectCreated(bucket="data", prefixes=["incoming/urgent/"]),
            target=PipelineExecution(pipeline="urgent", parameters={"key": "$.detail.object.key"}),
            dead_letter_queue="unstarted",
        ),
    },
    operations=Operations(
        alarms=Alarms(),
        audit_trail=NewTrail(left_out_buckets=["logs"], retention_days=30),
        budget=Budget(monthly_usd=2_000),
        cost_anomalies=CostAnomalies(),
    ),
)
