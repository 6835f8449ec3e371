"""What Application Auto Scaling knows of a service: its limits, schedules that change them, the load it follows."""

from typing import Any

from cdktf import TerraformResourceLifecycle
from cdktf_cdktf_provider_aws.appautoscaling_policy import (
    AppautoscalingPolicy,
    AppautoscalingPolicyTargetTrackingScalingPolicyConfiguration,
    AppautoscalingPolicyTargetTrackingScalingPolicyConfigurationPredefinedMetricSpecification,
)
from cdktf_cdktf_provider_aws.appautoscaling_scheduled_action import (
    AppautoscalingScheduledAction,
    AppautoscalingScheduledActionScalableTargetAction,
)
from cdktf_cdktf_provider_aws.appautoscaling_target import AppautoscalingTarget
from constructs import Construct

from modules.ecs.settings.queue_workers import QueueWorkerService
from modules.ecs.settings.scaling import ScaledTasks

DIMENSION = "ecs:service:DesiredCount"
METRICS = {
    "cpu": "ECSServiceAverageCPUUtilization",
    "memory": "ECSServiceAverageMemoryUtilization",
    "requests": "ALBRequestCountPerTarget",
}


class ScalableService(Construct):
    """Define the limits within which the number of tasks of a service may change by itself.

    Names may be tokens. ``target_arguments`` is what a scaling policy takes to be one of this service.
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        name: str,
        cluster_name: str,
        service_name: str,
        settings: ScaledTasks | QueueWorkerService,
    ) -> None:
        super().__init__(scope, id_)
        self.name, self.cluster_name, self.service_name = name, cluster_name, service_name
        schedules = settings.schedules.values()
        scheduled = {
            "max_capacity": any(item.max_tasks is not None for item in schedules),
            "min_capacity": any(item.min_tasks is not None for item in schedules),
        }
        moved = [limit for limit, is_moved in scheduled.items() if is_moved]
        target = AppautoscalingTarget(
            self,
            "Resource",
            service_namespace="ecs",
            scalable_dimension=DIMENSION,
            resource_id=f"service/{cluster_name}/{service_name}",
            min_capacity=settings.min_tasks,
            max_capacity=settings.max_tasks,
            # What a schedule has set, the next apply must not set back.
            lifecycle=TerraformResourceLifecycle(ignore_changes=moved) if moved else None,
        )
        self.target_arguments: dict[str, Any] = {
            "service_namespace": target.service_namespace,
            "scalable_dimension": target.scalable_dimension,
            "resource_id": target.resource_id,
        }
        scope_ = Construct(self, "schedules")
        for short_name, schedule in sorted(settings.schedules.items()):
            AppautoscalingScheduledAction(
                scope_,
                short_name,
                name=f"{name}-{short_name}",
                schedule=schedule.schedule,
                timezone=schedule.timezone,
                scalable_target_action=AppautoscalingScheduledActionScalableTargetAction(
                    min_capacity=_text(schedule.min_tasks), max_capacity=_text(schedule.max_tasks)
                ),
                **self.target_arguments,
            )

    def follow_load(self, settings: ScaledTasks, request_label: str | None) -> None:
        """Define one policy for each measure; the one that asks for most tasks decides.

        ``request_label`` says whose requests are counted: load balancer and target group, as CloudWatch names them.
        """
        scope = Construct(self, "replicas")
        measured = AppautoscalingPolicyTargetTrackingScalingPolicyConfigurationPredefinedMetricSpecification
        for measure, target in settings.targets.items():
            AppautoscalingPolicy(
                scope,
                measure,
                name=f"{self.name}-{measure}",
                policy_type="TargetTrackingScaling",
                **self.target_arguments,
                target_tracking_scaling_policy_configuration=AppautoscalingPolicyTargetTrackingScalingPolicyConfiguration(
                    target_value=target,
                    scale_out_cooldown=settings.scale_out_cooldown_seconds,
                    scale_in_cooldown=settings.scale_in_cooldown_seconds,
                    predefined_metric_specification=measured(
                        predefined_metric_type=METRICS[measure],
                        resource_label=request_label if measure == "requests" else None,
                    ),
                ),
            )


def _text(number: int | None) -> str | None:
    return None if number is None else str(number)
