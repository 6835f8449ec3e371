"""The pipelines of an environment."""

from collections.abc import Iterator, Mapping

from modules.sqs.queue import Queue
from modules.states.pipeline import Pipeline
from modules.states.settings.pipelines import PipelineSettings
from modules.states.settings.stages import MessageStage, QueueStage
from stacks.base import PlatformStack
from stacks.pipeline_calls import pipeline_calls, pipeline_rights


class Pipelines:
    """Define every pipeline of the environment, each by short name."""

    def __init__(self, stack: PlatformStack, queues: Mapping[str, Queue]) -> None:
        self.stack, self.environment = stack, stack.environment
        self._queues = queues
        scope = stack.map_scope("pipelines")
        self.pipelines = {
            name: Pipeline(
                scope,
                name,
                name=self.environment.physical_name(name),
                settings=settings,
                calls=pipeline_calls(self.environment, name),
                rights=pipeline_rights(self.environment, name),
                location=stack.location,
            )
            for name, settings in sorted(self.environment.pipelines.items())
        }
        for name, pipeline in self.pipelines.items():
            self._grant_queues(pipeline, self.environment.pipelines[name])
        stack.add_output(
            "pipelines",
            "Pipelines with a command that starts one, by short name; arn is what is started",
            {
                name: {
                    "arn": pipeline.alias_arn,
                    "log_group": pipeline.log_group_name,
                    "name": pipeline.name,
                    "role_arn": pipeline.role.role_arn,
                    "start_command": pipeline.start_command,
                }
                for name, pipeline in self.pipelines.items()
            },
        )

    def _grant_queues(self, pipeline: Pipeline, settings: PipelineSettings) -> None:
        for name in _named(settings, MessageStage):
            self._queues[name].grant_send(pipeline.role)
        for name in _named(settings, QueueStage):
            self._queues[name].grant_count(pipeline.role)


def _named(settings: PipelineSettings, kind: type[MessageStage] | type[QueueStage]) -> Iterator[str]:
    """Yield the queues that stages of a kind name, each once."""
    stages = [stage for stage in settings.all_stages.values() if isinstance(stage, kind)]
    yield from sorted({stage.message.queue if isinstance(stage, MessageStage) else stage.queue for stage in stages})
