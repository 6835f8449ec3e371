"""A task that somebody runs: its definition, what to say to ECS for it, and its schedules."""

import json
import shlex
from collections.abc import Mapping
from typing import Any

from cdktf_cdktf_provider_aws.scheduler_schedule import (
    SchedulerSchedule,
    SchedulerScheduleFlexibleTimeWindow,
    SchedulerScheduleTarget,
    SchedulerScheduleTargetDeadLetterConfig,
    SchedulerScheduleTargetEcsParameters,
    SchedulerScheduleTargetEcsParametersCapacityProviderStrategy,
    SchedulerScheduleTargetEcsParametersNetworkConfiguration,
    SchedulerScheduleTargetRetryPolicy,
)
from constructs import Construct

from modules.defaults import default_name, require_all
from modules.ecs.names import schedule_name, scheduler_role_name
from modules.ecs.service import ServicePlacement
from modules.ecs.settings.run_tasks import RunTaskDefinition, TaskSchedule
from modules.ecs.settings.tasks import Ec2Task, FargateTask
from modules.ecs.task_definition import TaskDefinition
from modules.iam.workload_role import WorkloadRole, start_after_permissions
from modules.names import require_name
from modules.sqs.queue import Queue


class RunTask(Construct):
    """Define a task definition and its schedules.

    ``run_task_request`` is ready for ECS's RunTask; its values are tokens in part.
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        settings: RunTaskDefinition,
        placement: ServicePlacement,
        name: str | None = None,
    ) -> None:
        super().__init__(scope, id_)
        self.name = name = default_name(scope, id_, name)
        placement.require_fit(self.node.path, f"task_definitions.{id_}", settings)
        self._settings = settings
        self._placement = placement
        self.task_definition = TaskDefinition(
            self,
            "task-definition",
            name=name,
            settings=settings.task,
            placement=placement.task,
            compatibility=placement.cluster.compatibility(settings.task, settings.capacity),
        )
        if settings.schedules:
            self._define_schedules(settings, placement.task.resources.queues)

    @property
    def run_task_request(self) -> dict[str, Any]:
        """What to say to RunTask, in its own keys; the newest revision is run."""
        cluster, network = self._placement.cluster, self._placement.network
        request: dict[str, Any] = {
            "cluster": cluster.name,
            "taskDefinition": self.name,
            "capacityProviderStrategy": [
                {"capacityProvider": cluster.provider_name(share.provider), "weight": share.weight, "base": share.base}
                for share in cluster.shares(self._settings.capacity)
            ],
            "enableECSManagedTags": True,
            "propagateTags": "TASK_DEFINITION",
        }
        if isinstance(self._settings.task, FargateTask):
            request["platformVersion"] = self._settings.task.platform_version
        if self._settings.tags:
            request["tags"] = [{"key": key, "value": value} for key, value in sorted(self._settings.tags.items())]
        if self._has_network:
            request["networkConfiguration"] = {
                "awsvpcConfiguration": {
                    "subnets": list(network.subnet_ids),
                    "securityGroups": list(network.security_group_ids),
                    "assignPublicIp": "ENABLED" if self._has_public_ip else "DISABLED",
                }
            }
        return request

    @property
    def run_task_command(self) -> str:
        """The AWS CLI line that runs it and prints the ARN of the task."""
        document = shlex.quote(json.dumps(self.run_task_request, sort_keys=True))
        return f"aws ecs run-task --cli-input-json {document} --query 'tasks[0].taskArn' --output text"

    @property
    def _has_network(self) -> bool:
        task = self._settings.task
        return not isinstance(task, Ec2Task) or task.network_mode == "awsvpc"

    @property
    def _has_public_ip(self) -> bool:
        return self._placement.network.assign_public_ip and isinstance(self._settings.task, FargateTask)

    def _define_schedules(self, settings: RunTaskDefinition, queues: Mapping[str, Queue]) -> None:
        role = WorkloadRole(
            self,
            "scheduler-role",
            name=scheduler_role_name(self.name),
            services=["scheduler.amazonaws.com"],
            account_id=self._placement.task.location.account_id,
            description=f"Runs {self.name} on its schedules",
        )
        self.task_definition.grant_run(role, self._placement.cluster.name)
        named = [item.dead_letter_queue for item in settings.schedules.values() if item.dead_letter_queue]
        queues = require_all(self.node.path, "queues", named, queues)
        scope = Construct(self, "schedules")
        for short_name, schedule in sorted(settings.schedules.items()):
            queue = queues[schedule.dead_letter_queue] if schedule.dead_letter_queue else None
            if queue:
                queue.grant_send(role)
            self._define_schedule(scope, short_name, schedule, role, queue)

    def _define_schedule(
        self,
        scope: Construct,
        short_name: str,
        settings: TaskSchedule,
        role: WorkloadRole,
        dead_letter_queue: Queue | None,
    ) -> None:
        name = schedule_name(self.name, short_name)
        require_name("schedule", name)
        window = settings.flexible_window_minutes
        schedule = SchedulerSchedule(
            scope,
            short_name,
            name=name,
            state=settings.state,
            schedule_expression=settings.expression,
            schedule_expression_timezone=settings.timezone,
            flexible_time_window=SchedulerScheduleFlexibleTimeWindow(mode="OFF")
            if window is None
            else SchedulerScheduleFlexibleTimeWindow(mode="FLEXIBLE", maximum_window_in_minutes=window),
            target=SchedulerScheduleTarget(
                arn=self._placement.cluster.cluster_arn,
                role_arn=role.role_arn,
                ecs_parameters=self._ecs_parameters(settings),
                retry_policy=SchedulerScheduleTargetRetryPolicy(
                    maximum_retry_attempts=settings.retry_attempts,
                    maximum_event_age_in_seconds=settings.max_event_age_seconds,
                ),
                dead_letter_config=SchedulerScheduleTargetDeadLetterConfig(arn=dead_letter_queue.queue_arn)
                if dead_letter_queue
                else None,
            ),
            # Where there is no capacity provider yet, nothing could be run; without the others nothing would work.
            depends_on=[
                *([association] if (association := self._placement.cluster.association) else []),
                *self._placement.network.connections_for(self),
                *self.task_definition.mount_connections,
            ],
        )
        start_after_permissions(schedule, role, self.task_definition.task_role, self.task_definition.execution_role)

    def _ecs_parameters(self, settings: TaskSchedule) -> SchedulerScheduleTargetEcsParameters:
        cluster, network, task = self._placement.cluster, self._placement.network, self._settings.task
        return SchedulerScheduleTargetEcsParameters(
            # With its revision: what was tested is what runs, until the next apply.
            task_definition_arn=self.task_definition.task_definition_arn,
            task_count=settings.task_count,
            capacity_provider_strategy=[
                SchedulerScheduleTargetEcsParametersCapacityProviderStrategy(
                    capacity_provider=cluster.provider_name(share.provider),
                    weight=share.weight,
                    base=share.base or None,
                )
                for share in cluster.shares(self._settings.capacity)
            ],
            network_configuration=SchedulerScheduleTargetEcsParametersNetworkConfiguration(
                subnets=list(network.subnet_ids),
                security_groups=list(network.security_group_ids),
                assign_public_ip=self._has_public_ip,
            )
            if self._has_network
            else None,
            platform_version=task.platform_version if isinstance(task, FargateTask) else None,
            enable_ecs_managed_tags=True,
            propagate_tags="TASK_DEFINITION",
            tags=self._settings.tags or None,
        )
