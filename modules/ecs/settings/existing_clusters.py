"""Clusters that somebody else owns: services and tasks run in them, and nothing about them is changed.

Source: Cluster in the ECS API reference.
"""

from collections.abc import Iterator
from typing import Annotated

from pydantic import Field

from modules.arn_parts import arn_pattern
from modules.ecs.settings.capacity import FARGATE_PROVIDERS
from modules.ecs.settings.capacity_providers import ExistingProvider
from modules.ecs.settings.clusters import MAX_PROVIDERS, AnyClusterSettings
from modules.kms.settings import KmsKeyArn
from modules.markers import ArnOf
from modules.names import PhysicalName
from modules.naming import AwsLocation, ShortName
from modules.problems import Problem
from modules.settings import Settings

HERE = ("services run in clusters of their own region only", "services run in clusters of their own account only")


class ExistingExecuteCommand(Settings):
    """How an existing cluster keeps sessions of ECS Exec: tasks get the permission to open and to log them."""

    log_group_arn: Annotated[str, ArnOf("log group")] = Field(
        pattern=arn_pattern("logs", r"log-group:[0-9A-Za-z_/.#-]{1,512}")
    )
    """where they are logged, e.g. arn:aws:logs:us-east-1:111122223333:log-group:/ecs/shared [required]"""
    kms_key_arn: Annotated[KmsKeyArn, ArnOf("key")]
    """encrypts them [required]"""


class ExistingNamespace(Settings):
    """A private DNS namespace of Cloud Map in the network's VPC."""

    namespace_arn: Annotated[str, ArnOf("namespace", *HERE)] = Field(
        pattern=arn_pattern("servicediscovery", r"namespace/ns-[a-z0-9]{1,61}")
    )
    """e.g. arn:aws:servicediscovery:us-east-1:111122223333:namespace/ns-0123456789abcdef [required]"""
    domain: str = Field(pattern=r"^[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*$", max_length=253)
    """its name, e.g. prod.internal [at most 253 characters; required]"""

    @property
    def namespace_id(self) -> str:
        """Return its id."""
        return self.namespace_arn.rpartition("/")[2]


class ExistingCluster(AnyClusterSettings):
    """A cluster that somebody else owns. Services and tasks are put on what its owner gave it."""

    cluster_arn: Annotated[str, ArnOf("cluster", *HERE)] = Field(
        pattern=arn_pattern("ecs", r"cluster/[0-9A-Za-z_-]{1,255}")
    )
    """e.g. arn:aws:ecs:us-east-1:111122223333:cluster/shared [required]"""
    capacity_providers: dict[ShortName, ExistingProvider] = Field(
        default_factory=dict, max_length=MAX_PROVIDERS - len(FARGATE_PROVIDERS)
    )
    """its capacity providers with instances, by a short name: an ExistingCapacityProvider, or ExistingManagedInstances
    [at most 18 entries; default empty]"""
    execute_command: ExistingExecuteCommand | None = None
    """how its owner logs sessions; None: no shell in its containers [default None]"""
    namespace: ExistingNamespace | None = None
    """in which services find each other; None: they do not [default None]"""

    @property
    def cluster_name(self) -> str:
        """Return what its owner called it."""
        return self.cluster_arn.rpartition("/")[2]

    @property
    def namespace_name(self) -> str | None:
        """Return the domain of its namespace."""
        return self.namespace.domain if self.namespace else None

    def names(self, name: str, location: AwsLocation) -> Iterator[PhysicalName]:
        """Yield the name it has."""
        yield from super().names(name, location)
        yield PhysicalName("cluster", self.cluster_name, path="cluster_arn", is_made=False)

    def check_existing_providers(self) -> Iterator[Problem]:
        """Check that each provider is one, and none of Fargate's, which are there without being named."""
        seen: dict[str, str] = {}
        for short_name, provider in self.capacity_providers.items():
            path, name = f"capacity_providers.{short_name}.capacity_provider_name", provider.capacity_provider_name
            first = seen.setdefault(name, short_name)
            if first != short_name:
                yield Problem(path, f"differ from that of {first}", repr(name), "both would name one capacity provider")
            if name in FARGATE_PROVIDERS:
                fix = f"name {name} in the shares themselves"
                yield Problem(path, "name one of instances", repr(name), "Fargate's are always there", fix)
