"""What there is of Batch: Spot before on-demand, shares, arrays, containers side by side, nodes, requests, a team."""

from modules.batch.settings.compute_environments import (
    Ec2ComputeEnvironment,
    FargateSpotComputeEnvironment,
    MultiNodeCapacity,
    SpotComputeEnvironment,
)
from modules.batch.settings.job_containers import FargateJobContainer
from modules.batch.settings.job_definitions import (
    Ec2JobDefinition,
    FargateMultiContainerJobDefinition,
    MultiNodeJobDefinition,
    NodeGroup,
)
from modules.batch.settings.job_queues import FairSharePolicySettings, JobQueueSettings
from modules.batch.settings.retries import SpotRetryStrategy
from modules.batch.settings.submissions import JobDependency, JobSubmission
from modules.batch.settings.teams import TeamAccess
from modules.vpc.settings import PrivateNetwork
from stacks.environment import Environment
from stacks.state import LocalState

IMAGE = "public.ecr.aws/docker/library/python:3.11-slim"

BATCH_TOUR = Environment(
    name="batch-tour",
    account_id="111122223333",
    region="us-east-1",
    production=False,
    state=LocalState(),
    network=PrivateNetwork(availability_zones=["us-east-1a"], nat_gateways=1),
    compute_environments={
        "spot": SpotComputeEnvironment(instance_types=["g5.xlarge", "g6.xlarge"], max_vcpus=64),
        "on-demand": Ec2ComputeEnvironment(instance_types=["g6.xlarge"], max_vcpus=64),
        "nodes": Ec2ComputeEnvironment(instance_types=["c6i.8xlarge"], max_vcpus=128, multi_node=MultiNodeCapacity()),
        "light": FargateSpotComputeEnvironment(max_vcpus=16),
    },
    scheduling_policies={"teams": FairSharePolicySettings(shares={"search": 1.0, "ads": 0.5})},
    job_queues={
        "gpu": JobQueueSettings(compute_environments=["spot", "on-demand"], scheduling_policy="teams"),
        "nodes": JobQueueSettings(compute_environments=["nodes"]),
        "light": JobQueueSettings(compute_environments=["light"]),
    },
    job_definitions={
        "embed": Ec2JobDefinition(
            job_queues=["gpu"],
            image=IMAGE,
            vcpus=4,
            memory_mib=14_000,
            gpus=1,
            timeout_seconds=3_600,
            retry=SpotRetryStrategy(),
            scheduling_priority=0,
        ),
        "train": MultiNodeJobDefinition(
            job_queues=["nodes"],
            node_groups=[NodeGroup(image=IMAGE, vcpus=32, memory_mib=60_000, node_count=4)],
            timeout_seconds=86_400,
        ),
        "publish": FargateMultiContainerJobDefinition(
            job_queues=["light"],
            containers={
                "index": FargateJobContainer(image=IMAGE, vcpus=0.5, memory_mib=1_024),
                "upload": FargateJobContainer(image=IMAGE, vcpus=0.5, memory_mib=1_024, essential=False),
            },
            timeout_seconds=3_600,
        ),
    },
    submissions={
        "corpus": JobSubmission(job_definition="embed", array_size=100, share_identifier="search"),
        "release": JobSubmission(job_definition="publish", depends_on=[JobDependency(submission="corpus")]),
    },
    teams={
        "search": TeamAccess(
            tag_value="search", shared_job_definitions=["embed"], shared_job_queues=["gpu"], share_identifier="search"
        )
    },
)
