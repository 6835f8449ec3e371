"""Tasks that are run rather than kept running: by hand, by a program, or by what starts them.

Source: RunTask in the ECS API reference.
"""

from collections.abc import Iterator
from typing import Annotated

from pydantic import Field

from modules.ecs.settings.capacity import MAX_SHARES, CapacityShare, strategy_problems
from modules.ecs.settings.tasks import TaskSettings, interface_problems
from modules.markers import RefersTo
from modules.named_settings import NamedSettings
from modules.names import PhysicalName
from modules.naming import AwsLocation, ShortName, Tags
from modules.problems import Problem
from modules.settings import Sequence, skip_if_invalid
from modules.vpc.placement_settings import NetworkPlacement


class RunTaskDefinition(NamedSettings, NetworkPlacement):
    """A task that somebody runs: the output ``run_tasks`` has what to say to ECS for it."""

    cluster: Annotated[ShortName, RefersTo("clusters")]
    """one of clusters [one of the environment's clusters; required]"""
    task: TaskSettings
    """what it runs, a FargateTask or an Ec2Task [required]"""
    capacity: Sequence[CapacityShare] = Field(default=(), max_length=MAX_SHARES)
    """where it runs; empty: as the cluster's default_capacity says [at most 20 items; default empty]"""
    tags: Tags = Field(default_factory=dict)
    """on its tasks [at most 46 entries; each name 1 to 128 characters; each value at most 256 characters; default
    empty]"""

    def names(self, name: str, location: AwsLocation) -> Iterator[PhysicalName]:
        """Yield the names of the task definition."""
        yield from self.task.names(name, location)

    def check_images(self) -> Iterator[Problem]:
        """Refuse a choice that only a service has: every task that somebody runs pulls its image anew."""
        for name, container in self.task.containers.items():
            if not container.keeps_digest:
                reason = "ECS keeps digests for services only"
                yield Problem(f"task.containers.{name}.keeps_digest", "be left out of a task to run", "False", reason)

    def check_run_task_definition(self) -> Iterator[Problem]:
        """Check the strategy and the volumes."""
        yield from skip_if_invalid(strategy_problems("capacity", self.capacity))
        yield from skip_if_invalid(interface_problems(self.task, self))
        if self.task.has_ebs_volume:
            yield Problem("task", "mount no EBS volume", "an EbsVolumeMount", "only a ReplicaService has an ebs_volume")
