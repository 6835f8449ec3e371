from typing import Any

import pytest

from modules.batch.settings.compute_environments import Ec2ComputeEnvironment
from modules.s3.settings import BucketSettings
from modules.sqs.settings import ExistingQueue, MessageQueueSettings
from modules.vpc.settings import ExistingNetwork, PrivateNetwork
from stacks.layout import OneStack
from stacks.neighbours import problems_between
from stacks.state import HcpTerraformState, LocalState, S3State, StateSettings
from tests import messages
from tests.modules.ecs.replicas import LISTENER
from tests.modules.ecs.samples import cluster_settings, existing_provider, group_provider
from tests.stacks.conftest import Package
from tests.stacks.environment_files import GOOD, reported
from tests.stacks.environments import empty_environment
from tests.stacks.rules.service_samples import replicas

QUEUE = MessageQueueSettings(visibility_timeout_seconds=60)
THEIRS = ExistingQueue(
    queue_arn="arn:aws:sqs:us-east-1:444455556666:theirs", visibility_timeout_seconds=30, kms_key_arn=None
)


def found(*environments: dict[str, Any]) -> list[str]:
    """Return environment and setting of each second one of something, and environment and setting of the first."""
    errors = problems_between([empty_environment(**{"state": LocalState()} | values) for values in environments])
    found = [(error.subject, problem) for error in errors for problem in error.problems]
    messages.note(problem for _, problem in found)
    return [f"{subject}: {problem.path}, {problem.rule}" for subject, problem in found]


def test_two_environments_that_give_one_name_are_refused() -> None:
    assert found(
        {"name": "eu", "queues": {"gpu-requests": QUEUE, "requests": QUEUE}},
        {"name": "eu-gpu", "queues": {"requests": QUEUE}},
    ) == ["eu-gpu: queues.requests, be different from queues.gpu-requests of eu"]


def test_a_dead_letter_queue_has_a_name_too() -> None:
    ours = {"name": "eu", "queues": {"gpu-a": QUEUE}}
    alone = MessageQueueSettings(visibility_timeout_seconds=60, max_receive_count=None)
    assert found(ours, {"name": "eu-gpu", "queues": {"a-dlq": alone}}) == [
        "eu-gpu: queues.a-dlq, be different from queues.gpu-a of eu"
    ]
    assert found(ours, {"name": "eu-gpu", "queues": {"b-dlq": alone}}) == []


def test_buckets_have_names_in_all_regions() -> None:
    (line,) = found(
        {"name": "eu", "buckets": {"gpu-data": BucketSettings()}},
        {"name": "eu-gpu", "buckets": {"data": BucketSettings()}, "region": "eu-west-1"},
    )
    assert line.startswith("eu-gpu: buckets.data, be different from buckets.gpu-data of eu")


@pytest.mark.parametrize(
    "other",
    [
        {"queues": {"answers": QUEUE}},
        {"account_id": "222233334444"},
        {"project": "research"},
        {"name": "us-gpu"},
        {"region": "eu-west-1"},
        {"queues": {"requests": THEIRS}},
        {"tags": {"gpu-requests": "x"}, "queues": {}},
    ],
)
def test_what_differs_anywhere_is_told_apart(other: dict[str, Any]) -> None:
    first = {"name": "eu", "queues": {"gpu-requests": QUEUE}}
    assert found(first, {"name": "eu-gpu", "queues": {"requests": QUEUE}} | other) == []


def in_vpc(name: str, vpc_id: str = "vpc-01234567", namespace: str | None = "test.internal") -> dict[str, Any]:
    network = ExistingNetwork(vpc_id=vpc_id, subnet_ids=["subnet-01234567"])
    return {"name": name, "network": network, "clusters": {"main": cluster_settings(namespace=namespace)}}


def test_a_vpc_has_each_namespace_once() -> None:
    assert found(in_vpc("a"), in_vpc("b")) == [
        "b: clusters.main.namespace, be different from clusters.main.namespace of a"
    ]


@pytest.mark.parametrize(
    "other",
    [
        in_vpc("b", vpc_id="vpc-89abcdef"),
        in_vpc("b", namespace="b.test.internal"),
        in_vpc("b", namespace=None),
        in_vpc("b") | {"network": PrivateNetwork(availability_zones=["us-east-1a"], nat_gateways=1)},
    ],
)
def test_namespaces_of_other_names_or_vpcs_are_told_apart(other: dict[str, Any]) -> None:
    assert found(in_vpc("a"), other) == []


def behind(name: str, **listener: Any) -> dict[str, Any]:
    balancing = LISTENER.model_copy(update=listener)
    return in_vpc(name, namespace=None) | {"services": {"api": replicas(load_balancing=balancing)}}


def test_a_listener_has_each_priority_once() -> None:
    assert found(behind("a"), behind("b")) == [
        "b: services.api.load_balancing.priority, be different from services.api.load_balancing.priority of a"
    ]


@pytest.mark.parametrize("other", [{"priority": 8}, {"listener_arn": f"{LISTENER.listener_arn[:-1]}1"}])
def test_rules_of_other_priorities_or_listeners_are_told_apart(other: dict[str, Any]) -> None:
    assert found(behind("a"), behind("b", **other)) == []


def test_an_existing_group_is_of_one_environment() -> None:
    environments = [
        in_vpc(name, namespace=None)
        | {"clusters": {"main": cluster_settings(namespace=None, capacity_providers={"theirs": existing_provider()})}}
        for name in ("eu", "us")
    ]
    assert found(*environments) == [
        "us: clusters.main.capacity_providers.theirs.auto_scaling_group_arn, "
        "be different from clusters.main.capacity_providers.theirs.auto_scaling_group_arn of eu"
    ]


def hcp(**changes: Any) -> HcpTerraformState:
    return HcpTerraformState(**{"organization": "acme"} | changes)


OURS: dict[str, Any] = {"name": "dev", "project": "a-b", "state": hcp()}


def test_two_environments_in_one_workspace_are_refused() -> None:
    assert found(OURS, {"name": "b-dev", "project": "a", "state": hcp()}) == [
        "b-dev: state, be different from state of dev"
    ]


@pytest.mark.parametrize(
    "other",
    [
        {"state": hcp(organization="other")},
        {"state": hcp(hostname="tfe.example.com")},
        {"state": hcp(workspace_prefix="x-")},
        {"state": LocalState()},
        {"layout": OneStack()},
        {"project": "c"},
    ],
)
def test_workspaces_elsewhere_are_others(other: dict[str, Any]) -> None:
    assert found(OURS, {"name": "b-dev", "project": "a", "state": hcp()} | other) == []


@pytest.mark.parametrize("state", [LocalState(), S3State(bucket="states", region="us-east-1", key_prefix="a-b")])
def test_environments_share_a_bucket_or_a_folder_and_no_state(state: StateSettings) -> None:
    assert (
        found({"name": "dev", "project": "a-b", "state": state}, {"name": "b-dev", "project": "a", "state": state})
        == []
    )


def test_loading_holds_environments_against_each_other(package: Package) -> None:
    other = GOOD.replace("DEV", "DEV_B").replace('"dev"', '"dev-b"')
    ours = GOOD.replace('"requests"', '"b-requests"')
    assert reported(package(dev=ours, dev_b=other)) == [
        (
            "dev-b: queues.requests",
            "doctored/dev_b.py:12",
        ),
    ]


def test_roles_of_unlike_things_are_told_apart_over_environments() -> None:
    capacity = Ec2ComputeEnvironment(instance_types=["c6i.large"], max_vcpus=2)
    network = PrivateNetwork(availability_zones=["us-east-1a"])
    cluster = cluster_settings(capacity_providers={"x": group_provider()})
    (line,) = found(
        {"name": "a", "network": network, "compute_environments": {"b-c-x": capacity}},
        {"name": "a-b", "network": network, "clusters": {"c": cluster}},
    )
    assert line.startswith("a-b: clusters.c.capacity_providers.x, be different from compute_environments.b-c-x of a")
