"""What is started: what Batch, ECS and SQS want of it, and what its starter can say of it."""

from collections.abc import Iterator

from modules.backlogs.settings import BacklogSettings
from modules.batch.settings.submissions import JobRequest
from modules.batch.submission import EKS, MULTI_CONTAINER, MULTI_NODE
from modules.events.settings import RuleSettings
from modules.pipes.settings import PipeSettings
from modules.problems import Problem, format_value, unknown_name
from modules.scheduler.settings import ScheduleSettings
from modules.settings import skip_if_invalid
from modules.sqs.settings import FifoMessageQueueSettings, QueueSettings
from modules.targets.settings import Drain, PipelineExecution, QueueMessage, TargetSettings, TaskRun, TopicMessage
from modules.targets.starters import PIPE, PIPELINE, RULE, SCHEDULE, Starter
from stacks.environment_settings import EnvironmentSettings
from stacks.rules.entries import each
from stacks.rules.job_requests import job_request_problems

SEVERAL = (*EKS, *MULTI_CONTAINER, *MULTI_NODE)


@each("backlogs")
def check_backlog_targets(environment: EnvironmentSettings, path: str, backlog: BacklogSettings) -> Iterator[Problem]:
    """Check the job that works a queue off."""
    yield from target_problems(environment, f"{path}.job", backlog.job, PIPELINE)


@each("schedules")
def check_schedules(environment: EnvironmentSettings, path: str, schedule: ScheduleSettings) -> Iterator[Problem]:
    """Check what the clock starts."""
    yield from target_problems(environment, f"{path}.target", schedule.target, SCHEDULE)


@each("pipes")
def check_pipe_targets(environment: EnvironmentSettings, path: str, pipe: PipeSettings) -> Iterator[Problem]:
    """Check what messages start."""
    yield from target_problems(environment, f"{path}.target", pipe.target, PIPE)


@each("rules")
def check_rule_targets(environment: EnvironmentSettings, path: str, rule: RuleSettings) -> Iterator[Problem]:
    """Check what events start."""
    yield from target_problems(environment, f"{path}.target", rule.target, RULE)


def target_problems(
    environment: EnvironmentSettings, path: str, target: TargetSettings, starter: Starter
) -> Iterator[Problem]:
    """Yield what keeps ``starter`` from starting the target at ``path``."""
    match target:
        case JobRequest():
            yield from job_request_problems(environment, path, target, left_out=starter.left_out)
            yield from skip_if_invalid(_lost_problems(environment, path, target, starter))
        case TaskRun():
            yield from skip_if_invalid(_container_problems(environment, path, target))
            yield from skip_if_invalid(_capacity_problems(environment, path, target, starter))
        case TopicMessage():
            yield from _body_problems(path, target, starter)
        case QueueMessage():
            yield from skip_if_invalid(_message_problems(environment, path, target, starter))
        case Drain() if starter is PIPE:
            fix = "have a schedule, a rule or its alarm_messages start it"
            reason = "a pipe takes messages itself"
            yield Problem(path, "be something that one message starts", format_value(target), reason, fix)
        case PipelineExecution():
            yield from skip_if_invalid(execution_problems(environment, path, target))


def execution_problems(
    environment: EnvironmentSettings,
    path: str,
    execution: PipelineExecution,
    *,
    passed_on: frozenset[str] = frozenset(),
) -> Iterator[Problem]:
    """Yield what keeps a pipeline from being executed as ``execution`` says.

    ``passed_on``: parameters that are given besides.
    """
    pipeline = environment.pipelines.get(execution.pipeline)
    if pipeline is None:
        return
    known = {*pipeline.parameters, *pipeline.required_parameters}
    for name in execution.parameters:
        if name not in known:
            yield unknown_name(
                f"{path}.parameters.{name}", name, known, f"parameters of pipelines.{execution.pipeline}"
            )
    for name in sorted({*pipeline.required_parameters} - {*execution.parameters} - passed_on):
        rule = f"have {name}, which pipelines.{execution.pipeline}.required_parameters has"
        yield Problem(f"{path}.parameters", rule, None, "an execution without it fails at once")
    if execution.share_identifier is not None and pipeline.share_identifier is None:
        rule = f"be left out where pipelines.{execution.pipeline}.share_identifier is None"
        yield Problem(f"{path}.share_identifier", rule, repr(execution.share_identifier), "it would change nothing")


def _lost_problems(
    environment: EnvironmentSettings, path: str, request: JobRequest, starter: Starter
) -> Iterator[Problem]:
    """Check what the starter would drop."""
    for name in sorted(starter.left_out):
        value = getattr(request, name)
        if value != type(request).model_fields[name].get_default(call_default_factory=True):
            fix = "have a schedule or a pipeline start the job, or set it in the job definition"
            rule = f"be left out of what {starter.called} starts"
            got = format_value(list(value) if isinstance(value, tuple) else value)
            yield Problem(f"{path}.{name}", rule, got, f"{starter.called} cannot pass it on", fix)
    job = environment.job_definitions.get(request.job_definition)
    if starter.overrides_containers_only and isinstance(job, SEVERAL):
        said = {"environment": ", ".join(sorted(request.environment))} if request.environment else {}
        for name, value in (said | request.container_changes).items():
            yield Problem(
                f"{path}.{name}",
                f"be left out of what {starter.called} starts of a job with several containers, pods or nodes",
                value if name == "environment" else format_value(value),
                f"{starter.called} can override one container",
                fix="give parameters",
            )


def _container_problems(environment: EnvironmentSettings, path: str, run: TaskRun) -> Iterator[Problem]:
    definition = environment.task_definitions.get(run.task_definition)
    containers = definition.task.containers if definition else {}
    for name in run.commands if definition else ():
        if name not in containers:
            kind = f"containers of task_definitions.{run.task_definition}"
            yield unknown_name(f"{path}.commands.{name}", name, containers, kind)


def _capacity_problems(
    environment: EnvironmentSettings, path: str, run: TaskRun, starter: Starter
) -> Iterator[Problem]:
    """Check how many shares of capacity the starter can name."""
    definition = environment.task_definitions.get(run.task_definition)
    if definition is None:
        return
    where, most = f"task_definitions.{run.task_definition}.capacity", starter.most_shares
    if len(definition.capacity) > most:
        rule = f"have at most {most} items, to be run by {path}"
        yield Problem(where, rule, format_value(len(definition.capacity)), f"{starter.called} can name no more")
    cluster = environment.clusters.get(definition.cluster)
    if not definition.capacity and cluster is not None and len(cluster.default_capacity) > most:
        rule = f"be given where clusters.{definition.cluster}.default_capacity has more than {most} items"
        yield Problem(where, f"{rule}, to be run by {path}", "()", f"{starter.called} can name no more")


def _body_problems(path: str, message: QueueMessage | TopicMessage, starter: Starter) -> Iterator[Problem]:
    if message.body is None and not starter.has_input:
        yield Problem(f"{path}.body", f"be given for {starter.called}", "None", "there is nothing else to send")


def _message_problems(
    environment: EnvironmentSettings, path: str, message: QueueMessage, starter: Starter
) -> Iterator[Problem]:
    queue = environment.queues.get(message.queue)
    yield from _body_problems(path, message, starter)
    if isinstance(queue, QueueSettings):
        yield from _fifo_problems(path, message, queue, starter)


def _fifo_problems(path: str, message: QueueMessage, queue: QueueSettings, starter: Starter) -> Iterator[Problem]:
    where, group = f"queues.{message.queue}", message.message_group_id
    if not queue.is_fifo and group is not None:
        rule = f"be left out for {where}, which is no FIFO queue"
        yield Problem(f"{path}.message_group_id", rule, repr(group), "it has no order to keep")
    if queue.is_fifo and group is None:
        rule = f"be given for {where}, a FIFO queue"
        yield Problem(f"{path}.message_group_id", rule, "None", "otherwise SQS refuses the message")
    deduplicates = not isinstance(queue, FifoMessageQueueSettings) or queue.content_based_deduplication
    if not deduplicates and not starter.gives_deduplication_ids:
        rule = f"be True, to get messages from {path}"
        reason = f"{starter.called} gives no deduplication id, without which SQS refuses the message"
        yield Problem(f"{where}.content_based_deduplication", rule, "False", reason)
