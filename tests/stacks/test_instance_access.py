"""Instances may use what their capacity's access names: on Batch, in clusters, and with a profile that exists."""

from typing import Any

import pytest

from modules.batch.settings.any_compute_environments import ComputeEnvironmentSettings
from modules.batch.settings.compute_environments import Ec2ComputeEnvironment, UnmanagedComputeEnvironment
from modules.batch.settings.job_queues import JobQueueSettings
from modules.ecs.settings.capacity import CapacityShare
from modules.iam.access_settings import Access, BucketAccess
from modules.vpc.settings import PrivateNetwork
from stacks.environment import Environment
from tests.modules.ecs.samples import cluster_settings, group_provider
from tests.policies import statements
from tests.problems import problems_of, refused
from tests.stacks.environments import environment, fargate_job
from tests.synthesized import synthesized

ACCESS = Access(
    read=[BucketAccess(bucket="data", prefix="setup/")],
    send=["requests"],
    policy_arns=["arn:aws:iam::111122223333:policy/agents"],
)
PROFILE = "arn:aws:iam::111122223333:instance-profile/ml/gpu"
TYPES: dict[str, Any] = {"instance_types": ["c6i.2xlarge"], "access": ACCESS}


def permissions(settings: Environment, stack: str, role: str) -> tuple[set[str], list[str]]:
    """Return the Sids of what the instances' role has, and the policies of the user's own that are attached."""
    found = synthesized(settings)[stack]["resource"]
    sids = {
        sid
        for id_, policy in found["aws_iam_role_policy"].items()
        if id_.startswith(role)
        for sid in statements(policy["policy"])
    }
    attached = [
        item["policy_arn"]
        for id_, item in found.get("aws_iam_role_policy_attachment", {}).items()
        if id_.startswith(role) and ":111122223333:" in item["policy_arn"]
    ]
    return sids, attached


@pytest.mark.parametrize(
    "capacity",
    [Ec2ComputeEnvironment(max_vcpus=16, **TYPES), UnmanagedComputeEnvironment(instance_count=2, **TYPES)],
    ids=["managed", "unmanaged"],
)
def test_instances_of_batch_may_use_what_is_named(capacity: ComputeEnvironmentSettings) -> None:
    settings = environment(
        compute_environments={"own": capacity}, job_queues={"own": JobQueueSettings(compute_environments=["own"])}
    )
    sids, attached = permissions(settings, "test-batch", "compute_environments_own_instance-role")
    assert {"ListObjects", "ReadObjects", "SendMessages"} <= sids
    assert attached == list(ACCESS.policy_arns)


def test_instances_of_a_cluster_may_use_what_is_named() -> None:
    providers = {"gpu": group_provider(access=ACCESS)}
    cluster = cluster_settings(capacity_providers=providers, default_capacity=[CapacityShare(provider="gpu")])
    settings = environment(clusters={"main": cluster})
    sids, attached = permissions(settings, "test-services", "clusters_main_capacity_providers_gpu_instance-role")
    assert sids == {"ListObjects", "ReadObjects", "SendMessages"}
    assert attached == list(ACCESS.policy_arns)


def test_of_a_profile_that_exists_it_is_told_what_it_needs() -> None:
    capacity = Ec2ComputeEnvironment(max_vcpus=16, instance_profile_arn=PROFILE, **TYPES)
    settings = environment(compute_environments={"own": capacity})
    needs = synthesized(settings)["test-batch"]["output"]["role_policies"]["value"][PROFILE]
    assert {"ReadObjects", "SendMessages"} <= statements(needs["policy"]).keys()
    assert needs["managed_policy_arns"] == list(ACCESS.policy_arns)


def test_what_instances_name_is_there() -> None:
    unknown = Ec2ComputeEnvironment(max_vcpus=16, access=Access(send=["gone"]))
    assert refused(lambda: environment(compute_environments={"own": unknown})) == [
        "compute_environments.own.access.send[0]: got 'gone'"
    ]


def test_without_nat_instances_reach_it_through_an_endpoint() -> None:
    def with_endpoints(*more: Any) -> Environment:
        endpoints = ["ecr.api", "ecr.dkr", "ecs", "ecs-agent", "ecs-telemetry", "logs", *more]
        network = PrivateNetwork(availability_zones=["us-east-1a"], nat_gateways=0, interface_endpoints=endpoints)
        capacity = Ec2ComputeEnvironment(max_vcpus=16, access=Access(send=["requests"]))
        job = fargate_job(access=Access())
        return environment(network=network, compute_environments={"own": capacity}, job_definitions={"embed": job})

    assert with_endpoints("sqs")
    (problem,) = problems_of(with_endpoints)
    assert problem.path == "network.interface_endpoints"
    assert problem.reason.startswith("compute_environments.own reaches queues.requests")


def test_of_instances_of_others_nothing_is_said() -> None:
    values: dict[str, Any] = {"instance_types": ["g5.xlarge"], "access": ACCESS}
    assert UnmanagedComputeEnvironment(instance_count=0, **values)
    assert refused(lambda: UnmanagedComputeEnvironment(instance_count=None, **values)) == ["access: got an Access"]
