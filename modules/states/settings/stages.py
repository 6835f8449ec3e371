"""The stages of a pipeline: jobs, tasks, functions, messages, other pipelines, and waits for a queue.

Source: "Integrating optimized services with Step Functions" in the Step Functions developer guide.
"""

from collections.abc import Iterator
from typing import Annotated

from pydantic import Field, StringConstraints

from modules.batch.settings.submissions import JobRequest
from modules.markers import RefersTo
from modules.naming import ShortName
from modules.problems import Problem, format_value
from modules.settings import Distinct, Sequence, Settings
from modules.states.settings.retries import MOST_SECONDS, CapacityStep, StageRetry
from modules.targets.settings import FunctionCall, PipelineExecution, QueueMessage, TaskRun

# Of one job; a sequential array waits for itself.
MOST_DEPENDENCIES = 20

# Leads the names of states, which have at most 80 characters.
StageName = Annotated[ShortName, Field(max_length=48)]


ParameterName = Annotated[
    str,
    StringConstraints(pattern=r"^[A-Za-z_][A-Za-z0-9_]*$", max_length=80),
    Field(description="letters, digits and underscores, e.g. date"),
]


class StageSettings(Settings, abstract=True):
    """Base of the stages. Without ``after`` a stage runs at once."""

    after: Distinct[ShortName] = ()
    """stages of the same pipeline that have to be done first [default empty]"""

    only_if: dict[ParameterName, str] = Field(default_factory=dict)
    """parameters of the pipeline, with the values that they have in executions that run it; in others it is skipped,
    and what comes after goes on as if it were done [each name at most 80 characters; default empty]"""

    @property
    def waits_for(self) -> tuple[str, ...]:
        """All stages that have to be done, or at least started, first."""
        return tuple(self.after)

    def most_seconds(self, attempt_seconds: float) -> float:
        """Return how long it takes at most, as far as that is known."""
        del attempt_seconds
        return 0


class RetriedStage(StageSettings, abstract=True):
    """Base of the stages that take long, and may fail."""

    timeout_seconds: int | None = Field(default=None, ge=1, le=MOST_SECONDS)
    """of one attempt, the wait for capacity included; None: as long as the pipeline's [from 1 to 31,536,000; default
    None]"""
    retry: StageRetry | None = None
    """None: a stage that fails is not run again [default None]"""

    def most_seconds(self, attempt_seconds: float) -> float:
        """Return how long all attempts take at most, one of which takes ``attempt_seconds`` unless it is ended."""
        longest = self.timeout_seconds or attempt_seconds
        return longest * self.retry.attempts + self.retry.wait_seconds if self.retry else longest


class JobStage(RetriedStage):
    """A job, done once it has succeeded; an array job once all of its children have."""

    job: JobRequest
    """what is submitted; parameters of the pipeline with the names of the job definition's go to it [required]"""
    n_to_n: Distinct[ShortName] = ()
    """array jobs of the same size: child n waits for their children n, not for the whole stage [default empty]"""
    capacity: Sequence[CapacityStep] = ()
    """job queues, tried in this order; empty: the job's only [default empty]"""

    @property
    def waits_for(self) -> tuple[str, ...]:
        """All stages that have to be done, or at least submitted, first."""
        return (*self.after, *self.n_to_n)

    def most_seconds(self, attempt_seconds: float) -> float:
        """Return how long all attempts take at most, on all steps."""
        if not self.capacity:
            return super().most_seconds(attempt_seconds)
        return sum((step.timeout_seconds or attempt_seconds) * step.attempts for step in self.capacity)

    def check_dependencies(self) -> Iterator[Problem]:
        """Check what Batch asks of jobs whose children wait for each other's."""
        if not self.n_to_n:
            return
        if self.job.array_size is None:
            rule = "be left out where the job is no array"
            yield Problem(
                "n_to_n", rule, format_value(len(self.n_to_n)), "only arrays have children", "give array_size"
            )
        most = MOST_DEPENDENCIES - self.job.sequential
        if len(self.n_to_n) > most:
            reason = "sequential counts as a dependency" if self.job.sequential else "Batch takes no more dependencies"
            yield Problem("n_to_n", f"have at most {most} items", format_value(len(self.n_to_n)), reason)

    def check_capacity(self) -> Iterator[Problem]:
        """Check that what each step says is said by nothing else."""
        if not self.capacity:
            return
        for name, value in (("retry", self.retry), ("timeout_seconds", self.timeout_seconds)):
            if value is not None:
                fix = "give attempts of each step" if name == "retry" else "give timeout_seconds of each step"
                yield Problem(name, "be left out with capacity", format_value(value), fix=fix)
        if self.job.job_queue is not None:
            rule = "be left out with capacity"
            yield Problem("job.job_queue", rule, format_value(self.job.job_queue), "each step has its own")


class TaskStage(RetriedStage):
    """A run of a task, done once it has stopped, and its containers have ended well."""

    task: TaskRun
    """what is run [required]"""


class FunctionStage(RetriedStage):
    """A call of a function, done once it has returned."""

    function: FunctionCall
    """what is called; without a payload it gets what messages without a body say [required]"""


class PipelineStage(RetriedStage):
    """An execution of another pipeline, done once that is; the parameters of this one with the same names go to it."""

    pipeline: PipelineExecution
    """what is executed [required]"""


class MessageStage(StageSettings):
    """A message to a queue, e.g. that something is done."""

    message: QueueMessage
    """what is sent; None as its body: the names of pipeline and execution, and the execution's input [required]"""


class QueueStage(StageSettings):
    """A wait until a queue is empty: of messages to receive, of those being worked on, and of delayed ones."""

    queue: Annotated[ShortName, RefersTo("queues")]
    """whose messages others work off [one of the environment's queues; required]"""
    poll_seconds: int = Field(default=60, ge=10, le=3_600)
    """how long to wait before looking again; each look is nine events of an execution's 25,000 [from 10 to 3,600;
    default 60]"""
    timeout_seconds: int = Field(ge=10, le=MOST_SECONDS)
    """later the stage fails [from 10 to 31,536,000; required]"""

    def most_seconds(self, attempt_seconds: float) -> float:
        """Return how long it waits at most."""
        del attempt_seconds
        return self.timeout_seconds

    @property
    def polls(self) -> int:
        """How often it looks at most, after the first time."""
        return -(-self.timeout_seconds // self.poll_seconds)
