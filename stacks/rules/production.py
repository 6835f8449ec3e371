"""What production refuses: every setting that is weaker than its default where protection is concerned."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from modules.problems import Problem, shown
from modules.s3.settings import BucketSettings
from modules.sqs.settings import MessageQueueSettings
from modules.vpc.settings import ExistingNetwork, MadeNetwork, PublicNetwork
from stacks.state import LocalState

if TYPE_CHECKING:
    from stacks.environment import Environment


def production_is_protected(environment: Environment) -> Iterator[Problem]:
    """Refuse what a production environment must not be weakened by."""
    if not environment.production:
        return
    yield from _state_is_shared(environment)
    yield from _network_is_private(environment)
    yield from _data_is_kept(environment)
    yield from _images_are_known(environment)


def _state_is_shared(environment: Environment) -> Iterator[Problem]:
    if isinstance(environment.state, LocalState):
        yield Problem(
            "state",
            "be S3State or HcpTerraformState in production",
            shown(environment.state),
            "a state on one machine is lost with it",
        )


def _network_is_private(environment: Environment) -> Iterator[Problem]:
    network = environment.network
    if isinstance(network, PublicNetwork):
        yield Problem(
            "network",
            "be a PrivateNetwork or ExistingNetwork in production",
            shown(network),
            "public addresses are one wrong rule away from being reached",
        )
    if isinstance(network, ExistingNetwork) and network.assign_public_ip:
        yield Problem("network.assign_public_ip", "be False in production", "True", "use private subnets")
    if isinstance(network, MadeNetwork) and network.flow_log_retention_days is None:
        yield Problem(
            "network.flow_log_retention_days", "be given in production", "None", "an incident cannot be traced without"
        )


def _data_is_kept(environment: Environment) -> Iterator[Problem]:
    for name, bucket in environment.buckets.items():
        if not isinstance(bucket, BucketSettings):
            continue
        if bucket.force_destroy:
            yield Problem(f"buckets.{name}.force_destroy", "be False in production", "True", "it deletes the objects")
        if not bucket.versioning:
            yield Problem(
                f"buckets.{name}.versioning", "be True in production", "False", "a mistake could not be undone"
            )
    for name, file_system in environment.file_systems.items():
        if not file_system.backup:
            yield Problem(
                f"file_systems.{name}.backup", "be True in production", "False", "a mistake could not be undone"
            )
    for name, queue in environment.queues.items():
        if isinstance(queue, MessageQueueSettings) and queue.max_receive_count is None:
            yield Problem(
                f"queues.{name}.max_receive_count",
                "be given in production",
                "None",
                "without a dead-letter queue a message that always fails is lost when its retention ends",
            )


def _images_are_known(environment: Environment) -> Iterator[Problem]:
    for name, repository in environment.repositories.items():
        path = f"repositories.{name}"
        if repository.force_delete:
            yield Problem(f"{path}.force_delete", "be False in production", "True", "it deletes the images")
        if not repository.immutable_tags:
            yield Problem(
                f"{path}.immutable_tags", "be True in production", "False", "a tag could come to mean other code"
            )
        if not repository.scan_on_push:
            yield Problem(
                f"{path}.scan_on_push", "be True in production", "False", "known vulnerabilities stay unknown"
            )
