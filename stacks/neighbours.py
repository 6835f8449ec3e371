"""Environments of one account: each has physical names of its own."""

from collections.abc import Iterator, Mapping, Sequence

from modules.problems import Problem, SettingsError
from stacks.environment import Environment


def shared_names(environments: Sequence[Environment]) -> Iterator[SettingsError]:
    """Yield an error for each environment that gives a physical name which one before it gives, too.

    Entry ``b-x`` of environment ``a`` and entry ``x`` of environment ``a-b`` are such two. The region does not tell
    them apart, since roles have none.
    """
    owners: dict[tuple[str, str, str], tuple[str, str]] = {}
    for environment in environments:
        problems = []
        for kind, name in _entries(environment):
            physical_name = environment.physical_name(name)
            here = (environment.name, f"{kind}.{name}")
            owner, path = owners.setdefault((environment.account_id, kind, physical_name), here)
            if owner != environment.name:
                rule = f"be given another name than {path} of {owner}"
                fix = f"both would be {physical_name} in account {environment.account_id}, and the second is the first"
                problems.append(Problem(f"{kind}.{name}", rule, None, fix))
        if problems:
            yield SettingsError(environment.name, problems)


def _entries(environment: Environment) -> Iterator[tuple[str, str]]:
    for kind in type(environment).model_fields:
        entries = getattr(environment, kind)
        if isinstance(entries, Mapping) and kind != "tags":
            yield from ((kind, name) for name in entries)
