"""What Application Auto Scaling knows of a service: its limits, and schedules that change them."""

from collections.abc import Mapping
from typing import Any

from cdktf import TerraformResourceLifecycle
from cdktf_cdktf_provider_aws.appautoscaling_scheduled_action import (
    AppautoscalingScheduledAction,
    AppautoscalingScheduledActionScalableTargetAction,
)
from cdktf_cdktf_provider_aws.appautoscaling_target import AppautoscalingTarget
from constructs import Construct

from modules.ecs.settings.scaling import ScheduledScaling

DIMENSION = "ecs:service:DesiredCount"


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
        min_tasks: int,
        max_tasks: int,
        schedules: Mapping[str, ScheduledScaling],
    ) -> None:
        super().__init__(scope, id_)
        self.cluster_name = cluster_name
        self.service_name = service_name
        moved = [
            limit
            for limit, values in (
                ("max_capacity", [item.max_tasks for item in schedules.values()]),
                ("min_capacity", [item.min_tasks for item in schedules.values()]),
            )
            if any(value is not None for value in values)
        ]
        target = AppautoscalingTarget(
            self,
            "Resource",
            service_namespace="ecs",
            scalable_dimension=DIMENSION,
            resource_id=f"service/{cluster_name}/{service_name}",
            min_capacity=min_tasks,
            max_capacity=max_tasks,
            # What a schedule has set, the next apply must not set back.
            lifecycle=TerraformResourceLifecycle(ignore_changes=moved) if moved else None,
        )
        self.target_arguments: dict[str, Any] = {
            "service_namespace": target.service_namespace,
            "scalable_dimension": target.scalable_dimension,
            "resource_id": target.resource_id,
        }
        scope_ = Construct(self, "schedules")
        for short_name, schedule in sorted(schedules.items()):
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


def _text(number: int | None) -> str | None:
    return None if number is None else str(number)
