"""What the role of a starter may do: start this one target, and nothing else."""

from typing import Any

from cdktf import TerraformStack

from modules.batch.settings.submissions import JobRequest
from modules.batch.submission import SubmissionContext
from modules.ecs.run_task import RunTask
from modules.ecs.settings.run_tasks import RunTaskDefinition
from modules.iam.workload_role import WorkloadRole
from modules.lambda_functions.settings import ExistingFunction
from modules.sqs.message_queue import MessageQueue
from modules.sqs.settings import ExistingQueue
from modules.targets.settings import FunctionCall, PipelineExecution, QueueMessage, TaskRun
from modules.targets.targets import FunctionTarget, JobTarget, PipelineTarget, QueueTarget, Target, TaskTarget
from tests.conftest import Synthesized
from tests.modules.batch.api import request_problems
from tests.modules.batch.samples import every_kind
from tests.modules.ecs.samples import LOCATION, fargate_container, fargate_task, placement
from tests.policies import findings, statements

FUNCTION = "arn:aws:lambda:us-east-1:111122223333:function:notify:live"
QUEUE = ExistingQueue(queue_arn="arn:aws:sqs:us-east-1:111122223333:failed", visibility_timeout_seconds=30)
ROLES = {"aws_iam_role": "arn:aws:iam::111122223333:role/sample"}


def granted(stack: TerraformStack, target: Target) -> dict[str, dict[str, Any]]:
    starter = WorkloadRole(
        stack, "starter", name="starter", services=["x.amazonaws.com"], account_id=None, description=""
    )
    target.grant_start(starter)
    synthesized = Synthesized(stack)
    role = f"${{{synthesized.address('aws_iam_role', 'starter')}.name}}"
    (document,) = [item["policy"] for item in synthesized.all("aws_iam_role_policy") if item["role"] == role]
    assert findings(document, ROLES) == set()
    return statements(document)


def task(stack: TerraformStack, **changes: Any) -> TaskTarget:
    containers = {"index": fargate_container(), "proxy": fargate_container()}
    settings = RunTaskDefinition(cluster="main", task=fargate_task(containers=containers))
    run = RunTask(stack, "index", name="tb-test-index", settings=settings, placement=placement(stack))
    return TaskTarget(TaskRun(task_definition="index", **changes), run.runnable)


def job(**changes: Any) -> JobTarget:
    context = SubmissionContext(
        job_definition=every_kind()["fargate"],
        job_definition_name="tb-test-fargate",
        job_queue_name="tb-test-light",
        tags={"project": "tb", "environment": "test"},
    )
    request = JobRequest(job_definition="fargate", **changes)
    return JobTarget("nightly", request, context, LOCATION, {"environment": "test"})


def test_a_job_is_submitted_to_its_queue_with_the_tags_of_the_platform(stack: TerraformStack) -> None:
    allowed = granted(stack, job())
    assert allowed["SubmitNamed"]["Resource"] == [
        "arn:aws:batch:us-east-1:111122223333:job-definition/tb-test-fargate",
        "arn:aws:batch:us-east-1:111122223333:job-definition/tb-test-fargate:*",
        "arn:aws:batch:us-east-1:111122223333:job-queue/tb-test-light",
        "arn:aws:batch:us-east-1:111122223333:job/*",
    ]
    tagging = allowed["TagSubmissions"]
    assert tagging["Condition"] == {"StringEquals": {"aws:RequestTag/environment": "test"}}
    assert set(allowed) == {"SubmitNamed", "TagSubmissions", "TagNewJobs", "TagOwn"}


def test_the_request_of_a_job_is_one_that_batch_takes() -> None:
    request = job(share_identifier="search", array_size=5, sequential=True).request
    assert request["dependsOn"] == [{"type": "SEQUENTIAL"}]
    assert (request["jobQueue"], request["shareIdentifier"]) == ("tb-test-light", "search")
    assert request_problems("batch", "SubmitJob", request) == []


def test_a_task_is_run_on_its_cluster_with_its_roles_only(stack: TerraformStack) -> None:
    target = task(stack)
    allowed = granted(stack, target)
    synthesized = Synthesized(stack)
    roles = [
        f"${{{synthesized.address('aws_iam_role', name)}.arn}}"
        for name in ("tb-test-index-task", "tb-test-index-task-execution")
    ]
    assert allowed == {
        "RunTask": {
            "Effect": "Allow",
            "Action": "ecs:RunTask",
            "Resource": "arn:aws:ecs:us-east-1:111122223333:task-definition/tb-test-index:*",
            "Condition": {"ArnEquals": {"ecs:cluster": "arn:aws:ecs:us-east-1:111122223333:cluster/tb-test-main"}},
        },
        "PassRoles": {
            "Effect": "Allow",
            "Action": "iam:PassRole",
            "Resource": roles,
            "Condition": {"StringEquals": {"iam:PassedToService": "ecs-tasks.amazonaws.com"}},
        },
        "TagTask": {
            "Effect": "Allow",
            "Action": "ecs:TagResource",
            "Resource": "arn:aws:ecs:us-east-1:111122223333:task/tb-test-main/*",
            "Condition": {"StringEquals": {"ecs:CreateAction": "RunTask"}},
        },
    }


def test_variables_reach_every_container_and_a_command_its_own(stack: TerraformStack) -> None:
    target = task(stack, task_count=3, environment={"DAY": "today"}, commands={"index": ["index", "--all"]})
    assert target.request["count"] == 3
    day = {"name": "DAY", "value": "today"}
    assert target.request["overrides"]["containerOverrides"] == [
        {"name": "index", "environment": [day], "command": ["index", "--all"]},
        {"name": "proxy", "environment": [day]},
    ]
    assert request_problems("ecs", "RunTask", target.request) == []


def test_a_command_alone_leaves_the_other_containers_as_they_are(stack: TerraformStack) -> None:
    target = task(stack, commands={"index": ["index"]})
    assert target.overrides == {"containerOverrides": [{"name": "index", "command": ["index"]}]}


def test_a_task_as_it_is_defined_has_no_overrides(stack: TerraformStack) -> None:
    assert not {"count", "overrides"} & set(task(stack).request)


def test_a_queue_gets_messages(stack: TerraformStack) -> None:
    queue = MessageQueue.from_queue_arn(stack, "failed", settings=QUEUE)
    allowed = granted(stack, QueueTarget(QueueMessage(queue="failed"), queue))
    assert {name: item["Resource"] for name, item in allowed.items()} == {"SendMessages": QUEUE.queue_arn}


def test_the_newest_version_of_a_pipeline_is_executed_and_no_other(stack: TerraformStack) -> None:
    settings = PipelineExecution(pipeline="nightly", parameters={"date": "today"}, share_identifier="search")
    target = PipelineTarget(settings, "tb-test-nightly", LOCATION)
    assert target.input == {"date": "today", "share_identifier": "search"}
    assert {name: item["Resource"] for name, item in granted(stack, target).items()} == {
        "ExecutePipeline": "arn:aws:states:us-east-1:111122223333:stateMachine:tb-test-nightly:live"
    }


def test_only_the_named_version_of_a_function_is_called(stack: TerraformStack) -> None:
    target = FunctionTarget(FunctionCall(function="notify"), ExistingFunction(function_arn=FUNCTION))
    assert granted(stack, target) == {
        "CallFunction": {"Effect": "Allow", "Action": "lambda:InvokeFunction", "Resource": FUNCTION}
    }
