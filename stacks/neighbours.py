"""Environments side by side: each has names, states and places of its own in what they share."""

from collections.abc import Callable, Iterator, Sequence

from modules.ecs.settings.clusters import ClusterSettings
from modules.ecs.settings.exposure import ExistingListener
from modules.ecs.settings.services import ReplicaService
from modules.problems import Problem, SettingsError
from modules.vpc.settings import ExistingNetwork
from stacks.environment import Environment
from stacks.physical_names import given_names
from stacks.rules.clusters import existing_groups

# What a setting's path gives a name to, as a tuple that nothing else may give; with what the name is, for people.
Names = Callable[[Environment], Iterator[tuple[str, tuple[str, ...], str]]]


def problems_between(environments: Sequence[Environment]) -> Iterator[SettingsError]:
    """Yield an error for each environment that takes a name which one before it has."""
    owners: dict[tuple[str, ...], tuple[str, str]] = {}
    for environment in environments:
        problems: dict[str, Problem] = {}
        for names in (_physical_names, _states, _namespaces, _places, _groups):
            for path, key, called in names(environment):
                owner, theirs = owners.setdefault(key, (environment.name, path))
                if owner != environment.name:
                    rule = f"be different from {theirs} of {owner}"
                    fix = f"both would be {called}, and the second is the first"
                    problems.setdefault(path, Problem(path, rule, None, fix=fix))
        if problems:
            yield SettingsError(environment.name, problems.values())


def _physical_names(environment: Environment) -> Iterator[tuple[str, tuple[str, ...], str]]:
    """Yield what is called by its entry: ``b-x`` of environment ``a`` is called as ``x`` of environment ``a-b``."""
    for entry in given_names(environment):
        for given in entry:
            if given.name.is_made:
                yield given.path, given.key, f"the {given.name.kind} {given.name.text} in {given.place}"


def _states(environment: Environment) -> Iterator[tuple[str, tuple[str, ...], str]]:
    """Yield where each stack's state is."""
    for stack in environment.layout.stacks:
        url = environment.state.url(environment.project, environment.name, stack)
        yield "state", ("state", url), f"the state {url}"


def _namespaces(environment: Environment) -> Iterator[tuple[str, tuple[str, ...], str]]:
    """Yield each private hosted zone of a VPC that others may use, too."""
    if isinstance(environment.network, ExistingNetwork):
        vpc_id = environment.network.vpc_id
        for name, cluster in environment.clusters.items():
            if isinstance(cluster, ClusterSettings) and cluster.namespace is not None:
                key = ("namespace", vpc_id, cluster.namespace)
                yield f"clusters.{name}.namespace", key, f"the private hosted zone {cluster.namespace} of {vpc_id}"


def _places(environment: Environment) -> Iterator[tuple[str, tuple[str, ...], str]]:
    """Yield each place among the rules of a listener."""
    for name, service in environment.services.items():
        if isinstance(service, ReplicaService) and isinstance(listener := service.load_balancing, ExistingListener):
            key = ("rule", listener.listener_arn, str(listener.priority))
            called = f"the rule of priority {listener.priority} of {listener.listener_arn}"
            yield f"services.{name}.load_balancing.priority", key, called


def _groups(environment: Environment) -> Iterator[tuple[str, tuple[str, ...], str]]:
    """Yield each Auto Scaling group of somebody else's, which takes one capacity provider."""
    for path, arn in existing_groups(environment):
        yield path, ("group", arn), f"the capacity provider of {arn}"
