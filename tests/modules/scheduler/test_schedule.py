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
from modules.scheduler.schedule import Schedule
from modules.scheduler.settings import ScheduleSettings
from modules.sqs.message_queue import MessageQueue
from modules.sqs.queue import Queue
from modules.sqs.settings import ExistingQueue
from modules.targets.settings import FunctionCall, QueueMessage, TargetSettings, TaskRun
from modules.targets.targets import FunctionTarget, JobTarget, QueueTarget, Target, TaskTarget
from tests.conftest import Synthesized
from tests.modules.batch.api import request_problems
from tests.modules.batch.samples import every_kind
from tests.modules.ecs.samples import LOCATION, fargate_task, placement
from tests.modules.scheduler.requests import lowered
from tests.policies import statements

ARN = "arn:aws:sqs:us-east-1:111122223333"
FUNCTION = "arn:aws:lambda:us-east-1:111122223333:function:notify"


def queue(stack: TerraformStack, name: str) -> Queue:
    return MessageQueue.from_queue_arn(
        stack, name, settings=ExistingQueue(queue_arn=f"{ARN}:{name}", visibility_timeout_seconds=30)
    )


def scheduled(stack: TerraformStack, target: Target, settings: TargetSettings, **changes: Any) -> Synthesized:
    arguments = {key: changes.pop(key) for key in ("dead_letter_queue", "group_name") if key in changes}
    values: dict[str, Any] = {"target": settings, "expression": "cron(0 2 * * ? *)", "timezone": "Europe/Berlin"}
    Schedule(
        stack,
        "nightly",
        name="tb-test-nightly",
        settings=ScheduleSettings(**values | changes),
        target=target,
        location=LOCATION,
        **arguments,
    )
    return Synthesized(stack)


def of_a_task(stack: TerraformStack, *, task_count: int = 1, environment: Any = None, **changes: Any) -> Synthesized:
    definition = RunTaskDefinition(cluster="main", task=fargate_task(), tags={"team": "search"})
    run = RunTask(stack, "index", name="tb-test-index", settings=definition, placement=placement(stack))
    settings = TaskRun(task_definition="index", task_count=task_count, environment=environment or {})
    return scheduled(stack, TaskTarget(settings, run.runnable), settings, **changes)


def test_a_task_is_run_with_the_revision_that_was_applied(stack: TerraformStack) -> None:
    synthesized = of_a_task(stack)
    schedule = synthesized.one("aws_scheduler_schedule")
    assert {key: schedule[key] for key in schedule if key not in ("target", "depends_on")} == {
        "name": "tb-test-nightly",
        "state": "ENABLED",
        "schedule_expression": "cron(0 2 * * ? *)",
        "schedule_expression_timezone": "Europe/Berlin",
        "flexible_time_window": {"mode": "OFF"},
    }
    target = schedule["target"]
    assert target["arn"] == f"${{{synthesized.address('aws_ecs_cluster', 'tb-test-main')}.arn}}"
    (definition,) = synthesized.document["resource"]["aws_ecs_task_definition"]
    assert target["ecs_parameters"] == {
        "task_definition_arn": f"${{aws_ecs_task_definition.{definition}.arn}}",
        "task_count": 1,
        "capacity_provider_strategy": [{"capacity_provider": "FARGATE_SPOT", "weight": 1}],
        "network_configuration": {
            "subnets": ["subnet-0a", "subnet-0b"],
            "security_groups": ["sg-0a"],
            "assign_public_ip": False,
        },
        "platform_version": "LATEST",
        "enable_ecs_managed_tags": True,
        "propagate_tags": "TASK_DEFINITION",
        "tags": {"team": "search"},
    }
    assert target["retry_policy"] == {"maximum_retry_attempts": 3, "maximum_event_age_in_seconds": 3_600}
    assert not {"dead_letter_config", "input"} & set(target)


def test_nothing_is_started_before_all_that_it_needs_is_there(stack: TerraformStack) -> None:
    synthesized = of_a_task(stack)
    (association,) = synthesized.document["resource"]["aws_ecs_cluster_capacity_providers"]
    permissions = sorted(
        f"aws_iam_role_policy.{id_}" for id_ in synthesized.document["resource"]["aws_iam_role_policy"]
    )
    waits_for = synthesized.one("aws_scheduler_schedule")["depends_on"]
    assert waits_for == [f"aws_ecs_cluster_capacity_providers.{association}", *permissions]


def test_a_task_hears_of_its_overrides(stack: TerraformStack) -> None:
    target = of_a_task(stack, task_count=10, environment={"DAY": "<aws.scheduler.scheduled-time>"}).one(
        "aws_scheduler_schedule"
    )["target"]
    day = {"name": "DAY", "value": "<aws.scheduler.scheduled-time>"}
    assert json.loads(target["input"]) == {"containerOverrides": [{"name": "worker", "environment": [day]}]}
    assert target["ecs_parameters"]["task_count"] == 10


def test_a_schedule_is_as_patient_as_it_is_told(stack: TerraformStack) -> None:
    schedule = of_a_task(
        stack,
        state="DISABLED",
        start="2027-01-01T00:00:00Z",
        end="2027-12-31T00:00:00Z",
        flexible_window_minutes=30,
        retry_attempts=0,
        max_event_age_seconds=60,
        dead_letter_queue=queue(stack, "failed"),
        group_name="tb-test-exports",
    ).one("aws_scheduler_schedule")
    assert (schedule["state"], schedule["group_name"]) == ("DISABLED", "tb-test-exports")
    assert (schedule["start_date"], schedule["end_date"]) == ("2027-01-01T00:00:00Z", "2027-12-31T00:00:00Z")
    assert schedule["flexible_time_window"] == {"mode": "FLEXIBLE", "maximum_window_in_minutes": 30}
    assert schedule["target"]["retry_policy"] == {"maximum_retry_attempts": 0, "maximum_event_age_in_seconds": 60}
    assert schedule["target"]["dead_letter_config"] == {"arn": f"{ARN}:failed"}


@pytest.mark.parametrize("with_queue", [True, False])
def test_its_role_may_start_the_target_and_tell_of_failures(stack: TerraformStack, with_queue: bool) -> None:
    synthesized = of_a_task(stack, dead_letter_queue=queue(stack, "failed") if with_queue else None)
    role = synthesized.address("aws_iam_role", "tb-test-nightly-schedule")
    allowed = [
        sid
        for item in synthesized.all("aws_iam_role_policy")
        if item["role"] == f"${{{role}.name}}"
        for sid in statements(item["policy"])
    ]
    assert sorted(allowed) == sorted(["RunTask", "PassRoles", "TagTask", *(["SendMessages"] if with_queue else [])])
    (trust,) = json.loads(synthesized.named("aws_iam_role", "tb-test-nightly-schedule")["assume_role_policy"])[
        "Statement"
    ]
    assert trust["Principal"] == {"Service": "scheduler.amazonaws.com"}
    assert trust["Condition"] == {"StringEquals": {"aws:SourceAccount": "111122223333"}}


@pytest.mark.parametrize("kind", sorted(every_kind()))
def test_a_job_is_submitted_as_batch_takes_it(stack: TerraformStack, kind: str) -> None:
    context = SubmissionContext(
        every_kind()[kind], f"tb-test-{kind}", "tb-test-light", {"project": "tb", "environment": "test"}
    )
    request = JobRequest(
        job_definition=kind,
        share_identifier="search",
        environment={"model": "large"},
        parameters={"date": "<aws.scheduler.scheduled-time>", "empty": ""},
        timeout_seconds=60,
        attempts=2,
        tags={"team": "search"},
    )
    target = JobTarget("nightly", request, context, LOCATION, {"environment": "test"})
    written = scheduled(stack, target, request).one("aws_scheduler_schedule")["target"]
    assert written["arn"] == "arn:aws:scheduler:::aws-sdk:batch:submitJob"
    document = json.loads(written["input"])
    assert (document["JobQueue"], document["ShareIdentifier"]) == ("tb-test-light", "search")
    assert document["Parameters"] == {"date": "<aws.scheduler.scheduled-time>", "empty": ""}
    assert document["Tags"] == {"project": "tb", "environment": "test", "team": "search"}
    assert lowered(document) == target.request
    assert request_problems("batch", "SubmitJob", lowered(document)) == []


def test_a_message_is_sent_as_it_is_written(stack: TerraformStack) -> None:
    settings = QueueMessage(queue="work", body='{"day": "${today}"}', message_group_id="days")
    target = scheduled(stack, QueueTarget(settings, queue(stack, "work")), settings).one("aws_scheduler_schedule")[
        "target"
    ]
    assert (target["arn"], target["input"]) == (f"{ARN}:work", '{"day": "$${today}"}')
    assert target["sqs_parameters"] == {"message_group_id": "days"}


def test_a_message_without_a_group_has_no_parameters(stack: TerraformStack) -> None:
    settings = QueueMessage(queue="work", body="go")
    target = scheduled(stack, QueueTarget(settings, queue(stack, "work")), settings).one("aws_scheduler_schedule")
    assert "sqs_parameters" not in target["target"]


@pytest.mark.parametrize("payload", [None, '{"day":1}'])
def test_a_function_is_called(stack: TerraformStack, payload: str | None) -> None:
    settings = FunctionCall(function="notify", payload=payload)
    target = FunctionTarget(settings, ExistingFunction(function_arn=FUNCTION))
    written = scheduled(stack, target, settings).one("aws_scheduler_schedule")["target"]
    assert (written["arn"], written.get("input")) == (FUNCTION, payload)


def test_what_a_schedule_says_is_encrypted_with_a_key_that_its_role_may_use(stack: TerraformStack) -> None:
    message = QueueMessage(queue="work", body="go")
    target = QueueTarget(message, queue(stack, "work"))
    synthesized = scheduled(stack, target, message, kms_key=NewKmsKey())
    key = synthesized.one("aws_kms_key")
    assert synthesized.one("aws_scheduler_schedule")["kms_key_arn"].endswith(".arn}")
    assert synthesized.one("aws_kms_alias")["name"] == "alias/schedules/tb-test-nightly"
    permissions = [statements(item["policy"]) for item in synthesized.all("aws_iam_role_policy")]
    assert any(found.get("DecryptSchedule", {}).get("Action") == "kms:Decrypt" for found in permissions)
    assert key["enable_key_rotation"] is True


def test_without_a_key_of_its_own_a_schedule_has_no_right_to_one(stack: TerraformStack) -> None:
    message = QueueMessage(queue="work", body="go")
    synthesized = scheduled(stack, QueueTarget(message, queue(stack, "work")), message)
    assert "kms_key_arn" not in synthesized.one("aws_scheduler_schedule")
    assert "aws_kms_key" not in synthesized.types()
