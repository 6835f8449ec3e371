"""Clusters: where tasks run, what is seen of them, who gets a shell in them.

Source: CreateCluster and PutClusterCapacityProviders in the ECS API reference.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Annotated, Literal

from pydantic import Field

from modules.cloudwatch.log_retention import KEPT_A_WEEK, RetentionDays
from modules.ecs.names import capacity_provider_name
from modules.ecs.settings.capacity import FARGATE_PROVIDERS, MAX_SHARES, CapacityShare, strategy_problems
from modules.ecs.settings.capacity_providers import CapacityProviderSettings, GroupCapacity, InstanceProvider
from modules.ecs.settings.managed_instances import ManagedInstances
from modules.kms.settings import KmsKeySettings, NewKmsKey
from modules.markers import Replaces
from modules.named_settings import NamedSettings
from modules.names import PhysicalName
from modules.naming import AwsLocation, ShortName, Tags
from modules.problems import Problem, unknown_name
from modules.settings import Sequence, Settings, skip_if_invalid

# Of a cluster, Fargate's two included. Source: "Amazon ECS service quotas".
MAX_PROVIDERS = 20


class ExecuteCommand(Settings):
    """ECS Exec: a shell in running containers, encrypted, with everything typed and shown kept in a log group."""

    kms_key: KmsKeySettings = Field(default_factory=NewKmsKey)
    """encrypts sessions and their log [default NewKmsKey()]"""
    retention_days: Annotated[RetentionDays, KEPT_A_WEEK] = 90
    """how long sessions can be looked up [one of 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1,096,
    1,827, 2,192, 2,557, 2,922, 3,288, 3,653 or one of 'never'; default 90; must be at least 7 days in production]"""


class AnyClusterSettings(Settings, abstract=True):
    """Base of everything that may stand in an environment's ``clusters``."""

    default_capacity: Sequence[CapacityShare] = Field(min_length=1, max_length=MAX_SHARES)
    """where services and tasks run that do not say [1 to 20 items; required]"""
    capacity_providers: Mapping[str, InstanceProvider]
    """instances, by name [required]"""
    container_insights: Literal["enhanced", "enabled", "disabled"] = "enabled"
    """enhanced: metrics of each task too, which cost more; disabled: queue workers cannot scale [one of 'enhanced',
    'enabled', 'disabled'; default 'enabled']"""
    network_interface_trunking: bool = False
    """True: awsvpcTrunking is on for the account, so that instances of most newer types hold more tasks in awsvpc than
    they have interfaces; says so, and turns nothing on [default False]"""
    execute_command: Settings | None
    """who gets a shell in a container [required]"""

    @property
    def namespace_name(self) -> str | None:
        """Return the domain in which its services find each other, if they do."""
        raise NotImplementedError

    def check_cluster(self) -> Iterator[Problem]:
        """Check the default strategy."""
        yield from skip_if_invalid(strategy_problems("default_capacity", self.default_capacity))
        yield from skip_if_invalid(self.share_problems("default_capacity", self.default_capacity))

    def share_problems(self, path: str, shares: Sequence[CapacityShare]) -> Iterator[Problem]:
        """Check that each provider that is named is there, and that they can be together in one strategy."""
        for index, share in enumerate(shares):
            if share.provider not in {*FARGATE_PROVIDERS, *self.capacity_providers}:
                known = [*FARGATE_PROVIDERS, *self.capacity_providers]
                yield unknown_name(f"{path}[{index}].provider", share.provider, known, "capacity_providers")
        providers = [self.capacity_providers.get(share.provider) for share in shares]
        names = ", ".join(share.provider for share in shares)
        managed = sum(isinstance(provider, ManagedInstances) for provider in providers)
        if managed > 1:
            yield Problem(
                path, "have one share only where ECS manages the instances", names, "ECS accepts no others with it"
            )
        if managed and any(isinstance(provider, GroupCapacity) for provider in providers):
            rule = "be of one kind: Fargate, Auto Scaling groups or managed instances"
            yield Problem(path, rule, names, "otherwise ECS refuses the capacity provider strategy")

    def shares(self, capacity: Sequence[CapacityShare]) -> Sequence[CapacityShare]:
        """Return ``capacity``, or the default where it is empty."""
        return capacity or self.default_capacity

    def is_managed(self, shares: Sequence[CapacityShare]) -> bool:
        """Return whether tasks with these shares run on instances that ECS manages."""
        providers = [self.capacity_providers.get(share.provider) for share in shares]
        return any(isinstance(provider, ManagedInstances) for provider in providers)


class ClusterSettings(NamedSettings, AnyClusterSettings):
    """A cluster. Fargate is always there; instances come from its capacity providers."""

    capacity_providers: dict[ShortName, CapacityProviderSettings] = Field(
        default_factory=dict, max_length=MAX_PROVIDERS - len(FARGATE_PROVIDERS)
    )
    """instances, by name [at most 18 entries; default empty]"""
    execute_command: ExecuteCommand | None = None
    """None: no shell in its containers [default None]"""
    namespace: Annotated[str | None, Replaces("namespace")] = Field(
        default=None, pattern=r"^[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*$", max_length=253
    )
    """a private DNS domain in which services find each other, e.g. prod.internal; None: they do not [at most 253
    characters; default None; a change replaces the namespace]"""
    tags: Tags = Field(default_factory=dict)
    """on the cluster [at most 46 entries; each name 1 to 128 characters; each value at most 256 characters; default
    empty]"""

    @property
    def namespace_name(self) -> str | None:
        """Return the domain of its namespace."""
        return self.namespace

    def names(self, name: str, location: AwsLocation) -> Iterator[PhysicalName]:
        """Yield the names of the cluster, its capacity providers and the log of its shells."""
        yield PhysicalName("cluster", name)
        if self.execute_command is not None:
            yield PhysicalName("log group", f"/aws/ecs/{name}/exec")
            for given in self.execute_command.kms_key.names(f"ecs/{name}/exec", location):
                yield replace(given, path=f"execute_command.{given.path}")
        for short_name, provider in self.capacity_providers.items():
            for given in provider.names(capacity_provider_name(name, short_name), location):
                yield replace(given, path=f"capacity_providers.{short_name}.{given.path}".rstrip("."))
