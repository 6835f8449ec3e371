"""The scaling of a service by what its tasks do: CPU, memory, requests."""

from cdktf_cdktf_provider_aws.appautoscaling_policy import (
    AppautoscalingPolicy,
    AppautoscalingPolicyTargetTrackingScalingPolicyConfiguration,
    AppautoscalingPolicyTargetTrackingScalingPolicyConfigurationPredefinedMetricSpecification,
)
from constructs import Construct

from modules.ecs.scalable_service import ScalableService
from modules.ecs.settings.scaling import ScaledTasks

METRICS = {
    "cpu": "ECSServiceAverageCPUUtilization",
    "memory": "ECSServiceAverageMemoryUtilization",
    "requests": "ALBRequestCountPerTarget",
}


class ReplicaScaling(Construct):
    """Define one policy for each measure; the one that asks for most tasks decides.

    ``request_label`` says whose requests are counted: load balancer and target group, as CloudWatch names them.
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        name: str,
        settings: ScaledTasks,
        service: ScalableService,
        request_label: str | None,
    ) -> None:
        super().__init__(scope, id_)
        measured = AppautoscalingPolicyTargetTrackingScalingPolicyConfigurationPredefinedMetricSpecification
        for measure, target in settings.targets.items():
            AppautoscalingPolicy(
                self,
                measure,
                name=f"{name}-{measure}",
                policy_type="TargetTrackingScaling",
                **service.target_arguments,
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
