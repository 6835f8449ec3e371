"""What an environment keeps: buckets, file systems, images."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from constructs import Construct

from modules.ecr.repository import Repository
from modules.efs.file_system import FileSystem
from modules.s3.bucket import Bucket
from modules.s3.grantable_bucket import GrantableBucket
from modules.s3.settings import BucketSettings, ExistingBucket
from modules.sqs.message_queue import MessageQueue
from modules.vpc.network import Network
from modules.vpc.settings import MadeNetwork
from stacks.base import PlatformStack
from stacks.environment import Environment


@dataclass(frozen=True)
class Storage:
    """What other stacks read, write, mount and pull from, by short name; existing buckets are among the buckets."""

    buckets: Mapping[str, GrantableBucket]
    file_systems: Mapping[str, FileSystem]
    repositories: Mapping[str, Repository]


def define_storage(
    scope: Construct, environment: Environment, network: Network | None, queues: Mapping[str, MessageQueue]
) -> Storage:
    """Return the environment's storage; define a stack for it only if there is something to make.

    ``queues`` has the environment's own, which buckets may notify, by short name.
    """
    existing = _existing_buckets(scope, environment)
    if len(existing) == len(environment.buckets) and not environment.file_systems and not environment.repositories:
        return Storage(existing, {}, {})
    stack = StorageStack(scope, environment, network, queues, existing)
    return Storage({**existing, **stack.buckets}, stack.file_systems, stack.repositories)


def _existing_buckets(scope: Construct, environment: Environment) -> dict[str, GrantableBucket]:
    """Return the buckets of somebody else's; they belong to no stack, since nothing is made for them."""
    settings = {name: bucket for name, bucket in environment.buckets.items() if isinstance(bucket, ExistingBucket)}
    if not settings:
        return {}
    # No stack has a dot in its name.
    group = Construct(scope, f"{environment.name}.existing-buckets")
    return {name: Bucket.from_bucket_arn(group, name, settings=bucket) for name, bucket in sorted(settings.items())}


class StorageStack(PlatformStack):
    """Define every bucket, file system and repository of ``environment``, each by short name in the map of its kind.

    In production Terraform refuses to destroy them. ``existing_buckets`` may receive access logs.
    """

    part = "storage"

    def __init__(
        self,
        scope: Construct,
        environment: Environment,
        network: Network | None,
        queues: Mapping[str, MessageQueue],
        existing_buckets: Mapping[str, GrantableBucket],
    ) -> None:
        super().__init__(scope, environment)
        # A scope for each kind: a bucket and a repository may have the same short name.
        self.buckets = self._buckets(Construct(self, "bucket"), queues, existing_buckets)
        self.file_systems = self._file_systems(Construct(self, "file-system"), network)
        self.repositories = self._repositories(Construct(self, "repository"))
        self._add_outputs()

    def _buckets(
        self, scope: Construct, queues: Mapping[str, MessageQueue], existing: Mapping[str, GrantableBucket]
    ) -> dict[str, Bucket]:
        settings = {
            name: bucket
            for name, bucket in sorted(self.environment.buckets.items())
            if isinstance(bucket, BucketSettings)
        }
        buckets = {
            name: Bucket(
                scope,
                name,
                name=self.environment.bucket_name(name),
                settings=bucket,
                location=self.location,
                queues=queues,
                prevent_destroy=self.environment.production,
            )
            for name, bucket in settings.items()
        }
        for name, bucket in settings.items():
            if bucket.access_log_bucket is not None:
                buckets[name].log_access_to({**existing, **buckets}[bucket.access_log_bucket])
        return buckets

    def _file_systems(self, scope: Construct, network: Network | None) -> dict[str, FileSystem]:
        if network is None:
            return {}
        return {
            name: FileSystem(
                scope,
                name,
                name=self.environment.physical_name(name),
                settings=settings,
                network=network,
                subnet_names=self._subnet_names(network),
                location=self.location,
                prevent_destroy=self.environment.production,
            )
            for name, settings in sorted(self.environment.file_systems.items())
        }

    def _subnet_names(self, network: Network) -> Sequence[str]:
        settings = self.environment.network
        return sorted(settings.availability_zones) if isinstance(settings, MadeNetwork) else network.subnet_ids

    def _repositories(self, scope: Construct) -> dict[str, Repository]:
        return {
            name: Repository(
                scope,
                name,
                name=self.environment.physical_name(name),
                settings=settings,
                location=self.location,
                prevent_destroy=self.environment.production,
            )
            for name, settings in sorted(self.environment.repositories.items())
        }

    def _add_outputs(self) -> None:
        self.add_output(
            "buckets",
            "Buckets, by short name",
            {name: {"arn": bucket.bucket_arn, "name": bucket.bucket_name} for name, bucket in self.buckets.items()},
        )
        self.add_output(
            "file_systems",
            "File systems and their access points, by short name",
            {name: _mountable(file_system) for name, file_system in self.file_systems.items()},
        )
        self.add_output(
            "repositories",
            "Where to push and pull images, by short name",
            {
                name: {"arn": repository.repository_arn, "url": repository.repository_url}
                for name, repository in self.repositories.items()
            },
        )


def _mountable(file_system: FileSystem) -> dict[str, Any]:
    return {
        "arn": file_system.file_system_arn,
        "id": file_system.file_system_id,
        "access_points": {name: point.access_point_id for name, point in file_system.access_points.items()},
    }
