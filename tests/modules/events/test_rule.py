import json
from typing import Any

import pytest
from cdktf import TerraformStack

from modules.batch.settings.submissions import JobRequest
from modules.batch.submission import SubmissionContext
from modules.ecs.run_task import RunTask
from modules.ecs.settings.run_tasks import RunTaskDefinition
from modules.events.replay import replay_command
from modules.events.rule import Rule
from modules.events.settings import RuleSettings
from modules.events.sources import EventContext, HealthEvent
from modules.kms.settings import NewKmsKey
from modules.lambda_functions.settings import ExistingFunction
from modules.sqs.message_queue import MessageQueue
from modules.sqs.queue import Queue
from modules.sqs.settings import ExistingQueue
from modules.targets.settings import FunctionCall, PipelineExecution, QueueMessage, TargetSettings, TaskRun
from modules.targets.targets import FunctionTarget, JobTarget, PipelineTarget, QueueTarget, Target, TaskTarget
from tests.conftest import Synthesized
from tests.modules.batch.samples import every_kind
from tests.modules.ecs.samples import LOCATION, fargate_task, placement
from tests.policies import statements

ARN = "arn:aws:sqs:us-east-1:111122223333"
FUNCTION = "arn:aws:lambda:us-east-1:111122223333:function:notify"


def queue(stack: TerraformStack, name: str) -> Queue:
    settings = ExistingQueue(queue_arn=f"{ARN}:{name}", visibility_timeout_seconds=30)
    return MessageQueue.from_queue_arn(stack, name, settings=settings)


def ruled(
    stack: TerraformStack, target: Target, settings: TargetSettings, *, dead: Queue | None = None, **changes: Any
) -> Synthesized:
    Rule(
        stack,
        "go",
        name="tb-test-go",
        settings=RuleSettings(**{"event": HealthEvent(), "target": settings, **changes}),
        target=target,
        context=EventContext(LOCATION),
        dead_letter_queue=dead,
    )
    return Synthesized(stack)


def of_a_job(stack: TerraformStack, *, dead: Queue | None = None, request: Any = None, **changes: Any) -> Synthesized:
    settings = request or JobRequest(job_definition="fargate", parameters={"key": "$.detail.object.key", "x": "${y}"})
    context = SubmissionContext(every_kind()["fargate"], "tb-test-fargate", "tb-test-light", {"project": "tb"})
    return ruled(stack, JobTarget("go", settings, context, LOCATION), settings, dead=dead, **changes)


def of_a_function(stack: TerraformStack, arn: str, **call: Any) -> Synthesized:
    settings = FunctionCall(function="notify", **call)
    return ruled(stack, FunctionTarget(settings, ExistingFunction(function_arn=arn)), settings)


def test_an_event_submits_a_job_with_what_it_says(stack: TerraformStack) -> None:
    synthesized = of_a_job(stack, state="DISABLED", tags={"team": "search"})
    rule, target = synthesized.one("aws_cloudwatch_event_rule"), synthesized.one("aws_cloudwatch_event_target")
    assert json.loads(rule["event_pattern"]) == {"source": ["aws.health"], "detail-type": ["AWS Health Event"]}
    assert (rule["name"], rule["state"], rule["tags"]) == ("tb-test-go", "DISABLED", {"team": "search"})
    assert target["arn"] == "arn:aws:batch:us-east-1:111122223333:job-queue/tb-test-light"
    assert target["batch_target"] == {
        "job_definition": "arn:aws:batch:us-east-1:111122223333:job-definition/tb-test-fargate",
        "job_name": "go",
    }
    assert target["input_transformer"] == {
        "input_paths": {"part-1": "$.detail.object.key"},
        "input_template": '{"Parameters":{"key":<part-1>,"x":"$${y}"}}',
    }
    assert target["retry_policy"] == {"maximum_retry_attempts": 185, "maximum_event_age_in_seconds": 86_400}
    assert "dead_letter_config" not in target


def test_a_job_may_be_an_array_with_tries(stack: TerraformStack) -> None:
    request = JobRequest(job_definition="fargate", array_size=5, attempts=2, parameters={"key": "a"})
    target = of_a_job(stack, request=request, dead=queue(stack, "lost")).one("aws_cloudwatch_event_target")
    assert (target["batch_target"]["array_size"], target["batch_target"]["job_attempts"]) == (5, 2)
    assert target["input"] == '{"Parameters":{"key":"a"}}'
    assert target["dead_letter_config"] == {"arn": f"{ARN}:lost"}


def test_a_job_without_parameters_is_told_nothing(stack: TerraformStack) -> None:
    target = of_a_job(stack, request=JobRequest(job_definition="fargate")).one("aws_cloudwatch_event_target")
    assert not {"input", "input_path", "input_transformer"} & set(target)


def test_its_role_submits_this_job_and_tags_none(stack: TerraformStack) -> None:
    synthesized = of_a_job(stack)
    (policy,) = synthesized.all("aws_iam_role_policy")
    assert set(statements(policy["policy"])) == {"SubmitNamed"}
    (trust,) = json.loads(synthesized.one("aws_iam_role")["assume_role_policy"])["Statement"]
    assert trust["Principal"] == {"Service": "events.amazonaws.com"}
    (id_,) = synthesized.document["resource"]["aws_iam_role_policy"]
    assert synthesized.one("aws_cloudwatch_event_target")["depends_on"] == [f"aws_iam_role_policy.{id_}"]


@pytest.mark.parametrize("overridden", [True, False])
def test_an_event_runs_a_task(stack: TerraformStack, overridden: bool) -> None:
    run = TaskRun(task_definition="index", task_count=3, environment={"KEY": "$.detail.key"} if overridden else {})
    definition = RunTaskDefinition(cluster="main", task=fargate_task(), tags={"team": "search"})
    task = RunTask(stack, "index", name="tb-test-index", settings=definition, placement=placement(stack))
    target = ruled(stack, TaskTarget(run, task.runnable), run).one("aws_cloudwatch_event_target")
    ecs = target["ecs_target"]
    assert ecs.pop("task_definition_arn").endswith(".arn}")
    assert ecs == {
        "task_count": 3,
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
    template = target.get("input_transformer", {}).get("input_template")
    variables = '[{"name":"KEY","value":<part-1>}]'
    told = f'{{"containerOverrides":[{{"environment":{variables},"name":"worker"}}]}}'
    assert template == (told if overridden else None)


@pytest.mark.parametrize(
    ("body", "key", "told"),
    [
        (None, "input", None),
        ('{"a":1}', "input", '{"a":1}'),
        ("$.detail", "input_path", "$.detail"),
    ],
)
def test_an_event_is_sent_as_it_is_or_as_told(
    stack: TerraformStack, body: str | None, key: str, told: str | None
) -> None:
    settings = QueueMessage(queue="seen", body=body, message_group_id="all")
    synthesized = ruled(stack, QueueTarget(settings, queue(stack, "seen")), settings)
    target = synthesized.one("aws_cloudwatch_event_target")
    assert (target["arn"], target["sqs_target"]) == (f"{ARN}:seen", {"message_group_id": "all"})
    assert target.get(key) == told
    assert "role_arn" not in target
    assert "aws_iam_role" not in synthesized.types()


@pytest.mark.parametrize("version", [None, "live"])
def test_a_function_lets_the_rule_call_it(stack: TerraformStack, version: str | None) -> None:
    synthesized = of_a_function(stack, FUNCTION + (f":{version}" if version else ""), payload='{"id":"<$.id>"}')
    permission = synthesized.one("aws_lambda_permission")
    assert (permission["function_name"], permission.get("qualifier")) == (FUNCTION, version)
    assert (permission["principal"], permission["action"]) == ("events.amazonaws.com", "lambda:InvokeFunction")
    assert permission["source_arn"] == f"${{{synthesized.address('aws_cloudwatch_event_rule', 'tb-test-go')}.arn}}"
    target = synthesized.one("aws_cloudwatch_event_target")
    assert target["input_transformer"]["input_template"] == '{"id":"<part-1>"}'


def test_events_are_kept_where_they_are_to_be(stack: TerraformStack) -> None:
    synthesized = of_a_job(stack, archive_days=30)
    archive = synthesized.one("aws_cloudwatch_event_archive")
    assert archive["event_source_arn"] == "arn:aws:events:us-east-1:111122223333:event-bus/default"
    assert (archive["name"], archive["retention_days"]) == ("tb-test-go", 30)
    assert archive["event_pattern"] == synthesized.one("aws_cloudwatch_event_rule")["event_pattern"]


def test_an_archive_may_have_a_key_of_its_own(stack: TerraformStack) -> None:
    synthesized = of_a_job(stack, archive_days=30, archive_kms_key=NewKmsKey())
    assert "kms_key_identifier" in synthesized.one("aws_cloudwatch_event_archive")
    granted = statements(synthesized.one("aws_kms_key")["policy"])
    assert granted["DescribeByEvents"]["Action"] == "kms:DescribeKey"
    assert granted["EncryptEvents"]["Condition"] == {
        "StringEquals": {
            "kms:EncryptionContext:aws:events:event-bus:arn": "arn:aws:events:us-east-1:111122223333:event-bus/default"
        }
    }


def test_no_archive_is_made_unasked(stack: TerraformStack) -> None:
    assert "aws_cloudwatch_event_archive" not in of_a_job(stack).types()


def test_archived_events_are_replayed_to_their_rule() -> None:
    line = replay_command(LOCATION, "go", "arn:archive", "arn:rule")
    assert line == (
        'aws events start-replay --region us-east-1 --replay-name "go-$(date +%s)" --event-source-arn arn:archive'
        ' --event-start-time "$FROM" --event-end-time "$TO" --destination'
        ' \'{"Arn": "arn:aws:events:us-east-1:111122223333:event-bus/default", "FilterArns": ["arn:rule"]}\''
    )


def test_an_event_executes_a_pipeline_with_what_it_says(stack: TerraformStack) -> None:
    settings = PipelineExecution(pipeline="nightly", parameters={"key": "$.detail.object.key"})
    synthesized = ruled(stack, PipelineTarget(settings, "tb-test-nightly", LOCATION), settings)
    target = synthesized.one("aws_cloudwatch_event_target")
    assert target["arn"] == "arn:aws:states:us-east-1:111122223333:stateMachine:tb-test-nightly:live"
    assert target["input_transformer"] == {
        "input_paths": {"part-1": "$.detail.object.key"},
        "input_template": '{"key":<part-1>}',
    }
    (policy,) = synthesized.all("aws_iam_role_policy")
    assert set(statements(policy["policy"])) == {"ExecutePipeline"}
