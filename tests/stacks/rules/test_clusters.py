"""Clusters beside each other, with the whole message."""

import pytest

from tests.modules.ecs.samples import GROUP_ARN, cluster_settings, existing_provider
from tests.problems import refused
from tests.stacks.rules.service_samples import with_cluster


@pytest.mark.parametrize("other", [None, "other.internal", "b.test.internal", "internal"])
def test_clusters_have_namespaces_of_their_own_or_none(other: str | None) -> None:
    clusters = {"a": cluster_settings(namespace="test.internal"), "b": cluster_settings(namespace=other)}
    assert set(with_cluster(clusters=clusters).clusters) == {"a", "b"}


def test_clusters_without_a_namespace_share_none() -> None:
    assert with_cluster(clusters={name: cluster_settings(namespace=None) for name in ("a", "b")}).name == "test"


def test_a_namespace_is_of_one_cluster() -> None:
    clusters = {name: cluster_settings(namespace="test.internal") for name in ("a", "b", "c")}
    assert refused(lambda: with_cluster(clusters=clusters)) == [
        f"clusters.{name}.namespace: got 'test.internal'" for name in ("b", "c")
    ]


def test_an_existing_group_has_one_capacity_provider() -> None:
    other = GROUP_ARN.replace("gpus", "others")
    apart = {"a": existing_provider(), "b": existing_provider(auto_scaling_group_arn=other)}
    assert with_cluster(clusters={"main": cluster_settings(capacity_providers=apart)}).name == "test"
    clusters = {
        name: cluster_settings(namespace=None, capacity_providers={"theirs": existing_provider()})
        for name in ("a", "b")
    }
    assert refused(lambda: with_cluster(clusters=clusters)) == [
        f"clusters.b.capacity_providers.theirs.auto_scaling_group_arn: got {GROUP_ARN!r}"
    ]


def test_an_existing_group_is_one_that_nothing_here_makes() -> None:
    arn = GROUP_ARN.replace("gpus", "tb-test-main-gpu")
    providers = {
        "gpu": cluster_settings().capacity_providers["gpu"],
        "theirs": existing_provider(auto_scaling_group_arn=arn),
    }
    assert refused(lambda: with_cluster(clusters={"main": cluster_settings(capacity_providers=providers)})) == [
        "clusters.main.capacity_providers.theirs.auto_scaling_group_arn: got 'tb-test-main-gpu'"
    ]


ELSEWHERE = GROUP_ARN.replace("1111", "4444", 1)


@pytest.mark.parametrize(
    ("arn", "told"),
    [
        (GROUP_ARN.replace("us-east-1", "eu-west-1"), "got 'eu-west-1'"),
        (ELSEWHERE, f"111122223333, got {ELSEWHERE!r}"),
    ],
)
def test_an_existing_group_is_where_the_cluster_is(arn: str, told: str) -> None:
    clusters = {"main": cluster_settings(capacity_providers={"theirs": existing_provider(auto_scaling_group_arn=arn)})}
    (found,) = refused(lambda: with_cluster(clusters=clusters))
    assert found == f"clusters.main.capacity_providers.theirs.auto_scaling_group_arn: {told}"
