"""Promises of what starts something: schedules, pipes, rules, pipelines and backlogs."""

from collections.abc import Iterator
from typing import Any

from modules import arns
from modules.batch.settings.submissions import JobRequest
from modules.iam.services import EVENTS, PIPES, SCHEDULER, STATES, TASKS
from modules.states.settings.fan_outs import FanOutSettings
from modules.states.settings.stages import FileStage, JobStage, QueueStage, ReceiveStage
from modules.targets.settings import Drain, FunctionCall, PipelineExecution, QueueMessage, TaskRun, TopicMessage
from proofs.policies import Statement
from proofs.promises.promise import Promise, may, where
from proofs.promises.things import READ_KEY, Things

TRACES = "GetSamplingRules GetSamplingTargets PutTelemetryRecords PutTraceSegments"
DELIVERIES = (
    "CreateLogDelivery DeleteLogDelivery DescribeLogGroups DescribeResourcePolicies GetLogDelivery ListLogDeliveries "
    "PutResourcePolicy UpdateLogDelivery"
)
COUNT = "GetQueueAttributes"


def starter_promises(things: Things) -> Iterator[tuple[str, Promise]]:
    """Yield the promise of each role that starts something, by the role's path."""
    environment = things.environment
    for name, schedule in environment.schedules.items():
        permissions = [*_start(things, schedule.target), *_own_settings(things, f"schedules/{name}", schedule)]
        permissions += things.send(schedule.dead_letter_queue) if schedule.dead_letter_queue else ()
        yield from _promise(f"schedules/{name}/role", schedule, permissions, SCHEDULER)
    for name, pipe in environment.pipes.items():
        permissions = [*things.consume(pipe.queue), *_start(things, pipe.target, tagged=False)]
        permissions += _own_settings(things, f"pipes/{name}", pipe)
        yield from _promise(f"pipes/{name}/role", pipe, permissions, PIPES)
    for name, rule in environment.rules.items():
        if not isinstance(rule.target, QueueMessage | TopicMessage | FunctionCall):
            permissions = [*_start(things, rule.target, tagged=False)]
            yield from _promise(f"rules/{name}/role", rule, permissions, EVENTS)
    for name, pipeline in environment.pipelines.items():
        stages = pipeline.all_stages.values()
        permissions = [*_record(), *(permission for stage in stages for permission in _stage(things, name, stage))]
        yield from _promise(f"pipelines/{name}/role", pipeline, permissions, STATES)
    for name, backlog in environment.backlogs.items():
        permissions = [*_record(), *things.queue(backlog.queue, COUNT), *_start(things, backlog.job)]
        yield from _promise(f"backlogs/{name}/role", backlog, permissions, STATES)
        if backlog.alarm_messages is not None:
            yield from _promise(f"backlogs/{name}/alarm-role", backlog, [_drain(things, name)], EVENTS)


def _promise(path: str, settings: Any, permissions: list[Statement], service: str) -> Iterator[tuple[str, Promise]]:
    if settings.role_arn is None:
        yield path, Promise(tuple(permissions), (service,))


def _own_settings(things: Things, path: str, settings: Any) -> Iterator[Statement]:
    """Yield the use of the key that what a schedule or pipe says is encrypted with."""
    if settings.kms_key is not None:
        yield may(f"kms: {READ_KEY}", str(things.key(f"{path}/key", settings.kms_key)))


def _start(things: Things, target: Any, *, tagged: bool = True) -> Iterator[Statement]:
    """Yield what starting a target needs; rules and pipes pass no tags on."""
    environment, location = things.environment, things.location
    match target:
        case JobRequest():
            yield from things.submit([target.job_definition], [_queue_of(things, target)], tagged=tagged)
        case TaskRun():
            yield from _run_task(things, target.task_definition)
        case QueueMessage():
            yield from things.send(target.queue)
        case TopicMessage():
            yield from things.publish(target.topic)
        case PipelineExecution():
            machine = environment.physical_name(target.pipeline, "pipelines")
            yield may("states: StartExecution", arns.state_machine(location, f"{machine}:live"))
        case Drain():
            yield _drain(things, target.backlog)
        case FunctionCall():
            yield may("lambda: InvokeFunction", environment.functions[target.function].function_arn)
        case _:
            raise NotImplementedError(type(target).__name__)


def _queue_of(things: Things, request: JobRequest) -> str:
    return request.job_queue or things.environment.job_definitions[request.job_definition].job_queues[0]


def _drain(things: Things, backlog: str) -> Statement:
    return may("states: StartExecution", things.made("aws_sfn_state_machine", f"backlogs/{backlog}"))


def _run_task(things: Things, name: str) -> Iterator[Statement]:
    """Yield the permission to run a task definition on its cluster and to hand ECS the task's roles."""
    environment, location = things.environment, things.location
    definition = environment.task_definitions[name]
    cluster = environment.event_context.names["clusters"][definition.cluster]
    family = environment.physical_name(name, "task_definitions")
    on_cluster = where(ArnEquals={"ecs:cluster": arns.cluster(location, cluster)})
    yield may("ecs: RunTask", f"{arns.task_definition(location, family)}:*", on_cluster)
    path, task = f"task_definitions/{name}/task-definition", definition.task
    roles = [
        task.task_role_arn or things.made("aws_iam_role", f"{path}/task-role"),
        task.execution_role_arn or things.made("aws_iam_role", f"{path}/execution-role"),
    ]
    yield may("iam: PassRole", roles, where(StringEquals={"iam:PassedToService": TASKS}))
    started = where(StringEquals={"ecs:CreateAction": "RunTask"})
    yield may("ecs: TagResource", arns.tasks(location, cluster), started)


def _record() -> list[Statement]:
    """Return the permission to log and trace executions, which takes no resource."""
    return [may(f"logs: {DELIVERIES}", "*"), may(f"xray: {TRACES}", "*")]


def _stage(things: Things, pipeline: str, stage: Any) -> Iterator[Statement]:
    """Yield what a stage of a pipeline needs: to start what it starts, to wait for it and to end it."""
    location, environment = things.location, things.environment
    for name in ("job", "task", "function", "message", "topic", "pipeline"):
        if (target := getattr(stage, name, None)) is not None:
            yield from _start(things, target) if not isinstance(target, JobRequest) else _jobs(things, stage)
        if isinstance(target, TaskRun):
            cluster = environment.task_definitions[target.task_definition].cluster
            called = environment.event_context.names["clusters"][cluster]
            yield may("ecs: DescribeTasks StopTask", arns.tasks(location, called))
            yield _watch(things, "ECSTask")
        if isinstance(target, PipelineExecution):
            machine = environment.physical_name(target.pipeline, "pipelines")
            yield may("states: DescribeExecution StopExecution", f"{_executions(things, machine)}:*")
            yield _watch(things, "StepFunctionsExecution")
    match stage:
        case QueueStage():
            yield from things.queue(stage.queue, COUNT)
        case ReceiveStage():
            yield from things.consume(stage.queue)
        case FileStage():
            yield from things.read(stage.bucket, stage.key.partition("{")[0])
        case FanOutSettings():
            yield from things.read(stage.items.bucket, stage.items.template.partition("{")[0])
            yield from things.write(stage.results_bucket, stage.results_prefix)
            machine = environment.physical_name(pipeline, "pipelines")
            yield may("states: StartExecution", arns.state_machine(location, machine))
            yield may("states: DescribeExecution StopExecution", f"{_executions(things, machine)}/*:*")


def _jobs(things: Things, stage: Any) -> Iterator[Statement]:
    """Yield the permission to submit the job of a stage to its queues, to follow it and to end it."""
    steps = stage.capacity if isinstance(stage, JobStage) else ()
    queues = [step.job_queue for step in steps] or [_queue_of(things, stage.job)]
    yield from things.submit([stage.job.job_definition], queues)
    yield things.terminate_jobs()
    yield may("batch: DescribeJobs", "*")
    yield _watch(things, "BatchJobs")


def _executions(things: Things, machine: str) -> str:
    return arns.state_machine(things.location, machine).replace(":stateMachine:", ":execution:")


def _watch(things: Things, what: str) -> Statement:
    """Return the permission to the rule by which Step Functions learns that something has ended."""
    rule = arns.event_rule(things.location, f"StepFunctionsGetEventsFor{what}Rule")
    return may("events: DescribeRule PutRule PutTargets", rule)
