"""Subnets and security groups that capacity, services and tasks name."""

from typing import Any

import pytest

from modules.batch.settings.compute_environments import FargateComputeEnvironment, SpotComputeEnvironment
from modules.vpc.placement_settings import NewSecurityGroup
from modules.vpc.settings import ExistingNetwork, PrivateNetwork
from tests.modules.ecs.samples import cluster_settings, ec2_task, group_provider, managed_provider
from tests.problems import refused
from tests.stacks.rules.service_samples import GPU, ZONES, replicas, run_task, with_cluster

SUBNETS = ("subnet-0000000a", "subnet-0000000b")
GROUPS: dict[str, Any] = {"security_groups": {"database": NewSecurityGroup()}}
MADE = PrivateNetwork(availability_zones=ZONES, nat_gateways=1, **GROUPS)
EXISTING = ExistingNetwork(vpc_id="vpc-01234567", subnet_ids=SUBNETS, **GROUPS)
KINDS: dict[str, Any] = {
    "compute_environments.a": lambda **placed: {
        "compute_environments": {"a": FargateComputeEnvironment(max_vcpus=4, **placed)}
    },
    "services.a": lambda **placed: {"services": {"a": replicas(**placed)}},
    "task_definitions.a": lambda **placed: {"task_definitions": {"a": run_task(**placed)}},
    "clusters.main.capacity_providers.gpu": lambda **placed: {
        "clusters": {"main": cluster_settings(capacity_providers={"gpu": group_provider(**placed)})}
    },
    "clusters.main.capacity_providers.managed": lambda **placed: {
        "clusters": {"main": cluster_settings(capacity_providers={"managed": managed_provider(**placed)})}
    },
}


@pytest.mark.parametrize("path", sorted(KINDS))
@pytest.mark.parametrize(("network", "known"), [(MADE, ZONES), (EXISTING, SUBNETS)])
def test_subnets_and_groups_are_the_networks(path: str, network: Any, known: tuple[str, ...]) -> None:
    build = KINDS[path]
    assert with_cluster(network=network, **build(subnets=[known[1]], security_groups=["database"])).network
    other = (ZONES if known is SUBNETS else SUBNETS)[0]
    assert refused(
        lambda: with_cluster(network=network, **build(subnets=[known[0], other], security_groups=["db"]))
    ) == [
        f"{path}.subnets[1]: got {other!r}",
        f"{path}.security_groups[0]: got 'db'",
    ]


@pytest.mark.parametrize(
    ("placed", "found"),
    [
        ({"subnet_index": 1}, []),
        ({"subnets": [SUBNETS[1]]}, []),
        ({"subnet_index": 2}, ["compute_environments.spot.subnet_index: 2, got 2"]),
    ],
)
def test_an_index_counts_all_subnets(placed: dict[str, Any], found: list[str]) -> None:
    def build() -> object:
        spot = SpotComputeEnvironment(max_vcpus=4, **placed)
        return with_cluster(network=EXISTING, compute_environments={"spot": spot})

    assert (refused(build) if found else [] if build() else ["nothing"]) == found


def test_subnets_are_said_in_one_way() -> None:
    assert refused(SpotComputeEnvironment, max_vcpus=4, subnets=[SUBNETS[0]], subnet_index=0) == ["subnet_index: got 0"]


@pytest.mark.parametrize("build", [replicas, run_task])
@pytest.mark.parametrize("mode", ["host", "bridge", "awsvpc"])
def test_tasks_without_an_address_of_their_own_are_where_their_instance_is(build: Any, mode: str) -> None:
    values: dict[str, Any] = {"subnets": [ZONES[0]], "security_groups": ["database"], "capacity": GPU}
    values["task"] = ec2_task(network_mode=mode)
    if mode == "awsvpc":
        assert build(**values).subnets == (ZONES[0],)
    else:
        assert sorted(refused(lambda: build(**values))) == [
            "security_groups: got ['database']",
            f"subnets: got ['{ZONES[0]}']",
        ]
