"""Rules: what happens can happen here, what is started can be, and does not make the same happen again."""

from collections.abc import Iterator, Sequence

from modules.batch.settings.any_job_definitions import EcsJobDefinition
from modules.batch.settings.submissions import JobRequest
from modules.events.patterns import match_problems
from modules.events.settings import RuleSettings
from modules.events.sources import JobStateChange, ObjectCreated, OtherEvent
from modules.events.target_input import MOST_CHARACTERS, document_input
from modules.iam.access_settings import Access
from modules.problems import Problem, format_value
from modules.states.settings.fan_outs import FanOutSettings
from modules.targets.settings import PipelineExecution, TargetSettings, TaskRun
from stacks.environment_settings import EnvironmentSettings
from stacks.pipeline_calls import execution_of, requests_of, task_of
from stacks.rules.entries import each


@each("rules")
def check_event_patterns(environment: EnvironmentSettings, path: str, rule: RuleSettings) -> Iterator[Problem]:
    """Check that there can be such an event, and that EventBridge takes its pattern."""
    if isinstance(rule.event, JobStateChange) and not environment.job_queues:
        yield Problem("job_queues", f"have an entry for {path}", "none", "there are no jobs that could emit this event")
    elif not isinstance(rule.event, OtherEvent):
        yield from match_problems(f"{path}.event", rule.event.matches(environment.event_context))


@each("rules")
def check_event_inputs(environment: EnvironmentSettings, path: str, rule: RuleSettings) -> Iterator[Problem]:
    """Check the size of what a job is given."""
    del environment
    if isinstance(rule.target, JobRequest) and rule.target.parameters:
        told = document_input({"Parameters": dict(rule.target.parameters)})
        size = len(told.template or told.text or "")
        if size > MOST_CHARACTERS:
            rule_ = f"come to at most {MOST_CHARACTERS:,} characters"
            yield Problem(f"{path}.target.parameters", rule_, format_value(size), "EventBridge does not pass more")


@each("rules")
def check_event_dead_letters(environment: EnvironmentSettings, path: str, rule: RuleSettings) -> Iterator[Problem]:
    """Check that the queue of dead letters can take them."""
    queue = environment.queues.get(rule.dead_letter_queue) if rule.dead_letter_queue else None
    if queue is not None and queue.is_fifo:
        got = repr(rule.dead_letter_queue)
        yield Problem(f"{path}.dead_letter_queue", "name a standard queue", got, "EventBridge supports no FIFO queue")


@each("rules")
def check_job_loops(environment: EnvironmentSettings, path: str, rule: RuleSettings) -> Iterator[Problem]:
    """Check that no job is started by its own change of state."""
    event, target = rule.event, rule.target
    if not isinstance(event, JobStateChange):
        return
    for request in _started(environment, target):
        if isinstance(request, JobRequest) and _is_about(environment, event, request):
            field = "job_definition" if isinstance(target, JobRequest) else "pipeline"
            got = "" if isinstance(target, JobRequest) else f", which submits {request.job_definition}"
            yield Problem(
                f"{path}.target.{field}",
                "not be one whose state change starts it",
                f"{getattr(target, field)!r}{got}",
                "it would start itself again and again",
                fix="name the others in event.job_definitions, or other job_queues",
            )
            return


def _is_about(environment: EnvironmentSettings, event: JobStateChange, request: JobRequest) -> bool:
    job = environment.job_definitions.get(request.job_definition)
    queue = request.job_queue or (job.job_queues[0] if job else "")
    listed = not event.job_definitions or request.job_definition in event.job_definitions
    return listed and (not event.job_queues or queue in event.job_queues)


@each("rules")
def check_object_loops(environment: EnvironmentSettings, path: str, rule: RuleSettings) -> Iterator[Problem]:
    """Check that what is started does not write what starts it."""
    event = rule.event
    if not isinstance(event, ObjectCreated):
        return
    for bucket, prefix in dict.fromkeys(_writes(environment, rule)):
        if bucket == event.bucket and _can_match(prefix, event.prefixes):
            yield Problem(
                f"{path}.event.prefixes",
                f"leave out where {format_value(rule.target)} of {path}.target writes ({prefix or 'everywhere'})",
                format_value(list(event.prefixes)) if event.prefixes else "none",
                "it would start itself again and again",
                fix="give prefixes for input, and write output under another",
            )


def _writes(environment: EnvironmentSettings, rule: RuleSettings) -> Iterator[tuple[str, str]]:
    """Yield buckets, each with the prefix below which a rule's target writes."""
    for started in _started(environment, rule.target):
        access: Access | None = None
        match started:
            case JobRequest(job_definition=name):
                job = environment.job_definitions.get(name)
                access = job.access if isinstance(job, EcsJobDefinition) else None
            case TaskRun(task_definition=name):
                definition = environment.task_definitions.get(name)
                access = definition.task.access if definition else None
            case FanOutSettings():
                yield started.results_bucket, started.results_prefix
        yield from ((write.bucket, write.prefix) for write in (access.write if access else ()))


def _started(
    environment: EnvironmentSettings, target: TargetSettings, through: frozenset[str] = frozenset()
) -> Iterator[JobRequest | TaskRun | FanOutSettings]:
    """Yield what a target is or, as a pipeline, starts in its turn."""
    match target:
        case JobRequest() | TaskRun():
            yield target
        case PipelineExecution(pipeline=name) if name in environment.pipelines and name not in through:
            for stage in environment.pipelines[name].all_stages.values():
                yield from requests_of(stage)
                if isinstance(stage, FanOutSettings):
                    yield stage
                if task := task_of(stage):
                    yield task
                if execution := execution_of(stage):
                    yield from _started(environment, execution, through | {name})


def _can_match(written: str, prefixes: Sequence[str]) -> bool:
    return not prefixes or any(text.startswith(written) or written.startswith(text) for text in prefixes)
