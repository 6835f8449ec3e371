"""State machines, run by moto's Step Functions, whose tasks call moto's Batch, ECS, S3 and SQS.

Nothing sleeps: waits are only written down. What moto leaves out is put back, by its own means: the spelling of
requests and answers, arguments of APIs that are younger than its lists, AWS's own errors in branches, that a second
attempt of a job is not called back with the end of the first, how many items of a map may fail, exit codes, that a task
with one fails, and that S3 leaves out the list of what is below a prefix where there is nothing.
"""

import json
import logging
import re
import time
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from functools import cache
from types import SimpleNamespace
from typing import Any
from unittest.mock import patch

import boto3
import botocore.client
import botocore.session
from jsonpath_ng.ext.parser import parse as parse_extended
from jsonpath_ng.parser import parse
from moto import mock_aws
from moto.batch.models import Job
from moto.ecs.models import Container
from moto.stepfunctions.parser.api import HistoryEventType, MapRunFailedEventDetails, TaskFailedEventDetails
from moto.stepfunctions.parser.asl.component.common.error_name import custom_error_name
from moto.stepfunctions.parser.asl.component.common.error_name.failure_event import FailureEvent, FailureEventException
from moto.stepfunctions.parser.asl.component.common.error_name.states_error_name import StatesErrorName
from moto.stepfunctions.parser.asl.component.common.error_name.states_error_name_type import StatesErrorNameType
from moto.stepfunctions.parser.asl.component.common.path import result_path
from moto.stepfunctions.parser.asl.component.common.retry import retrier_decl
from moto.stepfunctions.parser.asl.component.state.exec.state_map.item_reader.eval.resource_eval_s3 import (
    ResourceEvalS3,
)
from moto.stepfunctions.parser.asl.component.state.exec.state_map.iteration.distributed_iteration_component import (
    DistributedIterationComponent,
)
from moto.stepfunctions.parser.asl.component.state.exec.state_parallel import branches_decl
from moto.stepfunctions.parser.asl.component.state.exec.state_task.service import (
    state_task_service_batch,
    state_task_service_callback,
    state_task_service_ecs,
)
from moto.stepfunctions.parser.asl.component.state.exec.state_task.service.state_task_service import StateTaskService
from moto.stepfunctions.parser.asl.component.state.exec.state_task.service.state_task_service_callback import (
    StateTaskServiceCallback,
)
from moto.stepfunctions.parser.asl.component.state.wait.wait_function.wait_function import WaitFunction
from moto.stepfunctions.parser.asl.eval.event.event_detail import EventDetails
from moto.stepfunctions.parser.asl.parse.asl_parser import AmazonStateLanguageParser
from moto.stepfunctions.parser.asl.utils import boto_client, json_path
from moto.stepfunctions.parser.models import stepfunctions_parser_backends

REGION, ACCOUNT = "us-east-1", "123456789012"
ROLE = f"arn:aws:iam::{ACCOUNT}:role/states"
CONFIG: Any = {
    "batch": {"use_docker": False},
    "lambda": {"use_docker": False},
    "stepfunctions": {"execute_state_machine": True},
}
SESSION = botocore.session.get_session()


@dataclass(frozen=True)
class Call:
    """One request that a state machine made."""

    operation: str
    request: Mapping[str, Any]

    @property
    def job(self) -> str:
        """The name of the job that it submits."""
        return str(self.request["jobName"])


@dataclass
class Run:
    """How an execution went: its end, its requests in their order, and the seconds of each of its waits."""

    status: str = ""
    output: Any = None
    error: str = ""
    cause: str = ""
    calls: list[Call] = field(default_factory=list)
    waits: list[float] = field(default_factory=list)
    events: int = 0

    @property
    def jobs(self) -> list[str]:
        """The names of the jobs, in the order they were submitted."""
        return [call.job for call in self.calls if call.operation == "SubmitJob"]


logging.getLogger("moto").setLevel(logging.CRITICAL)  # each failure would be written down with the whole program


def run(
    document: Mapping[str, Any],
    told: Mapping[str, Any] | None = None,
    *,
    fails: Mapping[str, int] | None = None,
    exit_codes: Mapping[str, int] | None = None,
    waits_forever: Collection[str] = (),
    prepare: Callable[[], object] = lambda: None,
    machines: Mapping[str, Mapping[str, Any]] | None = None,
) -> Run:
    """Execute a state machine. ``fails``: how often jobs of these names fail before one succeeds.

    ``exit_codes``: with what jobs and containers of these names end, each time; ``waits_forever``: queues whose jobs
    never find capacity.
    ``machines``: those that it executes itself, by name; ``prepare`` makes whatever else there must be.
    """
    result = Run()
    for task in tasks(document):
        assert not unknown_arguments(task), f"{task['Resource']} has no {unknown_arguments(task)}"
    with _local_aws(result, dict(fails or {}), exit_codes or {}, waits_forever):
        states = client("stepfunctions")
        named = {**(machines or {}), "pipeline": document}
        client("iam").create_role(RoleName="states", AssumeRolePolicyDocument="{}")
        _provide_for_jobs(list(named.values()))
        prepare()
        for name, definition in named.items():
            machine = states.create_state_machine(name=name, definition=json.dumps(definition), roleArn=ROLE)
        result.calls.clear()
        started = states.start_execution(
            stateMachineArn=machine["stateMachineArn"], name="execution", input=json.dumps(told or {})
        )
        execution = stepfunctions_parser_backends[ACCOUNT][REGION].describe_execution(started["executionArn"])
        deadline = time.monotonic() + 60
        while execution.status == "RUNNING":
            assert time.monotonic() < deadline, f"it still runs, after {result.calls}"
            time.sleep(0.01)
        end = states.describe_execution(executionArn=started["executionArn"])
        result.events = len(execution.to_history_output()["events"])
    result.status, result.error, result.cause = end["status"], end.get("error", ""), end.get("cause", "")
    result.output = json.loads(end["output"]) if "output" in end else None
    result.calls = [call for call in result.calls if call.operation not in ("DescribeExecution", "DescribeJobs")][1:]
    return result


def tasks(document: Any) -> Iterator[Mapping[str, Any]]:
    """Yield every task of a state machine, in branches too."""
    if isinstance(document, Mapping):
        if document.get("Type") == "Task":
            yield document
        for item in document.values():
            yield from tasks(item)
    elif isinstance(document, list):
        for item in document:
            yield from tasks(item)


def unknown_arguments(task: Mapping[str, Any]) -> set[str]:
    """Return the arguments of a task that its API does not have: the interpreter would drop them."""
    service, action = task["Resource"].split(":::")[1].removeprefix("aws-sdk:").split(":")[:2]
    known = _arguments({"states": "stepfunctions"}.get(service, service), action.partition(".")[0])
    return {name.removesuffix(".$") for name in task["Parameters"]} - known


@cache
def client(service: str) -> Any:
    """Return a client of the local AWS."""
    return boto3.client(service, region_name=REGION, aws_access_key_id="local", aws_secret_access_key="local")


@contextmanager
def _local_aws(
    result: Run, fails: dict[str, int], exit_codes: Mapping[str, int], waits_forever: Collection[str]
) -> Iterator[None]:
    request = botocore.client.BaseClient._make_api_call
    details, container_made = Job._container_details, Container.__init__
    task_ended = state_task_service_ecs.StateTaskServiceEcs._build_sync_resolver
    map_run = DistributedIterationComponent._map_run
    stop = Job._mark_stopped

    def noted_request(self: Any, operation: str, arguments: Mapping[str, Any]) -> Any:
        result.calls.append(Call(operation, arguments))
        if operation == "StartExecution":  # two without a name would have the same
            arguments = {"name": f"execution-{len(result.calls)}", **arguments}
        if operation == "ReceiveMessage":
            arguments = {**arguments, "WaitTimeSeconds": 0}
        return request(self, operation, arguments)

    def stopped(self: Any, success: bool = True) -> None:
        if self.job_queue.name in waits_forever:
            self.status = "RUNNABLE"
            return
        left = fails.get(self.job_name, 0)
        if ":" not in self.job_id:  # else it is a child, and the array counts
            fails[self.job_name] = left - 1
        waited_for = [self.all_jobs[item["jobId"]] for item in self.depends_on or () if item.get("jobId")]
        self.exit_code = exit_codes.get(self.job_name, int(left > 0))
        stop(self, success=success and not self.exit_code and all(job.status == "SUCCEEDED" for job in waited_for))

    def detailed(self: Any) -> dict[str, Any]:
        return {**details(self), "exitCode": self.exit_code}

    def made(self: Any, task_definition: Any) -> None:
        container_made(self, task_definition)
        self.exitCode = exit_codes.get(self.name, 0)

    def ended(self: Any, env: Any, **arguments: Any) -> Callable[[], Any] | None:
        look = task_ended(self, env, **arguments)

        def resolved() -> Any:
            task = look() if look else None
            if task and any(container["ExitCode"] for container in task["Containers"]):
                raise _task_failure(self, env, json.dumps(task, default=str))
            return task

        return resolved

    def waited(self: Any, env: Any, wait_seconds: float) -> None:
        result.waits.append(wait_seconds)

    def mapped(self: Any, env: Any, eval_input: Any) -> None:
        map_run(self, env, eval_input)
        counted = eval_input.map_run_record.item_counter
        if counted.failed.get() * 100 > eval_input.tolerated_failure_percentage * counted.total.get():
            raise _failure(env, StatesErrorNameType.StatesExceedToleratedFailureThreshold)

    with ExitStack() as stack:
        stack.enter_context(mock_aws(config=CONFIG))
        for owner, name, value in (
            (botocore.client.BaseClient, "_make_api_call", noted_request),
            (Job, "_mark_stopped", stopped),
            (Job, "_container_details", detailed),
            (Container, "__init__", made),
            (state_task_service_ecs.StateTaskServiceEcs, "_build_sync_resolver", ended),
            (ResourceEvalS3, "_handle_list_objects_v2", staticmethod(_listed)),
            (DistributedIterationComponent, "_map_run", mapped),
            (WaitFunction, "_wait_interval", waited),
            (retrier_decl, "time", SimpleNamespace(sleep=result.waits.append)),
            (state_task_service_callback, "_DELAY_SECONDS_SYNC_CONDITION_CHECK", 0.002),
            (StateTaskServiceCallback, "_eval_wait_for_task_token", _never_called_back),
            (StateTaskService, "_normalise_parameters", _in_the_api_spelling),
            (StateTaskService, "_normalise_response", _in_the_spelling_of_states),
            (
                state_task_service_batch,
                "_SUPPORTED_API_PARAM_BINDINGS",
                {"submitjob": _arguments("batch", "SubmitJob")},
            ),
            (state_task_service_ecs, "_SUPPORTED_API_PARAM_BINDINGS", {"runtask": _arguments("ecs", "RunTask")}),
            (branches_decl, "CustomErrorName", _error_name),
            # The same answers sooner: making parsers and clients is most of the time.
            (AmazonStateLanguageParser, "parse", _parsed_machine),
            (result_path, "parse", _parsed),
            (json_path, "parse", _parsed_extended),
            (boto_client, "boto3", SimpleNamespace(client=_client_of_tasks)),
        ):
            stack.enter_context(patch.object(owner, name, value))
        yield


def _provide_for_jobs(document: list[Mapping[str, Any]]) -> None:
    """Make the job queues and definitions that state machines name."""
    requests = list(values(document, "JobQueue"))
    if not requests:
        return
    batch = client("batch")
    capacity = batch.create_compute_environment(computeEnvironmentName="local", type="UNMANAGED", serviceRole=ROLE)
    order = [{"order": 1, "computeEnvironment": capacity["computeEnvironmentArn"]}]
    for name in sorted(set(requests)):
        batch.create_job_queue(jobQueueName=name, state="ENABLED", priority=1, computeEnvironmentOrder=order)
    container = {"image": "local", "command": ["true"], "vcpus": 1, "memory": 128}
    for name in sorted(set(values(document, "JobDefinition"))):
        batch.register_job_definition(jobDefinitionName=name, type="container", containerProperties=container)


def values(document: Any, key: str) -> Iterator[str]:
    """Yield the texts that stand under a key, anywhere in a document."""
    if isinstance(document, Mapping):
        if isinstance(found := document.get(key), str):
            yield found
        for item in document.values():
            yield from values(item, key)
    elif isinstance(document, list):
        for item in document:
            yield from values(item, key)


def _arguments(service: str, operation: str) -> set[str]:
    capitalized = operation[:1].upper() + operation[1:]
    members = SESSION.get_service_model(service).operation_model(capitalized).input_shape.members
    return {name[:1].upper() + name[1:] for name in members}


def _operation(task: Any, service: str | None, action: str | None) -> Any:
    model = SESSION.get_service_model(task._get_boto_service_name(service))
    wanted = task._get_boto_service_action(action).replace("_", "")
    return next(model.operation_model(name) for name in model.operation_names if name.lower() == wanted)


def _in_the_api_spelling(
    self: Any, parameters: Any, boto_service_name: str | None = None, service_action_name: str | None = None
) -> None:
    self._to_boto_request(parameters, _operation(self, boto_service_name, service_action_name).input_shape)


def _in_the_spelling_of_states(
    self: Any, response: Any, boto_service_name: str | None = None, service_action_name: str | None = None
) -> None:
    self._from_boto_response(response, _operation(self, boto_service_name, service_action_name).output_shape)


def _failure(env: Any, kind: Any) -> Exception:
    details = EventDetails(mapRunFailedEventDetails=MapRunFailedEventDetails(error=kind.to_name(), cause=""))
    event = FailureEvent(
        env=env,
        error_name=StatesErrorName(typ=kind),
        event_type=HistoryEventType.MapRunFailed,
        event_details=details,
    )
    return FailureEventException(event)  # type: ignore[no-any-return]


def _task_failure(task: Any, env: Any, cause: str) -> Exception:
    kind = StatesErrorNameType.StatesTaskFailed
    details = TaskFailedEventDetails(
        error=kind.to_name(), cause=cause, resource=task._get_sfn_resource(), resourceType=task._get_sfn_resource_type()
    )
    event = FailureEvent(
        env=env,
        error_name=StatesErrorName(typ=kind),
        event_type=HistoryEventType.TaskFailed,
        event_details=EventDetails(taskFailedEventDetails=details),
    )
    return FailureEventException(event)  # type: ignore[no-any-return]


def _listed(env: Any, resource_runtime_part: Any, state_credentials: Any) -> None:
    """Push the objects below a prefix: ``Contents``, which is no required member of what ListObjectsV2 answers."""
    listing = ResourceEvalS3._get_s3_client(resource_runtime_part, state_credentials).list_objects_v2(**env.stack.pop())
    env.stack.append(listing.get("Contents", []))


def _never_called_back(*_: Any, **__: Any) -> None:
    """Return nothing: no state machine of ours hands out task tokens."""


def _error_name(error_name: str) -> Any:
    known = next((item for item in StatesErrorNameType if item.to_name() == error_name), None)
    return StatesErrorName(typ=known) if known else custom_error_name.CustomErrorName(error_name)


_parsed, _parsed_machine = cache(parse), cache(AmazonStateLanguageParser.parse)


@dataclass(frozen=True)
class _OneValue:
    """A path that leads to one value: AWS tells that value, also where the path has [0] in it, and not a list of it."""

    expression: Any

    def find(self, data: Any) -> list[SimpleNamespace]:
        return [SimpleNamespace(value=match.value, path=None, context=None) for match in self.expression.find(data)]


@cache
def _parsed_extended(path: str) -> Any:
    return parse_extended(path) if re.search(r"[*?:]|\.\.", path) else _OneValue(parse_extended(path))


def _client_of_tasks(service_name: str, **_: Any) -> Any:
    """Return a client that, unlike the one that is asked for, refuses what botocore's models do not have."""
    return client(service_name)
