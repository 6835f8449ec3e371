"""What workloads share: the network, and what their settings name."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from modules.events.buses import NamedEventBus
from modules.resources import Resources
from modules.vpc.network import Network
from stacks.base import PlatformStack
from stacks.network import EnvironmentNetwork
from stacks.queues import EnvironmentQueues
from stacks.storage import EnvironmentStorage


@dataclass(frozen=True)
class NamedJob:
    """A job definition by names alone, from which its ARNs follow: who submits it may be in a stack before it."""

    name: str
    job_queue_arns: Sequence[str]


class SharedResources:
    """What the workloads of a stack use of the parts before them, by short name, as their stack sees it."""

    def __init__(
        self,
        stack: PlatformStack,
        network: EnvironmentNetwork,
        queues: EnvironmentQueues,
        storage: EnvironmentStorage,
    ) -> None:
        self.environment = stack.environment
        self.queues, self.topics = queues.seen_from(stack), queues.topics_seen_from(stack)
        self.storage: Mapping[str, Mapping[str, Any]] = storage.seen_from(stack)
        self._stack, self._network = stack, network

    @cached_property
    def network(self) -> Network | None:
        """The network; a stack in which nothing asks for it reads nothing of it."""
        return self._network.seen_from(self._stack)

    @cached_property
    def named(self) -> Resources:
        """What the settings of workloads may name, as objects."""
        environment = self.environment
        return Resources(
            queues=self.queues,
            **self.storage,
            topics=self.topics,
            job_definitions={
                name: NamedJob(
                    environment.job_definition_name(name),
                    list(map(environment.job_queue_arn, job.job_queues)),
                )
                for name, job in environment.job_definitions.items()
            },
            event_buses={
                name: NamedEventBus(name, environment.event_bus_name(name), environment.location)
                for name in environment.event_buses
            },
            job_tags=environment.job_tags,
            team_tag_keys=environment.team_tag_keys,
        )
