"""An interface has five security groups at most, whoever adds them."""

from typing import Any

import pytest

from modules.batch.settings.eks_compute_environments import EksComputeEnvironment
from modules.vpc.settings import ExistingNetwork
from tests.problems import refused
from tests.stacks.rules.service_samples import LOAD_BALANCER, environment, replicas

BALANCED = {"api": replicas(load_balancing=LOAD_BALANCER)}
ALONE = {"api": replicas()}


def network(groups: int) -> ExistingNetwork:
    return ExistingNetwork(
        vpc_id="vpc-01234567",
        subnet_ids=["subnet-01234567", "subnet-89abcdef"],
        security_group_ids=[f"sg-0000000{number}" for number in range(groups)],
    )


def eks(*groups: str) -> EksComputeEnvironment:
    return EksComputeEnvironment(
        max_vcpus=4,
        instance_types=["m5.large"],
        eks_cluster_arn="arn:aws:eks:us-east-1:111122223333:cluster/main",
        kubernetes_namespace="jobs",
        security_group_ids=groups,
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
    ],
)
def test_an_interface_has_at_most_five_security_groups(changes: dict[str, Any], found: list[str]) -> None:
    if found:
        assert refused(environment, **changes) == found
    else:
        assert environment(**changes)


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
        assert refused(environment, project=project) == found
    else:
        assert environment(project=project)


def test_no_load_balancer_begins_as_aws_keeps_it_for_itself() -> None:
    assert environment(project="internal", services=ALONE)
    assert environment(project="internals", services=BALANCED)
    assert refused(environment, project="internal", services=BALANCED) == ["services.api: got 'internal-test-api'"]
