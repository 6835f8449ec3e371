"""What the environment's settings start, as objects for what is in one stack."""

from cdktf import ITerraformDependable

from modules.batch.settings.submissions import JobRequest
from modules.targets.settings import (
    Drain,
    FunctionCall,
    PipelineExecution,
    QueueMessage,
    TargetSettings,
    TaskRun,
    TopicMessage,
)
from modules.targets.starters import Starter
from modules.targets.targets import (
    DrainTarget,
    FunctionTarget,
    JobTarget,
    PipelineTarget,
    QueueTarget,
    Target,
    TaskTarget,
    TopicTarget,
)
from stacks.base import PlatformStack
from stacks.batch import Batch
from stacks.pipelines import Pipelines
from stacks.services import Services
from stacks.shared_resources import SharedResources


class EnvironmentTargets:
    """Targets as ``stack`` sees them; a part is None where the environment has nothing in it."""

    def __init__(
        self,
        stack: PlatformStack,
        shared: SharedResources,
        batch: Batch | None,
        services: Services | None,
        pipelines: Pipelines | None,
    ) -> None:
        self._stack, self._environment, self._shared = stack, stack.environment, shared
        self._batch, self._services, self._pipelines = batch, services, pipelines
        # The ARNs of their state machines, once these are there.
        self.backlogs: dict[str, str] = {}

    def target(self, name: str, settings: TargetSettings, starter: Starter) -> Target:
        """Return the target that ``settings`` tell of, for its ``starter``; a job of it is called ``name``."""
        match settings:
            case JobRequest():
                return self.job(name, settings, starter)
            case TaskRun():
                if self._services is None:
                    raise ValueError("an environment without services has no task definitions")
                network = self._shared.network
                task = self._services.runnable_from(self._stack, settings.task_definition, network)
                return TaskTarget(settings, task)
            case QueueMessage():
                return QueueTarget(settings, self._shared.queues[settings.queue])
            case TopicMessage():
                return TopicTarget(settings, self._shared.topics[settings.topic])
            case PipelineExecution():
                return self._pipeline(settings)
            case Drain():
                return DrainTarget(settings, self.backlogs[settings.backlog])
            case FunctionCall():
                return FunctionTarget(settings, self._environment.functions[settings.function])
        raise TypeError(f"{type(settings).__name__} is no kind of target")

    def job(self, name: str, settings: JobRequest, starter: Starter) -> JobTarget:
        """Return a job that is called ``name``, for its ``starter``."""
        environment = self._environment
        return JobTarget(
            name,
            settings,
            environment.submission_context(settings),
            environment.location,
            {} if "tags" in starter.left_out else environment.job_tags,
            environment.team_tag_keys,
            self._submittable(settings),
        )

    def _pipeline(self, settings: PipelineExecution) -> PipelineTarget:
        pipelines = self._pipelines
        if pipelines is None:
            raise ValueError("an environment without a part for pipelines has none to execute")
        pipeline = pipelines.pipelines[settings.pipeline]
        if pipelines.stack is self._stack:
            return PipelineTarget(settings, pipeline.name, pipeline.location, [pipeline.alias])
        self._stack.apply_after(pipelines.stack)
        return PipelineTarget(settings, pipeline.name, pipeline.location)

    def _submittable(self, settings: JobRequest) -> list[ITerraformDependable]:
        """Return what a job and its queue are in this stack; if they are in another, let that be applied first."""
        batch = self._batch
        if batch is None:
            raise ValueError("an environment without a part for Batch has no job definitions")
        if batch.stack is not self._stack:
            self._stack.apply_after(batch.stack)
            return []
        job = self._environment.job_definitions[settings.job_definition]
        queue = batch.job_queues[settings.job_queue or job.job_queues[0]]
        definition = batch.job_definitions.get(settings.job_definition)
        return [*([definition.definition] if definition else []), *([queue.queue] if queue.queue else [])]
