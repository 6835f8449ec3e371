"""The scaling of a queue worker: target tracking on the backlog per task, steps from zero and back to zero.

No Lambda and no metric of our own: CloudWatch computes what is tracked from metrics that AWS has anyway.
"""

from collections.abc import Sequence
from itertools import pairwise

from cdktf_cdktf_provider_aws.appautoscaling_policy import (
    AppautoscalingPolicy,
    AppautoscalingPolicyStepScalingPolicyConfiguration,
    AppautoscalingPolicyTargetTrackingScalingPolicyConfiguration,
    AppautoscalingPolicyTargetTrackingScalingPolicyConfigurationCustomizedMetricSpecification,
)
from cdktf_cdktf_provider_aws.appautoscaling_policy import (
    AppautoscalingPolicyStepScalingPolicyConfigurationStepAdjustment as StepAdjustment,
)
from constructs import Construct

from modules.cloudwatch.alarm import metric_alarm
from modules.cloudwatch.metrics import Query
from modules.cloudwatch.target_tracking import tracked_queries
from modules.ecs import backlog_metrics, backlog_scaling
from modules.ecs.scalable_service import ScalableService
from modules.ecs.settings.queue_workers import QueueWorkerService


class WorkerScaling(Construct):
    """Define how the number of tasks of a queue worker follows its queue."""

    def __init__(
        self,
        service: ScalableService,
        id_: str,
        *,
        settings: QueueWorkerService,
        queue_name: str,
    ) -> None:
        super().__init__(service, id_)
        self._service, self._name = service, service.name
        self._metrics = backlog_metrics.metrics(
            queue_name=queue_name, cluster_name=service.cluster_name, service_name=service.service_name
        )
        self._track_backlog(settings)
        if settings.least_tasks == 0:
            self._start_from_zero(settings)
            self._return_to_zero(settings)

    def _track_backlog(self, settings: QueueWorkerService) -> None:
        target = settings.backlog_per_task
        expressions = backlog_metrics.backlog_per_task(target, settings.messages_at_once, settings.queue_share_percent)
        specification = AppautoscalingPolicyTargetTrackingScalingPolicyConfigurationCustomizedMetricSpecification
        AppautoscalingPolicy(
            self,
            "backlog",
            name=f"{self._name}-backlog",
            policy_type="TargetTrackingScaling",
            **self._service.target_arguments,
            target_tracking_scaling_policy_configuration=AppautoscalingPolicyTargetTrackingScalingPolicyConfiguration(
                target_value=target,
                scale_out_cooldown=backlog_scaling.COOLDOWN_SECONDS,
                scale_in_cooldown=backlog_scaling.COOLDOWN_SECONDS,
                customized_metric_specification=specification(metrics=tracked_queries([*self._metrics, *expressions])),
            ),
        )

    def _start_from_zero(self, settings: QueueWorkerService) -> None:
        # The first message starts a task of each worker of the queue: a share of it would start none.
        backlog_per_task = settings.backlog_per_task * 100 / settings.queue_share_percent
        steps = backlog_scaling.steps_from_zero(backlog_per_task, settings.max_tasks)
        adjustments = [
            # Bounds count from the alarm's threshold, which is the first step's.
            _adjustment(step.tasks, step.backlog - steps[0].backlog, following.backlog - steps[0].backlog)
            for step, following in pairwise(steps)
        ]
        last = steps[-1]
        self._step(
            "from-zero",
            # Added, not set: if the number of tasks is out of date, it is never lowered by what should raise it.
            "ChangeInCapacity",
            [*adjustments, _adjustment(last.tasks, last.backlog - steps[0].backlog, None)],
            cooldown=backlog_scaling.COOLDOWN_SECONDS,
            description="Messages wait and no task is there to take them",
            expressions=backlog_metrics.WAITING,
            threshold=steps[0].backlog,
            minutes=1,
        )

    def _return_to_zero(self, settings: QueueWorkerService) -> None:
        self._step(
            "to-zero",
            "ExactCapacity",
            [_adjustment(0, 0, None)],
            cooldown=0,
            description="Tasks are there and no message is, not even in flight",
            expressions=backlog_metrics.IDLE,
            threshold=1,
            minutes=settings.idle_minutes,
        )

    def _step(
        self,
        id_: str,
        adjustment_type: str,
        adjustments: Sequence[StepAdjustment],
        *,
        cooldown: int,
        description: str,
        expressions: Sequence[Query],
        threshold: int,
        minutes: int,
    ) -> None:
        """Define a policy, and the alarm on the last of ``expressions`` that makes it act."""
        policy = AppautoscalingPolicy(
            self,
            id_,
            name=f"{self._name}-{id_}",
            policy_type="StepScaling",
            **self._service.target_arguments,
            step_scaling_policy_configuration=AppautoscalingPolicyStepScalingPolicyConfiguration(
                adjustment_type=adjustment_type,
                cooldown=cooldown,
                metric_aggregation_type="Maximum",
                step_adjustment=adjustments,
            ),
        )
        metric_alarm(
            self,
            f"{id_}-alarm",
            name=f"{self._name}-{id_}",
            description=description,
            queries=[*self._metrics, *expressions],
            threshold=threshold,
            periods=minutes,
            action_arns=[policy.arn],
        )


def _adjustment(tasks: int, lower: int, upper: int | None) -> StepAdjustment:
    """Return one step. Its bounds are plain digits, as provider 6.25.0 reads them back: 1132070, not 1.13207e+06."""
    return StepAdjustment(
        scaling_adjustment=tasks,
        metric_interval_lower_bound=str(lower),
        metric_interval_upper_bound=None if upper is None else str(upper),
    )
