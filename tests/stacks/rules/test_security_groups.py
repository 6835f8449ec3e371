"""An interface has five security groups at most, wherever they are named."""

from typing import Any

import pytest

from modules.batch.settings.compute_environments import Ec2ComputeEnvironment, MultiNodeCapacity
from modules.batch.settings.eks_compute_environments import EksComputeEnvironment
from modules.ecs.settings.exposure import DnsDiscovery
from modules.ecs.settings.services import ReplicaService
from modules.vpc.placement_settings import NewSecurityGroup
from modules.vpc.settings import ExistingNetwork
from tests.problems import refused
from tests.stacks.rules.service_samples import LOAD_BALANCER, replicas, with_cluster

BALANCED = {"api": replicas(load_balancing=LOAD_BALANCER)}
ALONE = {"api": replicas()}
GROUPS = [f"group-{number}" for number in range(4)]
SUBNET = "subnet-01234567"


def network(groups: int) -> ExistingNetwork:
    return ExistingNetwork(
        vpc_id="vpc-01234567",
        subnet_ids=["subnet-01234567", "subnet-89abcdef"],
        security_group_ids=[f"sg-0000000{number}" for number in range(groups)],
        security_groups={name: NewSecurityGroup() for name in GROUPS},
    )


def eks(*groups: str) -> EksComputeEnvironment:
    return EksComputeEnvironment(
        max_vcpus=4,
        instance_types=["m5.large"],
        eks_cluster_arn="arn:aws:eks:us-east-1:111122223333:cluster/main",
        kubernetes_namespace="jobs",
        security_group_ids=groups,
    )


def named(count: int, **changes: Any) -> dict[str, ReplicaService]:
    return {"api": replicas(security_groups=GROUPS[:count], **changes)}


def nodes(count: int) -> Ec2ComputeEnvironment:
    return Ec2ComputeEnvironment(
        max_vcpus=4, subnets=[SUBNET], security_groups=GROUPS[:count], multi_node=MultiNodeCapacity()
    )


@pytest.mark.parametrize(
    ("changes", "found"),
    [
        ({"network": network(4), "services": BALANCED}, []),
        ({"network": network(5), "services": BALANCED}, ["services.api.load_balancing: 5, got 6"]),
        ({"network": network(5), "services": ALONE}, []),
        ({"network": network(0), "compute_environments": {"pods": eks(*(f"sg-1111111{n}" for n in range(4)))}}, []),
        ({"network": network(4), "compute_environments": {"pods": eks("sg-11111111")}}, []),
        (
            {"network": network(4), "compute_environments": {"pods": eks("sg-11111111", "sg-22222222")}},
            ["compute_environments.pods.security_group_ids: 5, got 6"],
        ),
        ({"network": network(5), "compute_environments": {"pods": eks("sg-00000000")}}, []),
        # What something names besides.
        ({"network": network(1), "services": named(4)}, []),
        ({"network": network(2), "services": named(4)}, ["services.api.security_groups: 5, got 6"]),
        ({"network": network(0), "services": named(3, load_balancing=LOAD_BALANCER)}, []),
        (
            {"network": network(0), "services": named(4, load_balancing=LOAD_BALANCER)},
            ["services.api.load_balancing: 5, got 6"],
        ),
        ({"network": network(0), "services": named(3, discovery=DnsDiscovery())}, []),
        ({"network": network(0), "services": named(4, discovery=DnsDiscovery())}, ["services.api.discovery: 5, got 6"]),
        ({"network": network(1), "services": named(4, discovery=DnsDiscovery())}, []),
        ({"network": network(0), "compute_environments": {"nodes": nodes(3)}}, []),
        (
            {"network": network(0), "compute_environments": {"nodes": nodes(4)}},
            ["compute_environments.nodes.security_groups: 5, got 6"],
        ),
    ],
)
def test_an_interface_has_at_most_five_security_groups(changes: dict[str, Any], found: list[str]) -> None:
    if found:
        assert refused(with_cluster, **changes) == found
    else:
        assert with_cluster(**changes)


@pytest.mark.parametrize(
    ("project", "found"),
    [
        ("sgx", []),
        ("sg", ["network: got 'sg-test-network-workloads'"]),
        ("sg-a", ["network: got 'sg-a-test-network-workloads'"]),
    ],
)
def test_no_security_group_begins_as_aws_keeps_it_for_itself(project: str, found: list[str]) -> None:
    if found:
        assert refused(with_cluster, project=project) == found
    else:
        assert with_cluster(project=project)


def test_no_load_balancer_begins_as_aws_keeps_it_for_itself() -> None:
    assert with_cluster(project="internal", services=ALONE)
    assert with_cluster(project="internals", services=BALANCED)
    assert refused(with_cluster, project="internal", services=BALANCED) == ["services.api: got 'internal-test-api'"]
