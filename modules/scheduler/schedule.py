"""A schedule and the role with which EventBridge Scheduler starts what it is for."""

from typing import Any

from cdktf_cdktf_provider_aws.scheduler_schedule import (
    SchedulerSchedule,
    SchedulerScheduleFlexibleTimeWindow,
    SchedulerScheduleTarget,
)
from constructs import Construct

from modules import arns
from modules.blocks import typed_block
from modules.canonical_json import plain_json
from modules.iam.existing_role import define_chosen_role
from modules.iam.services import SCHEDULER
from modules.iam.workload_role import start_after_permissions
from modules.kms.encryption_key import define_key
from modules.kms.permissions import DECRYPT
from modules.names import require_name
from modules.naming import AwsLocation
from modules.scheduler.settings import ScheduleSettings
from modules.sqs.queue import Queue
from modules.targets.documents import pascal_case
from modules.targets.targets import (
    DrainTarget,
    FunctionTarget,
    JobTarget,
    PipelineTarget,
    QueueTarget,
    Target,
    TaskTarget,
    TopicTarget,
)


class Schedule(Construct):
    """Define a schedule, which starts ``target``. ``schedule_arn`` is a token.

    ``group_name``: None: the region's default group.
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        name: str,
        settings: ScheduleSettings,
        target: Target,
        location: AwsLocation,
        dead_letter_queue: Queue | None = None,
        group_name: str | None = None,
    ) -> None:
        super().__init__(scope, id_)
        require_name("schedule", name)
        description = f"Starts what schedule {name} is for"
        role = define_chosen_role(
            self, settings, name=name, service=SCHEDULER, location=location, description=description
        )
        target.grant_start(role)
        if dead_letter_queue:
            dead_letter_queue.grant_send(role)
        # What it said before goes with the change.
        key = define_key(self, settings.kms_key, name=f"schedules/{name}", location=location, outlived=False)
        if key:
            role.add_policy("read-own-settings", [key.usage("DecryptSchedule", DECRYPT)])
        window = settings.flexible_window_minutes
        started = {
            "roleArn": role.role_arn,
            "retryPolicy": {
                "maximumRetryAttempts": settings.retry_attempts,
                "maximumEventAgeInSeconds": settings.max_event_age_seconds,
            },
            "deadLetterConfig": {"arn": dead_letter_queue and dead_letter_queue.queue_arn},
            **_target(target, location),
        }
        schedule = SchedulerSchedule(
            self,
            "Resource",
            name=name,
            group_name=group_name,
            state=settings.state,
            kms_key_arn=key.key_arn if key else None,
            schedule_expression=settings.expression,
            schedule_expression_timezone=settings.timezone,
            start_date=settings.start,
            end_date=settings.end,
            flexible_time_window=SchedulerScheduleFlexibleTimeWindow(
                mode="FLEXIBLE" if window else "OFF", maximum_window_in_minutes=window
            ),
            target=typed_block(SchedulerScheduleTarget, started),
            depends_on=list(target.depends_on) or None,
        )
        start_after_permissions(schedule, role, *target.roles)
        self.schedule_arn: str = schedule.arn


def _target(target: Target, location: AwsLocation) -> dict[str, Any]:
    """Return which API is called, and with what."""
    match target:
        case JobTarget():
            return {"arn": arns.api_call(location, "batch:submitJob"), "input": plain_json(pascal_case(target.request))}
        case TaskTarget():
            told = plain_json(target.overrides) if target.overrides else None
            return {"arn": target.task.cluster_arn, "ecsParameters": target.run_document, "input": told}
        case QueueTarget():
            group = {"messageGroupId": target.settings.message_group_id}
            return {"arn": target.queue.queue_arn, "input": target.settings.body, "sqsParameters": group}
        case TopicTarget():
            return {"arn": target.topic.topic_arn, "input": target.settings.body}
        case PipelineTarget():
            return {"arn": target.alias_arn, "input": plain_json(target.input)}
        case DrainTarget():
            return {"arn": target.state_machine_arn, "input": "{}"}
        case FunctionTarget():
            return {"arn": target.function.function_arn, "input": target.settings.payload}
    raise TypeError(f"{type(target).__name__} is nothing that a schedule starts")
