"""Clusters beside each other in one network and account."""

from collections.abc import Iterator

from modules.ecs.settings.clusters import ClusterSettings
from modules.ecs.settings.existing_groups import ExistingAutoScalingGroupCapacityProvider
from modules.problems import Problem
from stacks.environment_settings import EnvironmentSettings


def check_namespaces(environment: EnvironmentSettings) -> Iterator[Problem]:
    """Check that each namespace is that of one cluster: it becomes a private hosted zone of the VPC all are in."""
    owners: dict[str, str] = {}
    for name, cluster in environment.clusters.items():
        if not isinstance(cluster, ClusterSettings):
            continue
        owner = owners.setdefault(cluster.namespace, name) if cluster.namespace else name
        if owner != name:
            yield Problem(
                f"clusters.{name}.namespace",
                f"be different from that of clusters.{owner}",
                repr(cluster.namespace),
                "a VPC has one private hosted zone of a name",
                fix="use a subdomain",
            )


def check_existing_groups(environment: EnvironmentSettings) -> Iterator[Problem]:
    """Check that each existing Auto Scaling group has one capacity provider."""
    owners: dict[str, str] = {}
    for path, arn in existing_groups(environment):
        owner = owners.setdefault(arn, path)
        if owner != path:
            reason = "an Auto Scaling group takes one capacity provider, and that is of one cluster's instances"
            yield Problem(path, f"be different from {owner}", repr(arn), reason)


def existing_groups(environment: EnvironmentSettings) -> Iterator[tuple[str, str]]:
    """Yield the ARN of each Auto Scaling group of somebody else's, with its path."""
    for name, cluster in environment.clusters.items():
        for short_name, provider in cluster.capacity_providers.items():
            if isinstance(provider, ExistingAutoScalingGroupCapacityProvider):
                path = f"clusters.{name}.capacity_providers.{short_name}.auto_scaling_group_arn"
                yield path, provider.auto_scaling_group_arn
