"""Tasks on an Auto Scaling group that is there already, and jobs on Fargate beside it; all that it makes is put out."""

from modules.batch.settings.compute_environments import FargateComputeEnvironment
from modules.batch.settings.job_queues import JobQueueSettings
from modules.ecs.settings.capacity import CapacityShare
from modules.ecs.settings.clusters import ClusterSettings
from modules.ecs.settings.containers import Ec2Container
from modules.ecs.settings.existing_groups import ExistingAutoScalingGroupCapacityProvider
from modules.ecs.settings.run_tasks import RunTaskDefinition
from modules.ecs.settings.tasks import Ec2Task
from modules.vpc.settings import ExistingNetwork
from stacks.environment import Environment
from stacks.state import LocalState

GROUP = "arn:aws:autoscaling:us-east-1:111122223333:autoScalingGroup:1234abcd-12ab-34cd-56ef-1234567890ab"

OWN_INSTANCES = Environment(
    name="own-instances",
    account_id="111122223333",
    region="us-east-1",
    production=False,
    state=LocalState(),
    network=ExistingNetwork(vpc_id="vpc-0fedcba9876543210", subnet_ids=["subnet-0fedcba9876543210"]),
    compute_environments={"fargate": FargateComputeEnvironment(max_vcpus=16)},
    job_queues={"jobs": JobQueueSettings(compute_environments=["fargate"])},
    clusters={
        "main": ClusterSettings(
            default_capacity=[CapacityShare(provider="theirs")],
            capacity_providers={
                "theirs": ExistingAutoScalingGroupCapacityProvider(
                    auto_scaling_group_arn=f"{GROUP}:autoScalingGroupName/gpus",
                    instance_types=["g6.xlarge"],
                    max_instances=4,
                )
            },
        )
    },
    task_definitions={
        "embed": RunTaskDefinition(
            cluster="main",
            task=Ec2Task(
                vcpus=3.0,
                memory_mib=12_000,
                containers={"embed": Ec2Container(image="public.ecr.aws/docker/library/python:3.11-slim", gpus=1)},
            ),
        )
    },
)
