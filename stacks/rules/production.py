"""What production refuses: every setting that is weaker than its default where protection is concerned."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from modules.problems import Problem, shown
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
        if bucket.force_destroy:
            yield Problem(f"buckets.{name}.force_destroy", "be False in production", "True", "it deletes the objects")
        if not bucket.versioning:
            yield Problem(
                f"buckets.{name}.versioning", "be True in production", "False", "a mistake could not be undone"
            )
    for name, queue in environment.queues.items():
        if isinstance(queue, MessageQueueSettings) and queue.max_receive_count is None:
            yield Problem(
                f"queues.{name}.max_receive_count",
                "be given in production",
                "None",
                "without a dead-letter queue a message that always fails is lost when its retention ends",
            )
