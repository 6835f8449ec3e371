"""How near an environment is to what AWS refuses: lengths of documents and of names, and what may run at most."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby

from handover.comparing import resources_of
from handover.costs import cost_drivers
from handover.platforms import Platform
from reporting.making import setting_path
from stacks.emitted_sizes import sizes
from stacks.environment_settings import EnvironmentSettings
from stacks.physical_names import given_names
from stacks.quotas import needs

WHAT = {
    "be a policy": "managed policy",
    "have a policy": "policy of an endpoint",
    "be a task definition": "task definition",
    "be a job definition": "job definition",
    "have inline policies": "inline policies of a role",
}


@dataclass(frozen=True)
class Bound:
    """A limit of AWS's, and how much of it is used where it is used most."""

    what: str
    path: str
    used: int
    most: int
    unit: str
    count: int = 1

    @property
    def percent(self) -> int:
        """Return how full it is, rounded up: 100 is all there is."""
        return -(-100 * self.used // self.most)


@dataclass(frozen=True)
class Driver:
    """Something that is paid for: how much there is always, and how much there may be."""

    what: str
    always: int | None
    most: int


def bounds(environment: EnvironmentSettings, platform: Platform) -> list[Bound]:
    """Return the limits that an environment comes near to, each where it is nearest; the fullest first."""
    found = sorted(
        [*_documents(platform), *_names(environment), *_quotas(environment)],
        key=lambda bound: (bound.what, -bound.percent, bound.path),
    )
    grouped = ((list(group)) for _, group in groupby(found, key=lambda bound: bound.what))
    nearest = [
        Bound(first.what, first.path, first.used, first.most, first.unit, len(others) + 1) for first, *others in grouped
    ]
    return sorted(nearest, key=lambda bound: (-bound.percent, bound.what))


def drivers(platform: Platform) -> list[Driver]:
    """Return what drives the cost of a platform."""
    amounts = cost_drivers(resources_of(platform))
    found: dict[str, Driver] = {}
    for name, amount in amounts.items():
        what, _, when = name.partition(", ")
        known = found.get(what, Driver(setting_path(what), None, 0))
        if when == "always":
            found[what] = Driver(known.what, amount, known.most or amount)
        elif when == "at most":
            found[what] = Driver(known.what, known.always, amount)
        else:
            found[what] = Driver(name, amount, amount)
    return sorted(found.values(), key=lambda driver: driver.what)


def _documents(platform: Platform) -> Iterator[Bound]:
    for size in sizes({module.name: module.decided for module in platform.modules}):
        path = setting_path(size.path.partition("/")[2])
        yield Bound(WHAT[size.rule], path, size.length, size.most, size.unit)


def _names(environment: EnvironmentSettings) -> Iterator[Bound]:
    for names in given_names(environment):
        for given in names:
            if given.name.is_made:
                kind = f"name of {given.name.kind}"
                yield Bound(kind, given.path, len(given.name.text), given.name.facts.max_length, "characters")


def _quotas(environment: EnvironmentSettings) -> Iterator[Bound]:
    for need in needs(environment):
        if need.is_given and need.most:
            yield Bound(need.facts.title, f"service_quotas.{need.quota}", need.used, need.most, "in the account")
