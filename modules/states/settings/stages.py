"""The stages of a pipeline: jobs, tasks, functions, messages, other pipelines, files to read, and waits for a queue.

Source: "Integrating optimized services with Step Functions" in the Step Functions developer guide.
"""

from collections.abc import Iterator, Mapping
from typing import Annotated, ClassVar

from pydantic import Field, StringConstraints

from modules.batch.settings.submissions import MOST_DEPENDENCIES, JobRequest
from modules.checks import never_with, only_with
from modules.markers import RefersTo
from modules.naming import ShortName
from modules.problems import Problem, format_value
from modules.settings import Distinct, Sequence, Settings
from modules.states.settings.items import KeyTemplate, placeholders_in
from modules.states.settings.results import ResultMatches, case_problems
from modules.states.settings.retries import MOST_SECONDS, CapacityStep, StageRetry
from modules.targets.settings import FunctionCall, PipelineExecution, QueueMessage, TaskRun, TopicMessage

# Leads the names of states, which have at most 80 characters.
StageName = Annotated[ShortName, Field(max_length=48)]


ParameterName = Annotated[
    str,
    StringConstraints(pattern=r"^[A-Za-z_][A-Za-z0-9_]*$", max_length=80),
    Field(description="letters, digits and underscores, e.g. date"),
]


class StageSettings(Settings, abstract=True):
    """Base of the stages. Without ``after`` a stage runs at once.

    ``returned``: what others may ask of it besides its status, as paths into what AWS answers; of ``open_results`` each
    is JSON, with names inside.
    """

    returned: ClassVar[Mapping[str, str]] = {}
    open_results: ClassVar[bool] = False

    after: Distinct[ShortName] = ()
    """stages of the same pipeline that have to be done first [default empty]"""

    only_if: dict[ParameterName, str] = Field(default_factory=dict)
    """parameters of the pipeline, with the values that they have in executions that run it; in others it is skipped,
    and what comes after goes on as if it were done [each name at most 80 characters; default empty]"""
    only_if_results: ResultMatches = Field(default_factory=dict)
    """the same by what stages before it return, each by its name and a field: status of all (SUCCEEDED, FAILED with
    may_fail, SKIPPED), exit_code of a JobStage or TaskStage, payload of a FunctionStage, content of a FileStage, body
    of a ReceiveStage, results of a PipelineStage; e.g. {"check.exit_code": [IsNumber(equal=3)], "count.payload.images":
    [IsNumber(above=0)]} [each name at most 256 characters; each value at least 1 item; each value each 1 to 1,024
    characters; default empty]"""
    may_fail: bool = False
    """True: later stages run even if it fails [default False]"""
    clean_up: Distinct[ShortName] = ()
    """stages of the pipeline's clean_up that are run once this one has failed, and only then; before those that no
    stage names [default empty]"""

    @property
    def result(self) -> dict[str, str]:
        """What others may ask of it, once it is done."""
        return {"status": "SUCCEEDED", **{f"{field}.$": path for field, path in self.returned.items()}}

    @property
    def placeholders(self) -> list[str]:
        """The pipeline's parameters in keys of it."""
        return []

    def check_only_if_results(self) -> Iterator[Problem]:
        """Check that results are compared as Step Functions can."""
        yield from case_problems("only_if_results", self.only_if_results)

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


ExitCode = Annotated[int, Field(ge=1, le=255)]


class ProgramStage(RetriedStage, abstract=True):
    """Base of the stages that run a container, and know the exit code of its program."""

    accepted_exit_codes: Distinct[ExitCode] = ()
    """answers rather than failures: the stage is done with one of these, and others may ask for it by only_if_results;
    of a single job with one container, after the attempts of its definition, or of a task with one [each from 1 to 255;
    default empty]"""

    check_answered: ClassVar = never_with(
        "retry",
        "accepted_exit_codes",
        "Step Functions would run the program again because of its answer",
        "let Batch retry",
    )


class JobStage(ProgramStage):
    """A job, done once it has succeeded; an array job once all of its children have."""

    returned: ClassVar[Mapping[str, str]] = {"exit_code": "$.Container.ExitCode"}

    job: JobRequest
    """what is submitted; parameters of the pipeline with the names of the job definition's go to it [required]"""
    n_to_n: Distinct[ShortName] = ()
    """array jobs of the same size: child n waits for their children n, not for the whole stage [default empty]"""
    capacity: Sequence[CapacityStep] = ()
    """job queues, tried in this order; empty: the job's only [default empty]"""

    check_n_to_n: ClassVar = only_with("n_to_n", "job.array_size", "only array jobs have children", "give array_size")
    check_steps: ClassVar = never_with(
        ("retry", "timeout_seconds", "job.job_queue"), "capacity", "each step has its own", "give it to each step"
    )
    check_step_answers: ClassVar = never_with(
        "accepted_exit_codes", "capacity", "every exit code other than 0 leads to the next step"
    )

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
        """Check that Batch takes so many dependencies."""
        most = MOST_DEPENDENCIES - self.job.sequential
        if len(self.n_to_n) > most:
            reason = "sequential counts as a dependency" if self.job.sequential else "Batch allows no more dependencies"
            yield Problem("n_to_n", f"have at most {most} items", format_value(len(self.n_to_n)), reason)


class TaskStage(ProgramStage):
    """A run of a task, done once it has stopped, and its containers have ended well."""

    returned: ClassVar[Mapping[str, str]] = {"exit_code": "$.Containers[0].ExitCode"}

    task: TaskRun
    """what is run [required]"""


class FunctionStage(RetriedStage):
    """A call of a function, done once it has returned."""

    returned: ClassVar[Mapping[str, str]] = {"payload": "$.Payload"}
    open_results: ClassVar[bool] = True

    function: FunctionCall
    """what is called; without a payload it gets what messages without a body say [required]"""


class PipelineStage(RetriedStage):
    """An execution of another pipeline, done once that is; the parameters of this one with the same names go to it."""

    returned: ClassVar[Mapping[str, str]] = {"results": "$.Output.results"}
    open_results: ClassVar[bool] = True

    pipeline: PipelineExecution
    """what is executed [required]"""


class MessageStage(StageSettings):
    """A message to a queue, e.g. that something is done."""

    message: QueueMessage
    """what is sent; None as its body: the names of pipeline and execution, and the execution's input [required]"""


class TopicStage(StageSettings):
    """A message to a topic, e.g. that something is done, for all that subscribe to it."""

    topic: TopicMessage
    """what is sent; None as its body: the names of pipeline and execution, and the execution's input [required]"""


class FileStage(StageSettings):
    """A small JSON file that is read, which a program before it has written, so that others may ask what it says."""

    returned: ClassVar[Mapping[str, str]] = {"content": "States.StringToJson($.Body)"}
    open_results: ClassVar[bool] = True

    bucket: Annotated[ShortName, RefersTo("buckets")]
    """where it is [one of the environment's buckets; required]"""
    key: KeyTemplate
    """of the file, which has at most 256 KiB, together with all that other stages return [at most 1,024 characters;
    required]"""

    @property
    def placeholders(self) -> list[str]:
        """The pipeline's parameters in the key."""
        return placeholders_in(self.key)


class PollingStage(StageSettings, abstract=True):
    """Base of the stages that look at a queue again and again."""

    queue: Annotated[ShortName, RefersTo("queues")]
    """whose messages it looks for [one of the environment's queues; required]"""
    poll_seconds: int = Field(default=60, ge=10, le=3_600)
    """how long to wait before looking again; each look is eleven events of an execution's 25,000 [from 10 to 3,600;
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


class QueueStage(PollingStage):
    """A wait until a queue is empty: of messages to receive, of those being worked on, and of delayed ones."""


class ReceiveStage(PollingStage):
    """A wait for a message of a queue, which it then deletes: an approval, or the answer of another system.

    It is the next one, whichever execution it was meant for.
    """

    returned: ClassVar[Mapping[str, str]] = {"body": "$.received.answer.Messages[0].Body"}
