"""Clusters beside each other in one network."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from modules.problems import Problem

if TYPE_CHECKING:
    from stacks.environment import Environment


def check_namespaces(environment: Environment) -> Iterator[Problem]:
    """Check that each namespace is that of one cluster: it becomes a private hosted zone of the VPC all are in."""
    owners: dict[str, str] = {}
    for name, cluster in environment.clusters.items():
        owner = owners.setdefault(cluster.namespace, name) if cluster.namespace else name
        if owner != name:
            yield Problem(
                f"clusters.{name}.namespace",
                f"be different from that of clusters.{owner}",
                repr(cluster.namespace),
                "Route 53 takes one private zone of a name in a VPC; a subdomain of it is another",
            )
