"""Clusters beside each other in one network and account."""

from collections.abc import Iterator

from modules.ecs.settings.clusters import ClusterSettings
from modules.ecs.settings.existing_groups import ExistingAutoScalingGroupCapacityProvider
from modules.problems import Problem
from modules.settings import settings_in
from stacks.environment_settings import EnvironmentSettings
from stacks.rules.entries import repeated


def check_namespaces(environment: EnvironmentSettings) -> Iterator[Problem]:
    """Check that each namespace is that of one cluster: it becomes a private hosted zone of the VPC all are in."""
    clusters = environment.clusters.items()
    own = {name: item.namespace for name, item in clusters if isinstance(item, ClusterSettings) and item.namespace}
    for name, owner in repeated(own.items()):
        rule, reason = f"be different from that of clusters.{owner}", "a VPC has one private hosted zone of a name"
        yield environment.problem(f"clusters.{name}.namespace", rule, reason, "use a subdomain")


def check_existing_groups(environment: EnvironmentSettings) -> Iterator[Problem]:
    """Check that each existing Auto Scaling group has one capacity provider."""
    groups = dict(existing_groups(environment))
    for path, owner in repeated(groups.items()):
        reason = "an Auto Scaling group has one capacity provider, for one cluster"
        yield Problem(path, f"be different from {owner}", repr(groups[path]), reason)


def existing_groups(environment: EnvironmentSettings) -> Iterator[tuple[str, str]]:
    """Yield the path of each Auto Scaling group of somebody else's, with its ARN."""
    for path, provider in settings_in(environment):
        if isinstance(provider, ExistingAutoScalingGroupCapacityProvider):
            yield f"{path}.auto_scaling_group_arn", provider.auto_scaling_group_arn
