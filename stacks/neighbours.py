"""Environments side by side: each has physical names and states of its own."""

from collections.abc import Callable, Iterator, Sequence

from modules.problems import Problem, SettingsError
from stacks.environment import Environment
from stacks.physical_names import given_names

# What a setting's path gives a name to, as a tuple that nothing else may give; with what the name is, for people.
Names = Callable[[Environment], Iterator[tuple[str, tuple[str, ...], str]]]


def problems_between(environments: Sequence[Environment]) -> Iterator[SettingsError]:
    """Yield an error for each environment that takes a name which one before it has."""
    owners: dict[tuple[str, ...], tuple[str, str]] = {}
    for environment in environments:
        problems: dict[str, Problem] = {}
        for names in (_physical_names, _states):
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
