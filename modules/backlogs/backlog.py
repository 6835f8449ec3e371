"""A backlog: the state machine that submits a job for the messages of a queue, and the alarm that starts it."""

from cdktf_cdktf_provider_aws.cloudwatch_event_rule import CloudwatchEventRule
from cdktf_cdktf_provider_aws.cloudwatch_event_target import (
    CloudwatchEventTarget,
    CloudwatchEventTargetDeadLetterConfig,
    CloudwatchEventTargetRetryPolicy,
)
from constructs import Construct

from modules.backlogs.document import backlog_document
from modules.backlogs.settings import BacklogSettings, machine_name, starter_name
from modules.canonical_json import exact_json
from modules.cloudwatch.alarm import metric_alarm
from modules.cloudwatch.log_group import define_log_group
from modules.cloudwatch.metrics import Metric
from modules.events.patterns import pattern_text
from modules.iam.existing_role import define_chosen_role, define_role
from modules.iam.policy import allow
from modules.iam.services import EVENTS, STATES
from modules.iam.workload_role import WorkloadRole, start_after_permissions
from modules.names import require_name
from modules.naming import AwsLocation
from modules.sqs.queue import Queue
from modules.states.machine import define_state_machine
from modules.targets.targets import JobTarget


class Backlog(Construct):
    """Define what works off ``queue`` with ``job`` when it is started. ``state_machine_arn`` is a token."""

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        name: str,
        settings: BacklogSettings,
        queue: Queue,
        job: JobTarget,
        location: AwsLocation,
        dead_letter_queue: Queue | None = None,
    ) -> None:
        super().__init__(scope, id_)
        machine = machine_name(name)
        require_name("state machine", machine)
        log_group = define_log_group(
            self, "log-group", name=settings.log_group_name(name), retention_days=settings.log_retention_days
        )
        description = f"Submits a job for the messages of {queue.queue_name}"
        role = define_chosen_role(self, settings, name=name, service=STATES, location=location, description=description)
        queue.grant_count(role)
        job.grant_start(role)
        self.machine = define_state_machine(
            self,
            name=machine,
            definition=exact_json(backlog_document(settings, job.request, queue.queue_url, location)),
            role=role,
            log_group=log_group,
            tags=settings.tags or None,
            depends_on=list(job.depends_on) or None,
        )
        self.state_machine_arn: str = self.machine.arn
        if settings.alarm_messages is not None:
            rule = self._alarm_rule(name, queue, settings.alarm_messages)
            role = define_role(
                self,
                "alarm-role",
                name=starter_name(name),
                services=[EVENTS],
                account_id=location.account_id,
                description=f"Starts what works off {queue.queue_name}",
                role_arn=settings.role_arn,
            )
            self._start_by(rule, role, dead_letter_queue)

    def _alarm_rule(self, name: str, queue: Queue, messages: int) -> CloudwatchEventRule:
        """Return what happens each time that so many messages wait, after there were fewer."""
        dimensions = {"QueueName": queue.queue_name}
        alarm = metric_alarm(
            self,
            "alarm",
            name=machine_name(name),
            description=f"Starts what works off {queue.queue_name}",
            queries=[Metric("visible", "AWS/SQS", "ApproximateNumberOfMessagesVisible", dimensions, stat="Maximum")],
            threshold=messages,
            periods=1,
            action_arns=[],
        )
        event = {
            "source": ["aws.cloudwatch"],
            "detail-type": ["CloudWatch Alarm State Change"],
            "detail.alarmName": [alarm.alarm_name],
            "detail.state.value": ["ALARM"],
        }
        return CloudwatchEventRule(
            self, "alarm-rule", name=starter_name(name), event_pattern=pattern_text(event), state="ENABLED"
        )

    def _start_by(self, rule: CloudwatchEventRule, role: WorkloadRole, dead_letter_queue: Queue | None) -> None:
        role.add_policy("start", [allow("StartExecution", ["states:StartExecution"], self.state_machine_arn)])
        target = CloudwatchEventTarget(
            self,
            "alarm-target",
            rule=rule.name,
            target_id="backlog",
            arn=self.state_machine_arn,
            role_arn=role.role_arn,
            retry_policy=CloudwatchEventTargetRetryPolicy(
                maximum_retry_attempts=185, maximum_event_age_in_seconds=86_400
            ),
            dead_letter_config=CloudwatchEventTargetDeadLetterConfig(arn=dead_letter_queue.queue_arn)
            if dead_letter_queue
            else None,
        )
        start_after_permissions(target, role)
