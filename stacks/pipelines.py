"""The pipelines of an environment."""

from collections.abc import Iterator

from constructs import Construct

from modules.iam.workload_role import WorkloadRole
from modules.states.pipeline import Pipeline
from modules.states.settings.fan_outs import FanOutSettings
from modules.states.settings.pipelines import PipelineSettings
from modules.states.settings.stages import (
    FileStage,
    FunctionStage,
    MessageStage,
    QueueStage,
    ReceiveStage,
    StageSettings,
    TopicStage,
)
from modules.targets.settings import TaskRun
from modules.targets.targets import FunctionTarget, TaskTarget
from stacks.base import PlatformStack
from stacks.environment_settings import EnvironmentSettings
from stacks.pipeline_calls import is_fed_by_pipe, pipeline_calls, pipeline_permissions, requests_of, task_of
from stacks.services import Services
from stacks.shared_resources import SharedResources


class Pipelines:
    """Define every pipeline of the environment, each by short name. ``services``: None where there are no tasks."""

    def __init__(self, stack: PlatformStack, shared: SharedResources, services: Services | None) -> None:
        self.stack, self.environment = stack, stack.environment
        self._shared, self._services = shared, services
        scope = stack.map_scope("pipelines")
        self.pipelines = {
            name: self._pipeline(scope, name, settings) for name, settings in sorted(self.environment.pipelines.items())
        }
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

    def _pipeline(self, scope: Construct, name: str, settings: PipelineSettings) -> Pipeline:
        tasks = {
            stage_name: self._task(task)
            for stage_name, stage in sorted(settings.all_stages.items())
            if (task := task_of(stage))
        }
        pipeline = Pipeline(
            scope,
            name,
            name=self.environment.physical_name(name, "pipelines"),
            settings=settings,
            calls=pipeline_calls(self.environment, name, {stage: task.request for stage, task in tasks.items()}),
            permissions=pipeline_permissions(self.environment, name),
            location=self.stack.location,
            from_pipe=is_fed_by_pipe(self.environment, name),
        )
        for target in tasks.values():
            target.grant_start(pipeline.role)
        for stage in settings.all_stages.values():
            self._grant(pipeline.role, stage)
        return pipeline

    def _task(self, settings: TaskRun) -> TaskTarget:
        if self._services is None:
            raise ValueError("an environment without services has no task definitions")
        network = self._shared.network
        return TaskTarget(settings, self._services.runnable_from(self.stack, settings.task_definition, network))

    def _grant(self, role: WorkloadRole, stage: StageSettings) -> None:
        """Let a pipeline's role do what a stage needs in other services than Batch, ECS and Step Functions."""
        match stage:
            case MessageStage(message=message):
                self._shared.queues[message.queue].grant_send(role)
            case QueueStage(queue=queue):
                self._shared.queues[queue].grant_count(role)
            case FunctionStage(function=function):
                FunctionTarget(function, self.environment.functions[function.function]).grant_start(role)
            case TopicStage(topic=message):
                self._shared.topics[message.topic].grant_publish(role)
            case ReceiveStage(queue=queue):
                self._shared.queues[queue].grant_consume(role)
            case FileStage(bucket=bucket, key=key):
                self._shared.storage["buckets"][bucket].grant_read(role, key.partition("{")[0])
            case FanOutSettings():
                buckets = self._shared.storage["buckets"]
                # As far as it is the same in every execution.
                buckets[stage.items.bucket].grant_read(role, stage.items.template.partition("{")[0])
                buckets[stage.results_bucket].grant_write(role, stage.results_prefix)


def submits_jobs(environment: EnvironmentSettings) -> bool:
    """Return whether a pipeline of the environment submits jobs."""
    return any(requests_of(stage) for stage in _stages(environment))


def _stages(environment: EnvironmentSettings) -> Iterator[StageSettings]:
    return (stage for pipeline in environment.pipelines.values() for stage in pipeline.all_stages.values())
