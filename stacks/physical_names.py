"""Every physical name that an environment gives, with the setting that gives it and where it may be given only once."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from modules.names import PhysicalName
from modules.naming import AwsLocation
from modules.settings import Settings
from stacks.environment_settings import EnvironmentSettings
from stacks.watched import operations_names


@dataclass(frozen=True)
class GivenName:
    """A name, the path of the setting that gives it, and the region and account it is given in."""

    path: str
    name: PhysicalName
    location: AwsLocation

    @property
    def key(self) -> tuple[str, ...]:
        """Return what no other thing may have: kind and name, within what such a name is unique in."""
        scopes = {
            "world": ("",),
            "account": (self.location.account_id,),
            "region": (self.location.account_id, self.location.region),
            "entry": (self.location.account_id, self.location.region, self.path),
        }
        return (self.name.kind, self.name.text, *scopes[self.name.facts.scope])

    @property
    def place(self) -> str:
        """Return where it is, for people."""
        return "all of AWS" if self.name.facts.scope == "world" else f"account {self.location.account_id}"


def given_names(environment: EnvironmentSettings) -> Iterator[Iterator[GivenName]]:
    """Yield the names that each entry of each map, and the network, give; one that is bad ends its own only."""
    for kind in type(environment).model_fields:
        value = environment.__dict__.get(kind)
        entries = {f"{kind}.{name}": (name, item) for name, item in value.items()} if isinstance(value, Mapping) else {}
        if isinstance(value, Settings):
            entries = {kind: (kind, value)}
        for path, (name, item) in entries.items():
            if isinstance(item, Settings):
                yield _given(environment, path, name, item)
    yield (GivenName(name.path, name, environment.location) for name in operations_names(environment))


def _given(environment: EnvironmentSettings, path: str, name: str, settings: Settings) -> Iterator[GivenName]:
    for item in settings.names(environment.physical_name(name, path.partition(".")[0]), environment.location):
        yield GivenName(f"{path}.{item.path}" if item.path else path, item, environment.location)
