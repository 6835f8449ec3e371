"""What the environment's settings start, as objects for what is in one stack."""

from cdktf import ITerraformDependable

from modules.batch.settings.submissions import JobRequest
from modules.targets.settings import FunctionCall, QueueMessage, TargetSettings, TaskRun
from modules.targets.starters import Starter
from modules.targets.targets import FunctionTarget, JobTarget, QueueTarget, Target, TaskTarget
from stacks.base import PlatformStack
from stacks.batch import Batch
from stacks.services import Services
from stacks.shared_resources import SharedResources


class EnvironmentTargets:
    """Targets as ``stack`` sees them; ``batch`` and ``services`` are None where the environment has nothing in them."""

    def __init__(
        self, stack: PlatformStack, shared: SharedResources, batch: Batch | None, services: Services | None
    ) -> None:
        self._stack, self._environment, self._shared = stack, stack.environment, shared
        self._batch, self._services = batch, services

    def target(self, name: str, settings: TargetSettings, starter: Starter) -> Target:
        """Return the target that ``settings`` tell of, for its ``starter``; a job of it is called ``name``."""
        match settings:
            case JobRequest():
                return self._job(name, settings, starter)
            case TaskRun():
                if self._services is None:
                    raise ValueError("an environment without services has no task definitions")
                network = self._shared.network
                task = self._services.runnable_from(self._stack, settings.task_definition, network)
                return TaskTarget(settings, task)
            case QueueMessage():
                return QueueTarget(settings, self._shared.queues[settings.queue])
            case FunctionCall():
                return FunctionTarget(settings, self._environment.functions[settings.function])
        raise TypeError(f"{type(settings).__name__} is no kind of target")

    def _job(self, name: str, settings: JobRequest, starter: Starter) -> JobTarget:
        environment = self._environment
        return JobTarget(
            name,
            settings,
            environment.submission_context(settings),
            environment.location,
            {} if "tags" in starter.left_out else environment.job_tags,
            self._submittable(settings),
        )

    def _submittable(self, settings: JobRequest) -> list[ITerraformDependable]:
        """Return what a job and its queue are in this stack; if they are in another, let that be applied first."""
        batch = self._batch
        if batch is None:
            raise ValueError("an environment without a part for Batch has no job definitions")
        if batch.stack is not self._stack:
            self._stack.add_dependency(batch.stack)
            return []
        job = self._environment.job_definitions[settings.job_definition]
        queue = batch.job_queues[settings.job_queue or job.job_queues[0]]
        return [batch.job_definitions[settings.job_definition].definition, *([queue.queue] if queue.queue else [])]
