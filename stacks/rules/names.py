"""Physical names fit what AWS accepts and are given once; nothing is ever cut."""

from collections.abc import Iterator

from modules.problems import Problem
from modules.settings import skip_if_invalid
from stacks.environment_settings import EnvironmentSettings
from stacks.physical_names import GivenName, given_names


def check_physical_names(environment: EnvironmentSettings) -> Iterator[Problem]:
    """Check each name that follows from a short name, that no two things share it, and that what exists is others'."""
    made: dict[object, GivenName] = {}
    for check in (_check_made, _check_existing):
        for entry in given_names(environment):
            yield from skip_if_invalid(check(entry, made))


def _check_made(entry: Iterator[GivenName], made: dict[object, GivenName]) -> Iterator[Problem]:
    met = set()
    for given in entry:
        if not given.name.is_made:
            continue
        yield from given.name.problems(given.path)
        first = made.setdefault(given.key, given)
        if first.path != given.path and first.path not in met:
            met.add(first.path)
            fix = f"two of them would be one {given.name.kind}; choose another name"
            yield Problem(given.path, f"give no name that {first.path} gives", repr(given.name.text), fix=fix)


def _check_existing(entry: Iterator[GivenName], made: dict[object, GivenName]) -> Iterator[Problem]:
    """Refuse what exists only when this environment has made it: its stack may be deployed before that."""
    for given in entry:
        if not given.name.is_made and (own := made.get(given.key)):
            rule, got = f"name a {given.name.kind} that somebody else owns", repr(given.name.text)
            yield Problem(given.path, rule, got, f"it is made by {own.path}", "refer to that by its name")
