"""What takes messages out of a queue of an environment, as ``stacks.senders`` tells what sends there.

Programs share a queue: each takes what it has room for, so several workers may, and a backlog beside them or beside
another backlog, whose jobs take what waits at that time. So do pipelines, as a wait ends with the next message, for any
execution. Of a pipe or a function every message is expected to come through, so nothing else takes any.

``access.consume`` alone is no consumer: it is what a program may do, such as one that people run to look into a queue.
"""

from collections.abc import Iterator
from typing import NamedTuple

from modules.backlogs.settings import BacklogSettings
from modules.ecs.settings.queue_workers import QueueWorkerService
from modules.lambda_functions.settings import ExistingFunction
from modules.pipes.settings import PipeSettings
from modules.settings import Settings, settings_in, skip_if_invalid
from modules.states.settings.stages import ReceiveStage
from stacks.environment_settings import EnvironmentSettings


class Consumer(NamedTuple):
    """What takes messages of ``queue`` because the setting at ``path`` says so."""

    queue: str
    path: str
    kind: str

    def shares_with(self, other: "Consumer") -> bool:
        """Return whether each may take any message."""
        return self.kind == other.kind and self.kind in {"program", "pipeline"}


def queue_consumers(environment: EnvironmentSettings) -> Iterator[Consumer]:
    """Yield all that takes messages, of every queue."""
    for path, settings in settings_in(environment):
        yield from skip_if_invalid(_consumed(path, settings))


def _consumed(path: str, settings: Settings) -> Iterator[Consumer]:
    match settings:
        case QueueWorkerService() | BacklogSettings():
            yield Consumer(settings.queue, f"{path}.queue", "program")
        case ReceiveStage():
            yield Consumer(settings.queue, f"{path}.queue", "pipeline")
        case PipeSettings():
            yield Consumer(settings.queue, f"{path}.queue", "pipe")
        case ExistingFunction():
            for queue in settings.consumes:
                yield Consumer(queue, f"{path}.consumes.{queue}", "function")
