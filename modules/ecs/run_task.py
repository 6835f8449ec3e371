"""A task that somebody runs: its definition, what to say to ECS for it, and its schedules."""

from collections.abc import Mapping

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
from modules.ecs.runnable_task import RunnableTask
from modules.ecs.service import ServicePlacement
from modules.ecs.settings.run_tasks import RunTaskDefinition, TaskSchedule
from modules.ecs.task_definition import TaskDefinition
from modules.iam.workload_role import WorkloadRole, start_after_permissions
from modules.names import require_name
from modules.sqs.queue import Queue


class RunTask(Construct):
    """Define a task definition and its schedules; ``runnable`` is what is needed to run it."""

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
        self._placement = placement
        self.task_definition = TaskDefinition(
            self,
            "task-definition",
            name=name,
            settings=settings.task,
            placement=placement.task,
            compatibility=placement.cluster.compatibility(settings.task, settings.capacity),
        )
        cluster, network = placement.cluster, placement.network
        self.runnable = RunnableTask(
            family=name,
            settings=settings,
            location=placement.task.location,
            cluster_name=cluster.name,
            cluster_arn=cluster.cluster_arn,
            # With its revision: what was tested is what runs, until the next apply.
            task_definition_arn=self.task_definition.task_definition_arn,
            role_arns=[self.task_definition.task_role.role_arn, self.task_definition.execution_role.role_arn],
            shares=[
                (cluster.provider_name(share.provider), share.weight, share.base)
                for share in cluster.shares(settings.capacity)
            ],
            network=network,
            # Where there is no capacity provider yet, nothing could be run; without the others nothing would work.
            depends_on=[
                *([cluster.association] if cluster.association else []),
                *network.connections_for(self),
                *self.task_definition.mount_connections,
            ],
            roles=[self.task_definition.task_role, self.task_definition.execution_role],
        )
        if settings.schedules:
            self._define_schedules(settings, placement.task.resources.queues)

    def _define_schedules(self, settings: RunTaskDefinition, queues: Mapping[str, Queue]) -> None:
        role = WorkloadRole(
            self,
            "scheduler-role",
            name=scheduler_role_name(self.name),
            services=["scheduler.amazonaws.com"],
            account_id=self._placement.task.location.account_id,
            description=f"Runs {self.name} on its schedules",
        )
        role.add_policy("run-task-definition", self.runnable.run_statements)
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
                arn=self.runnable.cluster_arn,
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
            depends_on=list(self.runnable.depends_on),
        )
        start_after_permissions(schedule, role, *self.runnable.roles)

    def _ecs_parameters(self, settings: TaskSchedule) -> SchedulerScheduleTargetEcsParameters:
        task = self.runnable
        return SchedulerScheduleTargetEcsParameters(
            task_definition_arn=task.task_definition_arn,
            task_count=settings.task_count,
            capacity_provider_strategy=[
                SchedulerScheduleTargetEcsParametersCapacityProviderStrategy(
                    capacity_provider=provider, weight=weight, base=base or None
                )
                for provider, weight, base in task.shares
            ],
            network_configuration=SchedulerScheduleTargetEcsParametersNetworkConfiguration(
                subnets=list(task.network.subnet_ids),
                security_groups=list(task.network.security_group_ids),
                assign_public_ip=task.has_public_ip,
            )
            if task.has_network
            else None,
            platform_version=task.platform_version,
            enable_ecs_managed_tags=True,
            propagate_tags="TASK_DEFINITION",
            tags=task.settings.tags or None,
        )
