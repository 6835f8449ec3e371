"""What the stages of an environment's pipelines say to AWS, and what they may: names and ARNs, no tokens."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from modules import arns
from modules.arn_parts import arn_parts
from modules.batch.settings.submissions import JobRequest
from modules.batch.submission import submit_job_request
from modules.iam.policy import Statement
from modules.sqs.settings import ExistingQueue, FifoMessageQueueSettings
from modules.states.calls import (
    ServiceCall,
    count_call,
    function_call,
    job_call,
    message_call,
    pipeline_call,
    publish_call,
    read_call,
    receive_call,
    report,
    task_call,
)
from modules.states.document import Calls
from modules.states.execution import LIVE, execution_input
from modules.states.permissions import execution_statements, fan_out_statements, job_statements, task_statements
from modules.states.settings.fan_outs import FanOutSettings, FanOutStage, PipelineFanOutStage, TaskFanOutStage
from modules.states.settings.pipelines import PipelineSettings
from modules.states.settings.stages import (
    FileStage,
    FunctionStage,
    JobStage,
    MessageStage,
    PipelineStage,
    QueueStage,
    ReceiveStage,
    StageSettings,
    TaskStage,
    TopicStage,
)
from modules.targets.settings import PipelineExecution, TaskRun
from stacks.environment_settings import EnvironmentSettings


def requests_of(stage: StageSettings) -> Sequence[JobRequest]:
    """Return the jobs that a stage submits: one, or one for each step of its capacity."""
    if isinstance(stage, FanOutStage):
        return (stage.job,)
    if not isinstance(stage, JobStage):
        return ()
    if not stage.capacity:
        return (stage.job,)
    return [stage.job.model_copy(update={"job_queue": step.job_queue}) for step in stage.capacity]


def execution_of(stage: StageSettings) -> PipelineExecution | None:
    """Return the execution of another pipeline that a stage is, or makes for each item."""
    return stage.pipeline if isinstance(stage, PipelineStage | PipelineFanOutStage) else None


def task_of(stage: StageSettings) -> TaskRun | None:
    """Return the run of a task that a stage is, or makes for each item."""
    if isinstance(stage, TaskFanOutStage):  # the item stands where a value of its variable does
        environment = {**stage.task.environment, stage.item_variable: "item"}
        return stage.task.model_copy(update={"environment": environment})
    return stage.task if isinstance(stage, TaskStage) else None


def shared_request(environment: EnvironmentSettings, pipeline: PipelineSettings, request: JobRequest) -> JobRequest:
    """Return a job as it is submitted without another share in the execution's input."""
    takes_share = takes_share_of_pipeline(environment, request) and pipeline.share_identifier
    return request.model_copy(update={"share_identifier": pipeline.share_identifier}) if takes_share else request


def takes_share_of_pipeline(environment: EnvironmentSettings, request: JobRequest) -> bool:
    """Return whether a job counts against the pipeline's share."""
    queue = request.job_queue or environment.job_definitions[request.job_definition].job_queues[0]
    return request.share_identifier is None and environment.job_queues[queue].is_fair_share


def taken_parameters(environment: EnvironmentSettings, pipeline: PipelineSettings, stage: StageSettings) -> list[str]:
    """Return which of the pipeline's parameters go to a stage."""
    ours = {*pipeline.parameters, *pipeline.required_parameters}
    return sorted(ours & {*_passed_on(environment, stage), *stage.placeholders})


def _passed_on(environment: EnvironmentSettings, stage: StageSettings) -> set[str]:
    """Return the parameters of what a stage starts that it does not set itself."""
    item = {stage.item_parameter} if isinstance(stage, FanOutStage | PipelineFanOutStage) else set()
    match stage:
        case JobStage(job=job) | FanOutStage(job=job):
            return set(environment.job_definitions[job.job_definition].parameters) - set(job.parameters) - item
        case PipelineStage(pipeline=execution) | PipelineFanOutStage(pipeline=execution):
            other = environment.pipelines[execution.pipeline]
            return {*other.parameters, *other.required_parameters} - set(execution.parameters) - item
    return set()


def is_fed_by_pipe(environment: EnvironmentSettings, name: str) -> bool:
    """Return whether messages start a pipeline: a pipe hands each over in a list of one."""
    targets = [pipe.target for pipe in environment.pipes.values()]
    return any(isinstance(target, PipelineExecution) and target.pipeline == name for target in targets)


def pipeline_calls(
    environment: EnvironmentSettings, name: str, task_requests: Mapping[str, Mapping[str, Any]] | None = None
) -> Calls:
    """Return what each stage of a pipeline says, by the stage's name.

    ``task_requests``: what is said to RunTask, which only a stack knows; without them there is something in its place.
    """
    pipeline = environment.pipelines[name]
    return {
        stage_name: list(_calls(environment, name, stage_name, stage, task_requests or {}))
        for stage_name, stage in sorted(pipeline.all_stages.items())
    }


def _calls(
    environment: EnvironmentSettings,
    name: str,
    stage_name: str,
    stage: StageSettings,
    task_requests: Mapping[str, Mapping[str, Any]],
) -> Iterator[ServiceCall]:
    buckets = environment.event_context.names["buckets"]
    if isinstance(stage, FanOutSettings):
        [call] = _started(environment, name, stage_name, stage, task_requests)
        yield replace(call, bucket_names=(buckets[stage.items.bucket], buckets[stage.results_bucket]))
        return
    match stage:
        case FunctionStage(function=function):
            payload = report() if function.payload is None else json.loads(function.payload)
            yield function_call(environment.functions[function.function].function_arn, payload)
        case MessageStage(message=message):
            queue = environment.queues[message.queue]
            yield message_call(
                queue_url(environment, message.queue),
                report() if message.body is None else message.body,
                group_id=message.message_group_id,
                fifo=isinstance(queue, FifoMessageQueueSettings),
            )
        case TopicStage(topic=message):
            body = report() if message.body is None else message.body
            yield publish_call(environment.topic_arn(message.topic), body)
        case QueueStage(queue=queue_name):
            yield count_call(queue_url(environment, queue_name))
        case ReceiveStage(queue=queue_name):
            yield receive_call(queue_url(environment, queue_name))
        case FileStage(bucket=bucket, key=key):
            yield read_call(buckets[bucket], key)
        case _:
            yield from _started(environment, name, stage_name, stage, task_requests)


def _started(
    environment: EnvironmentSettings,
    name: str,
    stage_name: str,
    stage: StageSettings,
    task_requests: Mapping[str, Mapping[str, Any]],
) -> Iterator[ServiceCall]:
    """Yield the calls that start jobs, tasks and other pipelines."""
    taken = set(taken_parameters(environment, environment.pipelines[name], stage)) & _passed_on(environment, stage)
    for request in requests_of(stage):
        told = submit_job_request(f"{name}-{stage_name}", request, environment.submission_context(request))
        shared = takes_share_of_pipeline(environment, request)
        yield job_call(told, parameters=sorted(taken), takes_share=shared)
    if task := task_of(stage):
        nothing_known = {"taskDefinition": task.task_definition, "overrides": {"containerOverrides": []}}
        yield task_call(task_requests.get(stage_name) or nothing_known)
    if execution := execution_of(stage):
        machine = environment.physical_name(execution.pipeline, "pipelines")
        arn = arns.state_machine(environment.location, f"{machine}:{LIVE}")
        told = execution_input(execution.parameters, execution.share_identifier)
        yield pipeline_call(arn, told, sorted(taken))


def queue_arn(environment: EnvironmentSettings, name: str) -> str:
    """Return the ARN of a queue, existing ones included."""
    queue = environment.queues[name]
    if isinstance(queue, ExistingQueue):
        return queue.queue_arn
    suffix = FifoMessageQueueSettings.name_suffix if queue.is_fifo else ""
    return arns.queue(environment.location, f"{environment.physical_name(name, 'queues')}{suffix}")


def queue_url(environment: EnvironmentSettings, name: str) -> str:
    """Return the address of a queue, existing ones included."""
    named = arn_parts(queue_arn(environment, name))
    return arns.queue_url(named.location, named.resource)


def pipeline_permissions(environment: EnvironmentSettings, name: str) -> dict[str, list[Statement]]:
    """Return what executions of a pipeline may do in Batch and Step Functions, by the names of policies."""
    stages = environment.pipelines[name].all_stages.values()
    contexts = [environment.submission_context(request) for stage in stages for request in requests_of(stage)]
    others = sorted({execution.pipeline for stage in stages if (execution := execution_of(stage))})
    permissions = {}
    if contexts:
        permissions["submit-jobs"] = job_statements(
            environment.location,
            sorted({context.job_definition_name for context in contexts}),
            sorted({arns.job_queue(environment.location, context.job_queue_name) for context in contexts}),
            environment.job_tags,
            environment.team_tag_keys,
        )
    clusters = {
        environment.task_definitions[task.task_definition].cluster for stage in stages if (task := task_of(stage))
    }
    if clusters:
        names = sorted(environment.event_context.names["clusters"][cluster] for cluster in clusters)
        permissions["follow-tasks"] = task_statements(environment.location, names)
    if any(isinstance(stage, FanOutSettings) for stage in stages):
        state_machine = environment.physical_name(name, "pipelines")
        permissions["execute-items"] = fan_out_statements(environment.location, state_machine)
    if others:
        permissions["execute-pipelines"] = execution_statements(
            environment.location, [environment.physical_name(other, "pipelines") for other in others]
        )
    return permissions
