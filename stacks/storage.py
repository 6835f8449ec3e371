"""What an environment keeps: buckets, file systems, images."""

from collections.abc import Mapping, Sequence
from typing import Any

from modules.ecr.repository import Repository
from modules.ecs.settings.exposure import OwnLoadBalancer
from modules.ecs.settings.services import ReplicaService
from modules.efs.file_system import FileSystem
from modules.efs.grantable_file_system import AccessPoint, GrantableFileSystem
from modules.events.sources import ObjectCreated
from modules.s3.bucket import Bucket
from modules.s3.grantable_bucket import GrantableBucket
from modules.s3.settings import BucketSettings, ExistingAccessPoint, ExistingBucket
from modules.sns.topic import Topic
from modules.sqs.queue import Queue
from modules.vpc.network import Network
from modules.vpc.network_settings import MadeNetwork
from stacks.base import PlatformStack
from stacks.network import EnvironmentNetwork, require_network
from stacks.placement import Placement, Seen
from stacks.queues import EnvironmentQueues


class EnvironmentStorage:
    """Define every bucket, file system and repository of the environment that is not somebody else's.

    In production Terraform refuses to destroy them.
    """

    def __init__(self, placement: Placement, network: EnvironmentNetwork, queues: EnvironmentQueues) -> None:
        self._environment = environment = placement.environment
        self._buckets: dict[str, Bucket] = {}
        self._file_systems: dict[str, FileSystem] = {}
        self._repositories: dict[str, Repository] = {}
        self._seen: dict[PlatformStack, dict[str, Mapping[str, Any]]] = {}
        settings = {
            name: bucket for name, bucket in sorted(environment.buckets.items()) if isinstance(bucket, BucketSettings)
        }
        if settings or environment.file_systems or environment.repositories:
            self._stack = placement.stack("storage")
            self._define_buckets(settings, queues.seen_from(self._stack), queues.topics_seen_from(self._stack))
            if environment.file_systems:
                self._file_systems = self._define_file_systems(network.seen_from(self._stack))
            self._repositories = self._define_repositories()
            self._add_outputs()

    def seen_from(self, stack: PlatformStack) -> Mapping[str, Mapping[str, Any]]:
        """Return what is in ``stack`` may use, by its map: buckets, existing ones included, file systems."""
        if stack not in self._seen:
            self._seen[stack] = {
                "buckets": Seen(self._environment.buckets, lambda name: self._bucket_in(stack, name)),
                "file_systems": Seen(self._environment.file_systems, lambda name: self._file_system_in(stack, name)),
            }
        return self._seen[stack]

    def file_system_id(self, stack: PlatformStack, name: str) -> str:
        """Return the id of a file system, for what is in ``stack``."""
        if stack is self._stack:
            return self._file_systems[name].file_system_id
        return stack.read(self._stack, "file_systems", name, "id")

    def _bucket_in(self, stack: PlatformStack, name: str) -> GrantableBucket:
        settings = self._environment.buckets[name]
        if isinstance(settings, ExistingBucket):
            return Bucket.from_bucket_arn(stack.map_scope("buckets"), name, settings=settings)
        if isinstance(settings, ExistingAccessPoint):
            return Bucket.from_access_point(stack.map_scope("buckets"), name, settings=settings)
        made = self._buckets[name]
        if stack is self._stack:
            return made
        return Bucket.from_bucket_attributes(
            stack.map_scope("buckets"),
            name,
            bucket_name=self._environment.bucket_name(name),
            bucket_arn=stack.read(self._stack, "buckets", name, "arn"),
            kms_key_arn=stack.read(self._stack, "buckets", name, "kms_key_arn") if made.kms_key_arn else None,
            location=self._stack.location,
        )

    def _file_system_in(self, stack: PlatformStack, name: str) -> GrantableFileSystem:
        made = self._file_systems[name]
        if stack is self._stack:
            return made
        points = {
            point: AccessPoint(
                *(stack.read(self._stack, "file_systems", name, "access_points", point, key) for key in ("id", "arn"))
            )
            for point in made.access_points
        }
        return FileSystem.from_file_system_attributes(
            stack.map_scope("file_systems"),
            name,
            file_system_id=stack.read(self._stack, "file_systems", name, "id"),
            file_system_arn=stack.read(self._stack, "file_systems", name, "arn"),
            access_points=points,
        )

    def _define_buckets(
        self, settings: Mapping[str, BucketSettings], queues: Mapping[str, Queue], topics: Mapping[str, Topic]
    ) -> None:
        scope, buckets = self._stack.map_scope("buckets"), self.seen_from(self._stack)["buckets"]
        told = {rule.event.bucket for rule in self._environment.rules.values() if isinstance(rule.event, ObjectCreated)}
        # What receives the logs of others is made first.
        for name, bucket in sorted(settings.items(), key=lambda item: item[1].access_log_bucket is not None):
            self._buckets[name] = Bucket(
                scope,
                name,
                name=self._environment.bucket_name(name),
                settings=bucket,
                location=self._stack.location,
                queues=queues,
                topics=topics,
                buckets=buckets,
                prevent_destroy=self._environment.production,
                event_bridge=name in told,
            )

        for name, service in sorted(self._environment.services.items()):
            balancing = service.load_balancing if isinstance(service, ReplicaService) else None
            log = balancing.access_log_bucket if isinstance(balancing, OwnLoadBalancer) else None
            if log in self._buckets:
                # Elastic Load Balancing tries it when it is told of the bucket, in a stack after this.
                self._buckets[log].allow_load_balancer_log(self._environment.physical_name(name, "services"))

    def _define_file_systems(self, network: Network | None) -> dict[str, FileSystem]:
        return {
            name: FileSystem(
                self._stack.map_scope("file_systems"),
                name,
                name=self._environment.physical_name(name, "file_systems"),
                settings=settings,
                network=require_network(network),
                subnet_names=self._subnet_names(require_network(network)),
                location=self._stack.location,
                prevent_destroy=self._environment.production,
            )
            for name, settings in sorted(self._environment.file_systems.items())
        }

    def _subnet_names(self, network: Network) -> Sequence[str]:
        settings = self._environment.network
        return sorted(settings.availability_zones) if isinstance(settings, MadeNetwork) else network.zonal_subnet_ids

    def _define_repositories(self) -> dict[str, Repository]:
        return {
            name: Repository(
                self._stack.map_scope("repositories"),
                name,
                name=self._environment.physical_name(name, "repositories"),
                settings=settings,
                location=self._stack.location,
                prevent_destroy=self._environment.production,
            )
            for name, settings in sorted(self._environment.repositories.items())
        }

    def _add_outputs(self) -> None:
        self._stack.add_output(
            "buckets",
            "Buckets, by short name",
            {name: _bucket_output(bucket) for name, bucket in sorted(self._buckets.items())},
        )
        self._stack.add_output(
            "file_systems",
            "File systems and their access points, by short name",
            {name: _file_system_output(file_system) for name, file_system in self._file_systems.items()},
        )
        self._stack.add_output(
            "repositories",
            "Where to push and pull images, by short name",
            {
                name: {"arn": repository.repository_arn, "url": repository.repository_url}
                for name, repository in self._repositories.items()
            },
        )


def _bucket_output(bucket: Bucket) -> dict[str, str]:
    key = {"kms_key_arn": bucket.kms_key_arn} if bucket.kms_key_arn else {}
    return {"arn": bucket.bucket_arn, "name": bucket.bucket_name} | key


def _file_system_output(file_system: FileSystem) -> dict[str, Any]:
    return {
        "arn": file_system.file_system_arn,
        "id": file_system.file_system_id,
        "access_points": {
            name: {"arn": point.access_point_arn, "id": point.access_point_id}
            for name, point in file_system.access_points.items()
        },
    }
