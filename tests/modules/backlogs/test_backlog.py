import json
from typing import Any

import pytest
from cdktf import TerraformStack

from modules.backlogs.backlog import Backlog
from modules.backlogs.settings import BacklogSettings
from modules.batch.settings.submissions import JobRequest
from modules.batch.submission import SubmissionContext
from modules.events.rule import Rule
from modules.events.settings import RuleSettings
from modules.events.sources import EventContext, HealthEvent
from modules.scheduler.schedule import Schedule
from modules.scheduler.settings import ScheduleSettings
from modules.sqs.message_queue import MessageQueue
from modules.sqs.queue import Queue
from modules.sqs.settings import ExistingQueue
from modules.targets.settings import Drain
from modules.targets.targets import DrainTarget, JobTarget
from tests.conftest import Synthesized
from tests.modules.batch.samples import every_kind
from tests.modules.ecs.samples import LOCATION
from tests.modules.events.samples import text_fits
from tests.policies import findings, statements
from tests.problems import refused

ARN = "arn:aws:sqs:us-east-1:111122223333:work"
# The sample of the user guide's page on alarm events, with another name.
ALARM = {
    "version": "0",
    "id": "c4c1c1c9-6542-e61b-6ef0-8c4d36933a92",
    "detail-type": "CloudWatch Alarm State Change",
    "source": "aws.cloudwatch",
    "account": "123456789012",
    "time": "2019-10-02T17:04:40Z",
    "region": "us-east-1",
    "resources": ["arn:aws:cloudwatch:us-east-1:123456789012:alarm:ServerCpuTooHigh"],
    "detail": {"alarmName": "${alarm}", "state": {"value": "ALARM", "reason": "Threshold Crossed"}},
}


def backlog(stack: TerraformStack, *, dead: Queue | None = None, **changes: Any) -> Backlog:
    request = JobRequest(job_definition="fargate", parameters={"empty": ""})
    values: dict[str, Any] = {"queue": "work", "job": request, "messages_per_child": 2, "max_children": 5}
    context = SubmissionContext(every_kind()["fargate"], "tb-test-fargate", "tb-test-light", {"project": "tb"})
    existing = ExistingQueue(queue_arn=ARN, visibility_timeout_seconds=30)
    return Backlog(
        stack,
        "recheck",
        name="tb-test-recheck",
        settings=BacklogSettings(**values | changes),
        queue=MessageQueue.from_queue_arn(stack, "work", settings=existing),
        job=JobTarget("recheck", request, context, LOCATION, {"project": "tb"}),
        location=LOCATION,
        dead_letter_queue=dead,
    )


def test_its_state_machine_counts_and_submits(stack: TerraformStack) -> None:
    backlog(stack, tags={"team": "search"}, log_retention_days=7)
    synthesized = Synthesized(stack)
    machine = synthesized.one("aws_sfn_state_machine")
    document = json.loads(machine["definition"])
    assert document["States"]["Count"]["Parameters"]["QueueUrl"].endswith("/111122223333/work")
    submit = document["States"]["Submit"]["Parameters"]
    assert (submit["JobQueue"], submit["Parameters"], submit["Tags"]) == (
        "tb-test-light",
        {"empty": ""},
        {"project": "tb"},
    )
    assert (machine["name"], machine["tags"]) == ("tb-test-recheck-backlog", {"team": "search"})
    assert machine["logging_configuration"]["level"] == "ERROR"
    group = synthesized.one("aws_cloudwatch_log_group")
    assert (group["name"], group["retention_in_days"]) == ("/aws/vendedlogs/states/tb-test-recheck-backlog", 7)


def test_its_role_counts_messages_and_submits_this_job(stack: TerraformStack) -> None:
    backlog(stack)
    synthesized = Synthesized(stack)
    found: dict[str, Any] = {}
    for item in synthesized.all("aws_iam_role_policy"):
        assert findings(item["policy"]) == set()
        found |= statements(item["policy"])
    assert (found["CountMessages"]["Action"], found["CountMessages"]["Resource"]) == ("sqs:GetQueueAttributes", ARN)
    assert set(found) == {
        *("CountMessages", "SubmitNamed", "TagSubmissions", "TagNewJobs", "TagOwn"),
        *("DeliverLogs", "WriteTraces"),
    }
    policies = synthesized.document["resource"]["aws_iam_role_policy"]
    waits_for = synthesized.one("aws_sfn_state_machine")["depends_on"]
    assert set(waits_for) == {f"aws_iam_role_policy.{id_}" for id_ in policies}


def test_without_an_alarm_nothing_starts_it_by_itself(stack: TerraformStack) -> None:
    backlog(stack)
    assert not {"aws_cloudwatch_metric_alarm", "aws_cloudwatch_event_rule"} & set(Synthesized(stack).types())


def test_an_alarm_starts_it_once_enough_messages_wait(stack: TerraformStack) -> None:
    backlog(stack, alarm_messages=500)
    synthesized = Synthesized(stack)
    alarm = synthesized.one("aws_cloudwatch_metric_alarm")
    assert (alarm["threshold"], alarm["evaluation_periods"]) == (500, 1)
    (query,) = alarm["metric_query"]
    assert query["metric"]["metric_name"] == "ApproximateNumberOfMessagesVisible"
    assert query["metric"]["dimensions"] == {"QueueName": "work"}
    pattern = synthesized.one("aws_cloudwatch_event_rule")["event_pattern"]
    (id_,) = synthesized.document["resource"]["aws_cloudwatch_metric_alarm"]
    name = f"${{aws_cloudwatch_metric_alarm.{id_}.alarm_name}}"
    raised = json.loads(json.dumps(ALARM).replace("${alarm}", name))
    assert text_fits(pattern, raised)
    for others in ({"alarmName": "others", "state": {"value": "ALARM"}}, {"alarmName": name, "state": {"value": "OK"}}):
        assert not text_fits(pattern, raised | {"detail": others})
    (machine,) = synthesized.document["resource"]["aws_sfn_state_machine"]
    assert synthesized.one("aws_cloudwatch_event_target")["arn"] == f"${{aws_sfn_state_machine.{machine}.arn}}"


def test_what_the_alarm_could_not_start_goes_to_a_queue(stack: TerraformStack) -> None:
    existing = ExistingQueue(queue_arn=f"{ARN}-lost", visibility_timeout_seconds=30)
    lost = MessageQueue.from_queue_arn(stack, "lost", settings=existing)
    backlog(stack, dead=lost, alarm_messages=500, dead_letter_queue="lost")
    assert Synthesized(stack).one("aws_cloudwatch_event_target")["dead_letter_config"] == {"arn": f"{ARN}-lost"}
    values = {"queue": "work", "job": JobRequest(job_definition="any"), "messages_per_child": 1, "max_children": 1}
    assert refused(BacklogSettings, **values, dead_letter_queue="lost") == ["dead_letter_queue: got 'lost'"]


@pytest.mark.parametrize("starter", ["schedule", "rule"])
def test_what_starts_it_may_start_its_state_machine_only(stack: TerraformStack, starter: str) -> None:
    drain = Drain(backlog="recheck")
    target = DrainTarget(drain, "arn:aws:states:us-east-1:111122223333:stateMachine:tb-test-recheck-backlog")
    if starter == "schedule":
        schedule = ScheduleSettings(target=drain, expression="rate(1 day)")
        Schedule(stack, "go", name="tb-test-go", settings=schedule, target=target, location=LOCATION)
        written = Synthesized(stack).one("aws_scheduler_schedule")["target"]
    else:
        rule = RuleSettings(event=HealthEvent(), target=drain)
        Rule(stack, "go", name="tb-test-go", settings=rule, target=target, context=EventContext(LOCATION))
        written = Synthesized(stack).one("aws_cloudwatch_event_target")
    assert (written["arn"], written["input"]) == (target.state_machine_arn, "{}")
    (policy,) = Synthesized(stack).all("aws_iam_role_policy")
    assert statements(policy["policy"]) == {
        "Drain": {"Effect": "Allow", "Action": "states:StartExecution", "Resource": target.state_machine_arn}
    }
