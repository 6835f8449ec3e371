"""Tasks that are run rather than kept running: by hand, by a program, or by what starts them.

Source: RunTask in the ECS API reference.
"""

from collections.abc import Iterator

from pydantic import Field

from modules.ecs.settings.tasks import InCluster
from modules.naming import Tags
from modules.problems import Problem


class RunTaskDefinition(InCluster):
    """A task that somebody runs: the output ``run_tasks`` has what to say to ECS for it."""

    tags: Tags = Field(default_factory=dict)
    """on its tasks [at most 46 entries; each name 1 to 128 characters; each value at most 256 characters; default
    empty]"""

    def check_images(self) -> Iterator[Problem]:
        """Refuse a choice that only a service has: every task that somebody runs pulls its image anew."""
        for name, container in self.task.containers.items():
            if not container.keeps_digest:
                path, reason = f"task.containers.{name}.keeps_digest", "ECS resolves digests for services only"
                yield self.problem(path, "be left out of a task to run", reason)
