"""Instances on demand, which Batch manages with a role of their own, and a queue that two teams share fairly."""

from modules.batch.settings.compute_environments import Ec2ComputeEnvironment
from modules.batch.settings.job_queues import FairSharePolicySettings, JobQueueSettings
from modules.vpc.settings import PublicNetwork
from stacks.environment import Environment
from stacks.state import LocalState

EC2_BATCH = Environment(
    name="ec2-batch",
    account_id="111122223333",
    region="us-east-1",
    production=False,
    state=LocalState(),
    network=PublicNetwork(availability_zones=["us-east-1a"]),
    compute_environments={
        "instances": Ec2ComputeEnvironment(instance_types=["c6i"], max_vcpus=16, dedicated_service_role=True)
    },
    scheduling_policies={"teams": FairSharePolicySettings(shares={"search": 1.0, "ads": 0.5})},
    job_queues={"jobs": JobQueueSettings(compute_environments=["instances"], scheduling_policy="teams")},
)
