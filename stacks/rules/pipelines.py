"""Pipelines: stages that Batch, SQS and other pipelines take, parameters that are used, Step Functions' quotas."""

from collections.abc import Collection, Iterator
from dataclasses import replace

from modules.batch.settings.job_definitions import Ec2JobDefinition, FargateJobDefinition
from modules.batch.settings.submissions import JobRequest
from modules.canonical_json import canonical_json
from modules.cycles import cycle_in
from modules.problems import Problem, format_value, unknown_name
from modules.settings import nested_problems, skip_if_invalid
from modules.states.document import pipeline_document
from modules.states.execution import example_input
from modules.states.limits import (
    MOST_DEFINITION_BYTES,
    MOST_EVENTS,
    MOST_PAYLOAD_BYTES,
    longest_seconds,
    most_events,
)
from modules.states.settings.fan_outs import FanOutStage, PipelineFanOutStage
from modules.states.settings.pipelines import PipelineSettings
from modules.states.settings.stages import (
    JobStage,
    MessageStage,
    PipelineStage,
    ProgramStage,
    StageSettings,
)
from modules.targets.starters import PIPELINE
from stacks.environment_settings import EnvironmentSettings
from stacks.pipeline_calls import (
    execution_of,
    is_fed_by_pipe,
    pipeline_calls,
    requests_of,
    shared_request,
    taken_parameters,
    takes_share_of_pipeline,
    task_of,
)
from stacks.rules.entries import each
from stacks.rules.targets import execution_problems, target_problems

NO_EXIT_CODE = "arrays, nodes, pods and several containers have none"


@each("pipelines")
def check_stages(environment: EnvironmentSettings, path: str, pipeline: PipelineSettings) -> Iterator[Problem]:
    """Check every stage; one that is itself bad does not keep the others from being checked."""
    for stage_path, stage in pipeline.stages_by_path.items():
        yield from skip_if_invalid(_stage_problems(environment, pipeline, f"{path}.{stage_path}", stage))


def check_nested_pipelines(environment: EnvironmentSettings) -> Iterator[Problem]:
    """Check that no pipeline executes itself, in however many steps."""
    edges = {
        name: [execution.pipeline for stage in pipeline.all_stages.values() if (execution := execution_of(stage))]
        for name, pipeline in environment.pipelines.items()
    }
    if circle := cycle_in(edges):
        yield Problem("pipelines", "have no cycle in what they execute", circle, "no execution would ever end")


def _stage_problems(
    environment: EnvironmentSettings, pipeline: PipelineSettings, path: str, stage: StageSettings
) -> Iterator[Problem]:
    match stage:
        case JobStage():
            for index, request in enumerate(requests_of(stage)):
                shared = shared_request(environment, pipeline, request)
                for problem in target_problems(environment, f"{path}.job", shared, PIPELINE):
                    if index == 0 or problem.path == f"{path}.job.job_queue":
                        yield _of_step(problem, path, index) if stage.capacity else problem
        case FanOutStage():
            yield from target_problems(
                environment, f"{path}.job", shared_request(environment, pipeline, stage.job), PIPELINE
            )
            parameters = environment.job_definitions[stage.job.job_definition].parameters
            yield from _item_problems(path, stage, parameters, f"job_definitions.{stage.job.job_definition}")
        case MessageStage(message=message):
            yield from target_problems(environment, f"{path}.message", message, PIPELINE)
    if task := task_of(stage):
        yield from target_problems(environment, f"{path}.task", task, PIPELINE)
    if execution := execution_of(stage):
        taken = set(taken_parameters(environment, pipeline, stage))
        if isinstance(stage, PipelineFanOutStage):
            other = environment.pipelines[execution.pipeline]
            known = [*other.parameters, *other.required_parameters]
            yield from _item_problems(path, stage, known, f"pipelines.{execution.pipeline}")
            taken.add(stage.item_parameter)
        yield from execution_problems(environment, f"{path}.pipeline", execution, passed_on=frozenset(taken))
    if isinstance(stage, ProgramStage) and stage.accepted_exit_codes and not _has_exit_code(environment, stage):
        rule = "be left out where there is not one program alone"
        got = ", ".join(map(str, stage.accepted_exit_codes))
        yield Problem(f"{path}.accepted_exit_codes", rule, got, NO_EXIT_CODE)


def _item_problems(
    path: str, stage: FanOutStage | PipelineFanOutStage, known: Collection[str], of: str
) -> Iterator[Problem]:
    if stage.item_parameter not in known:
        yield unknown_name(f"{path}.item_parameter", stage.item_parameter, known, f"parameters of {of}")


def _has_exit_code(environment: EnvironmentSettings, stage: StageSettings) -> bool:
    """Return whether what a stage runs is one program, whose exit code AWS tells."""
    if isinstance(stage, JobStage):
        job = environment.job_definitions[stage.job.job_definition]
        return isinstance(job, FargateJobDefinition | Ec2JobDefinition) and stage.job.array_size is None
    if task := task_of(stage):
        containers = environment.task_definitions[task.task_definition].task.containers
        return len(containers) == 1 and task.task_count == 1
    return False


@each("pipelines")
def check_whole_pipelines(environment: EnvironmentSettings, path: str, pipeline: PipelineSettings) -> Iterator[Problem]:
    """Check what stages return, how long all may take and how large it is, unless something in it is bad."""
    if not any(nested_problems(pipeline)):
        for problems in (_result_problems, _time_problems, _size_problems):
            yield from skip_if_invalid(problems(environment, path, pipeline))


def _result_problems(environment: EnvironmentSettings, path: str, pipeline: PipelineSettings) -> Iterator[Problem]:
    """Check that what others ask of stages is what these return."""
    for name, stage in pipeline.stages.items():
        for asked in stage.only_if_results:
            where = f"{path}.stages.{name}.only_if_results.{asked}"
            other, field, *inside = asked.split(".")
            if field == "exit_code" and not _has_exit_code(environment, pipeline.stages[other]):
                rule = "ask a stage with one program alone for its exit code"
                yield Problem(
                    where, rule, repr(other), "neither arrays, nodes, pods nor several containers", "ask status"
                )
            if isinstance(nested := pipeline.stages[other], PipelineStage):
                returns = environment.pipelines[nested.pipeline.pipeline].returns
                if field == "results" and not (inside and inside[0] in returns):
                    got = inside[0] if inside else ""
                    yield unknown_name(where, got, returns, f"pipelines.{nested.pipeline.pipeline}.returns")


def _of_step(problem: Problem, path: str, index: int) -> Problem:
    """Return a problem of a job's queue as one of the step that says it."""
    if problem.path != f"{path}.job.job_queue":
        return problem
    return replace(problem, path=f"{path}.capacity[{index}].job_queue")


@each("pipelines")
def check_parameters(environment: EnvironmentSettings, path: str, pipeline: PipelineSettings) -> Iterator[Problem]:
    """Check that each parameter, and the share, goes to some stage."""
    stages = pipeline.all_stages.values()
    taken = {name for stage in stages for name in taken_parameters(environment, pipeline, stage)}
    taken |= {name for stage in stages for name in stage.only_if}
    paths = {name: f"parameters.{name}" for name in pipeline.parameters}
    paths |= {name: f"required_parameters[{index}]" for index, name in enumerate(pipeline.required_parameters)}
    for name, where in paths.items():
        if name not in taken:
            rule = (
                "be one that a stage takes: its job or pipeline has it and the stage does not set it, or only_if has it"
            )
            yield Problem(f"{path}.{where}", rule, repr(name), "otherwise it changes nothing")
    requests = [request for stage in stages for request in requests_of(stage)]
    shares = [takes_share_of_pipeline(environment, request) for request in requests]
    if pipeline.share_identifier is not None and not any(shares):
        rule = "be left out where each job has its own share, or a queue without shares"
        yield Problem(f"{path}.share_identifier", rule, repr(pipeline.share_identifier), "it would change nothing")


def _time_problems(environment: EnvironmentSettings, path: str, pipeline: PipelineSettings) -> Iterator[Problem]:
    """Check that an execution may take as long as its stages may."""

    def seconds_of(stage: StageSettings) -> float:
        clean_up = {name: pipeline.clean_up[name] for name in stage.clean_up} if stage.may_fail else {}
        own = longest_seconds(clean_up, seconds_of) if clean_up else 0
        return own + stage.most_seconds(_attempt_seconds(environment, stage))

    least = longest_seconds(pipeline.stages, seconds_of)
    if pipeline.timeout_seconds < least:
        rule = f"be at least {format_value(round(least))}, which its stages may take one after the other"
        reason = "timeouts and attempts of the longest path, those of its job definitions included, without the waits"
        yield Problem(f"{path}.timeout_seconds", rule, format_value(pipeline.timeout_seconds), f"{reason} for capacity")


def _attempt_seconds(environment: EnvironmentSettings, stage: StageSettings) -> float:
    """Return how long one attempt of a stage may take, as far as its settings do not say it."""
    match stage:
        case JobStage(job=job) | FanOutStage(job=job):
            return _job_seconds(environment, job)
        case PipelineStage(pipeline=execution) | PipelineFanOutStage(pipeline=execution):
            return environment.pipelines[execution.pipeline].timeout_seconds
    return 0


def _job_seconds(environment: EnvironmentSettings, request: JobRequest) -> float:
    """Return how long a job may run; a job that reached its timeout is not tried again, but one that failed is."""
    job = environment.job_definitions[request.job_definition]
    attempts = request.attempts or job.attempts
    children = request.array_size if request.array_size and request.sequential else 1
    return (request.timeout_seconds or job.timeout_seconds) * attempts * children


def _size_problems(environment: EnvironmentSettings, path: str, pipeline: PipelineSettings) -> Iterator[Problem]:
    name = path.partition(".")[2]
    fed = is_fed_by_pipe(environment, name)
    document = pipeline_document(pipeline, pipeline_calls(environment, name), environment.location, from_pipe=fed)
    size = len(canonical_json(document).encode())
    if size > MOST_DEFINITION_BYTES:
        rule = f"come to at most {MOST_DEFINITION_BYTES:,} bytes of a state machine's definition"
        yield Problem(f"{path}.stages", rule, format_value(size), fix="put some of them into a pipeline of their own")
    events = most_events(pipeline, document)
    if events > MOST_EVENTS:
        rule = f"come to at most {MOST_EVENTS:,} events of an execution's history"
        fix = "look at queues less often, or put some of the stages into a pipeline of their own"
        yield Problem(f"{path}.stages", rule, format_value(events), "an execution with more of them fails", fix)
    payload = len(canonical_json({"defaults": example_input(pipeline), "given": example_input(pipeline)}).encode())
    if payload > MOST_PAYLOAD_BYTES:
        rule = f"take at most {MOST_PAYLOAD_BYTES // 2:,} bytes as an execution's input"
        reason = "beside the defaults a state is given what an execution says in their place"
        yield Problem(f"{path}.parameters", rule, format_value(payload // 2), reason, "pass keys of a bucket")
