"""Clusters beside each other, with the whole message."""

import pytest

from tests.modules.ecs.samples import cluster_settings
from tests.problems import refused
from tests.stacks.rules.service_samples import environment


@pytest.mark.parametrize("other", [None, "other.internal", "b.test.internal", "internal"])
def test_clusters_have_namespaces_of_their_own_or_none(other: str | None) -> None:
    clusters = {"a": cluster_settings(namespace="test.internal"), "b": cluster_settings(namespace=other)}
    assert set(environment(clusters=clusters).clusters) == {"a", "b"}


def test_clusters_without_a_namespace_share_none() -> None:
    assert environment(clusters={name: cluster_settings(namespace=None) for name in ("a", "b")}).name == "test"


def test_a_namespace_is_of_one_cluster() -> None:
    clusters = {name: cluster_settings(namespace="test.internal") for name in ("a", "b", "c")}
    assert refused(lambda: environment(clusters=clusters)) == [
        f"clusters.{name}.namespace: got 'test.internal'" for name in ("b", "c")
    ]
