"""Production: everything at its strictest, on Spot first and on demand when Spot has nothing."""

from modules.backlogs.settings import BacklogSettings
from modules.batch.settings.compute_environments import (
    Ec2ComputeEnvironment,
    FargateComputeEnvironment,
    FargateSpotComputeEnvironment,
    MultiNodeCapacity,
    SpotComputeEnvironment,
)
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
from modules.operations.settings import Operations
from modules.sns.new_topic import NewTopic
from modules.targets.settings import PipelineExecution
from modules.variables import Variable
from modules.vpc.settings import PrivateNetwork
from stacks.environment import Environment
from stacks.environments.shared.jobs import JOB_DEFINITIONS, JOB_QUEUES, SCHEDULING_POLICIES, SUBMISSIONS, TEAMS, train
from stacks.environments.shared.starts import PIPELINES, PIPES, RULES, SCHEDULES, nightly
from stacks.environments.shared.storage import BUCKETS, FILE_SYSTEMS, QUEUES, REPOSITORIES
from stacks.environments.shared.tasks import TASK_DEFINITIONS, document_worker, image_worker
from stacks.state import S3State

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
    queues=QUEUES,
    buckets=BUCKETS,
    file_systems=FILE_SYSTEMS,
    repositories=REPOSITORIES,
    compute_environments={
        "gpu-spot": SpotComputeEnvironment(
            instance_types=["g5.xlarge", "g5.2xlarge", "g6.xlarge", "g6.2xlarge"],
            max_vcpus=512,
            launch_template=LaunchTemplateSettings(root_volume_gib=100, instance_store_raid=True),
        ),
        "gpu": Ec2ComputeEnvironment(
            instance_types=["g5.xlarge", "g5.2xlarge", "g6.xlarge", "g6.2xlarge"],
            max_vcpus=Variable(
                name="gpu_vcpus",
                description="how many vCPUs of GPU instances may run on demand",
                default=128,
                at_least=8,
                at_most=384,
            ),
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
    scheduling_policies=SCHEDULING_POLICIES,
    job_queues=JOB_QUEUES,
    job_definitions={
        **JOB_DEFINITIONS,
        "train": train(workers=3),
    },
    submissions=SUBMISSIONS,
    teams=TEAMS,
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
    services={"document-worker": document_worker(max_tasks=200), "image-worker": image_worker(max_tasks=40)},
    task_definitions=TASK_DEFINITIONS,
    backlogs={
        "recheck": BacklogSettings(
            queue="reports",
            job=JobRequest(job_definition="recheck"),
            messages_per_child=200,
            max_children=64,
        ),
    },
    schedules=SCHEDULES,
    pipelines={**PIPELINES, "nightly": nightly(embed_jobs=200, shard_jobs=64)},
    pipes=PIPES,
    rules={
        **RULES,
        # What is urgent is embedded when it comes, and not by the workers in their turn; who asked for it is told.
        "embed-urgent": RuleSettings(
            event=ObjectCreated(bucket="data", prefixes=["incoming/urgent/"]),
            target=PipelineExecution(pipeline="urgent", parameters={"key": "$.detail.object.key"}),
            dead_letter_queue="unstarted",
            archive_days=14,
        ),
    },
    operations=Operations(
        alarms=Alarms(new_topic=NewTopic(emails=["ml-platform@example.com"])),
        audit_trail=NewTrail(left_out_buckets=["logs"]),
        budget=Budget(
            monthly_usd=Variable(
                name="monthly_budget_usd", description="what a month may cost", default=20_000, at_most=100_000
            ),
        ),
        cost_anomalies=CostAnomalies(least_usd=500),
    ),
)
