import json
from typing import Any

import pytest
from cdktf import TerraformStack

from modules.batch.settings.submissions import JobRequest
from modules.batch.submission import SubmissionContext
from modules.ecs.run_task import RunTask
from modules.ecs.settings.run_tasks import RunTaskDefinition
from modules.kms.settings import NewKmsKey
from modules.lambda_functions.settings import ExistingFunction
from modules.pipes.pipe import Pipe
from modules.pipes.settings import MessageFilter, PipeSettings
from modules.sqs.message_queue import MessageQueue
from modules.sqs.queue import Queue
from modules.sqs.settings import ExistingQueue
from modules.targets.settings import FunctionCall, PipelineExecution, QueueMessage, TargetSettings, TaskRun
from modules.targets.targets import FunctionTarget, JobTarget, PipelineTarget, QueueTarget, Target, TaskTarget
from tests.conftest import Synthesized
from tests.modules.batch.samples import every_kind
from tests.modules.ecs.samples import LOCATION, fargate_task, placement
from tests.policies import findings, statements

ARN = "arn:aws:sqs:us-east-1:111122223333"
FUNCTION = "arn:aws:lambda:us-east-1:111122223333:function:notify"
KEY = "arn:aws:kms:us-east-1:111122223333:key/11111111-2222-3333-4444-555555555555"
JOB = JobRequest(
    job_definition="fargate",
    parameters={"date": "$.body.date", "model": "${large}"},
    environment={"KIND": "$.body.kind"},
    array_size=5,
    sequential=True,
    attempts=2,
)


def queue(stack: TerraformStack, name: str) -> Queue:
    settings = ExistingQueue(queue_arn=f"{ARN}:{name}", visibility_timeout_seconds=30, kms_key_arn=KEY)
    return MessageQueue.from_queue_arn(stack, name, settings=settings)


def piped(stack: TerraformStack, target: Target, settings: TargetSettings, **changes: Any) -> Synthesized:
    Pipe(
        stack,
        "embed",
        name="tb-test-embed",
        settings=PipeSettings(**{"queue": "intake", "target": settings, **changes}),
        queue=queue(stack, "intake"),
        target=target,
        location=LOCATION,
    )
    return Synthesized(stack)


def of_a_job(stack: TerraformStack, request: JobRequest = JOB, **changes: Any) -> Synthesized:
    context = SubmissionContext(every_kind()["fargate"], "tb-test-fargate", "tb-test-light", {"project": "tb"})
    return piped(stack, JobTarget("embed", request, context, LOCATION), request, **changes)


def of_a_task(stack: TerraformStack, run: TaskRun) -> Synthesized:
    definition = RunTaskDefinition(cluster="main", task=fargate_task(), tags={"team": "search"})
    task = RunTask(stack, "index", name="tb-test-index", settings=definition, placement=placement(stack))
    return piped(stack, TaskTarget(run, task.runnable), run)


def test_each_message_submits_a_job_with_what_it_says(stack: TerraformStack) -> None:
    pipe = of_a_job(stack).one("aws_pipes_pipe")
    assert (pipe["source"], pipe["desired_state"]) == (f"{ARN}:intake", "RUNNING")
    assert pipe["target"] == "arn:aws:batch:us-east-1:111122223333:job-queue/tb-test-light"
    assert pipe["target_parameters"] == {
        "batch_job_parameters": {
            "job_definition": "arn:aws:batch:us-east-1:111122223333:job-definition/tb-test-fargate",
            "job_name": "embed",
            "parameters": {"date": "$.body.date", "model": "$${large}"},
            "container_overrides": {"environment": [{"name": "KIND", "value": "$.body.kind"}]},
            "array_properties": {"size": 5},
            "depends_on": [{"type": "SEQUENTIAL"}],
            "retry_strategy": {"attempts": 2},
        }
    }


def test_the_plainest_job_says_nothing_that_is_not_needed(stack: TerraformStack) -> None:
    parameters = of_a_job(stack, JobRequest(job_definition="fargate")).one("aws_pipes_pipe")["target_parameters"]
    assert set(parameters["batch_job_parameters"]) == {"job_definition", "job_name"}


def test_messages_are_filtered_and_collected_as_told(stack: TerraformStack) -> None:
    settings = FunctionCall(function="notify")
    pipe = piped(
        stack,
        FunctionTarget(settings, ExistingFunction(function_arn=FUNCTION)),
        settings,
        filters=[MessageFilter(matches={"body.kind": ["image"]})],
        batch_size=20,
        batch_window_seconds=5,
        state="STOPPED",
    ).one("aws_pipes_pipe")
    assert pipe["source_parameters"] == {
        "filter_criteria": {"filter": [{"pattern": '{"body":{"kind":["image"]}}'}]},
        "sqs_queue_parameters": {"batch_size": 20, "maximum_batching_window_in_seconds": 5},
    }
    assert pipe["desired_state"] == "STOPPED"
    assert pipe["target_parameters"] == {"lambda_function_parameters": {"invocation_type": "REQUEST_RESPONSE"}}


def test_without_filters_the_size_of_a_batch_is_said_all_the_same(stack: TerraformStack) -> None:
    assert of_a_job(stack).one("aws_pipes_pipe")["source_parameters"] == {
        "sqs_queue_parameters": {"batch_size": 1, "maximum_batching_window_in_seconds": 0}
    }


def test_each_message_runs_a_task_with_what_it_says(stack: TerraformStack) -> None:
    run = TaskRun(task_definition="index", task_count=2, environment={"KEY": "$.body.key"}, commands={"worker": ["go"]})
    synthesized = of_a_task(stack, run)
    pipe = synthesized.one("aws_pipes_pipe")
    assert pipe["target"] == f"${{{synthesized.address('aws_ecs_cluster', 'tb-test-main')}.arn}}"
    task = pipe["target_parameters"]["ecs_task_parameters"]
    assert task.pop("task_definition_arn").endswith(".arn}")
    assert task == {
        "task_count": 2,
        "capacity_provider_strategy": [{"capacity_provider": "FARGATE_SPOT", "weight": 1}],
        "network_configuration": {
            "aws_vpc_configuration": {
                "subnets": ["subnet-0a", "subnet-0b"],
                "security_groups": ["sg-0a"],
                "assign_public_ip": "DISABLED",
            }
        },
        "overrides": {
            "container_override": [
                {"name": "worker", "command": ["go"], "environment": [{"name": "KEY", "value": "$.body.key"}]}
            ]
        },
        "platform_version": "LATEST",
        "enable_ecs_managed_tags": True,
        "propagate_tags": "TASK_DEFINITION",
        "tags": {"team": "search"},
    }


def test_a_task_as_it_is_defined_has_no_overrides(stack: TerraformStack) -> None:
    task = of_a_task(stack, TaskRun(task_definition="index")).one("aws_pipes_pipe")["target_parameters"]
    assert "overrides" not in task["ecs_task_parameters"]


@pytest.mark.parametrize(
    ("body", "template"),
    [(None, "<$.body>"), ("$.body.key", "<$.body.key>"), ('{"k":"<$.body.k>"}', '{"k":"<$.body.k>"}')],
)
def test_a_message_is_forwarded_or_made_anew(stack: TerraformStack, body: str | None, template: str) -> None:
    settings = QueueMessage(queue="ordered", body=body, message_group_id="all")
    parameters = piped(stack, QueueTarget(settings, queue(stack, "ordered")), settings).one("aws_pipes_pipe")
    assert parameters["target"] == f"{ARN}:ordered"
    assert parameters["target_parameters"] == {
        "input_template": template,
        "sqs_queue_parameters": {"message_group_id": "all", "message_deduplication_id": "$.messageId"},
    }


def test_a_message_to_a_standard_queue_has_no_group(stack: TerraformStack) -> None:
    settings = QueueMessage(queue="plain")
    pipe = piped(stack, QueueTarget(settings, queue(stack, "plain")), settings).one("aws_pipes_pipe")
    assert pipe["target_parameters"] == {"input_template": "<$.body>"}


def test_its_role_reads_the_queue_and_submits_this_job(stack: TerraformStack) -> None:
    synthesized = of_a_job(stack)
    found: dict[str, Any] = {}
    for item in synthesized.all("aws_iam_role_policy"):
        assert findings(item["policy"]) == set()
        found |= statements(item["policy"])
    assert found["ConsumeMessages"]["Resource"] == f"{ARN}:intake"
    assert found["ConsumeWithKey"]["Resource"] == KEY
    assert set(found) == {"ConsumeMessages", "ConsumeWithKey", "SubmitNamed"}
    (trust,) = json.loads(synthesized.one("aws_iam_role")["assume_role_policy"])["Statement"]
    assert trust["Principal"] == {"Service": "pipes.amazonaws.com"}
    assert trust["Condition"] == {"StringEquals": {"aws:SourceAccount": "111122223333"}}
    policies = synthesized.document["resource"]["aws_iam_role_policy"]
    assert set(synthesized.one("aws_pipes_pipe")["depends_on"]) == {f"aws_iam_role_policy.{id_}" for id_ in policies}


def test_it_logs_what_goes_wrong(stack: TerraformStack) -> None:
    synthesized = of_a_job(stack, log_level="TRACE", log_retention_days=7)
    group = synthesized.one("aws_cloudwatch_log_group")
    assert (group["name"], group["retention_in_days"]) == ("/aws/vendedlogs/pipes/tb-test-embed", 7)
    log = synthesized.one("aws_pipes_pipe")["log_configuration"]
    assert log["level"] == "TRACE"
    assert log["cloudwatch_logs_log_destination"]["log_group_arn"].startswith("${aws_cloudwatch_log_group.")


def test_a_key_of_its_own_encrypts_the_pipe_and_its_logs(stack: TerraformStack) -> None:
    synthesized = of_a_job(stack, kms_key=NewKmsKey())
    key = f"${{aws_kms_key.{next(iter(synthesized.document['resource']['aws_kms_key']))}.arn}}"
    assert synthesized.one("aws_pipes_pipe")["kms_key_identifier"] == key
    assert synthesized.one("aws_cloudwatch_log_group")["kms_key_id"] == key
    assert "EncryptLogGroup" in statements(synthesized.one("aws_kms_key")["policy"])
    own = [item for item in synthesized.all("aws_iam_role_policy") if item["name"] == "read-own-settings"]
    assert statements(own[0]["policy"])["DecryptPipe"]["Resource"] == key


def test_each_message_executes_a_pipeline_with_what_it_says(stack: TerraformStack) -> None:
    settings = PipelineExecution(pipeline="nightly", parameters={"date": "$.body.date", "model": "large"})
    synthesized = piped(stack, PipelineTarget(settings, "tb-test-nightly", LOCATION), settings)
    pipe = synthesized.one("aws_pipes_pipe")
    assert pipe["target"] == "arn:aws:states:us-east-1:111122223333:stateMachine:tb-test-nightly:live"
    assert pipe["target_parameters"] == {
        "step_function_state_machine_parameters": {"invocation_type": "FIRE_AND_FORGET"},
        "input_template": '{"date":"<$.body.date>","model":"large"}',
    }
    allowed = [statements(item["policy"]) for item in synthesized.all("aws_iam_role_policy")]
    assert {"ExecutePipeline"} in [set(item) for item in allowed]
