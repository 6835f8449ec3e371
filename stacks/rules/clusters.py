"""Clusters beside each other in one network."""

from collections.abc import Iterator

from modules.problems import Problem
from stacks.environment_settings import EnvironmentSettings


def check_namespaces(environment: EnvironmentSettings) -> Iterator[Problem]:
    """Check that each namespace is that of one cluster: it becomes a private hosted zone of the VPC all are in."""
    owners: dict[str, str] = {}
    for name, cluster in environment.clusters.items():
        owner = owners.setdefault(cluster.namespace, name) if cluster.namespace else name
        if owner != name:
            yield Problem(
                f"clusters.{name}.namespace",
                f"be different from that of clusters.{owner}",
                repr(cluster.namespace),
                "a VPC has one private hosted zone of a name",
                fix="use a subdomain",
            )
