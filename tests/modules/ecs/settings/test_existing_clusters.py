"""Clusters that somebody else owns: what is refused, on both sides of each limit."""

from typing import Any

import pytest

from modules.ecs.settings.capacity import CapacityShare
from modules.ecs.settings.existing_clusters import ExistingExecuteCommand, ExistingNamespace
from modules.naming import AwsLocation
from tests.modules.ecs.samples import FARGATE, existing_cluster, shared_provider
from tests.problems import refused

HERE = "us-east-1:111122223333"


@pytest.mark.parametrize("name", ["a", "x" * 255, "Shared_1-a"])
def test_a_cluster_is_named_by_its_arn(name: str) -> None:
    cluster = existing_cluster(cluster_arn=f"arn:aws:ecs:{HERE}:cluster/{name}")
    (given,) = cluster.names("tb-test-main", AwsLocation("us-east-1", "111122223333"))
    assert (given.kind, given.text, given.is_made) == ("cluster", name, False)


@pytest.mark.parametrize("name", ["", "x" * 256, "a/b", "a.b"])
def test_nothing_else_names_a_cluster(name: str) -> None:
    arn = f"arn:aws:ecs:{HERE}:cluster/{name}"
    (found,) = refused(existing_cluster, cluster_arn=arn)
    assert found.startswith("cluster_arn: got 'arn:aws:ecs:")


def test_a_cluster_has_18_providers_of_instances_and_no_more() -> None:
    providers = {f"g{index}": shared_provider(capacity_provider_name=f"g{index}") for index in range(18)}
    providers["gpu"] = shared_provider()
    assert refused(existing_cluster, capacity_providers=providers) == ["capacity_providers: 18, got 19"]
    del providers["g17"]
    assert len(existing_cluster(capacity_providers=providers).capacity_providers) == 18


@pytest.mark.parametrize(
    ("second", "found"),
    [
        ("others", []),
        ("gpus", ["capacity_providers.b.capacity_provider_name: got 'gpus'"]),
        ("FARGATE_SPOT", ["capacity_providers.b.capacity_provider_name: got 'FARGATE_SPOT'"]),
        ("x" * 255, []),
        ("x" * 256, [f"capacity_providers.b.capacity_provider_name: got {'x' * 256!r}"]),
    ],
)
def test_each_provider_is_another_and_one_of_instances(second: str, found: list[str]) -> None:
    def build() -> Any:
        return existing_cluster(
            default_capacity=[FARGATE],
            capacity_providers={"a": shared_provider(), "b": shared_provider(capacity_provider_name=second)},
        )

    if found and len(second) < 256:
        assert refused(build) == found
    elif found:
        assert refused(build)[0].startswith("capacity_provider_name: got 'xxx")
    else:
        assert list(build().capacity_providers) == ["a", "b"]


def test_the_instances_of_a_provider_are_checked() -> None:
    assert refused(shared_provider, instance_types=["optimal"]) == ["instance_types[0]: got 'optimal'"]
    assert refused(shared_provider, max_instances=0) == ["max_instances: 1, 10,000, got 0"]
    assert shared_provider(max_instances=1).max_instances == 1


def test_capacity_names_what_the_cluster_has() -> None:
    shares = [CapacityShare(provider="gpu")]
    assert existing_cluster(default_capacity=shares).default_capacity == tuple(shares)
    assert refused(existing_cluster, default_capacity=[CapacityShare(provider="gpus")]) == [
        "default_capacity[0].provider: got 'gpus'"
    ]
    assert refused(existing_cluster, default_capacity=[FARGATE, *shares]) == ["default_capacity: got FARGATE, gpu"]


@pytest.mark.parametrize("id_", ["ns-a", "ns-" + "a" * 61])
def test_a_namespace_has_its_id_in_its_arn(id_: str) -> None:
    arn = f"arn:aws:servicediscovery:{HERE}:namespace/{id_}"
    namespace = ExistingNamespace(namespace_arn=arn, domain="prod.internal")
    assert namespace.namespace_id == id_
    assert existing_cluster(namespace=namespace).namespace_name == "prod.internal"


@pytest.mark.parametrize("id_", ["ns-", "ns-" + "a" * 62, "srv-a"])
def test_nothing_else_names_a_namespace(id_: str) -> None:
    arn = f"arn:aws:servicediscovery:{HERE}:namespace/{id_}"
    (found,) = refused(ExistingNamespace, namespace_arn=arn, domain="prod.internal")
    assert found.startswith("namespace_arn: got ")


@pytest.mark.parametrize("group", ["/ecs/exec", "x" * 512])
def test_sessions_are_in_a_log_group(group: str) -> None:
    key = f"arn:aws:kms:{HERE}:key/1234abcd-12ab-34cd-56ef-1234567890ab"
    arn = f"arn:aws:logs:{HERE}:log-group:{group}"
    assert ExistingExecuteCommand(log_group_arn=arn, kms_key_arn=key).log_group_arn == arn
    for bad in (f"{arn}{'x' * 512}", f"{arn}:*", group):
        (found,) = refused(ExistingExecuteCommand, log_group_arn=bad, kms_key_arn=key)
        assert found.startswith("log_group_arn: got ")
